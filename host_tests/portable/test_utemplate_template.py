"""microdot.utemplate: the Template class that applications use."""

from exchange import ask
from template_files import Folder

from expect import equal, raises
from microdot import Microdot
from microdot.utemplate import Template
from utemplate import TemplateError, compiled, recompile, safe, source

PAGE = "{% args title, n=2 %}\n<h1>{{ title }}</h1>\n{% for i in range(n) %}{{ i }},{% endfor %}"


class Templates(Folder):
    """A folder that Template, or ``cls``, is initialized with."""

    def __init__(self, files, loader_class=None, cls=Template):
        super().__init__(files)
        self.loader_class = loader_class
        self.cls = cls

    def __enter__(self):
        super().__enter__()
        if self.loader_class:
            self.cls.initialize(self.path, loader_class=self.loader_class)
        else:
            self.cls.initialize(self.path)
        return self

    def __exit__(self, kind, error, trace):
        Template._loader = Template._settings = None
        super().__exit__(kind, error, trace)


async def collect(pieces):
    found = []
    async for piece in pieces:
        found.append(piece)
    return found


def test_render():
    with Templates({"t.html": PAGE}):
        template = Template("t.html")
        equal(template.name, "t.html")
        equal(template.render("<x>"), "<h1>&lt;x&gt;</h1>\n0,1,")
        equal(template.render(title=safe("<x>"), n=1), "<h1><x></h1>\n0,")
        equal("".join(template.template("a")), "<h1>a</h1>\n0,1,")


def test_generate():
    with Templates({"t.html": PAGE}):
        pieces = Template("t.html").generate("a", n=1)
        equal(next(pieces), "<h1>")
        equal("".join(pieces), "a</h1>\n0,")


async def test_render_async():
    with Templates({"t.html": PAGE}):
        equal(await Template("t.html").render_async("a", n=0), "<h1>a</h1>\n")


async def test_generate_async_joins_small_pieces():
    with Templates({"t.html": PAGE, "e.html": ""}):
        equal(await collect(Template("t.html").generate_async("a")), ["<h1>a</h1>\n0,1,"])
        pieces = await collect(Template("t.html").generate_async("a", n=700))
        expected = "<h1>a</h1>\n" + "".join("%d," % i for i in range(700))
        equal("".join(pieces), expected)
        equal(len(pieces), (len(expected) + 1023) // 1024)
        equal(await collect(Template("e.html").generate_async()), [])


async def test_closing_ends_the_template():
    closed = []

    class Guard:
        def __enter__(self):
            return self

        def __exit__(self, kind, error, trace):
            closed.append(1)

    page = "{% args g %}{% with g %}" + "a" * 1024 + "{% if 1 %}{% endif %}b{% endwith %}"
    with Templates({"t.html": page}):
        pieces = Template("t.html").generate_async(Guard())
        equal(await pieces.__anext__(), "a" * 1024)
        await pieces.aclose()
        pieces = Template("t.html").generate(Guard())
        equal(next(pieces), "a" * 1024)
        pieces.close()
        equal(closed, [1, 1])


async def test_what_a_template_raises_comes_out():
    with Templates({"t.html": "a{{ 1 // 0 }}"}):
        template = Template("t.html")
        raises(ZeroDivisionError, template.render)
        for coroutine in (template.render_async(), collect(template.generate_async())):
            try:
                await coroutine
            except ZeroDivisionError:
                continue
            raise AssertionError("expected ZeroDivisionError, got no exception")


async def test_a_handler_may_return_what_each_method_gives():
    app = Microdot()
    html = {"Content-Type": "text/html; charset=UTF-8"}

    @app.get("/<method>")
    async def page(request, method):
        template = Template("t.html")
        if method == "render_async":
            return await template.render_async("<x>"), html
        return getattr(template, method)("<x>"), html

    with Templates({"t.html": PAGE}):
        for method in ("render", "generate", "render_async", "generate_async"):
            answer = await ask(app, "GET", "/" + method)
            equal(answer.text, "<h1>&lt;x&gt;</h1>\n0,1,", method)
            equal(answer.headers["content-type"], html["Content-Type"])


def test_a_traceback_leads_to_the_line_of_the_template():
    files = {
        "t.html": "{% args x %}\n{% include 'u.html' x %}\n",
        "u.html": "{% args x %}\n\n{% if x %}\n{{ 1 //\n x.y }}\n{% endif %}\n",
    }
    with Templates(files) as folder:
        raises(AttributeError, Template("t.html").render, 1)
        lines = folder.read("t_html.py").split("\n")
        found = [line.strip() for line in lines if "# " in line[1:]]
        equal(found, [
            "if x:  # u.html:3",
            "yield _e((1 //  x.y))  # u.html:4",
            "yield from _t1(x)  # t.html:2",
        ])  # fmt: skip


def test_wrong_arguments_name_the_template_and_what_it_takes():
    with Templates({"t.html": PAGE, "n.html": "{% args %}"}):
        template = Template("t.html")
        for call in (template.render, template.generate, template.generate_async):
            error = raises(TypeError, call)
            start = "t.html: expected the arguments (title, n=2), got others: "
            equal(str(error)[: len(start)], start)
        raises(TypeError, template.render, 1, x=2)
        error = raises(TypeError, Template("n.html").render, 1)
        equal(str(error)[:34], "n.html: expected the arguments (),")


def test_a_type_error_of_the_template_itself_is_left_alone():
    with Templates({"t.html": "{{ len(1) }}"}):
        equal("arguments" in str(raises(TypeError, Template("t.html").render)), False)


def test_mistakes():
    with Templates({"t.html": "{% if %}", "u.html": "u"}):
        raises(TemplateError, Template, "t.html")
        raises(OSError, Template, "no.html")
        raises(ValueError, Template, "../u.html")
        equal(Template("u.html").render(), "u")


def test_loader_classes():
    for loader_class in (compiled.Loader, source.Loader, recompile.Loader):
        with Templates({"t.html": "old"}) as folder:
            Template("t.html")
            Template.initialize(folder.path, loader_class)
            if loader_class is compiled.Loader:
                folder.remove("t.html")
            else:
                folder.write("t.html", "newer")
            expected = "newer" if loader_class is recompile.Loader else "old"
            equal(Template("t.html").render(), expected)


def test_initializing_the_same_again_keeps_what_is_loaded():
    with Templates({"t.html": "x"}) as folder:
        first = Template("t.html").template
        Template.initialize(folder.path)
        equal(Template("t.html").template is first, True)
        Template.initialize(folder.path, compiled.Loader)
        equal(Template("t.html").template is first, False)


def test_two_sites_in_one_program():
    class ShopTemplate(Template):
        pass

    with Templates({"t.html": "main", "shop/t.html": "shop"}) as folder:
        equal(ShopTemplate("t.html").render(), "main")
        ShopTemplate.initialize(folder.path + "/shop")
        equal(ShopTemplate("t.html").render(), "shop")
        equal(Template("t.html").render(), "main")


def test_the_default_directory():
    Template._loader = Template._settings = None
    raises(OSError, Template, "nothing/there.html")
    equal(Template._loader.dir, "templates")
    Template._loader = Template._settings = None
