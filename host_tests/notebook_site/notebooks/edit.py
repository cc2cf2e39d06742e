import marimo

app = marimo.App(app_title="Edit")


@app.cell
def _():
    import marimo as mo

    form = mo.ui.text(label="Room").form(submit_button_label="Rename")
    form
    return form, mo


@app.cell
def renamed(form, mo):
    mo.stop(not form.value)
    path = "notebooks/rooms/cellar.py"
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("cellar", form.value))
    mo.md(f"It is the {form.value} now.")
    return


if __name__ == "__main__":
    app.run()
