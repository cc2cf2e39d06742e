"""secrets.json: what the device has made up itself and never gives away.

No page, log or message contains a value from here but the first password, on the console.
"""

import json

from . import replace

PATH = "/secrets.json"


def get(name):
    """The secret ``name`` (str); None where there is none."""
    return _read().get(name)


def put(name, value):
    """Keep ``value`` (what JSON knows) as the secret ``name``; None: forget it."""
    secrets = _read()
    secrets[name] = value
    if value is None:
        del secrets[name]
    replace.write(PATH, json.dumps(secrets))


def _read():
    replace.recover(PATH)
    try:
        with open(PATH) as file:
            secrets = json.load(file)
    except (OSError, ValueError):
        return {}
    return secrets if isinstance(secrets, dict) else {}
