"""Templates made of several: include, extends, block and super."""

from template_files import Folder

from expect import equal, raises
from utemplate import TemplateError, recompile, safe

BASE = (
    "{% args title='-' %}\n<title>{{ title }}</title>\n"
    "{% block content %}\nbase of {{ title }}\n{% endblock %}\n"
    "<footer>{% block footer %}{% endblock %}</footer>\n"
)

# (files, arguments for t.html, page)
PAGES = (
    ({"t.html": "a{% include 'b.html' %}c", "b.html": "B"}, {}, "aBc"),
    ({"t.html": 'a\n{% include "b.html" %}\nc', "b.html": "B\n"}, {}, "a\nB\nc"),
    ({"t.html": "a{% include 'b.html' %}c", "b.html": ""}, {}, "ac"),
    ({"t.html": "{% include 'b.html' 1, y='<' %}", "b.html": "{% args x, y %}{{ x }}{{ y }}"},
     {}, "1&lt;"),
    ({"t.html": "{% include 'b.html' %}{% include 'b.html' %}", "b.html": "B"}, {}, "BB"),
    ({"t.html": "{% include 'p/b.html' %}", "p/b.html": "{% include 'p/c.html' %}",
      "p/c.html": "C"}, {}, "C"),
    ({"t.html": "{% for i in (1, 2) %}{% include 'b.html' i %}{% endfor %}",
      "b.html": "{% args n %}[{{ n }}]"}, {}, "[1][2]"),
    # as if its text stood there: what is known outside is known inside, but not the other way
    ({"t.html": "{% args x %}{% set y = 2 %}{% include 'b.html' %}{{ y }}",
      "b.html": "{{ x }}{{ y }}"}, {"x": 1}, "122"),
    ({"t.html": "{% set y = 2 %}{% include 'b.html' %}{{ y }}", "b.html": "{% set y = 3 %}"},
     {}, "2"),
    # safe text stays safe
    ({"t.html": "{% args x %}{% include 'b.html' x %}", "b.html": "{% args x %}{{ x }}"},
     {"x": safe("<b>")}, "<b>"),
    ({"t.html": "{% args x %}{% set n='b.html' %}{% include {{n}} x %}",
      "b.html": "{% args x %}{{ x }}{{ '<' }}"}, {"x": safe("<b>")}, "<b>&lt;"),
    # a name that is known when the page is made
    ({"t.html": "{% args n %}{% include {{ n }} %}", "b.html": "B"}, {"n": "b.html"}, "B"),
    ({"t.html": "{% args n %}{% include {{ {'k': {'n': n}}['k']['n'] }} {'a': {}} %}",
      "b.html": "{% args x %}{{ len(x) }}"}, {"n": "b.html"}, "1"),
    ({"t.html": "{% args n %}{{ n }}{% if n %}{% include {{'t.html'}} n - 1 %}{% endif %}"},
     {"n": 3}, "3210"),
    # inheritance
    ({"t.html": BASE}, {}, "<title>-</title>\nbase of -\n<footer></footer>\n"),
    ({"base.html": BASE, "t.html": "{% extends 'base.html' %}\n"}, {},
     "<title>-</title>\nbase of -\n<footer></footer>\n"),
    ({"base.html": BASE, "t.html":
      "{% args x %}\n{% extends 'base.html' title=x %}\n\n{# c #}\n{% block content %}\n"
      "child of {{ x }}\n{% endblock %}\n"}, {"x": "<"},
     "<title>&lt;</title>\nchild of &lt;\n<footer></footer>\n"),
    ({"base.html": BASE, "t.html":
      "{% extends 'base.html' %}{% set y = 1 %}{% block content %}<{% super %}{{ y }}>"
      "{% endblock %}{% block footer %}[{% super %}]{% endblock content %}".replace(
          "endblock content", "endblock")}, {},
     "<title>-</title>\n<base of -\n1><footer>[]</footer>\n"),
    ({"base.html": BASE,
      "mid.html": "{% extends 'base.html' 'mid' %}{% block content %}mid+{% super %}"
      "{% endblock %}{% block footer %}mid{% endblock %}",
      "t.html": "{% extends 'mid.html' %}{% block content %}top+{% super %}{% endblock %}"}, {},
     "<title>mid</title>\ntop+mid+base of mid\n<footer>mid</footer>\n"),
    ({"base.html": BASE,
      "mid.html": "{% extends 'base.html' %}{% block content %}[{% block inner %}mid"
      "{% endblock %}]{% endblock %}",
      "t.html": "{% extends 'mid.html' %}{% block inner %}<{% super %}>{% endblock %}"
      "{% block footer %}F{% super %}{% endblock %}"}, {},
     "<title>-</title>\n[<mid>]<footer>F</footer>\n"),
    ({"base.html": "{% for i in (1, 2) %}{% block b %}base{{ i }} {% endblock %}{% endfor %}",
      "mid.html": "{% extends 'base.html' %}{% block b %}mid {% endblock %}",
      "t.html": "{% extends 'mid.html' %}{% block b %}{% if 1 %}{% super %}{% endif %}"
      "{% super %}{% endblock %}"}, {}, "mid mid mid mid "),
    ({"base.html": "{% for i in (1, 2) %}{% block b %}base{{ i }} {% endblock %}{% endfor %}",
      "t.html": "{% extends 'base.html' %}{% block b %}{% super %}.{% endblock %}"}, {},
     "base1 .base2 ."),
    ({"base.html": "{% if 0 %}{% block b %}{% include 'c.html' %}{% endblock %}{% endif %}.",
      "c.html": "{% if 1 %}{{ 1 }}{% endif %}",
      "t.html": "{% extends 'base.html' %}{% block b %}{% endblock %}"}, {}, "."),
    # an included template that extends another
    ({"base.html": "({% block b %}{% endblock %})",
      "c.html": "{% args x %}{% extends 'base.html' %}{% block b %}{{ x }}{% endblock %}",
      "t.html": "{% include 'c.html' 1 %}{% include 'c.html' 2 %}"}, {}, "(1)(2)"),
)  # fmt: skip

