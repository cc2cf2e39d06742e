"""Sessions where memory is short."""

from notebook_files import Files, Page, notebook

from expect import equal
from marimo import sessions
from marimo.builder import create_asgi_app


async def test_sessions_without_a_page_end_for_a_new_one_the_oldest_first():
    free = []
    kept = sessions.memory_free
    sessions.memory_free = lambda: free.pop(0) if free else 1 << 30
    try:
        with Files(n=notebook("x = 1")) as files:
            builder = create_asgi_app(quiet=True).with_app(path="/n", root=files.path + "/n.py")
            app = builder.application()
            for number in range(3):
                page = Page(app, "/n/")
                page.session = "session-%d" % number
                await page.talk()
            found = builder.notebooks.sessions
            equal(len(found), 3)
            free += [1000, 1000, 1 << 30]
            page = Page(app, "/n/")
            page.session = "another"
            await page.talk()
            equal([one.id for one in found._sessions], ["session-2", "another"])
            found.close()
    finally:
        sessions.memory_free = kept
