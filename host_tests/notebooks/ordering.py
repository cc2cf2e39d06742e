import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _(f, g):
    (f(), g)
    return


@app.cell
def _(h):
    g = h + 1
    return (g,)


@app.cell
def _():
    f = lambda n=0: n + k
    return (f,)


@app.cell
def _():
    "alone"
    return


@app.cell
def _(k):
    h = k
    if (m := h * 2) > 3:
        with open("x") as handle, open("y") as (a, b):
            pass
    return (h,)


@app.cell
def _():
    k = 4
    text = """a
  b
    """
    return (k,)


@app.cell
def _(m):
    {key: m for key in "abc"}
    return


if __name__ == "__main__":
    app.run()
