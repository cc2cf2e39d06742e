from microdot import Microdot

posts = Microdot()
titles = ["First", "Second"]


@posts.before_request
async def note(request):
    request.g.steps.append("posts")


@posts.get("/")
async def all_posts(request):
    return titles


@posts.get("/<int:number>")
async def post(request, number):
    return titles[number]


@posts.errorhandler(IndexError)
async def no_such_post(request, exception):
    return "No such post", 404
