from .connection import Connection
from .http import Head
from .request import Request
from .streams import BodyStream

async def begin_body(connection: Connection, request: Request, head: Head) -> BodyStream: ...
async def skip(connection: Connection, stream: BodyStream) -> bool: ...
