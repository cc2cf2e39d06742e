from .request import Request
from .streams import BodyStream

async def load_body(request: Request, stream: BodyStream) -> None: ...
