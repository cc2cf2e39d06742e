"""Malformed multipart forms: each is answered at once, and with what is wrong."""

from forms import TYPE, Stream, field, file, form, part, pieces, post, upload
from quiet import Quiet

from expect import equal, raises_async
from microdot import Microdot
from microdot.app import HTTPException
from microdot.multipart import FormDataIter, with_form_data

_DATA = "multipart/form-data"
_NAMED = b'Content-Disposition: form-data; name="a"'
_GOOD = form(field(b"a", b"1"))


def application():
    app = Microdot()

    @app.post("/")
    @with_form_data
    async def index(request):
        return "%s %s" % (sorted(request.form), sorted(request.files))

    return app


async def check(table):
    app = application()
    with Quiet() as printed:
        for data, content_type, status, reason in table:
            text = "Bad request: " if status == 400 else "Payload too large: "
            answer = await post(app, data, content_type)
            equal((answer.status, answer.text), (status, text + "multipart: " + reason), data)
            if data:
                size = 1 if len(data) < 300 else 30
                answer = await post(app, pieces(data, size), content_type)
                equal(answer.status, status, data)
    equal(printed, [])


async def test_boundaries():
    await check([
        (_GOOD, _DATA, 400, "expected a boundary in Content-Type, got none"),
        (_GOOD, _DATA + "; x=y", 400, "expected a boundary in Content-Type, got none"),
        (_GOOD, _DATA + "; boundary", 400, "expected name=value, got 'boundary'"),
        (_GOOD, _DATA + "; boundary=", 400, "expected a boundary of 1 to 70 characters, got 0"),
        (_GOOD, _DATA + '; boundary=""', 400, "expected a boundary of 1 to 70 characters, got 0"),
        (_GOOD, _DATA + "; boundary=" + "x" * 71, 400,
         "expected a boundary of 1 to 70 characters, got 71"),
        (_GOOD, _DATA + '; boundary="XX', 400, "expected a closing \", got none"),
        (_GOOD, _DATA + '; boundary="XX"x', 400, "expected ; behind a quoted value, got 'x'"),
        (_GOOD, _DATA + '; boundary="XX "', 400,
         "expected a boundary that ends in no space, got one"),
        (_GOOD, _DATA + "; boundary=X{X", 400,
         "expected a boundary of letters, digits and '()+_,-./:=?, got '{'"),
        (_GOOD, _DATA + "; boundary=XX; boundary=YY", 400, "expected one boundary, got two"),
        (_GOOD, _DATA + "; =XX", 400, "expected the name of a parameter, got ''"),
        (_GOOD, _DATA + "; boundary=YY", 400, "expected a boundary, got the end of the body"),
    ])  # fmt: skip


async def test_bodies():
    end = "expected a boundary, got the end of the body"
    await check([
        (b"", TYPE, 400, end),
        (b"\r\n", TYPE, 400, end),
        (b"garbage", TYPE, 400, end),
        (b"a=1&b=2", TYPE, 400, end),
        (b"--XX", TYPE, 400, end),
        (b"--XX-", TYPE, 400, end),
        (b"--XX\r\n", TYPE, 400, end),
        (b"--XX\r\n" + _NAMED, TYPE, 400, end),
        (b"--XX\r\n" + _NAMED + b"\r\n\r\n", TYPE, 400, end),
        (b"--XX\r\n" + _NAMED + b"\r\n\r\nabc", TYPE, 400, end),
        (b"--XX\r\n" + _NAMED + b"\r\n\r\nabc\r\n--XX", TYPE, 400, end),
        (field(b"a", b"1"), TYPE, 400, end),
        (_GOOD.replace(b"\r\n", b"\n"), TYPE, 400,
         "expected CRLF or -- behind a boundary, got b'\\nContent'"),
        (b"--XXY\r\n", TYPE, 400, "expected CRLF or -- behind a boundary, got b'Y\\r\\n'"),
        (b"--XX" + b" " * 100 + b"\r\n", TYPE, 400,
         "expected CRLF or -- behind a boundary, got b'        '"),
        (b"--XX -- ", TYPE, 400, "expected CRLF or -- behind a boundary, got b' -- '"),
    ])  # fmt: skip


