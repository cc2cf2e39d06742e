"""The ``firn`` command: sources, builds, emulators and everything else on the host."""

from importlib.metadata import version

__version__ = version("firn")
