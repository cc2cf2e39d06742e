"""Tracebacks that a test provokes, kept off the output and counted."""


class Quiet:
    """Inside ``with Quiet() as errors:`` the application's tracebacks become a list of errors."""

    def __enter__(self):
        from microdot import app, fallbacks

        self.printed = []
        self.modules = (app, fallbacks)
        self.print_exception = app.print_exception
        for module in self.modules:
            module.print_exception = self.printed.append
        return self.printed

    def __exit__(self, *error):
        for module in self.modules:
            module.print_exception = self.print_exception
