from microdot import Microdot, abort

admin = Microdot()


@admin.before_request
async def check(request):
    request.g.steps.append("admin")
    if request.headers.get("X-Password") != "secret":
        abort(401, "Password, please")


@admin.after_request
async def mark(request, response):
    response.headers["Cache-Control"] = "no-store"
    return response


@admin.errorhandler(401)
async def unauthorized(request):
    return "Go away", 401


@admin.get("/panel")
async def panel(request):
    return "Panel at " + request.url_prefix
