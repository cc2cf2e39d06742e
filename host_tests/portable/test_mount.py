"""microdot.app: applications mounted into others, and whose hooks and handlers apply."""

from exchange import ask

from expect import equal
from microdot import Microdot, abort


def hooked(name, seen):
    """An application whose hooks and error handlers note and answer with ``name``."""
    app = Microdot()

    @app.before_request
    async def before(request):
        seen.append("before " + name)

    @app.after_request
    async def after(request, response):
        seen.append("after " + name)

    @app.after_error_request
    async def after_error(request, response):
        seen.append("error " + name)

    @app.errorhandler(403)
    async def forbidden(request):
        return "403 of " + name, 403

    @app.errorhandler(ValueError)
    async def value_error(request, error):
        return "ValueError of " + name, 500

    @app.get("/ok")
    async def ok(request):
        return [request.url_prefix, request.path, request.app is not app]

    app.get("/abort")(lambda request: abort(403))
    app.get("/raise")(lambda request: int("x"))
    return app


async def order(app, path, seen):
    """What the hooks noted for a request, and its answer's text."""
    seen.clear()
    text = (await ask(app, "GET", path)).text
    return ", ".join(seen), text


async def test_a_mounted_application_becomes_part_of_the_other():
    seen = []
    app, sub = hooked("app", seen), hooked("sub", seen)
    app.mount(sub, "/sub")
    before, after = "before app, before sub, ", "after app, after sub"
    equal(await order(app, "/sub/ok", seen), (before + after, '["/sub", "/sub/ok", true]'))
    # Its hooks and handlers are for everything now.
    equal(await order(app, "/ok", seen), (before + after, '["", "/ok", false]'))
    errors = before + "error app, error sub"
    equal(await order(app, "/abort", seen), (errors, "403 of sub"))
    equal(await order(app, "/sub/raise", seen), (errors, "ValueError of sub"))
    equal(await order(app, "/nothing", seen), ("error app, error sub", "Not found"))


async def test_a_locally_mounted_application_keeps_its_own():
    seen = []
    app, sub = hooked("app", seen), hooked("sub", seen)
    app.mount(sub, "/sub", local=True)
    expected = "before app, before sub, after sub, after app"
    equal(await order(app, "/sub/ok", seen), (expected, '["/sub", "/sub/ok", true]'))
    equal((await order(app, "/ok", seen))[0], "before app, after app")
    expected = "before app, before sub, error sub, error app"
    equal(await order(app, "/sub/abort", seen), (expected, "403 of sub"))
    equal(await order(app, "/sub/raise", seen), (expected, "ValueError of sub"))
    expected = "before app, error app"
    equal(await order(app, "/abort", seen), (expected, "403 of app"))
    equal(await order(app, "/raise", seen), (expected, "ValueError of app"))
    equal((await order(app, "/sub/nothing", seen))[0], "error app")


async def test_what_a_local_application_does_not_handle_the_outer_one_does():
    app, sub = Microdot(), Microdot()
    app.errorhandler(403)(lambda request: ("403 of app", 403))
    app.errorhandler(Exception)(lambda request, error: ("error of app", 500))
    sub.errorhandler(KeyError)(lambda request, error: ("KeyError of sub", 500))
    sub.get("/abort")(lambda request: abort(403))
    sub.get("/value")(lambda request: int("x"))
    sub.get("/key")(lambda request: {}["x"])
    app.mount(sub, local=True)
    equal((await ask(app, "GET", "/abort")).text, "403 of app")
    equal((await ask(app, "GET", "/value")).text, "error of app")
    equal((await ask(app, "GET", "/key")).text, "KeyError of sub")


async def test_local_applications_in_local_applications():
    seen = []
    app, middle, inner = [hooked(name, seen) for name in ("app", "middle", "inner")]
    del inner.error_handlers[403]
    middle.mount(inner, "/inner", local=True)
    app.mount(middle, "/middle", local=True)
    before = "before app, before middle, before inner, "
    equal(
        await order(app, "/middle/inner/ok", seen),
        (
            before + "after inner, after middle, after app",
            '["/middle/inner", "/middle/inner/ok", true]',
        ),
    )
    expected = before + "error inner, error middle, error app"
    equal(await order(app, "/middle/inner/abort", seen), (expected, "403 of middle"))
    equal(await order(app, "/middle/inner/raise", seen), (expected, "ValueError of inner"))
    expected = "before app, before middle, after middle, after app"
    equal((await order(app, "/middle/ok", seen))[0], expected)


