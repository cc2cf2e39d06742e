# An image with Firn's framework, what its extensions need of the device's own modules, and the benchmark's programs.
include("common.py")
package("microdot", base_path="../../frozen", opt=3)
freeze("../../frozen/standins", ("hmac.py", "jwt.py"), opt=3)
