import marimo

__generated_with = "0.25.2"
app = marimo.App()


with app.setup:
    import math

    FACTOR = 3


@app.cell
def _():
    f"{area(2)} {Square(4).area()} {math.floor(2.5)}"
    return


@app.function
def area(side):
    return side * side * FACTOR


@app.class_definition
class Square:
    def __init__(self, side):
        self.side = side

    def area(self):
        return area(self.side)


@app.cell
def _():
    def late():
        return later + 1

    late()
    return


@app.cell
def _():
    later = 41
    return


if __name__ == "__main__":
    app.run()
