import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    allowed = mo.ui.switch()
    allowed
    return


@app.cell
def _():
    early = "set before"
    mo.stop(not allowed.value, "not allowed")
    late = "set after"
    return


@app.cell
def _():
    f"reads {early}"
    return


@app.cell
def _():
    f"reads {late}"
    return


@app.cell
def _():
    "unrelated"
    return


@app.cell
def _():
    mo.stop(True)
    nothing = 1
    return


@app.cell
def _():
    nothing
    return


if __name__ == "__main__":
    app.run()
