"""The file manager: what it shows and does, and the paths it refuses."""

import os

from exchange import ask
from template_files import Folder

from expect import equal
from firn import setup_files, setup_paths
from microdot import Microdot

BASE = "/_firn/files/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Files:
    """A file manager of a folder with ``files``, for a ``with`` block; ``root``: its path."""

    def __init__(self, files):
        self.folder = Folder(files)
        self.app = Microdot()

    def __enter__(self):
        self.root = setup_paths.root = self.folder.__enter__().path
        setup_files.add(self)
        return self

    def __exit__(self, *error):
        setup_paths.root = ""
        self.folder.__exit__(*error)

    async def get(self, path, headers=None):
        return await ask(self.app, "GET", BASE + path, headers)

    async def post(self, path, body=b""):
        return await ask(self.app, "POST", BASE + path, FORM, body)

    def read(self, path):
        try:
            with open(self.root + "/" + path, "rb") as file:
                return file.read()
        except OSError:
            return None


async def test_a_directory_shows_its_entries_with_their_sizes():
    with Files({"a.txt": "12345", "www/index.html": "x" * 2000, "d.bin": b"\0"}) as files:
        page = await files.get("")
        equal(page.status, 200)
        assert '<a href="/_firn/files/a.txt">a.txt</a></td><td class="size">5 B' in page.text
        assert '<a href="/_firn/files/www/">www/</a>' in page.text
        assert '/a.txt?edit">' in page.text
        assert '/d.bin?edit">' not in page.text
        page = await files.get("www/")
        assert "2.0 KB" in page.text
        assert '<a href="/_firn/files/">/</a>' in page.text


async def test_names_become_addresses_and_html():
    name = "<b>&'ä +%41?#;.txt"
    with Files({name: "found"}) as files:
        page = (await files.get("")).text
        assert name not in page
        assert "&lt;b&gt;&amp;&#39;ä +%41?#;.txt</a>" in page
        address = page.split('class="name"><a href="')[1].split('"')[0]
        answer = await ask(files.app, "GET", address)
        equal((answer.status, answer.body), (200, b"found"))
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith('attachment; filename="<b>&\'_ +_41?#;.txt"; '), disposition
        assert disposition.endswith("UTF-8''%3Cb%3E%26%27%C3%A4%20%2B%2541%3F%23%3B.txt")


async def test_a_directory_without_its_slash_leads_to_the_one_with_it():
    with Files({"www/a": "1"}) as files:
        answer = await files.get("www")
        equal((answer.status, answer.headers["location"]), (308, "/_firn/files/www/"))
        answer = await ask(files.app, "GET", "/_firn/files")
        equal((answer.status, answer.headers["location"]), (308, BASE))


async def test_a_file_is_sent_as_a_download_that_no_browser_runs():
    with Files({"a.html": "<script>"}) as files:
        answer = await files.get("a.html")
        equal(answer.body, b"<script>")
        equal(answer.headers["content-type"], "application/octet-stream")
        equal(answer.headers["content-security-policy"], "sandbox")
        part = await files.get("a.html", {"Range": "bytes=1-3"})
        equal((part.status, part.body), (206, b"scr"))


TRAVERSALS = (
    "..", "../", "../x", "a/../../x", "%2e%2e/x", "%2e%2e%2fx", "..%2fx", "..%5cx", "a%2f..%2fx",
    ".%2e/x", "./x", "%2e/x", "/x", "a//x", "%2fetc%2fpasswd", "//etc/passwd", "x%00.txt", "x%0a",
    "x%0d%0aSet-Cookie:a", "%1b[2J", "x%7f", "x%c2%85", "a%5cb", "C:%5cx", "x.", "x%20", "a./x",
    "x" * 101, "a/" * 130 + "x", "%e4%b8%ad" * 34,
)  # fmt: skip


