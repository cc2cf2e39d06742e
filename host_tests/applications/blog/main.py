"""Hooks, and applications in applications."""

from admin import admin
from posts import posts

from microdot import Microdot, Response

app = Microdot()
log = []


@app.before_request
async def begin(request):
    request.g.steps = ["before"]
    if request.args and "maintenance" in request.args:
        return "Come back later", 503


@app.after_request
async def end(request, response):
    request.g.steps.append("after")
    response.headers["X-Steps"] = " ".join(request.g.steps)
    return response


@app.after_error_request
async def error_end(request, response):
    response.headers["X-Error"] = "yes"


@app.get("/")
async def index(request):
    @request.after_request
    async def last(request, response):
        response.headers["X-Last"] = "yes"
        return response

    request.g.steps.append("index")
    return "index"


@app.get("/replaced")
async def replaced(request):
    @request.after_request
    def replace(request, response):
        return Response("replaced")

    return "original"


app.mount(posts, url_prefix="/posts")
app.mount(admin, url_prefix="/admin", local=True)
app.run(port=5000)
