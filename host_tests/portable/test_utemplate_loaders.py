"""Where compiled templates are kept, and when they are compiled again."""

from template_files import Folder

from expect import equal, raises
from utemplate import TemplateError, compiled, compiler, files, marks, recompile, source

SET_CLOCK = marks._CLOCK_SET + 1000000


def page(loader, name="t.html", *args):
    return "".join(loader.load(name)(*args))


class Clock:
    """Times of modification that a test says, and the time of day; undone after ``with``.

    ``times``: {last part of the path: seconds}; a file that is not in it has ``other``.
    """

    def __init__(self, now=SET_CLOCK, other=0):
        self.now = now
        self.other = other
        self.times = {}
        self.checksums = 0

    def __enter__(self):
        self._saved = marks.time, files.status, marks.checksum
        marks.time = self
        files.status = self.status
        marks.checksum = self.checksum
        return self

    def __exit__(self, kind, error, trace):
        marks.time, files.status, marks.checksum = self._saved

    def time(self):
        return self.now

    def status(self, path):
        found = self._saved[1](path)
        return found and (found[0], self.times.get(path.split("/")[-1], self.other))

    def checksum(self, path):
        self.checksums += 1
        return self._saved[2](path)


def test_compiled_beside_the_template():
    with Folder({"t.html": "x", "a/b.c.html": "y"}) as folder:
        for loader_class in (source.Loader, recompile.Loader):
            loader = loader_class(None, folder.path)
            equal(page(loader), "x")
            equal(page(loader, "a/b.c.html"), "y")
            equal(folder.names(), ["a", "t.html", "t_html.py"])
            equal("def render(" in folder.read("a/b_c_html.py"), True)


def test_the_compiled_loader_needs_no_source_and_no_compiler():
    with Folder({"t.html": "x"}) as folder:
        raises(OSError, compiled.Loader(None, folder.path).load, "t.html")
        page(recompile.Loader(None, folder.path))
        folder.remove("t.html")
        loader = compiled.Loader(None, folder.path + "/")
        equal(page(loader), "x")
        equal(loader.load("t.html") is loader.load("t.html"), True)


def test_the_source_loader_compiles_once():
    with Folder({"t.html": "x"}) as folder:
        equal(page(source.Loader(None, folder.path)), "x")
        folder.write("t.html", "changed")
        equal(page(source.Loader(None, folder.path)), "x")


def test_recompiled_when_the_size_has_changed():
    with Folder({"t.html": "x"}) as folder:
        loader = recompile.Loader(None, folder.path)
        equal(page(loader), "x")
        folder.write("t.html", "yy")
        equal(page(loader), "yy")
        folder.write("t.html", "zzz")
        equal(page(recompile.Loader(None, folder.path)), "zzz")


def test_recompiled_when_what_it_includes_has_changed():
    names = {"t.html": "{% include 'i.html' %}", "i.html": "{% include 'j.html' %}", "j.html": "1"}
    with Folder(names) as folder:
        loader = recompile.Loader(None, folder.path)
        equal(page(loader), "1")
        folder.write("j.html", "2")
        equal(page(loader), "2")
        folder.write("j.html", "3")
        equal(page(recompile.Loader(None, folder.path)), "3")
        folder.remove("j.html")
        error = raises(TemplateError, loader.load, "t.html")
        equal(str(error), "i.html:1: expected a template, got no file 'j.html'")


def test_a_mistake_that_is_corrected():
    with Folder({"t.html": "x"}) as folder:
        loader = recompile.Loader(None, folder.path)
        equal(page(loader), "x")
        folder.write("t.html", "{{ }}")
        raises(TemplateError, loader.load, "t.html")
        folder.write("t.html", "y")
        equal(page(loader), "y")


def test_a_change_of_the_same_size_within_the_second_is_seen():
    with Folder({"t.html": "1"}) as folder, Clock(other=SET_CLOCK):
        loader = recompile.Loader(None, folder.path)
        equal(page(loader), "1")
        folder.write("t.html", "2")
        equal(page(loader), "2")
        folder.write("t.html", "3")
        equal(page(recompile.Loader(None, folder.path)), "3")


def test_without_times_the_contents_decide():
    with Folder({"t.html": "1"}) as folder, Clock(other=0):
        loader = recompile.Loader(None, folder.path)
        for number in "1234":
            folder.write("t.html", number)
            equal(page(loader), number)
        folder.write("t.html", "5")
        equal(page(recompile.Loader(None, folder.path)), "5")


