"""The template language: what a template gives for its arguments."""

from template_files import Folder

import utemplate
from expect import equal, raises
from utemplate import TemplateError, escape, recompile, safe

# (template, arguments, page)
LANGUAGE = (
    ("", {}, ""),
    ("plain", {}, "plain"),
    ("two\nlines\n", {}, "two\nlines\n"),
    ("\n\n", {}, "\n\n"),
    ("dos\r\nlines\r\n", {}, "dos\r\nlines\r\n"),
    ('"quotes" \'and\' \\ \\n """three"""', {}, '"quotes" \'and\' \\ \\n """three"""'),
    ("\x00\x01\t\x0c\x7f", {}, "\x00\x01\t\x0c\x7f"),
    ("gr\u00fc\u00df \u20ac \U0001f600", {}, "gr\u00fc\u00df \u20ac \U0001f600"),
    ("\ufeffmark", {}, "mark"),
    ("f() { x } {", {}, "f() { x } {"),
    ("a{ %b% }c", {}, "a{ %b% }c"),
    # arguments
    ("{% args a %}{{ a }}", {"a": 1}, "1"),
    ("{% args a, b=2 %}{{a}}{{b}}", {"a": 1}, "12"),
    ("{% args a, b=2 %}{{a}}{{b}}", {"a": 1, "b": 3}, "13"),
    ("{% args %}x", {}, "x"),
    ("no args {{ 1 }}", {"a": 1, "b": 2}, "no args 1"),
    ("\n  {% args a %}\n{{ a }}", {"a": 1}, "1"),
    ("{# c #}\n{% args a %}\n{{ a }}", {"a": 1}, "1"),
    ("{% args *a, **k %}{{ k['x'] }}", {"x": 5}, "5"),
    ("{% args a=[1, # one\n 2] # more %}\n{{ len(a) }}", {}, "2"),
    # expressions
    ("{{ 1 + 1 }}{{2}}", {}, "22"),
    ("{{ None }} {{ 1.5 }} {{ True }} {{ [1] }} {{ b'x'.decode() }}", {}, "None 1.5 True [1] x"),
    ("{{ {'a': {'b': 1}}['a']['b'] }}", {}, "1"),
    ("{{ {1:{2:3}}}}", {}, "{1: {2: 3}}"),
    ('{{ "}}" }}{{ "{{" }}{{ "\\"}}" }}', {}, "}}{{&#34;}}"),
    ("{{ (1 +\n 2) }}\n{{\n3\n}}\n", {}, "3\n3\n"),
    ("{{ 4 # four\n }}{{ 5 # it }}.", {}, "45."),
    ("{{ 'a' 'b' }}{{ 1 if 0 else 2 }}{{ 1, 2 }}", {}, "ab2(1, 2)"),
    ("{{ 'gr\u00fc\u00df' }}", {}, "gr\u00fc\u00df"),
    ('{{"%2d" % 7 ** 2}}', {}, "49"),
    ("{{ [1, # one\n 2][ # 'two\n -1] \\\n + 1 # }\n }}", {}, "3"),
    ("{{ '''a # 'b\n# c''' }}{{ '#' }}", {}, "a # &#39;b\n# c#"),
    ("{{ yield from ('a', '<b>') }}{{ 1 }}", {}, "a<b>1"),
    ("{{ (lambda x: x * 2)(4) }}{{ sum(x for x in (1, 2)) }}", {}, "83"),
    # escaping
    ("{% args a %}{{ a }}", {"a": "<&>\"'"}, "&lt;&amp;&gt;&#34;&#39;"),
    ("{% args a %}{{ a }}", {"a": safe("<&>\"'")}, "<&>\"'"),
    ("{% args a %}{{ safe(a) }}|{{ a }}", {"a": "<b>"}, "<b>|&lt;b&gt;"),
    ("{% args a %}{{ safe('<i>') + a }}", {"a": safe("<b>")}, "<i><b>"),
    ("{% args a %}{{ a }}", {"a": ["<b>"]}, "[&#39;&lt;b&gt;&#39;]"),
    ("<&>\"'", {}, "<&>\"'"),
    # if
    ("{% if 1 %}yes{% endif %}", {}, "yes"),
    ("{% if 0 %}yes{% else %}no{% endif %}", {}, "no"),
    ("{% args a %}{% if a==1 %}x{% elif a==2 %}y{% elif(a==3) %}z{% endif %}", {"a": 3}, "z"),
    ("{%if 1%}{%if 0%}{%endif%}{%endif%}.", {}, "."),
    ("{% if 1 %}{% else %}{% endif %}", {}, ""),
    ("{% if \"%}\" %}a{% endif %}", {}, "a"),
    ("{% if (1 and\n 1) %}a{% endif %}", {}, "a"),
    ("{% if 1 %}\n  a\n{% endif %}\nb", {}, "  a\nb"),
    ("  {% if 1 %}  \n  {% endif %}  \n", {}, "    \n    \n"),
    ("{% if 1 %}\r\na\r\n{% endif %}\r\nb", {}, "a\r\nb"),
    # for and while
    ("{% for i in range(3) %}{{ i }},{% endfor %}", {}, "0,1,2,"),
    ("{% for a, b in ((1, 2), (3, 4)) %}{{a}}{{b}} {% endfor %}", {}, "12 34 "),
    ("{% for i in () %}x{% else %}none{% endfor %}", {}, "none"),
    ("{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{i}}{% endfor %}", {}, "01"),
    ("{% for i in range(4) %}{% if i % 2 %}{% continue %}{% endif %}{{i}}{% endfor %}", {}, "02"),
    ("{% set i = 3 %}{% while i %}{{ i }}{% set i -= 1 %}{% endwhile %}", {}, "321"),
    ("{% for i in range(5) %}\n| {{i}} | {{i ** 2}} |\n{% endfor %}\n", {},
     "| 0 | 0 |\n| 1 | 1 |\n| 2 | 4 |\n| 3 | 9 |\n| 4 | 16 |\n"),
    # set, import, with, def
    ("{% set x = 1 %}{% set x, y = 2, x %}{{ x }}{{ y }}", {}, "21"),
    ("{% set x = {\n 'a': 1,\n} %}\n{{ x['a'] }}", {}, "1"),
    ("{% set x = '''a\n# 'b\\'''' # ' c\n %}{{ x }}", {}, "a\n# &#39;b&#39;"),
    ("{% set x = 1 # it's %}{% if x # == 2\n %}{{ x }}{% endif # x %}", {}, "1"),
    ("{% set x = 1 + \\\n 2 %}{{ x }}", {}, "3"),
    ("{% def row(x) # cell %}{{ x }}{% enddef %}{{ yield from row(1) }}", {}, "1"),
    ("{% import sys %}{{ len(sys.path) >= 0 }}", {}, "True"),
    ("{% from sys import path as p %}{{ len(p) >= 0 }}", {}, "True"),
    ("{% def row(x) %}<td>{{ x }}</td>{% enddef %}{{ yield from row('<') }}", {},
     "<td>&lt;</td>"),
    ("{% def none() %}{% enddef %}a{{ yield from none() }}b", {}, "ab"),
    # comments
    ("a{# b #}c", {}, "ac"),
    ("a\n{# b\nc {{ d }} {% e %}\n#}\nf{##}g", {}, "a\nfg"),
    # names that templates of plain utemplate use
    ("{% args var, another %}\nhello\n{{var}}\n{% for i in range(2) %}\n{% if i % 2 %}\n"
     "world\n{% else %}\nskies\n{% endif %}\ntext{{i + 10}}\n{% endfor %}\ntrailer\n",
     {"var": "a", "another": "b"}, "hello\na\nskies\ntext10\nworld\ntext11\ntrailer\n"),
)  # fmt: skip


