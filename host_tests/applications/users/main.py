"""Arguments in paths, methods, queries."""

from microdot import Microdot, URLPattern

app = Microdot()

URLPattern.register_type("hex", pattern="[0-9a-f]+", parser=lambda value: int(value, 16))


@app.get("/")
def index(req):
    return '<a href="/users/susan">Susan</a>', {"Content-Type": "text/html"}


@app.get("/users/<username>")
async def user(req, username):
    return "User: " + username


@app.get("/users/<int:id>/posts/<string:slug>")
async def post(req, id, slug):
    return f"Post {slug} of user {id + 1}"


@app.get("/files/<path:path>")
async def file(req, path):
    return "File: " + path


@app.get("/codes/<re:[a-z][a-z]-[0-9]+:code>")
async def code(req, code):
    return "Code: " + code


@app.get("/colors/<hex:color>")
async def color(req, color):
    return f"Color: {color}"


@app.route("/things", methods=["GET", "POST", "PUT"])
async def things(req):
    return req.method


@app.patch("/things")
async def patch_things(req):
    return "patched", 202


@app.delete("/things")
async def delete_things(req):
    return 204


@app.get("/search")
async def search(req):
    query = req.args.get("q", "nothing")
    if not req.query_string:
        return query
    page = req.args.get("page", 1, type=int)
    tags = ",".join(req.args.getlist("tag"))
    return f"{query} on page {page + 1} with {tags}"


@app.get("/about-me")
async def about_me(req):
    return [req.method, req.path, req.query_string, req.url, req.headers["X-Test"]]


if __name__ == "__main__":
    app.run(port=5000, debug=True)
