"""Mistakes in templates: file, line, and what was expected."""

from template_files import Folder

from expect import equal, raises
from utemplate import TemplateError, compiler, recompile, source

# (template, the error's text after "t.html:")
MISTAKES = (
    ("a\n{% if x %}\nb\n", "3: expected {% endif %}, got end of file (the {% if %} is in line 2)"),
    ("{% for i in x %}", "1: expected {% endfor %}, got end of file (the {% for %} is in line 1)"),
    ("{% while x %}{% else %}",
     "1: expected {% endwhile %}, got end of file (the {% while %} is in line 1)"),
    ("\n{% if x %}\n{% endfor %}",
     "3: expected {% endif %}, got {% endfor %} (the {% if %} is in line 2)"),
    ("{% endif %}", "1: expected no end, got {% endif %}"),
    ("{% end %}", "1: expected no end, got {% end %}"),
    ("a{% else %}",
     "1: expected {% else %} inside of {% if or for or while %}, got it inside of no statement"),
    ("{% for x in y %}{% elif z %}",
     "1: expected {% elif %} inside of {% if %}, got it inside of {% for %}"),
    ("{% if x %}{% else %}{% else %}",
     "1: expected {% else %} inside of {% if or for or while %}, got it inside of {% if %}"),
    ("{% if x %}{% else y %}", "1: expected {% else %}, got {% else y %}"),
    ("a\n{% foo %}", "2: expected args, set, include, if, for, while, with, def, import, from, "
     "break, continue, extends, block, super or an end, got 'foo'"),
    ("{% %}", "1: expected args, set, include, if, for, while, with, def, import, from, "
     "break, continue, extends, block, super or an end, got ''"),
    ("a\nb{{ x\n", "2: expected }}, got end of file"),
    ("a\n{% if x\n", "2: expected %}, got end of file"),
    ("{# x\n", "1: expected #}, got end of file"),
    ("{{ x" + " " * 5000 + "}}", "1: expected }}, got 4096 bytes"),
    ("{{ }}", "1: expected an expression, got nothing"),
    ("\n\n{{ 1 + }}", "3: expected an expression, got '1 +'"),
    ("{{ x y }}", "1: expected an expression, got 'x y'"),
    ("{{ x) + (y }}", "1: expected an expression, got 'x) + (y'"),
    ("{{ f(1 }}", "1: expected an expression, got 'f(1'"),
    ("{{ x = 1 }}", "1: expected an expression, got 'x = 1'"),
    ("{{ 1 \\ }}", "1: expected an expression, got '1 \\\\'"),
    ("{{ # x\n }}", "1: expected an expression, got nothing"),
    ("{{ 'a\n' }}", "1: expected an expression, got \"'a\\n'\""),
    ("{{ await x }}", "1: expected an expression, got 'await x'"),
    ("{% if %}", "1: expected a condition, got ''"),
    ("{% if x: %}", "1: expected a condition, got 'x:'"),
    ("{% while 1 + %}", "1: expected a condition, got '1 +'"),
    ("{% if x %}{% elif %}", "1: expected a condition, got ''"),
    ("{% for i of x %}", "1: expected Python after for, got 'i of x'"),
    ("{% set 1 = x %}", "1: expected name = value, got '1 = x'"),
    ("{% set %}", "1: expected name = value, got ''"),
    ("{% import %}", "1: expected an import, got 'import '"),
    ("{% from x %}", "1: expected an import, got 'from x'"),
    ("{% def %}", "1: expected a name and its arguments, got ''"),
    ("{% args 1 %}", "1: expected names of arguments, got '1'"),
    ("{% args a): pass # %}", "1: expected names of arguments, got 'a): pass'"),
    ("{% set x = 'a\nb' %}", "1: expected name = value, got \"x = 'a\\nb'\""),
    ("text\n{% args a %}", "2: expected {% args %} before anything else, got it after"),
    ("{% set x = 1 %}{% args a %}",
     "1: expected {% args %} before anything else, got it after"),
    ("{% args a %}{% args b %}", "1: expected one {% args %}, got a second"),
    ("{% break %}", "1: expected {% break %} in a loop, got it elsewhere"),
    ("{% for i in x %}{% else %}{% continue %}{% endfor %}",
     "1: expected {% continue %} in a loop, got it elsewhere"),
    ("{% include %}", "1: expected a template's name in quotes, got ''"),
    ("{% include a.html %}", "1: expected a template's name in quotes, got 'a.html'"),
    ("{% include 'a.html %}", "1: expected a template's name in quotes, got \"'a.html\""),
    ("\n{% include 'a.html' %}", "2: expected a template, got no file 'a.html'"),
    ("{% include '../a.html' %}",
     "1: expected the name of a file in the templates' directory, got '../a.html'"),
    ("{% include 't.html' %}", "1: expected templates that end, got t.html in t.html"),
    ("{% include {{ }} %}", "1: expected a template's name, got nothing"),
    ("{% include {{ x %}", "1: expected }}, got '{{ x'"),
    ("{% include {{ 'a' # }} %}", "1: expected }}, got \"{{ 'a'\""),
    ("{% include {{ x }} a b %}", "1: expected arguments after the name, got 'a b'"),
    ("{% super %}",
     "1: expected {% super %} in a block that overrides one, got it elsewhere"),
    ("{% block %}", "1: expected the name of the block, got ''"),
    ("{% block a b %}", "1: expected the name of the block, got 'a b'"),
    ("a{% extends 'b.html' %}", "1: expected {% extends %} before anything else, got it after"),
    (b"ok\n\xff\n", "2: expected UTF-8, got other bytes"),
    (b"ok\n{{ '\xc3' }}\n", "2: expected UTF-8, got other bytes"),
    (b"\xe2\x82", "1: expected UTF-8, got other bytes"),
)  # fmt: skip


