"""Tracebacks that a test provokes, kept off the output and counted."""


class Quiet:
    """Inside ``with Quiet() as errors:`` the application's tracebacks become a list of errors.

    ``module``: the one that prints them, if it is not microdot.app.
    """

    def __init__(self, module=None):
        self.module = module

    def __enter__(self):
        if self.module is None:
            from microdot import app

            self.module = app
        self.printed = []
        self.print_exception = self.module.print_exception
        self.module.print_exception = self.printed.append
        return self.printed

    def __exit__(self, *error):
        self.module.print_exception = self.print_exception
