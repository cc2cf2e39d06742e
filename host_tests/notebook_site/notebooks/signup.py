import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Sign up")


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    def problem(value):
        """What is wrong with the form, None where nothing is."""
        if not value["name"]:
            return "Please give a name."
        if not value["age"] or value["age"] < 18:
            return "You have to be 18."
        if "@" not in value["email"]:
            return "This is no address of e-mail."

    form = (
        mo.md(
            """
            **Sign up**

            {name}

            {age}

            {email}

            {agree}
            """
        )
        .batch(
            name=mo.ui.text(label="Name"),
            age=mo.ui.number(0, 150, value=0, label="Age"),
            email=mo.ui.text(kind="email", label="E-mail"),
            agree=mo.ui.checkbox(label="I agree"),
        )
        .form(submit_button_label="Sign up", validate=problem, bordered=True)
    )
    form
    return (form,)


@app.cell
def welcome(form, mo):
    mo.stop(form.value is None, mo.callout("Nobody has signed up yet.", kind="neutral"))
    mo.callout(
        mo.md(f"Welcome, **{form.value['name']}** ({form.value['age']})!"), kind="success"
    )
    return


if __name__ == "__main__":
    app.run()
