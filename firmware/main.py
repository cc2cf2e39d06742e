# Runs after boot.py: the user's /main.py if there is one, else the site. Ctrl-C gives the REPL.
import firn

firn.main()
