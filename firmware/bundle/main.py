# Firn's: runs user_main.py if there is one, else the site. Ctrl-C gives the REPL.
import firn

firn.main("/user_main.py")
