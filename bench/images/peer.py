# An image with Microdot's core and the benchmark's programs.
include("common.py")
package("microdot", ("__init__.py", "microdot.py"), base_path="../../build/bench/peers", opt=3)
