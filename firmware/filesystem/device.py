# Handlers of the sample site; config.json names them as "device:FUNCTION".
import firn.status


async def status(request):
    """The live values that the start page shows, as JSON."""
    return firn.status.values(), {"Cache-Control": "no-store"}
