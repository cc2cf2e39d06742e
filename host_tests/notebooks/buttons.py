import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    count = mo.ui.button(value=0, on_click=lambda value: value + 1, label="Count")
    go = mo.ui.run_button(label="Go")
    plain = mo.ui.button(label="Plain")
    mo.hstack([count, go, plain])
    return


@app.cell
def _():
    f"clicked {count.value} times"
    return


@app.cell
def _():
    mo.stop(not go.value, mo.md("press **Go**"))
    went = "went"
    f"{went}: {go.value}"
    return


@app.cell
def _():
    f"after: {went}"
    return


@app.cell
def _():
    f"go is {go.value} with {count.value}"
    return


@app.cell
def _():
    f"plain is {plain.value}"
    return


if __name__ == "__main__":
    app.run()
