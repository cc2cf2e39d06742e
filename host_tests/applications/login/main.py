"""A form, cookies and redirects."""

from microdot import Microdot, Response, redirect

app = Microdot()
Response.default_content_type = "text/html"

PAGE = """<!doctype html>
<html>
  <body>
    <p>Hello, {name}! Visit {count}.</p>
    <form method="POST" action="/login">
      <input name="username"> <input type="submit">
    </form>
  </body>
</html>
"""


@app.get("/")
async def index(req):
    name = req.cookies.get("name", "stranger")
    count = int(req.cookies.get("count", "0")) + 1
    response = Response(PAGE.format(name=name, count=count))
    response.set_cookie("count", str(count), path="/")
    return response


@app.post("/login")
async def login(req):
    name = req.form.get("username")
    if not name:
        return "Who are you?", 400
    response = redirect("/")
    response.set_cookie("name", name, path="/", max_age=3600, http_only=True)
    response.set_cookie(
        "seen", "yes", domain="example.com", secure=True, expires="Wed, 21 Oct 2037 07:28:00 GMT"
    )
    return response


@app.get("/logout")
async def logout(req):
    response = Response.redirect("/", 303)
    response.delete_cookie("name", path="/")
    return response


@app.post("/choices")
async def choices(req):
    return {
        "size": req.form["size"],
        "toppings": req.form.getlist("topping"),
        "count": req.form.get("count", type=int),
    }


app.run(debug=True)
