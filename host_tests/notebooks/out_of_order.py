import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    f"{first}, {second}"
    return


@app.cell
def _():
    second = first + 1
    second
    return


@app.cell
def _():
    "alone"
    return


@app.cell
def _():
    first = 10
    first;
    return


@app.cell
def _():
    third = [n for n in range(second)]
    sum(third)
    return


@app.cell
def _():
    None
    return


@app.cell
def _():
    if first:
        hidden = 1
    return


@app.cell
def _():
    hidden + third[-1]
    return


if __name__ == "__main__":
    app.run()
