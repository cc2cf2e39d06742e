import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    get_level, set_level = mo.state(1)
    get_log, set_log = mo.state([])
    return


@app.cell
def _():
    slider = mo.ui.slider(0, 10, value=get_level(), on_change=set_level)
    slider
    return


@app.cell
def _():
    number = mo.ui.number(0, 10, value=get_level(), on_change=set_level)
    number
    return


@app.cell
def _():
    f"{slider.value} {number.value} {get_level()}"
    return


@app.cell
def _():
    button = mo.ui.button(on_click=lambda value: set_log(lambda log: log + ["click"]))
    button
    return


@app.cell
def _():
    f"{get_log()}"
    return


@app.cell
def _():
    # Sets a state as it runs.
    set_level(get_level() if get_level() > 4 else 5)
    return


if __name__ == "__main__":
    app.run()
