import marimo

app = marimo.App(width="full", app_title="Plots")


@app.cell
def _():
    import math

    import marimo as mo

    return math, mo


@app.cell
def _(mo):
    mo.md("# Plots\n\n| kind | for |\n|:-----|----:|\n| line | a course |\n| bar | amounts |")
    return


@app.cell
def _(math):
    xs = [i / 10 for i in range(60)]
    sines = [math.sin(x) for x in xs]
    cosines = [math.cos(x) for x in xs]
    return cosines, sines, xs


@app.cell
def _(cosines, mo, sines, xs):
    mo.ui.tabs(
        {
            "Line": mo.plot.line(
                {"sin": list(zip(xs, sines)), "cos": list(zip(xs, cosines))}, title="Two waves"
            ),
            "Bars": mo.plot.bar({"Mon": 3, "Tue": 1, "Wed": 4, "Thu": 1, "Fri": 5}),
            "Area": mo.plot.area(list(zip(xs, sines))),
            "Text": mo.accordion({"More": mo.md("Some *words* and `code`."), "Data": [1, 2, {"a": 3}]}),
        },
        lazy=True,
    )
    return


@app.cell
def _(mo):
    for _i in mo.status.progress_bar(range(5), title="Counting"):
        pass
    mo.hstack(
        [mo.callout(mo.md(f"A **{kind}** callout"), kind=kind) for kind in
         ("neutral", "info", "success", "warn", "danger")],
        wrap=True,
    )
    return


if __name__ == "__main__":
    app.run()
