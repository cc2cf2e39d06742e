"""microdot.test_client: cookies, kept and deleted as a browser does (RFC 6265)."""

from expect import equal
from microdot import Microdot, Response
from microdot.test_client import TestClient

PAST = "Thu, 01 Jan 1970 00:00:01 GMT"
FUTURE = "Fri, 01 Jan 2100 00:00:00 GMT"


def application(*set_cookies):
    """Sets the cookies (header values) at "/set"; shows what it gets elsewhere."""
    app = Microdot()

    @app.get("/set")
    async def set_them(request):
        return Response("", headers={"Set-Cookie": list(set_cookies)})

    @app.get("/<path:any>")
    async def show(request, any):
        return dict(request.cookies)

    return app


async def test_cookies_are_sent_back():
    client = TestClient(application("a=b", "c=d=e; HttpOnly; Secure; SameSite=Lax"))
    response = await client.get("/set")
    equal(response.headers["Set-Cookie"], ["a=b", "c=d=e; HttpOnly; Secure; SameSite=Lax"])
    equal(client.cookies, {"a": "b", "c": "d=e"})
    equal((await client.get("/x")).json, {"a": "b", "c": "d=e"})


async def test_one_cookie_is_a_list_too():
    equal((await TestClient(application("a=b")).get("/set")).headers["Set-Cookie"], ["a=b"])


async def test_the_given_dict_is_the_client_s():
    for cookies in ({}, {"a": "b"}):
        client = TestClient(application("x=y"), cookies)
        assert client.cookies is cookies
        expected = dict(cookies)
        equal((await client.get("/x")).json, expected)
        await client.get("/set")
        expected["x"] = "y"
        equal(cookies, expected)


async def test_a_given_header_is_sent_beside_them():
    client = TestClient(application(), {"a": "b"})
    equal((await client.get("/x", {"cookie": "c=d"})).json, {"a": "b", "c": "d"})
    equal((await client.get("/x", {"Cookie": "a=z"})).json, {"a": "z"})


# (Set-Cookie, what is kept of a="old"): RFC 6265 sections 5.1.1 and 5.2.
KEPT = (
    ("a=new", {"a": "new"}),
    (" a = new ; Path=/", {"a": "new"}),
    ("a=", {"a": ""}),
    ("a=new; Path=/sub", {"a": ("new", "/sub")}),
    ("a=new; path=sub", {"a": "new"}),
    ("a=new; Max-Age=5", {"a": "new"}),
    ("a=new; Max-Age=0", {}),
    ("a=new; max-age=-1", {}),
    ("a=new; Max-Age=", {"a": "new"}),
    ("a=new; Max-Age=x0", {"a": "new"}),
    ("a=new; Max-Age=5; Expires=" + PAST, {"a": "new"}),
    ("a=new; Max-Age=0; Expires=" + FUTURE, {}),
    ("a=new; Expires=" + PAST, {}),
    ("a=new; expires=Sun, 06-Nov-94 08:49:37 GMT", {}),
    ("a=new; Expires=Sunday, 06-Nov-1994 08:49:37 GMT", {}),
    ("a=new; Expires=Sun Nov  6 08:49:37 1994", {}),
    ("a=new; Expires=" + FUTURE, {"a": "new"}),
    ("a=new; Expires=Wed, 01 Jan 69 00:00:00 GMT", {"a": "new"}),
    ("a=new; Expires=never", {"a": "new"}),
    ("a=new; Expires=", {"a": "new"}),
    ("a=; Path=/sub; Max-Age=0", {"a": "old"}),
    ("b=; Max-Age=0", {"a": "old"}),
    ("a", {"a": "old"}),
    ("=a", {"a": "old"}),
    ("", {"a": "old"}),
    (";;; Max-Age=0", {"a": "old"}),
)


async def test_what_a_header_does_to_a_cookie():
    for header, expected in KEPT:
        client = TestClient(application(header), {"a": "old"})
        await client.get("/set")
        equal(client.cookies, expected, header)


async def test_a_cookie_of_a_path_goes_there_alone():
    client = TestClient(application("a=b; Path=/sub", "c=d; Path=/dir/"))
    await client.get("/set")
    for path, expected in (
        ("/sub", {"a": "b"}),
        ("/sub?x", {"a": "b"}),
        ("/sub/x", {"a": "b"}),
        ("/subx", {}),
        ("/", {}),
        ("/dir/x", {"c": "d"}),
        ("/dir", {}),
    ):
        got = await client.get(path)
        equal(got.json if path != "/" else {}, expected, path)


async def test_a_cookie_is_deleted_by_its_path():
    client = TestClient(application("a=; Path=/sub; Max-Age=0"), {"a": ("b", "/sub")})
    await client.get("/set")
    equal(client.cookies, {})
    client = TestClient(application("a=; Max-Age=0"), {"a": ("b", "/sub")})
    await client.get("/set")
    equal(client.cookies, {"a": ("b", "/sub")})


async def test_the_application_s_own_cookies():
    app = Microdot()

    @app.get("/login")
    async def login(request):
        response = Response("")
        response.set_cookie("user", "me", path="/", max_age=60, http_only=True)
        return response

    @app.get("/logout")
    async def logout(request):
        response = Response("")
        response.delete_cookie("user", path="/")
        return response

    client = TestClient(app)
    await client.get("/login")
    equal(client.cookies, {"user": "me"})
    await client.get("/logout")
    equal(client.cookies, {})