MISTAKES = (
    ({"t.html": "{% extends 'b.html' %}\ntext", "b.html": ""},
     "t.html:2: expected {% block %}, got text outside of any block"),
    ({"t.html": "{% extends 'b.html' %}\n\n{{ 1 }}", "b.html": ""},
     "t.html:3: expected {% block %}, got {{ }} outside of any block"),
    ({"t.html": "{% extends 'b.html' %}{% if 1 %}", "b.html": ""},
     "t.html:1: expected {% block %}, got {% if 1 %}"),
    ({"t.html": "{% extends 'b.html' %}{% extends 'b.html' %}", "b.html": ""},
     "t.html:1: expected {% extends %} before anything else, got it after"),
    ({"t.html": "{% extends 'b.html' %}{% args x %}", "b.html": ""},
     "t.html:1: expected {% args %} before anything else, got it after"),
    ({"t.html": "{% extends 'b.html' %}\n{% block x %}{% endblock %}", "b.html": ""},
     "t.html:2: expected a block of b.html, got 'x'"),
    ({"t.html": "{% extends 'b.html' %}\n{% block x %}{% endblock %}{% block x %}{% endblock %}",
      "b.html": ""}, "t.html:2: expected one {% block x %}, got a second"),
    ({"t.html": "{% extends 'b.html' %}"},
     "t.html:1: expected a template, got no file 'b.html'"),
    ({"t.html": "\n{% extends 't.html' %}"},
     "t.html:2: expected templates that end, got t.html in t.html"),
    ({"t.html": "{% block x %}{% super %}{% endblock %}"},
     "t.html:1: expected {% super %} in a block that overrides one, got it elsewhere"),
    ({"t.html": "{% extends 'b.html' %}{% block x %}\n{% super 1 %}{% endblock %}"},
     "t.html:2: expected {% super %}, got {% super 1 %}"),
    ({"t.html": "{% for i in 'ab' %}{% block x %}{% break %}{% endblock %}{% endfor %}"},
     "t.html:1: expected {% break %} in a loop, got it elsewhere"),
)  # fmt: skip


def test_pages():
    for files, arguments, page in PAGES:
        with Folder(files) as folder:
            render = recompile.Loader(None, folder.path).load("t.html")
            equal("".join(render(**arguments)), page, repr(files))


def test_mistakes():
    for files, message in MISTAKES:
        with Folder(files) as folder:
            loader = recompile.Loader(None, folder.path)
            equal(str(raises(TemplateError, loader.load, "t.html")), message, repr(files))


def test_a_name_that_is_known_late_leads_out_of_the_directory_no_more_than_others():
    with Folder({"s/t.html": "{% args n %}{% include {{n}} %}", "b.html": "B"}) as folder:
        template = recompile.Loader(None, folder.path + "/s").load("t.html")
        raises(ValueError, list, template("../b.html"))
        raises(OSError, list, template("b.html"))


def test_templates_that_include_each_other_without_end_by_a_late_name():
    with Folder({"t.html": "{% include {{'t.html'}} %}"}) as folder:
        template = recompile.Loader(None, folder.path).load("t.html")
        raises(RuntimeError, list, template())


def test_what_is_never_shown_is_not_compiled_in():
    files = {
        "base.html": "a{% block b %}unseen{{ 1 }}{% if 1 %}{% endif %}{% endblock %}c",
        "t.html": "{% extends 'base.html' %}{% block b %}B{% endblock %}",
    }
    with Folder(files) as folder:
        loader = recompile.Loader(None, folder.path)
        equal("".join(loader.load("t.html")()), "aBc")
        equal("unseen" in folder.read("t_html.py"), False)
