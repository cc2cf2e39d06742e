"""microdot.compat.report: whoever runs an application takes the reports of its errors."""

from exchange import ask

from expect import equal
from microdot import Microdot, compat


def application():
    app = Microdot()

    @app.get("/")
    async def fail(request):
        raise ValueError("of the handler")

    @app.errorhandler(404)
    async def missing(request):
        raise OSError("of the error handler")

    return app


async def reported(path):
    """What is reported while ``path`` is answered, as types of errors, and the status."""
    errors = []
    compat.report = errors.append
    try:
        answer = await ask(application(), "GET", path)
    finally:
        compat.report = None
    return [type(error) for error in errors], answer.status


async def test_errors_of_the_application_are_reported():
    equal(await reported("/"), ([ValueError], 500))
    equal(await reported("/none"), ([OSError], 500))


async def test_without_anybody_to_report_to_they_are_printed():
    printed = []
    real = compat._print_exception
    compat._print_exception = printed.append
    try:
        await ask(application(), "GET", "/")
    finally:
        compat._print_exception = real
    equal([type(error) for error in printed], [ValueError])
