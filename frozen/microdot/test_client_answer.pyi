from typing import Any

from .response import Response
from .takeover import Origin
from .test_client import TestClient, TestResponse

async def exchange(
    client: TestClient, origin: Origin, method: str, path: str, headers: Any, body: Any
) -> TestResponse: ...
def compose(
    client: TestClient, method: str, path: str, headers: Any, body: Any
) -> tuple[bytes, bytes]: ...
async def answer(client: TestClient, response: Response) -> TestResponse: ...
def events(response: TestResponse) -> list[dict[str, Any]]: ...
