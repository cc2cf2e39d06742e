import marimo as mo

app = mo.App()

print("not run")

with app.setup(hide_code=True):
    # What all cells have.
    import math

    SCALE = 10

    class Unit:
        name = "mm"


@app.function
def area(width, height=SCALE):
    # In square units.
    return width * height * factor(1)


@app.class_definition
class Board(Unit):
    count = 0

    def __init__(self, width):
        self.width = width

    def cost(self, *, price=SCALE):
        return area(self.width) * price


@app.cell
def needs_later(
    board: "Board",
    total=(1, 2),
) -> None:
    board.cost() + total
    return


@app.cell
async def waiting(asyncio):
    await asyncio.sleep(0)
    board = Board(math.floor(2.5))
    async with asyncio.Lock() as lock:
        total = [board async for board in tasks()]
    return (
        board,
        total,
    )


@app.cell
def sources():
    import asyncio

    async def tasks():
        for n in range(3):
            yield n

    return asyncio, tasks


@app.function(hide_code=True)
@staticmethod
def factor(n):
    return n


@app.cell
def ids():
    id = 4
    _private = id
    return (id,)


@app.cell
def user_of_id(id):
    print(id, input)
    return


def stray():
    return 1


app._unparsable_cell(
    r"""
    never ( closed
    """,
    name="half_done",
)
