import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    runs = {"other": 0, "reader": 0}
    return


@app.cell
def _():
    level = mo.ui.slider(0, 100, step=5, value=20, label="Level")
    level
    return


@app.cell
def _():
    runs["reader"] += 1
    doubled = 2 * level.value
    f"{level.value} doubled is {doubled}, run {runs['reader']}"
    return


@app.cell
def _():
    f"and one is {doubled + 1}"
    return


@app.cell
def _():
    runs["other"] += 1
    f"run {runs['other']}"
    return


@app.cell
def _():
    choice = mo.ui.dropdown({"low": 1, "high": 9}, value="low")
    switch = mo.ui.switch()
    name = mo.ui.text(value="Ada")
    number = mo.ui.number(0, 10, value=3)
    mo.vstack([choice, switch, name, number])
    return


@app.cell
def _():
    f"{choice.value} {choice.selected_key} {switch.value} {name.value!r} {number.value}"
    return


@app.cell
def _():
    _same = level
    f"alias {_same.value}"
    return


@app.cell
def _():
    both = mo.ui.array([mo.ui.checkbox(), mo.ui.slider(1, 3)])
    both
    return


@app.cell
def _():
    f"{both.value}"
    return


@app.cell
def _():
    form = mo.ui.text(label="Town").form()
    form
    return


@app.cell
def _():
    f"submitted {form.value!r}"
    return


if __name__ == "__main__":
    app.run()
