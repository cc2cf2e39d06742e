import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    mo.md("""
    # Heading *one*

    A paragraph with `code`, **bold** and a [link](https://example.com/).

    - first
    - second

    1. one
    2. two

    | a | b |
    |---|---|
    | 1 | 2 |
    """)
    return


@app.cell
def _():
    name = "<Ada> & co"
    mo.md(f"Hello **{number}**, {mo.plain_text(name)}.")
    return


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    number = 6 * 7
    number
    return


@app.cell
def _():
    mo.md(f"A slider {mo.ui.slider(1, 5)} in a sentence")
    return


@app.cell
def _():
    mo.vstack([mo.md("*above*"), "between", 3])
    return


if __name__ == "__main__":
    app.run()
