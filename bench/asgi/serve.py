"""Serves the application of one of the modules beside this file by uvicorn: ``main.py MODULE
port=NUMBER``."""

import sys

import uvicorn

name, _, port = sys.argv[2].partition("=")
uvicorn.run(
    sys.argv[1] + ":app", host="127.0.0.1", port=int(port), access_log=False,
    log_level="warning", lifespan="off",
)  # fmt: skip
