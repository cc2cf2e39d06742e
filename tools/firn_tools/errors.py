"""The error that every command reports in one line, without a traceback."""


class Failure(Exception):
    """Something the user can act on; the message says what was expected and what to do."""
