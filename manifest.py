# What every image freezes; each board's manifest includes this file.
package("microdot", base_path="frozen", opt=3)
package("utemplate", base_path="frozen", opt=3)
package("firn", base_path="frozen", opt=3)
freeze("frozen/standins", ("hmac.py", "jwt.py", "ssl.py"), opt=3)
freeze("firmware", ("boot.py", "main.py"), opt=3)
