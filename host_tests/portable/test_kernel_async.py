"""marimo.kernel: cells that wait, several sessions at once, floods, ends."""

import asyncio

from expect import equal
from marimo.headless import Session
from notebook_of import MO, cell, names, source


def made(*cells):
    return Session("test.py", source(*cells))


async def test_a_cell_may_wait_and_its_names_are_the_notebooks():
    s = made(
        "import asyncio", "async # waits\nx = 1\nawait asyncio.sleep(0)\ny = x + 1\ny",
        "# read\n[x, y]", "async # fails\nawait asyncio.sleep(0)\n1 / 0",
    )  # fmt: skip
    await s.arun()
    equal([cell(s, n).output for n in ("waits", "read")], [2, [1, 2]])
    equal(cell(s, "fails").error.name, "ZeroDivisionError")


async def test_a_waiting_cell_can_delete_stop_and_show():
    s = made(
        MO, "import asyncio", "gone = 1",
        "async # deletes\nawait asyncio.sleep(0)\ndel gone",
        "async # stops\nawait asyncio.sleep(0)\nmo.stop(True, 'no')",
        "async # shows\nmo.output.append(1)\nawait asyncio.sleep(0)\nmo.output.append(2)",
    )  # fmt: skip
    await s.arun()
    equal(cell(s, "deletes").error, None)
    assert "gone" not in s.kernel.globals
    equal((cell(s, "stops").status, cell(s, "stops").output), ("stopped", "no"))
    equal(cell(s, "shows").shown(), [1, 2])


async def test_sessions_wait_at_the_same_time_and_stay_apart():
    text = (
        MO, "import asyncio",
        "async # waits\nawait asyncio.sleep(0)\nprint('x')\ns = mo.ui.switch()\n"
        "await asyncio.sleep(0)\nt = mo.ui.switch()", "# read\n[s.value, t.value]",
    )  # fmt: skip
    sessions = [made(*text) for i in range(3)]
    await asyncio.gather(*[s.arun() for s in sessions])
    for s in sessions:
        equal([s["s"]._id, s["t"]._id], ["vblA-0", "vblA-1"])
        equal(cell(s, "waits").console, ["x\n"])
        equal(sorted(s.kernel.elements), ["vblA-0", "vblA-1"])
    await sessions[1].aset(t=True)
    equal([cell(s, "read").output[1] for s in sessions], [False, True, False])


async def flooded():
    """A session in which a cell waits for ``open``, that a first value has run."""
    s = made(
        MO, "import asyncio\nopen = asyncio.Event()\nruns = []",
        "n = mo.ui.slider(0, 1000)\nclicks = mo.ui.button(value=0, on_click=lambda v: v + 1)",
        "async # slow\nruns.append(n.value)\nif n.value:\n    await open.wait()",
        "# count\nclicks.value",
    )  # fmt: skip
    await s.arun()
    first = asyncio.create_task(s.aset(n=1))
    while s["runs"][-1:] != [1]:
        await asyncio.sleep(0)
    return s, first


async def test_of_many_values_while_cells_run_the_last_one_counts():
    s, first = await flooded()
    others = [asyncio.create_task(s.aset(n=i)) for i in range(2, 60)]
    for _ in range(4):
        await asyncio.sleep(0)
    assert len(s.kernel._waiting) <= 2
    s["open"].set()
    for task in [first] + others:
        await task
    equal(s["runs"], [0, 1, 59])


async def test_every_click_counts_up_to_a_limit():
    s, first = await flooded()
    id = s["clicks"]._id
    clicks = [asyncio.create_task(s.kernel.set_values({id: i})) for i in range(1, 41)]
    for _ in range(4):
        await asyncio.sleep(0)
    s["open"].set()
    await first
    refused = 0
    for task in clicks:
        answer = await task
        refused += bool(answer)
        assert not answer or "clicks" in answer[0]
    equal((s["clicks"]._value, refused), (16, 24))
    equal(cell(s, "count").output, 16)


async def test_who_gives_up_waiting_leaves_the_turn_to_others():
    s, first = await flooded()
    given_up = asyncio.create_task(s.kernel.run_readers(["n"]))
    await asyncio.sleep(0)
    last = asyncio.create_task(s.aset(n=9))
    await asyncio.sleep(0)
    given_up.cancel()
    try:
        await given_up
    except asyncio.CancelledError:
        pass
    s["open"].set()
    await first
    await last
    equal(s["runs"], [0, 1, 9])
    equal(s.kernel._busy, False)


async def test_a_cell_that_waits_for_ever_can_be_cancelled_and_the_session_goes_on():
    s, first = await flooded()
    first.cancel()
    try:
        await first
    except asyncio.CancelledError:
        pass
    s["open"].set()
    await s.aset(n=5)
    equal(s["runs"], [0, 1, 5])


async def test_a_closed_session_runs_no_further_cell():
    s, first = await flooded()
    open, runs = s["open"], s["runs"]
    waiting = asyncio.create_task(s.kernel.set_values({s["n"]._id: 7}))
    await asyncio.sleep(0)
    s.kernel.close()
    open.set()
    await first
    await waiting
    equal(runs, [0, 1])
    equal(s.kernel.elements, {})


async def test_others_get_their_turn_between_cells():
    s = made("# a\n1", "# b\n2", "# c\n3")
    seen = []

    async def watch():
        while len(seen) < 100 and not (seen and seen[-1] == 3):
            seen.append(len(s.kernel.order))
            await asyncio.sleep(0)

    task = asyncio.create_task(watch())
    await s.arun()
    await task
    assert 1 in seen and 2 in seen, seen


async def test_the_readers_of_a_name_can_be_run():
    s = made("# a\nx = 1", "# b\ny = x", "# c\ny", "# d\n0")
    await s.arun()
    await s.kernel.run_readers(["x"])
    equal(names(s.cells), ["b", "c"])
