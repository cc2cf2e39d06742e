"""Every key of config.json: the one table behind the check, the schema and the reference page.

An object is a tuple of rows (name, kind, default, limits, meaning). ``...`` as the default marks a
required key, ``None`` an absent one; of an object ``()`` stands for its own defaults, and the
default of a list of objects is a tuple of objects as (name, value) pairs. The kinds of single
values are the functions of config_kinds; "object", "objects", "list", "origins", "ip" and "users"
are put together from them in config_check. The limits of a kind are
  integer, string, secret   (least, most)
  choice                    the values there are
  object                    rows
  ip                        rows of the object that may stand in place of "dhcp"
  objects                   (rows, keys of which an entry has exactly one, pairs that exclude
                            each other: the second is refused beside the first)
  list                      (least length, kind of an item, its limits)
It is one literal made of constants on purpose: frozen, all of it stays in flash.
"""

# fmt: off
KEYS = (
    ("$schema", "text", None, None, "Schema for editors; the device does not look at it"),
    ("network", "object", (), (
        ("hostname", "hostname", "firn", None,
         "Name of the device on the network; mDNS makes it firn.local"),
        ("country", "country", "XX", None,
         "Country whose radio rules hold, as two capital letters (ISO 3166-1); XX is worldwide"),
        ("wifi", "objects", (), ((
            ("ssid", "ssid", ..., None, "Name of the network"),
            ("password", "wifi_password", "", None,
             "Passphrase, or the key as 64 hexadecimal digits; empty for an open network"),
        ), (), ()), "Known networks, in order of preference"),
        ("ip", "ip", "dhcp", (
            ("address", "ipv4", ..., None, "Address of the device"),
            ("netmask", "netmask", "255.255.255.0", None, "Mask of the local network"),
            ("gateway", "ipv4", "0.0.0.0", None, "Way out of the local network; 0.0.0.0 for none"),
            ("dns", "ipv4", None, None, "Name server; the gateway if left out"),
        ), 'Address: "dhcp", or an object for a static one'),
        ("access_point", "object", (), (
            ("when", "choice", "fallback", ("never", "fallback", "always"),
             "When the device opens a network of its own; fallback: while no known one is joined"),
            ("ssid", "ssid", "firn-{id}", None,
             "Name of that network; {id} becomes the last four digits of the device's address"),
            ("password", "wifi_password", "", None, "Its passphrase; empty for an open network"),
            ("channel", "integer", 6, (1, 13), "Its radio channel"),
        ), "The device's own Wi-Fi network"),
        ("power_save", "choice", "none", ("none", "performance", "powersave"),
         "Radio power saving; anything but none makes answers slow or lost at times"),
        ("ntp", "host_or_false", "pool.ntp.org", None,
         "Server the clock is set from; false to leave the clock alone"),
    ), "How the device joins the network"),
    ("server", "object", (), (
        ("port", "integer", 80, (1, 65535), "TCP port"),
        ("max_connections", "integer", 8, (1, 64), "Connections served at a time"),
        ("timeout", "integer", 10, (1, 3600),
         "Seconds that a silent client may keep a connection"),
        ("max_content_length", "integer", 65536, (0, 1073741823),
         "Largest request body, in bytes"),
        ("tls", "object", None, (
            ("cert", "file", ..., None, "File with the certificate, DER"),
            ("key", "file", ..., None, "File with the private key, DER"),
        ), "Serve HTTPS with this certificate in place of HTTP"),
    ), "The web server"),
    ("usb", "boolean", True, None,
     "Whether a board also serves over the serial line of its console, to `firn bridge`"),
    ("setup", "boolean", True, None, "Whether the setup page is served under /_firn/"),
    ("secret_key", "secret", None, (16, 128),
     "Key that signs sessions, in characters; if left out, one is made and kept in secrets.json"),
    ("users", "users", (), None, "Who may log in: user name and password hash"),
    ("cors", "object", None, (
        ("allowed_origins", "origins", (), (0, "origin", None),
         'Sites whose pages may use this one, such as "https://example.com"; "*" for all'),
        ("allow_credentials", "boolean", False, None, "Whether they may send cookies"),
        ("allowed_methods", "list", None, (1, "choice",
         ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
         "Methods they may use; all if left out"),
        ("expose_headers", "list", (), (0, "token", None), "Response headers they may read"),
        ("allowed_headers", "list", None, (0, "token", None),
         "Request headers they may send; all if left out"),
        ("max_age", "integer", None, (0, 86400),
         "Seconds that a browser may keep the answer; its own choice if left out"),
    ), "Cross-origin requests; refused if left out"),
    ("static", "objects", ((("path", "/"), ("directory", "www")),), ((
        ("path", "prefix", ..., None, "URL path that the directory appears under"),
        ("directory", "directory", ..., None, "Directory with the files"),
        ("index", "file_name", "index.html", None, "File served for a directory"),
        ("max_age", "integer", 0, (0, 31536000),
         "Seconds that a browser may use a file without asking again"),
        ("login", "boolean", False, None, "Whether only users who logged in get it"),
    ), (), ()), "Directories served as they are"),
    ("templates", "directory", "templates", None, "Directory with the templates"),
    ("routes", "objects", (), ((
        ("path", "route", ..., None, "URL path; may have arguments, as in /led/<int:number>"),
        ("methods", "list", ("GET",), (1, "choice",
         ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
         "Methods it answers to"),
        ("handler", "reference", None, None, "Function that answers, as module:function"),
        ("template", "file", None, None,
         "Template that answers, a file in the templates directory"),
        ("redirect", "redirect", None, None, "Path or URL that the client is sent to"),
        ("mount", "reference", None, None,
         "Application that answers below the path, as module:name"),
        ("login", "boolean", False, None, "Whether only users who logged in get it"),
    ), ("handler", "template", "redirect", "mount"), (("mount", "methods"),)),
     "Handlers, templates, redirects and mounted applications"),
    ("apps", "objects", (), ((
        ("path", "app_path", ..., None, "URL path of the notebook"),
        ("root", "notebook", ..., None, "Notebook file (.py or .md)"),
    ), (), ()), "Notebooks, each at a path of its own"),
    ("dynamic_directories", "objects", ((("path", "/notebooks"), ("directory", "notebooks")),), ((
        ("path", "subpath", ..., None, "URL path that the notebooks appear under"),
        ("directory", "directory", ..., None, "Directory with the notebook files"),
    ), (), ()), "Directories whose notebooks are served by their names"),
    ("safety", "object", (), (
        ("watchdog", "integer", 30, (0, 600),
         "Seconds without progress after which the device restarts; 0 for never"),
        ("max_failed_boots", "integer", 3, (1, 100),
         "Crashes in a row after which the device starts in safe mode"),
    ), "How the device recovers"),
    ("log", "object", (), (
        ("level", "choice", "info", ("debug", "info", "warning", "error", "critical"),
         "Least important messages that are kept"),
        ("file", "log_file", None, None, "File (.log or .txt); if left out, messages stay in RAM"),
        ("max_bytes", "integer", 16384, (1024, 1048576), "Largest size of the file, in bytes"),
    ), "What the device notes"),
)
# fmt: on
