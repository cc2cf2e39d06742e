from .connection import Connection
from .response import Response

async def send_pieces(
    connection: Connection, response: Response, head: bytes, version: int
) -> bool: ...
