"""Templates of the utemplate engine: ``Template("index.html").render(title="Home")``."""

from .compat import MICROPYTHON

_JOINED = 1024  # characters that are sent at a time, if the template gives as many


class Template:
    """The template ``name`` (str), compiled if need be; a path below the templates' directory.

    Attributes: ``name``, ``template`` (the generator function). Raises OSError (ENOENT) where
    there is no such template, ValueError for a name that leads out of the directory or, as
    utemplate.TemplateError, for a mistake in the template.

    Two applications in one program can have templates of their own: each makes a subclass, and
    calls ``initialize`` on that.
    """

    _loader = None
    _settings = None

    @classmethod
    def initialize(cls, template_dir="templates", loader_class=None):
        """Say where templates are (str) and how they are loaded.

        ``loader_class``: utemplate.recompile.Loader (the default), utemplate.compiled.Loader or
        utemplate.source.Loader, or any class with their constructor and ``load(name)``.
        """
        if loader_class is None:
            from utemplate import recompile

            loader_class = recompile.Loader
        if cls._settings != (template_dir, loader_class):  # what is loaded already is kept
            cls._loader = loader_class(None, template_dir)
            cls._settings = template_dir, loader_class

    def __init__(self, name):
        if self._loader is None:
            Template.initialize()
        self.name = name
        self.template = self._loader.load(name)

    def render(self, *args, **kwargs):
        """The page for these arguments of the template (str). Raises what the template raises;
        TypeError for arguments that its ``{% args %}`` does not name."""
        return "".join(self._begin(args, kwargs))

    def generate(self, *args, **kwargs):
        """A generator of the pieces of the page (str)."""
        pieces = self._begin(args, kwargs)
        return _Pieces(pieces) if MICROPYTHON else pieces

    async def render_async(self, *args, **kwargs):
        """The page (str); the same as ``render`` to be awaited."""
        return "".join(self._begin(args, kwargs))

    def generate_async(self, *args, **kwargs):
        """An asynchronous iterator of the page, in pieces that are worth sending (str)."""
        return _AsyncPieces(self._begin(args, kwargs))

    def _begin(self, args, kwargs):
        try:
            return self.template(*args, **kwargs)
        except TypeError as error:  # nothing of the template has run yet
            expected = getattr(self.template, "__globals__", {}).get("ARGS")
            raise TypeError(
                "%s: expected the arguments (%s), got others: %s"
                % (self.name, "*args" if expected is None else expected, error)
            )


class _Pieces:
    """On MicroPython a generator is what a coroutine is, and a handler's would be awaited."""

    def __init__(self, pieces):
        self._pieces = pieces

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._pieces)

    def close(self):
        """End the template before its end."""
        self._pieces.close()


class _AsyncPieces:
    def __init__(self, pieces):
        self._pieces = pieces

    def __aiter__(self):
        return self

    async def __anext__(self):
        joined = []
        size = 0
        for piece in self._pieces:
            joined.append(piece)
            size += len(piece)
            if size >= _JOINED:
                break
        if not joined:
            raise StopAsyncIteration
        return joined[0] if len(joined) == 1 else "".join(joined)

    async def aclose(self):
        """End the template before its end."""
        self._pieces.close()
