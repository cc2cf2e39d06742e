# What the files of this site contain, version by version; the test on the host reads it too.

_CONFIG = """{
  "$schema": "version %d",%s
  "server": {"max_content_length": 200000},
  "log": {"file": "firn.log", "max_bytes": 8192},
  "routes": [{"path": "/<name>", "methods": ["GET", "POST"], "handler": "cuts:run"}]
}
"""


def config(version):
    """The configuration of ``version``: from some bytes to more than a block of flash."""
    return _CONFIG % (version, "\n         " * (version * 71 % 600))


def line(number):
    """Line ``number`` of the log."""
    return "line %07d %s." % (number, "abcdefghij"[: number % 10] * (number % 17))
