"""The editor of the file manager: nothing is lost, and only text is edited."""

from test_setup_files import Files

from expect import equal
from firn import setup_edit


def seen_in(page):
    """What the editor's page says the file was."""
    return page.text.split('name="seen" value="')[1].split('"')[0]


def form(seen, text):
    data = text.encode()
    for c in (b"%", b"&", b"+"):
        data = data.replace(c, b"%%%02X" % c[0])
    return b"seen=" + seen.encode() + b"&text=" + data


async def edit(files, path, text):
    """Open ``path`` in the editor and save ``text``; the answer."""
    return await files.post(path + "?edit", form(seen_in(await files.get(path + "?edit")), text))


async def test_a_text_is_shown_as_it_is_and_saved_whole():
    with Files({"a.txt": '\n<b>&"</textarea>ä'}) as files:
        page = await files.get("a.txt?edit")
        equal(page.status, 200)
        # The first line's end after the tag is none of the text's.
        assert '">\n\n&lt;b&gt;&amp;&quot;&lt;/textarea&gt;ä</textarea>' in page.text
        answer = await edit(files, "a.txt", "one\r\n\r\ntwo +%&=ä")
        equal((answer.status, answer.headers["location"]), (303, "/_firn/files/"))
        equal(files.read("a.txt"), "one\n\ntwo +%&=ä".encode())


async def test_lines_end_as_they_did():
    for piece in (510, 511, 512, 1500):
        with Files({"a.txt": b"one\r\ntwo"}) as files:
            text = "x" * piece + "\r\ny\r\n"
            equal((await edit(files, "a.txt", text)).status, 303)
            equal(files.read("a.txt"), text.encode())
        with Files({"a.txt": b"one\ntwo"}) as files:
            equal((await edit(files, "a.txt", text)).status, 303)
            equal(files.read("a.txt"), text.replace("\r\n", "\n").encode())


async def test_a_new_file_is_there_when_it_is_saved():
    with Files({"www/a": "1"}) as files:
        answer = await files.get("www/?new=b.txt")
        equal((answer.status, answer.headers["location"]), (303, "/_firn/files/www/b.txt?edit"))
        page = await files.get("www/b.txt?edit")
        equal((page.status, files.read("www/b.txt")), (200, None))
        equal((await edit(files, "www/b.txt", "new")).status, 303)
        equal(files.read("www/b.txt"), b"new")
        equal((await files.get("gone/b.txt?edit")).status, 404)
        equal((await files.get("www/?edit")).status, 404)


async def test_what_another_has_saved_meanwhile_is_not_lost():
    with Files({"a.txt": "old"}) as files:
        seen = seen_in(await files.get("a.txt?edit"))
        equal((await edit(files, "a.txt", "theirs")).status, 303)
        answer = await files.post("a.txt?edit", form(seen, "mine\r\n<"))
        equal(answer.status, 409)
        assert "Somebody else has changed this file meanwhile." in answer.text
        assert '">\nmine\n&lt;</textarea>' in answer.text
        equal(files.read("a.txt"), b"theirs")
        # Who has read that may go on.
        equal((await files.post("a.txt?edit", form(seen_in(answer), "mine"))).status, 303)
        equal(files.read("a.txt"), b"mine")
        for seen in ("", "none", "3-0"):
            equal((await files.post("a.txt?edit", form(seen, "again"))).status, 409)
        equal(files.read("a.txt"), b"mine")


async def test_only_short_text_is_edited():
    limit = setup_edit.LIMIT
    try:
        setup_edit.LIMIT = 700
        with Files({"a": b"\xff\xfe", "b": b"a\0", "c": "x" * 701, "d": "x" * 700}) as files:
            for path, status in (("a", 415), ("b", 415), ("c", 413), ("d", 200)):
                equal((await files.get(path + "?edit")).status, status, path)
            answer = await edit(files, "d", "é" * 351)
            equal(answer.status, 413)
            assert "at most 700 bytes of text, got 702" in answer.text
            equal((await edit(files, "d", "y" * 1401)).status, 413)
            equal(files.read("d"), b"x" * 700)
            equal((await edit(files, "d", "é" * 350)).status, 303)
    finally:
        setup_edit.LIMIT = limit


async def test_a_form_without_text_or_of_other_bytes_changes_nothing():
    with Files({"a.txt": "old"}) as files:
        seen = seen_in(await files.get("a.txt?edit")).encode()
        for body in (b"", b"seen=" + seen, b"seen=" + seen + b"&text=%ff",
                     b"seen=" + seen + b"&text=a%00b", b"seen=" + seen + b"&text=%4"):  # fmt: skip
            answer = await files.post("a.txt?edit", body)
            equal((answer.status, files.read("a.txt")), (400, b"old"), body)


async def test_characters_of_several_bytes_are_shown_wherever_a_piece_ends():
    text = "aé" * 100 + "日本" * 120 + "𝄞" * 150
    for first in range(4):
        with Files({"a.txt": "x" * first + text}) as files:
            page = await files.get("a.txt?edit")
            equal((page.status, text + "</textarea>" in page.text), (200, True), first)
    for end in (b"\xc3", b"\xe6\x97", b"\xf0\x9d\x84", b"\x84\x84\x84\x84"):
        with Files({"a.txt": b"text" + end}) as files:
            equal((await files.get("a.txt?edit")).status, 415, end)
