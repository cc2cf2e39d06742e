import marimo

app = marimo.App()


@app.cell
def first():
    rate = 1
    for i in range(3):
        pass
    return (rate,)


@app.cell
def second():
    rate = 2
    return (rate,)


@app.cell
def third():
    for i in range(4):
        pass
    return


@app.cell
def reader(rate):
    rate * 2
    return


@app.cell
def hen(egg):
    hen = egg
    return (hen,)


@app.cell
def egg(chick):
    egg = chick
    return (egg,)


@app.cell
def chick(hen):
    chick = hen
    return (chick,)


@app.cell
def outside(chick):
    chick + 1
    return


@app.cell
def counting(total):
    total += 1
    return


@app.cell
def total():
    total = 0
    return (total,)


@app.cell
def starred():
    from math import *
    return


@app.cell
def early(x):
    if x:
        return
    y = 1
    return


@app.cell
def removing(spare):
    del spare
    return


@app.cell
def using(spare):
    spare + 1
    return


@app.cell
def _():
    spare = 1
    return (spare,)


if __name__ == "__main__":
    app.run()
