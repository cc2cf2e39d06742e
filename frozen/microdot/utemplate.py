"""Pages from templates of the utemplate language."""

from utemplate import recompile

_loader = None


class Template:
    """``Template(name).render(...)``: a template file of the template directory.

    ``name``: the file's name in the directory given to initialize(), "templates" by default.
    OSError where there is no such file, utemplate.TemplateError for a mistake in it.
    """

    @classmethod
    def initialize(cls, template_dir="templates", loader_class=recompile.Loader):
        """Load templates from ``template_dir`` with a loader of utemplate."""
        global _loader
        _loader = loader_class(None, template_dir)

    def __init__(self, template):
        if _loader is None:
            self.initialize()
        self.name = template
        self.template = _loader.load(template)

    def generate(self, *args, **kwargs):
        """A generator of the page's pieces (str)."""
        return self.template(*args, **kwargs)

    def render(self, *args, **kwargs):
        """The page (str)."""
        return "".join(self.generate(*args, **kwargs))

    def generate_async(self, *args, **kwargs):
        """An asynchronous iterator of the page's pieces (str)."""
        return _Pieces(self.generate(*args, **kwargs))

    async def render_async(self, *args, **kwargs):
        """The page (str)."""
        return self.render(*args, **kwargs)


class _Pieces:
    def __init__(self, pieces):
        self._pieces = pieces

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return next(self._pieces)
        except StopIteration:
            raise StopAsyncIteration

    async def aclose(self):
        """End the generator."""
        self._pieces.close()