def render(files, arguments, name="t.html"):
    with Folder(files) as folder:
        return "".join(recompile.Loader(None, folder.path).load(name)(**arguments))


def test_language():
    for template, arguments, page in LANGUAGE:
        try:
            equal(render({"t.html": template}, arguments), page, repr(template))
        except TemplateError as error:
            raise AssertionError("%r: %s" % (template, error))


def test_long_text_keeps_every_character_and_is_cut_between_characters():
    for unit in ("x", "\u00fc", "\u20ac", "\U0001f600"):
        for shift in range(4):
            text = "." * shift + unit * 700
            equal(render({"t.html": text}, {}), text, unit)
            text = "." * (254 + shift) + "{{ 1 }}" + unit
            equal(render({"t.html": text}, {}), text.replace("{{ 1 }}", "1"), shift)


def test_tags_may_lie_anywhere_in_what_is_read_at_a_time():
    for shift in range(250, 258):
        before = "." * shift
        page = render({"t.html": before + "{# {{ } #}{% if 1 %}\r\n{{ '}}' }}{% endif %}\n{"}, {})
        equal(page, before + "}}{", shift)


def test_text_is_one_piece_up_to_a_kilobyte():
    with Folder({"t.html": 'a\nb {x} "c"\n{# no #}d' + "e" * 600}) as folder:
        pieces = list(recompile.Loader(None, folder.path).load("t.html")())
        equal(len(pieces), 1)


def test_plain_utemplate_behaviour_is_one_switch():
    template = {"t.html": "{% args a %}{{ a }}{{ safe('<i>') }}{{ 1 }}"}
    utemplate.autoescape = False
    try:
        equal(render(template, {"a": "<b>"}), "<b><i>1")
    finally:
        utemplate.autoescape = True
    equal(render(template, {"a": "<b>"}), "&lt;b&gt;<i>1")


class Html:
    def __html__(self):
        return "<hr>"


class Text:
    def __str__(self):
        return "<text>"


def test_escape_and_safe():
    equal(escape(Html()), "<hr>")
    equal(escape(Text()), "&lt;text&gt;")
    equal(escape(""), "")
    equal(escape(safe(Text())), "<text>")
    equal(str(safe(safe(1))), "1")
    equal(safe("a") == safe("a"), True)
    equal(safe("a") == "a", False)
    raises(TypeError, lambda: safe("a") + "<b>")


def test_wrong_arguments_are_type_errors_before_anything_is_rendered():
    with Folder({"t.html": "{% args a %}{{ a }}"}) as folder:
        template = recompile.Loader(None, folder.path).load("t.html")
        raises(TypeError, template)
        raises(TypeError, template, 1, 2)
        raises(TypeError, lambda: template(b=1))


def test_what_an_expression_raises_comes_out():
    error = raises(ZeroDivisionError, render, {"t.html": "{{ 1 // 0 }}"}, {})
    equal(isinstance(error, ZeroDivisionError), True)
