import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return


@app.cell
def _():
    request = mo.app_meta().request
    f"{mo.app_meta().mode} {mo.app_meta().theme}"
    return


@app.cell
def _():
    params = mo.query_params()
    f"room {params['room']} {params.get('floor', 'none')} {'room' in params}"
    return


@app.cell
def _():
    "somebody" if request and request.user and request.user["is_authenticated"] else "nobody"
    return


if __name__ == "__main__":
    app.run()
