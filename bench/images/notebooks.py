# An image with Firn's notebooks: what firn.py has, marimo, and notebooks/ frozen as well.
# The last two folders are made by bench/device.py.
import os

include("firn.py")
package(
    "marimo",
    [
        file
        for file in sorted(os.listdir("../../frozen/marimo"))
        if file.endswith(".py") and file != "asgi.py"
    ],
    base_path="../../frozen",
    opt=3,
)
package("marimo", ["page_data.py"], base_path="../../build/bench/frozen", opt=3)
package("frozen_notebooks", base_path="../../build/bench/frozen", opt=3)
