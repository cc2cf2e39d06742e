import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Temperature")


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # Temperature

    Of the sensor in the microcontroller; put your own one into the cell that defines `measure`.
    """)
    return


@app.cell
def _():
    import math
    import time

    import marimo as mo

    return math, mo, time


@app.cell
def _(math, time):
    def sensor():
        """A function that measures degrees Celsius, and what it asks."""
        try:
            from machine import ADC

            adc = ADC(ADC.CORE_TEMP)  # of a Pico; 0.706 V at 27 degrees, 1.721 mV less for each
            return lambda: 27 - (adc.read_u16() * 3.3 / 65535 - 0.706) / 0.001721, "RP2"
        except (ImportError, AttributeError, ValueError):
            pass
        try:
            import esp32

            if hasattr(esp32, "mcu_temperature"):
                return esp32.mcu_temperature, "ESP32"
            return lambda: (esp32.raw_temperature() - 32) / 1.8, "ESP32"  # it tells Fahrenheit
        except (ImportError, AttributeError):
            pass
        # No sensor: a warm day that lasts two minutes.
        return lambda: 21 + 6 * math.sin(time.time() % 120 * math.pi / 60), "made up"

    measure, source = sensor()
    return measure, source


@app.cell
def _(mo):
    tick = mo.ui.refresh(options=["1s", "5s", "1m"], default_interval="5s", label="Measure every")
    unit = mo.ui.dropdown(["Celsius", "Fahrenheit"], value="Celsius", label="Unit")
    limit = mo.ui.slider(0, 60, value=30, label="Warn above, in degrees Celsius", show_value=True)
    mo.hstack([tick, unit, limit], justify="start", gap=2, wrap=True)
    return limit, tick, unit


@app.cell
def _():
    history = []  # degrees Celsius, the latest last
    return (history,)


@app.cell
def _(history, measure, tick):
    tick.value
    celsius = measure()
    history.append(celsius)
    del history[:-120]
    return (celsius,)


@app.cell
def _(unit):
    def shown(value):
        """``value`` (degrees Celsius) in the unit that was chosen."""
        return value * 1.8 + 32 if unit.value == "Fahrenheit" else value

    sign = "°F" if unit.value == "Fahrenheit" else "°C"
    return shown, sign


@app.cell
def _(celsius, history, mo, shown, sign, source):
    mo.hstack(
        [
            mo.stat("%.1f %s" % (shown(celsius), sign), label="Now", caption=source),
            mo.stat("%.1f %s" % (shown(min(history)), sign), label="Lowest"),
            mo.stat("%.1f %s" % (shown(max(history)), sign), label="Highest"),
        ],
        justify="start",
        wrap=True,
    )
    return


@app.cell
def _(celsius, limit, mo, shown, sign):
    mo.stop(celsius <= limit.value)
    mo.callout("Warmer than %.0f %s." % (shown(limit.value), sign), kind="warn")
    return


@app.cell
def _(celsius, history, mo, shown, sign):
    celsius
    # The plot is Firn's; marimo has none of its own, but takes those of many libraries.
    if hasattr(mo, "plot"):
        _shown = mo.plot.line([shown(_value) for _value in history], y_label=sign)
    else:
        _shown = mo.md(", ".join(["%.1f" % shown(_value) for _value in history[-10:]]))
    _shown
    return


if __name__ == "__main__":
    app.run()
