import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    divisor = mo.ui.number(0, 10, value=0)
    divisor
    return


@app.cell
def _():
    quotient = 10 / divisor.value
    quotient
    return


@app.cell
def _():
    shifted = quotient + 1
    shifted
    return


@app.cell
def _():
    f"grandchild {shifted}"
    return


@app.cell
def _():
    nowhere_defined + 1
    return


@app.cell
def _():
    "fine"
    return


@app.cell
def _():
    if divisor.value:
        sometimes = divisor.value
    return


@app.cell
def _():
    f"sometimes {sometimes}"
    return


@app.cell
def _():
    raise KeyError("missing")
    return


@app.cell
def _():
    {"a": 1}["b"]
    return


if __name__ == "__main__":
    app.run()
