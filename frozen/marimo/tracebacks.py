"""Where in a notebook an exception comes from."""

import sys


def line_of(error, path):
    """The line (int) in the file ``path`` that an exception comes from, 0 for an unknown one."""
    if hasattr(sys, "print_exception"):
        return _printed_line(error, path)
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno or 0
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _printed_line(error, path):
    import io

    text = io.StringIO()
    sys.print_exception(error, text)
    line = 0
    mark = '  File "%s", line ' % path
    for printed in text.getvalue().split("\n"):
        if printed.startswith(mark):
            digits = printed[len(mark) :].split(",")[0]
            line = int(digits) if digits.isdigit() else line
    return line
