"""Static files."""

from microdot import Microdot, send_file

app = Microdot()


@app.get("/")
async def index(request):
    return send_file("static/index.html")


@app.get("/static/<path:path>")
async def static(request, path):
    if ".." in path:
        # directory traversal is not allowed
        return "Not found", 404
    return send_file("static/" + path, max_age=86400)


@app.get("/compressed")
async def compressed(request):
    return send_file("static/data.json", compressed=True, file_extension=".gz")


@app.get("/download")
async def download(request):
    return send_file("static/style.css", status_code=203, content_type="application/x-download")


@app.errorhandler(OSError)
async def no_file(request, exception):
    return "No such file", 404


app.run(port=5000)
