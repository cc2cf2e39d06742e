"""What a page may say."""

_MAX_VALUES = 200
_MAX_ID = 100  # characters


def parse(text):
    """(op, values) of a message (str or bytes): "ping", None or "set", {element id: value}.

    ValueError says what is wrong with it.
    """
    from microdot.json_body import loads

    try:
        message = loads(text if isinstance(text, str) else bytes(text).decode())
    except ValueError:
        raise ValueError("expected JSON")
    except MemoryError:  # few bytes are many lists
        raise ValueError("expected less at once than there is memory for")
    if not isinstance(message, dict):
        raise ValueError("expected an object")
    op = message.get("op", "set")
    if op == "ping":
        return op, None
    if op != "set":
        raise ValueError('expected "set" or "ping" as op')
    values = message.get("values")
    if not isinstance(values, dict):
        raise ValueError("expected an object as values")
    if len(values) > _MAX_VALUES:
        raise ValueError("expected at most %d values, got %d" % (_MAX_VALUES, len(values)))
    for name in values:
        if len(name) > _MAX_ID:
            raise ValueError("expected ids of at most %d characters" % _MAX_ID)
    return op, values
