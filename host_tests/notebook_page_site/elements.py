import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Elements")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    slider = mo.ui.slider(0, 10, label="slider", show_value=True)
    steps = mo.ui.slider(steps=[1, 10, 100], label="steps")
    late = mo.ui.slider(0, 10, label="late", debounce=True)
    between = mo.ui.range_slider(0, 10, step=1, value=[2, 8], label="between")
    number = mo.ui.number(0, 100, value=5, label="number")
    switch = mo.ui.switch(label="switch")
    checkbox = mo.ui.checkbox(label="checkbox")
    text = mo.ui.text(label="text")
    live = mo.ui.text(label="live", debounce=False)
    area = mo.ui.text_area(label="area")
    day = mo.ui.date(label="day", start="2020-01-01", stop="2030-01-01", value="2024-02-29")
    mo.vstack([slider, steps, late, between, number, switch, checkbox, text, live, area, day])
    return area, between, checkbox, day, late, live, number, slider, steps, switch, text


@app.cell
def _(mo):
    dropdown = mo.ui.dropdown(["a", "b & <c>"], label="dropdown")
    radio = mo.ui.radio(["x", "y"], label="radio")
    several = mo.ui.multiselect(["p", "q", "r"], label="several")
    tabs = mo.ui.tabs({"one": "first panel", "two": "second panel"})
    table = mo.ui.table([{"n": i} for i in range(25)], label="table")
    mo.vstack([dropdown, radio, several, tabs, table])
    return dropdown, radio, several, table, tabs


@app.cell
def _(mo):
    button = mo.ui.button(label="button", on_click=lambda count: (count or 0) + 1)
    run = mo.ui.run_button(label="run")
    refresh = mo.ui.refresh(options=["0.1s"], default_interval=None, label="refresh")
    file = mo.ui.file(label="file")
    form = mo.ui.text(label="inner").form(submit_button_label="Send")
    array = mo.ui.array([mo.ui.slider(0, 5, label="first"), mo.ui.text(label="second")])
    mo.vstack([button, run, refresh, file, form, array])
    return array, button, file, form, refresh, run


@app.cell
def values(
    area,
    array,
    between,
    button,
    checkbox,
    day,
    dropdown,
    file,
    form,
    late,
    live,
    number,
    radio,
    refresh,
    run,
    several,
    slider,
    steps,
    switch,
    table,
    tabs,
    text,
):
    print(
        repr(
            [
                slider.value,
                steps.value,
                late.value,
                between.value,
                number.value,
                switch.value,
                checkbox.value,
                text.value,
                live.value,
                area.value,
                str(day.value),
                dropdown.value,
                radio.value,
                several.value,
                tabs.value,
                table.value,
                button.value,
                run.value,
                form.value,
                array.value,
            ]
        )
    )
    len(file.value)
    return


@app.cell
def again(mo, slider, text):
    mo.md(f"The same once more: {slider} {text} with **{slider.value}** and {text.value!r}")
    return


@app.cell
def inverse(number):
    1 / number.value
    return


@app.cell
def details(mo, slider):
    mo.accordion({"part": f"opened at {slider.value}", "other": "more"}, multiple=True)
    return


if __name__ == "__main__":
    app.run()
