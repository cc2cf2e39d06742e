"""Benchmarks: against Microdot and against the floor, all in one run. See README.md."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "bench"
BUILD = ROOT / "build" / "bench"
PEERS = BUILD / "peers"
