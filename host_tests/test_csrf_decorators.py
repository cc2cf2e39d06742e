"""microdot.csrf where functions say what they were made of."""

import asyncio

from exchange import ask
from test_csrf import EVIL, app_with, decorator


def test_exempt_anywhere():
    app, csrf = app_with()

    @app.post("/between")
    @decorator
    @csrf.exempt
    async def between(request):
        return "between"

    assert asyncio.run(ask(app, "POST", "/between", EVIL)).text == "between"
