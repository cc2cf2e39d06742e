# What every image freezes; each board's manifest includes this file.
import os

# For CPython alone: asgi.py, asgi_connection.py and so on.
HOST_ONLY = ("asgi", "gateway", "jinja", "wsgi")


def for_devices(name):
    """The package's files without those for CPython alone."""
    return [
        file
        for file in sorted(os.listdir("frozen/" + name))
        if file.endswith(".py") and file[:-3].split("_")[0] not in HOST_ONLY
    ]


package("microdot", for_devices("microdot"), base_path="frozen", opt=3)
package("marimo", for_devices("marimo"), base_path="frozen", opt=3)
package("utemplate", base_path="frozen", opt=3)
package("firn", base_path="frozen", opt=3)
freeze("frozen/standins", ("hmac.py", "jwt.py", "ssl.py"), opt=3)
freeze("firmware", ("boot.py", "main.py"), opt=3)
# What `firn build` has made of firmware/filesystem/notebooks.
if os.environ.get("FIRN_NOTEBOOKS"):
    package("frozen_notebooks", base_path=os.environ["FIRN_NOTEBOOKS"], opt=3)