def test_mistakes():
    for template, message in MISTAKES:
        with Folder({"t.html": template}) as folder:
            loader = recompile.Loader(None, folder.path)
            error = raises(TemplateError, loader.load, "t.html")
            equal(str(error), "t.html:" + message, repr(template[:60]))
            # Nothing of it is left, and it is as wrong the next time.
            equal(folder.names(), ["t.html"])
            raises(TemplateError, loader.load, "t.html")


def test_mistakes_in_an_included_template_name_that_template():
    files = {"a.html": "{% include 'b.html' %}", "b.html": "\n{{ 1 + }}"}
    with Folder(files) as folder:
        error = raises(TemplateError, recompile.Loader(None, folder.path).load, "a.html")
        equal(str(error), "b.html:2: expected an expression, got '1 +'")


def test_templates_that_include_each_other():
    files = {
        "a.html": "{% include 'b.html' %}",
        "b.html": "\n{% include 'c.html' %}",
        "c.html": "{% include 'a.html' %}",
    }
    with Folder(files) as folder:
        error = raises(TemplateError, recompile.Loader(None, folder.path).load, "a.html")
        message = "c.html:1: expected templates that end, got a.html in c.html in b.html in a.html"
        equal(str(error), message)


def test_names_outside_of_the_directory():
    with Folder({"t.html": "x", "sub/t.html": "y"}) as folder:
        for loader_class in (recompile.Loader, source.Loader):
            loader = loader_class(None, folder.path + "/sub")
            for name in (
                "../t.html", "/t.html", "", ".", "..", "a/../t.html", "./t.html", "a//b",
                "..\\t.html", "t.html\0", "t.html\n", "c:t.html", "a/", "\x7f",
            ):  # fmt: skip
                error = raises(ValueError, loader.load, name)
                equal(str(error)[:47], "expected the name of a file in the templates' d", name)
                raises(ValueError, compiler.compile_to, folder.path + "/", name, None)
            raises(TypeError, loader.load, None)
            raises(TypeError, loader.load, b"t.html")


def test_a_template_that_is_not_there():
    with Folder({"sub/t.html": "x"}) as folder:
        for loader_class in (recompile.Loader, source.Loader):
            loader = loader_class(None, folder.path)
            for name in ("no.html", "sub", "sub/no.html", "none/t.html"):
                error = raises(OSError, loader.load, name)
                equal(error.errno, 2, name)
                equal("got no file" in str(error), True, name)
        equal(folder.names(), ["sub"])