def test_a_clock_that_was_never_set_is_not_trusted_over_a_restart():
    epoch = 1609459200 if marks._CLOCK_SET > 1700000000 else 0  # where rp2 and esp32 start
    with Folder({"t.html": "1"}) as folder, Clock(now=epoch + 60, other=epoch + 5) as clock:
        loader = recompile.Loader(None, folder.path)
        equal(page(loader), "1")
        # Written 5 s after the start again, as after every reset.
        folder.write("t.html", "2")
        loader = recompile.Loader(None, folder.path)
        equal(page(loader), "2")
        # As long as it runs, its time tells a change, and nothing has to be read.
        clock.checksums = 0
        for _ in range(3):
            equal(page(loader), "2")
        equal(clock.checksums, 0)
        clock.times["t.html"] = epoch + 20
        folder.write("t.html", "3")
        equal(page(loader), "3")


def test_a_trusted_time_spares_reading_the_template():
    with Folder({"t.html": "1"}) as folder, Clock(other=SET_CLOCK - 100) as clock:
        equal(page(recompile.Loader(None, folder.path)), "1")
        loader = recompile.Loader(None, folder.path)
        for _ in range(3):
            equal(page(loader), "1")
        equal(clock.checksums, 0)
        # Copied again, the same text: read once more, not compiled.
        clock.times["t.html"] = SET_CLOCK - 50
        before = folder.read("t_html.py")
        for _ in range(3):
            equal(page(loader), "1")
        equal(clock.checksums, 1)
        equal(folder.read("t_html.py"), before)


def test_a_compiled_file_that_is_not_whole_is_not_used():
    with Folder({"t.html": "one\ntwo"}) as folder:
        page(recompile.Loader(None, folder.path))
        whole = folder.read("t_html.py")
        for end in range(16, len(whole), 7):
            folder.write("t_html.py", whole[:end])
            equal(page(recompile.Loader(None, folder.path)), "one\ntwo", end)
            equal(folder.read("t_html.py"), whole)


def test_what_plain_utemplate_compiled_is_compiled_again():
    old = "# Autogenerated file\ndef render(*a, **d):\n    yield str('old')\n"
    with Folder({"t.html": "new", "t_html.py": old}) as folder:
        equal(page(compiled.Loader(None, folder.path)), "old")
        equal(page(recompile.Loader(None, folder.path)), "new")
        equal(page(compiled.Loader(None, folder.path)), "new")


def test_a_program_of_that_name_is_not_overwritten():
    with Folder({"led": "{{ 1 }}", "led.py": "LED = 1\n"}) as folder:
        loader = recompile.Loader(None, folder.path)
        equal(page(loader, "led"), "1")
        equal(loader._told, True)
        equal(folder.read("led.py"), "LED = 1\n")


def test_two_templates_that_compile_to_one_name():
    with Folder({"a.b": "dot", "a_b": "line"}) as folder:
        for _ in range(2):
            loader = recompile.Loader(None, folder.path)
            equal(page(loader, "a.b") + page(loader, "a_b") + page(loader, "a.b"), "dotlinedot")


def test_where_nothing_can_be_written_it_is_compiled_in_memory():
    def refuse(path):
        raise OSError(30)

    with Folder({"t.html": "x{% include {{'u.html'}} %}", "u.html": "u"}) as folder:
        saved = files.temporary
        files.temporary = refuse
        try:
            loader = recompile.Loader(None, folder.path)
            equal(page(loader), "xu")
            equal(loader.load("t.html") is loader.load("t.html"), True)
            equal(folder.names(), ["t.html", "u.html"])
            folder.write("t.html", "changed")
            equal(page(loader), "changed")
        finally:
            files.temporary = saved


def test_compile_file():
    with Folder({"t.html": "{% include 'p/u.html' %}", "p/u.html": "u"}) as folder:
        path = folder.path
        compiler.compile_file(path + "/t.html", path + "/out_html.py")
        equal(page(compiled.Loader(None, path), "out.html"), "u")
        compiler.compile_file(path + "/p/u.html", path + "/p/u_html.py", path)
        equal(page(compiled.Loader(None, path), "p/u.html"), "u")
        raises(ValueError, compiler.compile_file, path + "/t.html", path + "/x.py", path + "/p")
        folder.write("t.html", "{% if %}")
        before = folder.read("out_html.py")
        raises(TemplateError, compiler.compile_file, path + "/t.html", path + "/out_html.py")
        equal(folder.read("out_html.py"), before)
        raises(OSError, compiler.compile_file, path + "/no.html", path + "/no_html.py")
        equal(folder.names(), ["out_html.py", "p", "t.html"])
