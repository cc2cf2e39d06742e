"""microdot.jinja: Jinja templates under the interface of microdot.utemplate."""

import asyncio

import jinja2
import pytest

from microdot import Microdot
from microdot.jinja import Template
from microdot.test_client import TestClient


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with templates in ``templates``; nothing is initialized."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Template, "jinja_env", None)
    write("templates/index.html", "<p>{{ name }}</p>")
    write("templates/list.txt", "{% for x in xs %}{{ x }};{% endfor %}")
    return tmp_path


def write(name, text):
    import pathlib

    path = pathlib.Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_template_is_rendered(folder):
    template = Template("index.html")
    assert template.name == "index.html"
    assert isinstance(template.template, jinja2.Template)
    assert template.render(name="me") == "<p>me</p>"
    assert template.render({"name": "ä"}) == "<p>ä</p>"
    pieces = Template("list.txt").generate(xs="ab")
    assert not isinstance(pieces, (str, list))
    assert "".join(pieces) == "a;b;"


def test_the_folder_of_the_templates(folder):
    write("my_templates/index.html", "mine")
    write("more/other.html", "other")
    Template.initialize("my_templates")
    assert Template("index.html").render() == "mine"
    Template.initialize(["my_templates", "more"])
    assert Template("other.html").render() == "other"


# (name, whether {{ "<" }} is escaped)
ESCAPED = (
    ("a.html", True), ("a.HTML", True), ("a.htm", True), ("a.xml", True), ("a.html.j2", True),
    ("a.html.jinja", True), ("a.htm.jinja2", True), ("a.txt", False), ("a.html.txt", False),
    ("a", False), ("a.css.j2", False),
)  # fmt: skip


@pytest.mark.parametrize("name, escaped", ESCAPED)
def test_escaping_goes_by_the_name(name, escaped, folder):
    write("templates/" + name, "{{ x }}")
    assert Template(name).render(x="<") == ("&lt;" if escaped else "<")


def test_options_of_the_environment(folder):
    Template.initialize(autoescape=False, trim_blocks=True, undefined=jinja2.StrictUndefined)
    assert Template.jinja_env.trim_blocks
    assert Template("index.html").render(name="<") == "<p><</p>"
    with pytest.raises(jinja2.UndefinedError):
        Template("index.html").render()
    Template.initialize(loader=jinja2.DictLoader({"a": "from a dict"}))
    assert Template("a").render() == "from a dict"


def test_options_of_a_template(folder):
    assert Template("index.html", globals={"name": "me"}).render() == "<p>me</p>"


def test_templates_of_two_applications(folder):
    class Mine(Template):
        pass

    write("mine/index.html", "mine")
    Mine.initialize("mine")
    assert Mine("index.html").render() == "mine"
    assert Template("index.html").render(name="a") == "<p>a</p>"


def test_asynchronous_templates(folder):
    async def names():
        for name in "ab":
            await asyncio.sleep(0)
            yield name

    async def run():
        page = await Template("list.txt").render_async(xs=names())
        pieces = [piece async for piece in Template("list.txt").generate_async(xs=names())]
        return page, "".join(pieces)

    Template.initialize(enable_async=True)
    assert asyncio.run(run()) == ("a;b;", "a;b;")


def test_the_one_kind_excludes_the_other(folder):
    message = "expected render_async or generate_async with enable_async=True"
    template = Template("index.html")
    with pytest.raises(RuntimeError, match=message):
        asyncio.run(template.render_async())
    with pytest.raises(RuntimeError, match=message):
        template.generate_async()
    Template.initialize(enable_async=True)
    template = Template("index.html")
    with pytest.raises(RuntimeError, match=message):
        template.render()
    with pytest.raises(RuntimeError, match=message):
        template.generate()


# Names and texts that are no templates: (name, content or None, exception).
MISTAKES = (
    ("none.html", None, jinja2.TemplateNotFound),
    ("../secret.html", None, jinja2.TemplateNotFound),
    ("/etc/passwd", None, jinja2.TemplateNotFound),
    ("", None, jinja2.TemplateNotFound),
    ("a.html", "{% if %}", jinja2.TemplateSyntaxError),
    ("b.html", "{{ a", jinja2.TemplateSyntaxError),
    ("c.html", "{% include 'none.html' %}", None),
)


@pytest.mark.parametrize("name, content, exception", MISTAKES)
def test_mistakes(name, content, exception, folder):
    write("secret.html", "secret")
    if content:
        write("templates/" + name, content)
    if exception is None:
        with pytest.raises(jinja2.TemplateNotFound):
            Template(name).render()
    else:
        with pytest.raises(exception):
            Template(name)


def test_pages_of_an_application(folder):
    app = Microdot()

    @app.get("/whole")
    async def whole(req):
        return Template("index.html").render(name="&")

    @app.get("/pieces")
    async def pieces(req):
        return Template("list.txt").generate(xs=range(3)), {"Content-Type": "text/html"}

    @app.get("/asynchronous")
    async def asynchronous(req):
        return await Template("list.txt").render_async(xs=range(3))

    @app.get("/streamed")
    async def streamed(req):
        return Template("list.txt").generate_async(xs=range(3))

    client = TestClient(app)
    assert asyncio.run(client.get("/whole")).text == "<p>&amp;</p>"
    assert asyncio.run(client.get("/pieces")).text == "0;1;2;"
    Template.initialize(enable_async=True)
    assert asyncio.run(client.get("/asynchronous")).text == "0;1;2;"
    assert asyncio.run(client.get("/streamed")).text == "0;1;2;"
