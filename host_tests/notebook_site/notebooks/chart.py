import marimo

app = marimo.App(app_title="Live chart")

with app.setup:
    import math

    import marimo as mo

    history = []


@app.function
def wave(x):
    """What is measured."""
    return 20 + 5 * math.sin(x / 3)


@app.cell
def _():
    clock = mo.ui.refresh(options=["500ms", "1s", "10s"], default_interval="500ms")
    window = mo.ui.slider(10, 60, value=30, label="Points")
    mo.hstack([clock, window], justify="start", gap=2)
    return clock, window


@app.cell
def chart(clock, window):
    clock
    history.append(wave(len(history)))
    recent = history[-window.value :]
    mo.vstack(
        [
            mo.hstack(
                [
                    mo.stat(f"{recent[-1]:.1f} °C", label="Now", bordered=True),
                    mo.stat(f"{max(recent):.1f} °C", label="Highest", bordered=True),
                    mo.stat(f"{min(recent):.1f} °C", label="Lowest", bordered=True),
                    mo.stat(len(history), label="Measured", bordered=True),
                ],
                widths="equal",
            ),
            mo.plot.line(recent, title="Temperature", y_label="°C"),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
