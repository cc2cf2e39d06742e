"""mo.status: how far a cell has come, shown while it runs.

Others get their turn only where a cell waits. So ``async for`` and ``async with`` are what people
see moving; a plain ``for`` shows where it ended.
"""

from microdot.compat import ticks_diff, ticks_ms

from .context import current
from .html import escape, is_iterable

_INTERVAL = 150  # milliseconds between two times that a cell's output is sent


class _Shown:
    """What shows itself below the output of the running cell, while there is one."""

    def __init__(self, title, subtitle, remove_on_exit, disabled=False):
        self.title = title
        self.subtitle = subtitle
        self._remove = remove_on_exit
        self._disabled = disabled
        self._run = None
        self._last = None
        self._started = ticks_ms()
        self.done = False

    def _open(self):
        run = current()
        if self._disabled or run is None or run.state is None:
            return
        self._run = run
        self._started = ticks_ms()
        run.state.appended = (run.state.appended or []) + [self]
        self._notify()

    def _notify(self):
        self._last = ticks_ms()
        self._run.kernel.notify("output", self._run.state)

    def _refresh(self):
        if self._run is not None and ticks_diff(ticks_ms(), self._last) >= _INTERVAL:
            self._notify()

    def _close(self):
        self.done = True
        run = self._run
        if run is None:
            return
        if self._remove:
            shown = [value for value in run.state.appended or () if value is not self]
            run.state.appended = shown or None
        self._notify()
        self._run = None

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, *exception):
        self._close()
        return False

    async def __aenter__(self):
        self._open()
        await _let_others_run()
        return self

    async def __aexit__(self, *exception):
        self._close()
        await _let_others_run()
        return False

    def _words(self):
        pieces = []
        if self.title:
            pieces.append('<div class="mo-title">%s</div>' % escape(str(self.title)))
        if self.subtitle:
            pieces.append('<div class="mo-subtitle">%s</div>' % escape(str(self.subtitle)))
        return "".join(pieces)


async def _let_others_run():
    import asyncio

    await asyncio.sleep(0)


class spinner(_Shown):
    """Shows that something is going on: ``with mo.status.spinner("Measuring"):``."""

    def __init__(self, title=None, subtitle=None, remove_on_exit=True):
        super().__init__(title, subtitle, remove_on_exit)

    def update(self, title=None, subtitle=None):
        """Show another title or subtitle (str)."""
        self.title = title if title is not None else self.title
        self.subtitle = subtitle if subtitle is not None else self.subtitle
        self._refresh()

    def _html(self):
        kind = "mo-spinner mo-done" if self.done else "mo-spinner"
        return '<div class="%s" role="status">%s</div>' % (kind, self._words())


class progress_bar(_Shown):
    """Shows how much is done: ``for x in mo.status.progress_bar(items)``, also with ``async for``;
    or ``with mo.status.progress_bar(total=n) as bar`` and ``bar.update()``.

    ``total``: how many there are (int), len() of the collection by default, None: nobody knows;
    ``title``, ``subtitle``, ``completion_title``, ``completion_subtitle``: str; ``show_rate``,
    ``show_eta``: how many a second, how long still; ``remove_on_exit``: whether it goes when all
    is done; ``disabled``: whether nothing is shown at all.
    """

    def __init__(self, collection=None, *, title=None, subtitle=None, completion_title=None,
                 completion_subtitle=None, total=None, show_rate=True, show_eta=True,
                 remove_on_exit=False, disabled=False):  # fmt: skip
        super().__init__(title, subtitle, remove_on_exit, disabled)
        is_collection = is_iterable(collection) or hasattr(collection, "__aiter__")
        if collection is not None and not (is_collection or isinstance(collection, (str, bytes))):
            raise TypeError("expected a collection, got %s" % type(collection).__name__)
        if total is None and collection is not None:
            try:
                total = len(collection)
            except TypeError:
                pass  # of a generator nobody knows
        if total is not None and (
            isinstance(total, bool) or not isinstance(total, (int, float)) or not total >= 0
        ):
            raise ValueError("expected a number from 0 for total, got %r" % (total,))
        self.total = total
        self.current = 0
        self._collection = collection
        self._completion = (completion_title, completion_subtitle)
        self._show_rate = show_rate
        self._show_eta = show_eta
        self._took = 0  # milliseconds, once it is done
        self._async = None

    def update(self, increment=1, title=None, subtitle=None):
        """Count ``increment`` more; show another title or subtitle (str)."""
        self.current += increment
        self.title = title if title is not None else self.title
        self.subtitle = subtitle if subtitle is not None else self.subtitle
        self._refresh()

    def __iter__(self):
        collection = self._given()
        self._open()
        try:
            for item in collection:
                yield item
                self.update()
        finally:
            self._close()

    def __aiter__(self):
        collection = self._given()
        if hasattr(collection, "__aiter__"):
            self._async = collection.__aiter__()
        else:
            self._async = _Steps(iter(collection))
        self._open()
        self._yielded = False
        return self

    async def __anext__(self):
        if self._yielded:
            self.update()
        self._yielded = True
        try:
            item = await self._async.__anext__()
            await _let_others_run()
            return item
        except BaseException:
            self._close()
            raise

    def _given(self):
        if self._collection is None:
            raise TypeError("expected a collection to go through, got none")
        return self._collection

    def _close(self):
        if not self.done:
            self._took = ticks_diff(ticks_ms(), self._started)
            if self.total is None or self.current >= self.total:
                title, subtitle = self._completion
                self.title = title if title is not None else self.title
                self.subtitle = subtitle if subtitle is not None else self.subtitle
        super()._close()

    def _html(self):
        bar = '<progress aria-label="%s"' % escape(str(self.title or "Progress"))
        if self.total is not None:
            top = self.total or 1
            value = top if not self.total else max(0, min(self.current, top))
            bar += ' max="%s" value="%s"' % (top, value)
        elif self.done:
            bar += ' max="1" value="1"'
        return '<div class="mo-progress">%s%s></progress><small>%s</small></div>' % (
            self._words(), bar, self._figures(),
        )  # fmt: skip

    def _figures(self):
        """ "3 / 10 · 1.5 a second · 4 s left"."""
        parts = ["%s / %s" % (self.current, self.total) if self.total is not None
                 else "%s" % self.current]  # fmt: skip
        took = self._took if self.done else ticks_diff(ticks_ms(), self._started)
        if self.current > 0 and took > 0:
            rate = self.current * 1000 / took
            if self._show_rate:
                parts.append(_rate(rate))
            if self._show_eta and not self.done and self.total is not None:
                parts.append("%s left" % _duration((self.total - self.current) / rate))
        if self.done:
            parts.append("took %s" % _duration(took / 1000))
        return " · ".join(parts)


class _Steps:
    """A plain iterator, step by step, for ``async for``."""

    def __init__(self, iterator):
        self._iterator = iterator

    async def __anext__(self):
        try:
            return next(self._iterator)
        except StopIteration:
            pass
        raise StopAsyncIteration


def _rate(rate):
    if rate >= 100:
        return "%d a second" % rate
    return "%.3g a second" % rate if rate >= 1 else "%.3g s each" % (1 / rate)


def _duration(seconds):
    seconds = max(0, seconds)
    if seconds < 60:
        return "%.2g s" % seconds if seconds < 10 else "%d s" % seconds
    if seconds < 3600:
        return "%d min %d s" % (seconds // 60, seconds % 60)
    return "%d h %d min" % (seconds // 3600, seconds % 3600 // 60)
