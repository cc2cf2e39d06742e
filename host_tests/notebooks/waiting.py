import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
async def _():
    await asyncio.sleep(0)
    waited = 5
    f"waited {waited}"
    return


@app.cell
def _():
    import asyncio
    return


@app.cell
def _():
    f"after {waited}"
    return


@app.cell
async def _():
    results = await asyncio.gather(work(1), work(2))
    sum(results)
    return


@app.cell
def _():
    async def work(number):
        await asyncio.sleep(0)
        return number * 10
    return


@app.cell
async def _():
    async def _fail():
        await asyncio.sleep(0)
        return {}["none"]

    broken = await _fail()
    return


@app.cell
def _():
    broken
    return


if __name__ == "__main__":
    app.run()
