# /// script
# requires-python = ">=3.9"
# ///
"""A weather station: everything that an ordinary notebook has."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(
    width="medium",
    app_title="Roof station",
)


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        r"""
        # Roof station

        Wind in *m/s*; a \backslash, and a list:

        - vane
        - cup
        """
    )
    return


@app.cell
def summary(gusts, limit, mo, strongest):
    mo.md(f"""
    Strongest **{strongest:.1f}** of {len(gusts)} gusts,
    {"too much" if strongest > limit.value else "fine"} ({limit.value!r:>{4}}).
    """)
    return


@app.cell
def _(gusts):
    strongest = max(gusts)
    average = sum(gusts) / len(gusts)
    for speed in gusts:
        _rounded = round(speed)
        if _rounded > average:
            break
    strongest
    return (strongest,)


@app.cell
def measured(random):
    random.seed(4)
    gusts = [random.random() * factor for factor in range(1, 9) if factor % 2]
    return (gusts,)


@app.cell
def _():
    import marimo as mo
    import random

    return mo, random


@app.cell
def _(mo):
    limit = mo.ui.slider(0, 12, value=3, label="Limit")
    limit
    return (limit,)


@app.cell(disabled=True, hide_code=True)
def switched_off(average):
    average;
    return


@app.cell
def lazy():
    def report():
        """Uses what is defined further down."""
        try:
            return unit.format(threshold)
        except (ValueError, KeyError) as error:
            return error

    report()
    return (report,)


@app.cell
def constants():
    unit = """
    {} m/s
      really
    """
    threshold: float = 8.5
    return threshold, unit


if __name__ == "__main__":
    app.run()
