import marimo

app = marimo.App(app_title="Tied")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    get_celsius, set_celsius = mo.state(20)
    return get_celsius, set_celsius


@app.cell
def _(get_celsius, mo, set_celsius):
    celsius = mo.ui.slider(
        -40, 100, value=get_celsius(), on_change=set_celsius, label="°C", show_value=True
    )
    return (celsius,)


@app.cell
def _(get_celsius, mo, set_celsius):
    fahrenheit = mo.ui.number(
        -40,
        212,
        value=round(get_celsius() * 9 / 5 + 32),
        on_change=lambda value: set_celsius(round((value - 32) * 5 / 9)),
        label="°F",
    )
    return (fahrenheit,)


@app.cell
def _(celsius, fahrenheit, mo):
    mo.hstack([celsius, fahrenheit], justify="start", gap=2)
    return


@app.cell
def both(get_celsius, mo):
    mo.md(f"It is **{get_celsius()} °C**.")
    return


if __name__ == "__main__":
    app.run()