async def test_headers():
    def one(header):
        return form(part(header, b"1"))

    named = b"Content-Disposition: form-data; "
    bare = "expected lines that end in CRLF, got a bare CR, LF or NUL"
    no_name = "expected the name of a field, got none"
    digits = "expected two hexadecimal digits behind a %, got \"utf-8''%"
    await check([
        (one(b""), TYPE, 400, "expected a header, got b''"),
        (one(b"nothing"), TYPE, 400, "expected a header, got b'nothing'"),
        (one(b": x"), TYPE, 400, "expected a header, got b': x'"),
        (one(b"A b: x"), TYPE, 400, "expected a header, got b'A b: x'"),
        (one(_NAMED + b"\nA: b"), TYPE, 400, bare),
        (one(_NAMED + b"\0"), TYPE, 400, bare),
        (one(b"Content-Type: text/plain"), TYPE, 400, "expected Content-Disposition, got none"),
        (one(_NAMED + b"\r\n" + _NAMED), TYPE, 400, "expected one Content-Disposition, got two"),
        (one(b'Content-Disposition: attachment; name="a"'), TYPE, 400,
         "expected form-data, got 'attachment'"),
        (one(b"Content-Disposition: form-data"), TYPE, 400, no_name),
        (one(named + b'name=""'), TYPE, 400, no_name),
        (one(named + b'filename="a"'), TYPE, 400, no_name),
        (one(named + b"name=a; name=b"), TYPE, 400, "expected one name, got two"),
        (one(named + b'name="a'), TYPE, 400, "expected a closing \", got none"),
        (one(named + b"name"), TYPE, 400, "expected name=value, got 'name'"),
        (one(named + b'name="\xff"'), TYPE, 400,
         "expected a header in UTF-8, got b' form-data; name=\"\\xff\"'"),
        (one(_NAMED + b"; filename*=a"), TYPE, 400, "expected filename*=UTF-8''..., got 'a'"),
        (one(_NAMED + b"; filename*=utf-16''a"), TYPE, 400,
         "expected filename*=UTF-8''..., got \"utf-16''a\""),
        (one(_NAMED + b"; filename*=utf-8''%2"), TYPE, 400, digits + '2"'),
        (one(_NAMED + b"; filename*=utf-8''%+1"), TYPE, 400, digits + '+1"'),
        (one(_NAMED + b"; filename*=utf-8''%ff"), TYPE, 400,
         "expected a header in UTF-8, got b'\\xff'"),
        (one(_NAMED + b"; filename*=utf-8''%00"), TYPE, 400,
         "expected a file name, got NUL in it"),
        (one(_NAMED + b"\r\nContent-Transfer-Encoding: base64"), TYPE, 400,
         "expected no Content-Transfer-Encoding, got 'base64'"),
        (form(field(b"a", b"\xff")), TYPE, 400, "expected text in UTF-8, got other bytes"),
    ])  # fmt: skip


async def test_limits():
    await check([
        (form(part(_NAMED + b"\r\nX: " + b"x" * 2000, b"1")), TYPE, 413, "header of a part"),
        (form(*[field(b"a", b"1")] * 65), TYPE, 413, "parts"),
    ])  # fmt: skip
    app = application()
    equal((await post(app, form(*[field(b"a", b"1")] * 64))).status, 200)


async def test_texts_are_limited_together_and_files_are_not():
    limit = FormDataIter.max_fields_size
    FormDataIter.max_fields_size = 10
    try:
        await check([
            (form(field(b"a", b"1" * 10)), TYPE, 413, "fields"),
            (form(field(b"n" * 11, b"")), TYPE, 413, "fields"),
            (form(field(b"a", b"1234"), field(b"b", b"12345")), TYPE, 413, "fields"),
        ])  # fmt: skip
        app = application()
        equal((await post(app, form(field(b"a", b"1234"), field(b"b", b"1234")))).status, 200)
        equal((await post(app, form(file(b"f", b"x", b"1" * 900)))).text, "[] ['f']")
    finally:
        FormDataIter.max_fields_size = limit


async def test_a_long_body_of_garbage_is_not_read_to_its_end():
    for data in (b"x" * 1000, b"\r\n--X" * 200):
        req = await upload([data] * 100)
        answer = await application().dispatch_request(req)
        equal((answer.status_code, req.stream.reads), (400, 2))


async def test_what_was_refused_is_refused_again():
    fields = FormDataIter(await upload(b"--XX\r\n\r\n"))
    for _ in range(3):
        equal((await raises_async(HTTPException, fields.__anext__())).status_code, 400)
    truncated = FormDataIter(await upload([file(b"f", b"x", b"12345")]))
    _, value = await truncated.__anext__()
    for _ in range(2):
        equal((await raises_async(HTTPException, value.read())).status_code, 400)
    equal((await raises_async(HTTPException, truncated.__anext__())).status_code, 400)


async def test_a_stream_that_ends_is_not_asked_for_ever():
    req = await upload([])
    await raises_async(HTTPException, FormDataIter(req).__anext__())
    equal(req.stream.reads, 1)
    assert isinstance(req.stream, Stream)
