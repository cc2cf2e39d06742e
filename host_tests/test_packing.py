"""Files packed into constants, as the images' builds and hosts do it."""

import gzip

import pytest

from microdot import packing


def test_style_sheets_and_scripts_are_packed_the_same_each_time(tmp_path):
    for name in ("b.js", "a.css", "page.html", "notes.txt"):
        (tmp_path / name).write_text(name * 50)
    found = packing.read(str(tmp_path))
    assert [name for name, _, _ in found] == ["a.css", "b.js"]
    assert [gzip.decompress(data) for _, _, data in found] == [b"a.css" * 50, b"b.js" * 50]
    assert packing.read(str(tmp_path)) == found
    (tmp_path / "b.js").write_text("changed")
    assert packing.read(str(tmp_path))[1][1] != found[1][1]


def test_a_template_is_text_and_names_by_turns(tmp_path):
    file = tmp_path / "page.html"
    file.write_text("<a>{{ one }}</a>{{two}}")
    assert packing.template(str(file)) == ("<a>", "one", "</a>", "two", "")
    file.write_text("plain } {")
    assert packing.template(str(file)) == ("plain } {",)
    file.write_text("{{open")
    with pytest.raises(ValueError, match="expected }}"):
        packing.template(str(file))


def test_parts_of_a_file_are_put_together(tmp_path):
    (tmp_path / "page.2-end.js").write_text("b()\n")
    (tmp_path / "page.1-top.js").write_text("a()\n")
    (tmp_path / "page.css").write_text("x{}")
    files = packing.read(str(tmp_path))
    assert [name for name, _, _ in files] == ["page.css", "page.js"]
    assert gzip.decompress(files[1][2]) == b"a()\nb()\n"
