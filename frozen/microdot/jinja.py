"""Templates of the Jinja engine: ``Template("index.html").render(title="Home")``. CPython only."""

from jinja2 import Environment, FileSystemLoader, select_autoescape

_KINDS = ("html", "htm", "xml")
_ESCAPED = _KINDS + tuple([k + "." + s for k in _KINDS for s in ("jinja", "jinja2", "j2")])


class Template:
    """The template ``name`` (str), a path below the templates' directory.

    ``kwargs``: options of jinja2.Environment.get_template(). Attributes: ``name``, ``template``
    (Jinja's). Raises jinja2.TemplateNotFound where there is none of that name,
    jinja2.TemplateSyntaxError for a mistake in it.

    In files named .html, .htm and .xml, and in those of such a name with .jinja, .jinja2 or .j2
    after it, values are escaped. Two applications in one program can have templates of their own:
    each makes a subclass, and calls ``initialize`` on that.
    """

    jinja_env = None

    @classmethod
    def initialize(cls, template_dir="templates", enable_async=False, **kwargs):
        """Say where templates are (a str, or a list of them to be searched in that order).

        ``enable_async``: whether templates may await; then only ``render_async`` and
        ``generate_async`` can be used. ``kwargs``: options of jinja2.Environment, ``loader`` and
        ``autoescape`` among them.
        """
        kwargs.setdefault("loader", FileSystemLoader(template_dir))
        kwargs.setdefault("autoescape", select_autoescape(_ESCAPED, default_for_string=True))
        cls.jinja_env = Environment(enable_async=enable_async, **kwargs)

    def __init__(self, name, **kwargs):
        if self.jinja_env is None:
            Template.initialize()
        self.name = name
        self.template = self.jinja_env.get_template(name, **kwargs)

    def render(self, *args, **kwargs):
        """The page for these variables (str)."""
        self._check(False)
        return self.template.render(*args, **kwargs)

    def generate(self, *args, **kwargs):
        """A generator of the pieces of the page (str)."""
        self._check(False)
        return self.template.generate(*args, **kwargs)

    async def render_async(self, *args, **kwargs):
        """The page (str), from a template that may await."""
        self._check(True)
        return await self.template.render_async(*args, **kwargs)

    def generate_async(self, *args, **kwargs):
        """An asynchronous generator of the pieces of the page (str)."""
        self._check(True)
        return self.template.generate_async(*args, **kwargs)

    def _check(self, expected):
        if self.jinja_env.is_async != expected:
            raise RuntimeError(
                "expected render_async or generate_async with enable_async=True, the others "
                "without, got enable_async=%s" % self.jinja_env.is_async
            )
