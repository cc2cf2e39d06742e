import asyncio

from expect import equal, raises, raises_async
from marimo import status
from marimo.context import Run, enter, leave
from marimo.status import progress_bar, spinner

HOSTILE = '"><img src=x onerror=alert(1)>'


class State:
    appended = None


class Kernel:
    """Notes what is shown each time that it is told of output."""

    def __init__(self):
        self.shown = []

    def notify(self, event, state):
        equal(event, "output")
        self.shown.append([value._html() for value in state.appended or ()])


def in_cell(function):
    """(Kernel, State) after ``function()`` was called as a cell."""
    kernel, state = Kernel(), State()
    previous = enter(Run(kernel, state))
    try:
        function()
    finally:
        leave(previous)
    return kernel, state


def test_a_bar_goes_through_the_collection():
    seen = []
    kernel, state = in_cell(lambda: seen.extend(progress_bar([1, 2, 3], title="Reading")))
    equal(seen, [1, 2, 3])
    first, last = kernel.shown[0][0], kernel.shown[-1][0]
    assert 'max="3" value="0"' in first and '<div class="mo-title">Reading</div>' in first, first
    assert 'aria-label="Reading"' in first and "<small>0 / 3</small>" in first, first
    assert 'max="3" value="3"' in last and "3 / 3" in last and "took" in last, last
    equal(len(state.appended), 1)


def test_updates_are_throttled():
    kernel, _ = in_cell(lambda: list(progress_bar(range(2000))))
    assert len(kernel.shown) < 200, len(kernel.shown)


def test_updates_come_in_time():
    real = status.ticks_ms
    now = [0]

    def later():
        now[0] += 100
        return now[0]

    status.ticks_ms = later
    try:
        kernel, _ = in_cell(lambda: list(progress_bar(range(10))))
    finally:
        status.ticks_ms = real
    assert len(kernel.shown) > 3, kernel.shown
    assert "s left" in kernel.shown[2][0] and "a second" in kernel.shown[2][0], kernel.shown[2]


def test_the_end_is_shown_and_what_goes_away_goes():
    kernel, state = in_cell(lambda: list(progress_bar(
        [1], title="a", subtitle="b", completion_title="Done",
        completion_subtitle="well")))  # fmt: skip
    assert ">Done<" in kernel.shown[-1][0] and ">well<" in kernel.shown[-1][0], kernel.shown[-1]
    kernel, state = in_cell(lambda: list(progress_bar([1], remove_on_exit=True)))
    equal((kernel.shown[-1], state.appended), ([], None))
    equal(len(kernel.shown[0]), 1)


def test_a_loop_that_is_left_early_is_not_complete():
    def cell():
        for _ in progress_bar([1, 2], completion_title="Done", remove_on_exit=False):
            break

    kernel, _state = in_cell(cell)
    import gc

    gc.collect()
    assert ">Done<" not in kernel.shown[-1][0]


def test_a_bar_counts_what_it_is_told():
    def cell():
        with progress_bar(total=10, show_rate=False, show_eta=False) as bar:
            bar.update()
            bar.update(increment=4, title="Half", subtitle="way")

    kernel, _state = in_cell(cell)
    last = kernel.shown[-1][0]
    assert 'value="5"' in last and ">Half<" in last and ">way<" in last, last
    assert "a second" not in last, last


def test_a_bar_stays_within_its_range():
    for count in (-5, 500):

        def cell(count=count):
            with progress_bar(total=10) as bar:
                bar.update(count)

        kernel, _ = in_cell(cell)
        assert 'value="%d"' % (0 if count < 0 else 10) in kernel.shown[-1][0]


def test_a_total_that_nobody_knows():
    kernel, _ = in_cell(lambda: list(progress_bar(n for n in (1, 2))))
    assert '<progress aria-label="Progress"></progress>' in kernel.shown[0][0], kernel.shown
    assert 'value="1"' in kernel.shown[-1][0] and "<small>2" in kernel.shown[-1][0]
    kernel, _ = in_cell(lambda: list(progress_bar([])))
    assert 'max="1" value="1"' in kernel.shown[-1][0]


def test_wrong_arguments_are_named():
    raises(TypeError, progress_bar, 3)
    for total in (-1, "3", float("nan"), True):
        error = raises(ValueError, progress_bar, total=total)
        assert "expected a number from 0 for total" in str(error)
    raises(TypeError, lambda: list(progress_bar(total=3)))


def test_outside_of_a_notebook_nothing_is_shown():
    equal(list(progress_bar([1, 2])), [1, 2])
    with spinner("x") as shown:
        shown.update("y")
    with progress_bar(total=1) as bar:
        bar.update()
    kernel, state = in_cell(lambda: list(progress_bar([1], disabled=True)))
    equal((kernel.shown, state.appended), ([], None))


def test_a_spinner_is_there_while_it_lasts():
    def cell():
        with spinner("Measuring", subtitle="probe 1"):
            pass

    kernel, state = in_cell(cell)
    equal(kernel.shown[0], ['<div class="mo-spinner" role="status"><div class="mo-title">Measuring'
                            '</div><div class="mo-subtitle">probe 1</div></div>'])  # fmt: skip
    equal((kernel.shown[-1], state.appended), ([], None))

    def failing():
        with spinner(remove_on_exit=False):
            raise KeyError("x")

    raises(KeyError, in_cell, failing)


def test_what_else_is_shown_stays():
    def cell():
        from marimo.context import current

        current().state.appended = [spinner("other")]
        with spinner("mine"):
            pass

    _, state = in_cell(cell)
    equal([value.title for value in state.appended], ["other"])


async def test_async_loops_let_others_run():
    turns = []

    async def other():
        for _ in range(20):
            turns.append(1)
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    seen = []
    async for item in progress_bar(range(3)):
        seen.append((item, len(turns)))
    await task
    equal([item for item, _ in seen], [0, 1, 2])
    assert seen[0][1] < seen[2][1], seen


async def test_async_collections_and_context():
    class Ticks:
        def __init__(self, count):
            self.count = count

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.count:
                raise StopAsyncIteration
            self.count -= 1
            return self.count

    bar = progress_bar(Ticks(3), total=3)
    seen = []
    async for item in bar:
        seen.append(item)
    equal((seen, bar.current, bar.done), ([2, 1, 0], 3, True))
    async with spinner("x") as shown:
        assert not shown.done
    assert shown.done

    class Failing(Ticks):
        async def __anext__(self):
            raise ValueError("sensor")

    async def go():
        async for _ in progress_bar(Failing(1)):
            pass

    await raises_async(ValueError, go())


def test_hostile_titles_stay_text():
    def cell():
        with spinner(HOSTILE, HOSTILE):
            pass
        list(progress_bar([1], title=HOSTILE, subtitle=HOSTILE, completion_title=HOSTILE))

    kernel, _ = in_cell(cell)
    assert "<img" not in str(kernel.shown)
