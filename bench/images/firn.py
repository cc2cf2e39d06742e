# An image with Firn's framework and the benchmark's programs.
include("common.py")
package("microdot", base_path="../../frozen", opt=3)
