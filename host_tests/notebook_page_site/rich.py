import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Greenhouse")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    mo.md("""
    # Greenhouse

    Measurements of **three beds**, as the board sees them. Set how many hours you want to look
    at, and *press* the button when the `valve` has been turned. See [the list](#list).

    > Water in the morning; at noon it burns the leaves.

    1. Look at the plot
       - nested point
    2. Turn the valve

    ```python
    for bed in beds:
        print(bed.name, bed.moisture)  # a line that does not fit into a phone, do what you will
    ```

    | Bed | Moisture | Temperature |
    |:----|---------:|------------:|
    | Tomatoes | 41.5 % | 22.1 °C |
    | Basil | 38.0 % | 21.7 °C |
    """)
    return


@app.cell
def _(mo):
    hours = mo.ui.slider(2, 48, value=24, step=2, label="Hours", show_value=True)
    kind = mo.ui.dropdown(["line", "area", "bar"], value="area", label="Drawn as")
    lamp = mo.ui.switch(label="Lamp")
    mo.hstack([hours, kind, lamp], justify="start", gap=1.5, wrap=True)
    return hours, kind, lamp


@app.cell
def _(hours, mo):
    mo.hstack(
        [
            mo.stat(
                "22.4 °C",
                label="Temperature",
                caption="1.2 more than yesterday",
                direction="increase",
                bordered=True,
            ),
            mo.stat(
                "41 %", label="Moisture", caption="6 less", direction="decrease", bordered=True
            ),
            mo.stat(hours.value, label="Hours", caption="as chosen above", bordered=True),
        ],
        widths="equal",
        gap=1,
    )
    return


@app.cell
def _(hours, kind, mo):
    def curve(phase):
        steps = range(hours.value * 2)
        return [(x / 2, 20 + 4 * ((x * 7 + phase) % 12 - 6) / 6 + x / 12) for x in steps]

    names = {"inside": curve(0), "outside": curve(5)}
    if kind.value == "bar":
        names = {"inside": curve(0)[:8], "outside": curve(5)[:8]}
    getattr(mo.plot, kind.value)(names, title="Temperature", y_label="°C", x_label="hours")
    return


@app.cell
def _(hours):
    print("computing", hours.value, "hours")
    print("a long line: " + "0123456789" * 20)
    return


@app.cell
def _(mo):
    mo.vstack(
        [
            mo.callout("The tank is full.", kind="success", title="Tank"),
            mo.callout("Pump two has not answered for 3 minutes.", kind="warn"),
            mo.callout("The valve is stuck.", kind="danger", title="Valve"),
            mo.callout("Sunrise at 6:12.", kind="info"),
            mo.callout("Nothing else.", kind="neutral"),
        ]
    )
    return


@app.cell
def broken(hours):
    broken_value = 1 / (hours.value - 24)
    broken_value
    return (broken_value,)


@app.cell
def _(broken_value):
    broken_value + 1
    return


@app.cell
def _(mo):
    mo.accordion(
        {
            "How it works": mo.md("Every bed has a sensor."),
            "Details": [1, {"a": None, "b": [2.5, "text"]}],
        }
    )
    return


@app.cell
def _(mo):
    mo.status.progress_bar(total=10, title="Watering", subtitle="bed 4 of 10")
    return


@app.cell
def _(mo):
    form = mo.ui.dictionary(
        {
            "name": mo.ui.text(label="Name", placeholder="of the bed"),
            "notes": mo.ui.text_area(label="Notes", rows=3),
            "area": mo.ui.number(1, 50, value=4, label="Area in m²"),
        }
    ).form(label="A new bed", submit_button_label="Add", bordered=True)
    form
    return (form,)


@app.cell
def _(form):
    form.value
    return


@app.cell
def _(mo):
    table = mo.ui.table(
        [
            {
                "bed": "Bed %d" % i,
                "moisture": 30 + i * 1.5,
                "temperature": 20 + i,
                "note": "dry" if i % 3 else "",
            }
            for i in range(25)
        ],
        label="Beds",
    )
    table
    return (table,)


@app.cell
def _(table):
    table.value
    return


@app.cell
def _(mo):
    tabs = mo.ui.tabs(
        {
            "Choices": mo.vstack(
                [
                    mo.ui.radio(
                        ["daily", "weekly"], value="daily", label="How often", inline=True
                    ),
                    mo.ui.multiselect(["Tomatoes", "Basil", "Mint"], value=["Mint"], label="Beds"),
                    mo.ui.checkbox(label="Also when it rains", value=True),
                    mo.ui.range_slider(
                        0, 24, step=1, value=[6, 20], label="Between", show_value=True
                    ),
                ]
            ),
            "More": mo.vstack(
                [
                    mo.ui.date(label="From"),
                    mo.ui.file(label="Plan", kind="area"),
                    mo.hstack(
                        [
                            mo.ui.button(label="neutral"),
                            mo.ui.run_button(label="Run it", kind="success"),
                            mo.ui.button(label="Careful", kind="danger"),
                            mo.ui.button(label="Hm", kind="warn"),
                            mo.ui.refresh(options=["1s", "5s"]),
                        ],
                        justify="start",
                        wrap=True,
                    ),
                    mo.ui.slider(0, 10, label="Off", disabled=True),
                ]
            ),
        }
    )
    tabs
    return (tabs,)


if __name__ == "__main__":
    app.run()