async def test_a_hook_of_the_middle_application_stops_what_is_in_it():
    app, middle, inner = Microdot(), Microdot(), Microdot()
    inner.get("/")(lambda request: "secret")
    inner.before_request(lambda request: ("inner", 401))
    middle.before_request(lambda request: ("middle", 401))
    middle.mount(inner, "/inner", local=True)
    app.mount(middle, "/middle", local=True)
    equal((await ask(app, "GET", "/middle/inner/")).text, "middle")


async def test_mixed_mounting():
    seen = []
    app, middle, inner = [hooked(name, seen) for name in ("app", "middle", "inner")]
    middle.mount(inner, "/inner")
    app.mount(middle, "/middle", local=True)
    hooks = "before app, before middle, before inner, after middle, after inner, after app"
    equal((await order(app, "/middle/inner/ok", seen))[0], hooks)
    equal((await order(app, "/middle/ok", seen))[0], hooks)

    app, middle, inner = [hooked(name, seen) for name in ("app", "middle", "inner")]
    middle.mount(inner, "/inner", local=True)
    app.mount(middle, "/middle")
    hooks = "before app, before middle, before inner, after inner, after app, after middle"
    equal((await order(app, "/middle/inner/ok", seen))[0], hooks)
    equal((await order(app, "/ok", seen))[0], "before app, before middle, after app, after middle")


async def test_the_request_knows_the_innermost_application():
    app, middle, inner, plain = Microdot(), Microdot(), Microdot(), Microdot()
    told = []

    async def tell(request):
        told.append((request.app, request.subapp, request.url_prefix))

    for one in (app, middle, inner, plain):
        one.get("/tell")(tell)
    middle.mount(inner, "/i", local=True)
    app.mount(middle, "/m", local=True)
    app.mount(plain, "/p")
    for path in ("/tell", "/m/tell", "/m/i/tell", "/p/tell"):
        await ask(app, "GET", path)
    expected = [(None, ""), (middle, "/m"), (inner, "/m/i"), (None, "/p")]
    equal([prefix for _, _, prefix in told], [prefix for _, prefix in expected])
    for (of, subapp, _), (wanted, _) in zip(told, expected):
        assert of is app and subapp is wanted


async def test_prefixes_and_patterns_are_put_together_as_they_are():
    for prefix, pattern, path in [
        ("", "/x", "/x"),
        ("/a", "/", "/a/"),
        ("/a", "", "/a"),
        ("/a", "x", "/ax"),
        ("/a/<b>", "/<c>", "/a/1/2"),
        ("a", "/x", "/a/x"),
    ]:
        app, sub = Microdot(), Microdot()
        sub.get(pattern)(lambda request, **arguments: sorted(arguments.items()))
        app.mount(sub, url_prefix=prefix)
        equal((await ask(app, "GET", path)).status, 200, "%s + %s" % (prefix, pattern))


async def test_routes_added_after_mounting_are_not_seen():
    app, sub = Microdot(), Microdot()
    sub.get("/early")(lambda request: "early")
    app.mount(sub)
    sub.get("/late")(lambda request: "late")
    equal((await ask(app, "GET", "/early")).text, "early")
    equal((await ask(app, "GET", "/late")).status, 404)


async def test_an_application_can_be_mounted_twice_and_served_alone():
    app, sub = Microdot(), Microdot()
    sub.get("/x")(lambda request: request.url_prefix)
    app.mount(sub, "/a")
    app.mount(sub, "/b", local=True)
    equal((await ask(app, "GET", "/a/x")).text, "/a")
    equal((await ask(app, "GET", "/b/x")).text, "/b")
    equal((await ask(sub, "GET", "/x")).text, "")


async def test_methods_of_mounted_routes_are_told_too():
    app, sub = Microdot(), Microdot()
    app.get("/x/y")(lambda request: "get")
    sub.put("/y")(lambda request: "put")
    app.mount(sub, "/x")
    equal((await ask(app, "POST", "/x/y")).headers["allow"], "GET, PUT, HEAD, OPTIONS")
