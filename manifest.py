# What every image freezes; each board's manifest includes this file.
import os

# For CPython alone: asgi.py, asgi_connection.py and so on.
HOST_ONLY = ("asgi", "gateway", "jinja", "wsgi")

package(
    "microdot",
    [
        name
        for name in sorted(os.listdir("frozen/microdot"))
        if name.endswith(".py") and name[:-3].split("_")[0] not in HOST_ONLY
    ],
    base_path="frozen",
    opt=3,
)
package("utemplate", base_path="frozen", opt=3)
package("firn", base_path="frozen", opt=3)
freeze("frozen/standins", ("hmac.py", "jwt.py", "ssl.py"), opt=3)
freeze("firmware", ("boot.py", "main.py"), opt=3)
