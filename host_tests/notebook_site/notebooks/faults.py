import marimo

app = marimo.App(app_title="Faults")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    size = mo.ui.slider(0, 10, value=2, label="Size")
    size
    return (size,)


@app.cell
def broken(size):
    part = 10 / size.value
    part
    return (part,)


@app.cell
def after(part):
    part + 1
    return


@app.cell
def unknown(mo):
    mo.ui.sliderr(1, 2)
    return


@app.cell
def _():
    twice = 1
    return (twice,)


@app.cell
def _():
    twice = 2
    return (twice,)


@app.cell
def _(beta):
    alpha = beta
    return (alpha,)


@app.cell
def _(alpha):
    beta = alpha
    return (beta,)


app._unparsable_cell(
    r"""
    for x in in range(3):
        print(x)
    """,
    name="_",
)


@app.cell
def fine(size):
    f"size {size.value}"
    return


if __name__ == "__main__":
    app.run()
