"""A JSON API with error handlers."""

from microdot import Microdot, abort

app = Microdot()
tasks = {1: {"id": 1, "title": "Buy milk", "done": False}}


class OutOfStock(Exception):
    pass


@app.get("/")
async def all_tasks(request):
    return [tasks[id] for id in sorted(tasks)]


@app.get("/tasks/<int:id>")
async def get_task(request, id):
    if id not in tasks:
        abort(404)
    return tasks[id]


@app.post("/tasks")
async def new_task(request):
    if request.json is None or "title" not in request.json:
        abort(400, "A task needs a title")
    id = max(tasks) + 1
    tasks[id] = {"id": id, "title": request.json["title"], "done": False}
    return tasks[id], 201, {"Location": f"/tasks/{id}"}


@app.put("/tasks/<int:id>")
async def update_task(request, id):
    tasks[id].update(request.json)
    return tasks[id]


@app.delete("/tasks/<int:id>")
async def delete_task(request, id):
    del tasks[id]
    return None


@app.get("/divide/<int:a>/<int:b>")
async def divide(request, a, b):
    return {"result": a // b}


@app.get("/order")
async def order(request):
    raise OutOfStock("no milk")


@app.get("/broken")
async def broken(request):
    raise RuntimeError("broken")


@app.errorhandler(404)
async def not_found(request):
    return {"error": "not found"}, 404


@app.errorhandler(405)
async def not_allowed(request):
    return {"error": "not allowed"}, 405


@app.errorhandler(500)
async def server_error(request):
    return {"error": "server error"}, 500


@app.errorhandler(KeyError)
async def key_error(request, exception):
    return {"error": "no such task"}, 404


@app.errorhandler(ArithmeticError)
def arithmetic_error(request, exception):
    return {"error": type(exception).__name__}, 422


@app.errorhandler(OutOfStock)
async def out_of_stock(request, exception):
    return {"error": str(exception)}, 409


app.run()
