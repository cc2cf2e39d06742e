"""What an extension leaves on the heap once the framework and asyncio are there.

The imports are statements, so that all names are frozen, as in a frozen application.
"""

import gc


def measure(name):
    """Print the bytes in use before the extension ``name`` is imported, and what it adds."""
    import asyncio

    import microdot

    assert asyncio and microdot
    load = EXTENSIONS[name]
    if load is login:
        session()
    gc.collect()
    before = gc.mem_alloc()
    load()
    gc.collect()
    print("extension", before, gc.mem_alloc() - before)


def websocket():
    import microdot.websocket  # noqa: F401


def sse():
    import microdot.sse  # noqa: F401


def multipart():
    import microdot.multipart  # noqa: F401


def cors():
    import microdot.cors  # noqa: F401


def csrf():
    import microdot.csrf  # noqa: F401


def auth():
    import microdot.auth  # noqa: F401


def session():
    import hmac  # noqa: F401

    import jwt  # noqa: F401

    import microdot.session  # noqa: F401


def login():
    import microdot.login  # noqa: F401


def test_client():
    import microdot.test_client  # noqa: F401


EXTENSIONS = {
    "websocket": websocket,
    "sse": sse,
    "multipart": multipart,
    "cors": cors,
    "csrf": csrf,
    "auth": auth,
    "session": session,
    "login": login,
    "test_client": test_client,
}


def serve(host, port, extension):
    """Measure; nothing is served."""
    measure(extension)
