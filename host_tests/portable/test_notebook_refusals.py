"""What a page sends and a notebook does not take: said at the element, and all else goes on."""

from notebook_files import Files, Page, notebook

from expect import equal
from marimo.builder import create_asgi_app

ELEMENTS = """
def check(value):
    return None if value else "Please write something."

def fail(value):
    raise KeyError("secret")

s = mo.ui.slider(1, 10)
d = mo.ui.dropdown(["a", "b"], value="a")
t = mo.ui.table([{"n": n} for n in range(25)])
f = mo.ui.text().form(validate=check)
b = mo.ui.button(on_click=fail)
mo.vstack([s, d, t, f, b])
"""
VALUES = "'%s, %s, %s, %s.' % (s.value, d.value, len(t.value), f.value)"


async def talk(*values, **options):
    """The Page of those elements when ``values`` were set: dicts, by the elements' places."""
    with Files(n=notebook(ELEMENTS, VALUES)) as files:
        builder = create_asgi_app(quiet=True, **options)
        app = builder.with_app(path="/n", root=files.path + "/n.py").application()
        page = Page(app, "/n/")
        await page.load()
        await page.talk()
        # <firn-text id='...' ...>; the text in the form comes after the form.
        ids = [part[: part.find("'")] for part in page.html(1).split(" id='")[1:]]
        by_name = dict(zip("sdtf_b", ids))
        await page.talk(*[{by_name[name]: one[name] for name in one} for one in values])
        page.ids = by_name
        builder.notebooks.sessions.close()
        return page


def refusals(page):
    return [frame for frame in page.frames if frame["op"] == "error"]


async def test_values_of_the_wrong_type_or_out_of_range_are_refused_at_their_element():
    for name, value in (
        ("s", "x"), ("s", 11), ("s", None), ("s", [1]), ("s", {"a": 1}), ("s", True),
        ("d", ["z"]), ("d", 5), ("d", ["a", "b"]), ("d", [["a"]]), ("d", {"a": 1}),
        ("t", ["25"]), ("t", [0]), ("t", "0"), ("t", ["-1"]), ("t", ["0", "0"]),
        ("t", {"page": 3}), ("t", {"page": "1"}), ("t", {}), ("f", 5), ("f", ["a"]),
    ):  # fmt: skip
        page = await talk({name: value})
        found = refusals(page)
        equal(len(found), 1, (name, value))
        equal(found[0].get("id"), page.ids[name], (name, value))
        assert "expected" in found[0]["message"], found
        assert "1, a, 0, None." in page.html(2), page.html(2)


async def test_what_a_form_does_not_take_is_said_at_the_form():
    page = await talk({"f": ""}, {"f": "words"})
    equal(
        [(frame.get("id"), frame["message"]) for frame in refusals(page)],
        [(page.ids["f"], "Please write something.")],
    )
    assert "words" in page.html(2), page.html(2)


async def test_errors_of_an_element_s_function_are_for_the_notebook_s_author():
    for tracebacks in (False, True):
        page = await talk({"b": 1}, show_tracebacks=tracebacks)
        message = refusals(page)[0]["message"]
        equal("secret" in message, tracebacks, message)
        equal(refusals(page)[0]["id"], page.ids["b"])


async def test_a_table_sends_the_page_that_was_turned_to():
    page = await talk({"t": {"page": 2}})
    found = [frame for frame in page.frames if frame["op"] == "value"]
    equal([frame["id"] for frame in found], [page.ids["t"]])
    equal(found[0]["value"]["page"], 2)
    assert "<td>24</td>" in found[0]["value"]["html"]
    assert "<td>19</td>" not in found[0]["value"]["html"]
