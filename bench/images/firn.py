# An image with Firn's framework, the modules that sessions need on a device, and the
# benchmark's programs.
include("common.py")
package("microdot", base_path="../../frozen", opt=3)
freeze("../../frozen/standins", ("hmac.py", "jwt.py"), opt=3)
