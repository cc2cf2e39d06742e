import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Ten cells")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # A slider

    Three cells depend on it, the others do not.
    """)
    return


@app.cell
def _(mo):
    level = mo.ui.slider(0, 1000, value=1, label="Level")
    level
    return (level,)


@app.cell
def _(level, mo):
    doubled = 2 * level.value
    mo.md(f"Level **{level.value}**, doubled **{doubled}**")
    return (doubled,)


@app.cell
def _(doubled):
    squares = [number * number for number in range(doubled % 20)]
    squares
    return (squares,)


@app.cell
def _(mo, squares):
    mo.hstack([mo.stat(len(squares), label="Squares"), mo.stat(sum(squares), label="Sum")])
    return


@app.cell
def _():
    words = ["wind", "rain", "snow", "sun"]
    return (words,)


@app.cell
def _(words):
    longest = max([len(word) for word in words])
    longest
    return (longest,)


@app.cell
def _(longest, mo, words):
    mo.callout(mo.md("%d words of at most %d letters" % (len(words), longest)), kind="info")
    return


@app.cell
def _(words):
    {word: len(word) for word in words}
    return


if __name__ == "__main__":
    app.run()
