"""Style sheet and script of the setup page, below /_firn/assets/.

On a device they stand in flash, compressed when the image was built (see manifest.py); on a host
they are compressed from the folder assets/ when they are first asked for.
"""

from microdot import packed

try:
    from .setup_assets_data import FILES, WINDOW_BITS
except ImportError:
    from microdot.packing import WINDOW_BITS, read

    FILES = read(__file__[: __file__.rfind("setup_assets")] + "assets")

_BASE = "/_firn/assets/"


def add(setup):
    """Register the route of the assets."""
    setup.app.get("/_firn/assets/<name>")(serve)


def url(name):
    """The address of the asset ``name``: another one when its content is another one."""
    return "%s%s?%s" % (_BASE, name, packed.find(FILES, name)[1])


async def serve(request, name):
    """Answer with an asset."""
    return packed.serve(request, FILES, name, WINDOW_BITS)
