"""Tracebacks that a test provokes, kept off the output and counted."""


class Quiet:
    """Inside ``with Quiet() as errors:`` the application's tracebacks become a list of errors.

    ``module``: the one that prints them, if it is not of the application.
    """

    def __init__(self, module=None):
        self.modules = [module]

    def __enter__(self):
        if self.modules == [None]:
            from microdot import app, fallbacks

            self.modules = [app, fallbacks]
        self.printed = []
        self.print_exception = self.modules[0].print_exception
        for module in self.modules:
            module.print_exception = self.printed.append
        return self.printed

    def __exit__(self, *error):
        for module in self.modules:
            module.print_exception = self.print_exception
