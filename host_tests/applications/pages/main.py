"""Templates of utemplate, compiled when they are first used."""

from microdot import Microdot
from microdot.utemplate import Template

app = Microdot()
HTML = {"Content-Type": "text/html"}


@app.get("/")
async def index(req):
    return Template("index.html").render()


@app.get("/hello/<name>")
async def hello(req, name):
    return Template("hello.html").render(name=name, items=["a", "b"]), HTML


@app.get("/stream")
async def stream(req):
    return Template("hello.html").generate("you", items=[]), HTML


@app.get("/async")
async def render_async(req):
    return await Template("hello.html").render_async("async", ["x"]), HTML


@app.get("/stream-async")
async def stream_async(req):
    return Template("hello.html").generate_async("pieces", ["y"]), HTML


app.run(debug=True)
