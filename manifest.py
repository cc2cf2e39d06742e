# What every image freezes; each board's manifest includes this file.
import os
import runpy

# For CPython alone: asgi.py, asgi_connection.py and so on.
HOST_ONLY = ("asgi", "gateway", "jinja", "packing", "wsgi")
# Of firn: what network.py imports once it has found a network interface, and what they import.
NETWORK_ONLY = (
    "access_point.py", "captive_dns.py", "captive_portal.py", "datagrams.py", "interface.py",
    "lookup.py", "ntp.py", "radio.py", "station.py",
)  # fmt: skip

options.defaults(network=True)  # include("../../manifest.py", network=False): a board without one


def for_devices(name):
    """The package's files without those for CPython alone and those the board has no use for."""
    unused = () if options.network or name != "firn" else NETWORK_ONLY
    return [
        file
        for file in sorted(os.listdir("frozen/" + name))
        if file.endswith(".py") and file[:-3].split("_")[0] not in HOST_ONLY and file not in unused
    ]


package("microdot", for_devices("microdot"), base_path="frozen", opt=3)
package("marimo", for_devices("marimo"), base_path="frozen", opt=3)
package("utemplate", base_path="frozen", opt=3)
package("firn", for_devices("firn"), base_path="frozen", opt=3)


def freeze_assets(name, module, made):
    """Freeze the files in the assets/ of a package as constants, in a module that is made here:
    style sheets and scripts compressed, pages as pieces of text around their placeholders.
    """
    packing = runpy.run_path("frozen/microdot/packing.py")
    packing["freeze"]("frozen/%s/assets" % name, "%s/%s/%s" % (made, name, module))
    package(name, [module], base_path=made, opt=3)


# Beside what else is made for the board, where make says where that is.
build = os.environ.get("BUILD", "")
generated = (build if os.path.isabs(build) else "build") + "/generated"
freeze_assets("firn", "setup_assets_data.py", generated)
freeze_assets("marimo", "page_data.py", generated)
freeze("frozen/standins", ("hmac.py", "jwt.py", "ssl.py"), opt=3)
freeze("firmware", ("boot.py", "main.py"), opt=3)
# What `firn build` has made of firmware/filesystem/notebooks.
if os.environ.get("FIRN_NOTEBOOKS"):
    package("frozen_notebooks", base_path=os.environ["FIRN_NOTEBOOKS"], opt=3)
