import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    rate = 1
    return


@app.cell
def _():
    rate = 2
    return


@app.cell
def _():
    f"rate {rate}"
    return


@app.cell
def _():
    one = two + 1
    return


@app.cell
def _():
    two = one + 1
    return


@app.cell
def _():
    f"{one}"
    return


@app.cell
def _():
    "free"
    return


@app.cell
def _():
    _private = 1
    _private
    return


@app.cell
def _():
    _private = 2
    _private
    return


if __name__ == "__main__":
    app.run()
