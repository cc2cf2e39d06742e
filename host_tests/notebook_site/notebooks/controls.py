"""Every control that people use, and what it gives."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Controls")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        r"""
        # Controls

        What you set is shown below, **at once**.
        """
    )
    return


@app.cell
def _(mo):
    speed = mo.ui.slider(0, 100, step=5, value=20, label="Speed", show_value=True)
    fruit = mo.ui.dropdown({"Apple": 3, "Pear": 5, "Quince": 8}, value="Pear", label="Fruit")
    name = mo.ui.text(placeholder="your name", label="Name")
    lamp = mo.ui.switch(label="Lamp")
    when = mo.ui.radio(["now", "later"], value="now", label="When")
    return fruit, lamp, name, speed, when


@app.cell
def _(fruit, lamp, mo, name, speed, when):
    mo.vstack([mo.hstack([speed, fruit]), mo.hstack([name, lamp, when], justify="start", gap=2)])
    return


@app.cell
def shown(fruit, lamp, mo, name, speed, when):
    mo.md(
        f"""
        - speed: **{speed.value}**
        - fruit: **{fruit.value}**
        - name: **{name.value or "nobody"}**
        - lamp: **{lamp.value}**
        - when: **{when.value}**
        """
    )
    return


@app.cell
def _(mo):
    press = mo.ui.button(value=0, on_click=lambda value: value + 1, label="Count")
    go = mo.ui.run_button(label="Go")
    mo.hstack([press, go], justify="start")
    return go, press


@app.cell
def pressed(mo, press):
    mo.stat(press.value, label="Pressed", caption="times", bordered=True)
    return


@app.cell
def went(go, mo, speed):
    mo.stop(not go.value, mo.callout("Press Go.", kind="info"))
    print("going at", speed.value)
    mo.callout(f"Went at {speed.value}.", kind="success")
    return


@app.cell
def _(mo):
    people = mo.ui.table(
        [{"name": "Ada", "born": 1815}, {"name": "Grace", "born": 1906}, {"name": "Mary", "born": 1945}],
        label="People",
    )
    people
    return (people,)


@app.cell
def chosen(people):
    [row["name"] for row in people.value]
    return


@app.cell
def _(mo):
    views = mo.ui.tabs({"One": mo.md("the first"), "Two": mo.md("the second")})
    views
    return (views,)


@app.cell
def viewed(mo, views):
    mo.md(f"The tab is {views.value}.")
    return


@app.cell
def _(mo):
    clock = mo.ui.refresh(options=["1s", "5s"], default_interval="1s", label="Every")
    clock
    return (clock,)


@app.cell
def ticked(clock, mo):
    mo.md(f"Tick: `{clock.value}`")
    return


if __name__ == "__main__":
    app.run()