async def test_paths_that_could_lead_elsewhere_are_refused_in_every_way():
    with Files({"a/x": "1", "x": "2"}) as files:
        before = sorted(os.listdir(files.root))
        for path in TRAVERSALS:
            for action in ("", "?edit", "?rename", "?delete", "?details"):
                answer = await files.get(path + action)
                assert answer.status == 400, (path, action, answer.status)
            for action in ("?edit", "?rename", "?delete", "?folder", "?upload"):
                answer = await files.post(path + action, b"name=y&text=1&seen=none")
                assert answer.status == 400, (path, action, answer.status)
        for path in ("%ff", "%c0%ae%c0%ae/x", "%ed%a0%80", "%zz"):
            answer = await files.get(path)
            assert answer.status in (400, 404), (path, answer.status)
        # Decoded once: this is a name with a percent sign, and there is none.
        equal((await files.get("%252e%252e/x")).status, 404)
        equal(sorted(os.listdir(files.root)), before)
        equal((files.read("x"), files.read("a/x")), (b"2", b"1"))


NAMES = (b"", b"name=", b"name=..", b"name=.", b"name=a/b", b"name=a%5Cb", b"name=a%00",
         b"name=a.", b"name=a.new", b"name=%0a", b"name=../up", b"name=" + b"n" * 101)  # fmt: skip


async def test_new_names_that_could_lead_elsewhere_are_refused():
    with Files({"x": "2"}) as files:
        for name in NAMES:
            for action in ("?folder", "x?rename"):
                answer = await files.post(action, name)
                assert answer.status == 400, (action, name, answer.status)
            answer = await files.get("?new=" + name.decode()[5:])
            assert answer.status == 400, (name, answer.status)
        equal(os.listdir(files.root), ["x"])


async def test_directories_are_made_renamed_and_deleted_when_empty():
    with Files({"x": "2"}) as files:
        answer = await files.post("?folder", b"name=new+one")
        equal((answer.status, answer.headers["location"]), (303, BASE))
        equal((await files.post("new%20one/?folder", b"name=sub")).status, 303)
        equal((await files.post("?folder", b"name=x")).status, 409)
        equal((await files.post("new%20one/?delete")).status, 409)
        equal((await files.post("new%20one/sub/?delete")).status, 303)
        answer = await files.post("new%20one/?rename", b"name=other")
        equal((answer.status, answer.headers["location"]), (303, BASE))
        equal((await files.post("other/?delete")).status, 303)
        equal(os.listdir(files.root), ["x"])
        for action in ("?delete", "?rename"):
            equal((await files.post(action, b"name=y")).status, 400)


async def test_files_are_renamed_and_deleted():
    with Files({"a": "1", "b": "2"}) as files:
        equal((await files.post("a?rename", b"name=b")).status, 409)
        equal((files.read("a"), files.read("b")), (b"1", b"2"))
        equal((await files.post("a?rename", b"name=a")).status, 303)
        equal((await files.post("a?rename", b"name=c")).status, 303)
        equal((files.read("a"), files.read("c")), (None, b"1"))
        # To be asked for it changes nothing.
        page = await files.get("c?delete")
        equal((page.status, files.read("c")), (200, b"1"))
        assert 'action="/_firn/files/c?delete"' in page.text
        answer = await files.post("c?delete")
        equal((answer.status, answer.headers["location"]), (303, BASE))
        equal(os.listdir(files.root), ["b"])
        equal((await files.post("c?delete")).status, 404)


async def test_what_is_being_written_is_left_alone():
    with Files({"d/a": "1"}) as files, setup_files.claim("d/a"):
        for action in ("d/a?delete", "d/a?rename", "d?rename"):
            answer = await files.post(action, b"name=b")
            equal(answer.status, 409, action)
            assert "/d/a is being written" in answer.text
        equal(files.read("d/a"), b"1")


async def test_unknown_actions_and_files_say_so():
    with Files({"a": "1"}) as files:
        equal((await files.get("nothing")).status, 404)
        equal((await files.get("a/")).status, 404)
        equal((await files.get("a/b")).status, 404)
        equal((await files.post("a")).status, 400)
        equal((await files.post("a?folder", b"name=x")).status, 404)
        refused = await ask(files.app, "GET", BASE + "nothing", {"Accept": "text/plain"})
        equal(refused.text, "There is nothing at /nothing.")
