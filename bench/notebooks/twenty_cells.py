import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Twenty cells", width="medium")


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # A greenhouse

    What its sensors said in a night, what that means, and what can be set.
    """)
    return


@app.cell
def _():
    import math

    import marimo as mo

    return math, mo


@app.cell
def _(math):
    def reading(hour, base, swing):
        """A value as a sensor would have given it at ``hour``."""
        return base + swing * math.sin(hour * math.pi / 12)

    return (reading,)


@app.cell
def _(mo):
    hours = mo.ui.slider(1, 24, value=12, label="Hours", show_value=True)
    hours
    return (hours,)


@app.cell
def _(mo):
    unit = mo.ui.dropdown(["Celsius", "Fahrenheit"], value="Celsius", label="Unit")
    heating = mo.ui.switch(value=True, label="Heating")
    mo.hstack([unit, heating], justify="start")
    return heating, unit


@app.cell
def _(heating, hours, reading):
    _base = 14 if heating.value else 9
    temperatures = [reading(hour, _base, 6) for hour in range(hours.value)]
    return (temperatures,)


@app.cell
def _(hours, reading):
    moistures = [reading(hour, 55, -20) for hour in range(hours.value)]
    return (moistures,)


@app.cell
def _(unit):
    def shown(value):
        """``value`` (degrees Celsius) as text in the unit that was chosen."""
        if unit.value == "Fahrenheit":
            return "%.1f °F" % (value * 1.8 + 32)
        return "%.1f °C" % value

    return (shown,)


@app.cell
def _(temperatures):
    coldest = min(temperatures)
    warmest = max(temperatures)
    mean = sum(temperatures) / len(temperatures)
    return coldest, mean, warmest


@app.cell
def _(coldest, mean, mo, shown, warmest):
    mo.hstack(
        [
            mo.stat(shown(coldest), label="Coldest"),
            mo.stat(shown(mean), label="Mean"),
            mo.stat(shown(warmest), label="Warmest"),
        ]
    )
    return


@app.cell
def _(mo):
    limit = mo.ui.number(start=-10, stop=30, value=5, label="Frost warning below")
    limit
    return (limit,)


@app.cell
def _(coldest, limit, mo, shown):
    mo.stop(coldest >= limit.value, mo.md("No frost: at least %s." % shown(coldest)))
    mo.callout("Frost: %s!" % shown(coldest), kind="danger")
    return


@app.cell
def _(moistures):
    _average = sum(moistures) / len(moistures)
    dry = [index for index, value in enumerate(moistures) if value < _average]
    f"{len(dry)} dry hours"
    return (dry,)


@app.cell
def _(dry, mo):
    mo.md("Water at: " + ", ".join([f"{hour}:00" for hour in dry]) if dry else "No water needed.")
    return


@app.cell
def _(mo):
    plan = mo.ui.text(value="tomatoes", label="Planted", max_length=40)
    plan
    return (plan,)


@app.cell
def _(mo, plan):
    _kinds = {"tomatoes": (18, 25), "salad": (8, 18), "cress": (10, 22)}
    wanted = _kinds.get(plan.value, (10, 25))
    mo.md(f"**{plan.value}** likes {wanted[0]} to {wanted[1]} degrees.")
    return (wanted,)


@app.cell
def _(temperatures, wanted):
    good = [low for low in temperatures if wanted[0] <= low <= wanted[1]]
    score = 100 * len(good) // len(temperatures)
    return (score,)


@app.cell
def _(mo, score):
    mo.callout("%d %% of the hours were right." % score, kind="success" if score > 50 else "warn")
    return


@app.cell
def _(mo, moistures, temperatures):
    mo.accordion({"Temperatures": mo.plain_text(repr(temperatures)), "Moistures": moistures[0]})
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ---
    Sensors: *two*, both made up.
    """)
    return


if __name__ == "__main__":
    app.run()
