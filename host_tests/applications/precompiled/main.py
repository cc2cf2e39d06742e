"""Templates that were compiled before, by utemplate's own command."""

from microdot import Microdot
from microdot.utemplate import Template
from utemplate import compiled

app = Microdot()
Template.initialize("my_templates", loader_class=compiled.Loader)


@app.get("/")
async def index(req):
    return Template("index.html").render()


@app.get("/stream/<name>")
async def stream(req, name):
    return Template("hello.html").generate(name)


app.run(port=5000)
