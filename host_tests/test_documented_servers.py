"""The documented examples of ASGI, WSGI and Jinja, letter for letter, with the commands beside."""

import asyncio
import shlex

import pytest
from hosted import Hosted

from microdot import Microdot
from microdot.jinja import Template
from microdot.test_client import TestClient

ASGI = """
from microdot.asgi import Microdot

app = Microdot()

@app.route('/')
async def index(req):
    return 'Hello, World!'
"""

WSGI = """
from microdot.wsgi import Microdot

app = Microdot()

@app.route('/')
def index(req):
    return 'Hello, World!'
"""

JINJA = """
from microdot.jinja import Template

@app.get('/')
async def index(req):
    return Template('index.html').render()
"""

FOLDER = """
Template.initialize('my_templates')
"""


@pytest.mark.parametrize(
    "text, command", [(ASGI, "uvicorn test:app"), (WSGI, "gunicorn test:app")]
)
def test_applications_under_their_servers(text, command, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "test.py").write_text(text)
    with Hosted(shlex.split(command), tmp_path, files) as hosted:
        assert hosted.request("GET", "/").text == "Hello, World!"


def test_a_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Template, "jinja_env", None)
    for folder in ("templates", "my_templates"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.html").write_text("of " + folder)
    names = {"app": Microdot()}
    exec(JINJA, names)
    client = TestClient(names["app"])
    assert asyncio.run(client.get("/")).text == "of templates"
    exec(FOLDER, names)
    assert asyncio.run(client.get("/")).text == "of my_templates"
