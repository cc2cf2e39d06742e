import marimo

app = marimo.App(width="medium", app_title="Data table")


@app.cell
def _():
    import marimo as mo

    rows = [
        {"station": "Station %d" % i, "city": ["Rome", "Oslo", "Lima"][i % 3], "value": i * 7 % 40}
        for i in range(35)
    ]
    return mo, rows


@app.cell
def _(mo):
    city = mo.ui.multiselect(["Rome", "Oslo", "Lima"], value=["Rome", "Oslo", "Lima"], label="Cities")
    least = mo.ui.number(0, 40, value=0, label="At least")
    mo.hstack([city, least], justify="start", gap=2)
    return city, least


@app.cell
def _(city, least, mo, rows):
    found = [row for row in rows if row["city"] in city.value and row["value"] >= least.value]
    table = mo.ui.table(found, selection="multi", pagination=True, page_size=10)
    mo.vstack([mo.md(f"**{len(found)}** of {len(rows)} stations"), table])
    return found, table


@app.cell
def picked(mo, table):
    mo.stop(not table.value, mo.md("*Choose rows.*"))
    mo.stat(sum(row["value"] for row in table.value), label="Sum of %d" % len(table.value))
    return


if __name__ == "__main__":
    app.run()
