import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Device")


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # This device

    Its own values, read anew with every tick. Change this file, reload the page: there is no
    restart. The same file opens in marimo on a laptop, where it shows the laptop's values.
    """)
    return


@app.cell
def _():
    import time

    import marimo as mo

    return mo, time


@app.cell
def _():
    # On a device and under Firn the runtime tells; elsewhere there is little to be told.
    try:
        from firn import status
    except ImportError:
        status = None
    return (status,)


@app.cell
def _(status, time):
    _started = time.time()

    def read():
        """The values of this moment: uptime in seconds, memory in bytes."""
        if status is not None:
            return status.values()
        import gc

        return {
            "board": "laptop",
            "uptime": int(time.time() - _started),
            "heap_used": 64 * sum(gc.get_count()),
            "requests": 0,
        }

    return (read,)


@app.cell
def _():
    # The board's own light, where it has one by that name.
    try:
        from machine import Pin

        light = Pin("LED", Pin.OUT)
    except Exception:
        light = None
    return (light,)


@app.cell
def _(mo):
    tick = mo.ui.refresh(options=["2s", "5s", "30s"], default_interval="5s", label="Read every")
    lamp = mo.ui.switch(label="Light")
    from_zero = mo.ui.switch(label="From zero")
    mo.hstack([tick, lamp, from_zero], justify="start", gap=2, wrap=True)
    return from_zero, lamp, tick


@app.cell
def _():
    readings = []  # (uptime, KiB in use), the latest last
    return (readings,)


@app.cell
def _(read, readings, tick):
    tick.value
    now = read()
    readings.append((now["uptime"], now["heap_used"] / 1024))
    del readings[:-60]
    return (now,)


@app.cell
def _(mo, now):
    _minutes, _seconds = divmod(now["uptime"], 60)
    mo.hstack(
        [
            mo.stat("%d:%02d" % (_minutes, _seconds), label="Uptime", caption=now["board"]),
            mo.stat("%.0f KiB" % (now["heap_used"] / 1024), label="Memory in use"),
            mo.stat(now["requests"], label="Requests"),
        ],
        justify="start",
        wrap=True,
    )
    return


@app.cell
def _(from_zero, mo, now, readings):
    # The plot is Firn's; marimo has none of its own, but takes those of many libraries.
    if hasattr(mo, "plot"):
        _shown = mo.plot.line(
            readings,
            title="Memory in use",
            x_label="uptime, s",
            y_label="KiB",
            y_min=0 if from_zero.value else None,
        )
    else:
        _shown = mo.md("%d readings, the last %.0f KiB" % (len(readings), now["heap_used"] / 1024))
    _shown
    return


@app.cell
def _(lamp, light, mo):
    if light is None:
        _text = "The light would be **%s**; this board has none that is called LED."
    else:
        light.value(lamp.value)
        _text = "The light is **%s**."
    mo.md(_text % ("on" if lamp.value else "off"))
    return


if __name__ == "__main__":
    app.run()
