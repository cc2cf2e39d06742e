"""Runs one of the programs beside this file.

On a host: ``main.py PROGRAM [NAME=VALUE ...]``, the names those of the program's ``serve()`` and
``probe`` (a port); what looks like a number becomes one. On the emulated board, where this is the
frozen main.py, the same words are read from the file ``/program``.
"""

import sys


def run(words):
    settings = {}
    for word in words[1:]:
        name, value = word.split("=")
        settings[name] = int(value) if value.isdigit() else value
    probe = settings.pop("probe", None)
    if probe:
        import probe as heap

        heap.install(probe)
    settings.setdefault("port", 80)
    __import__(words[0]).serve("0.0.0.0", **settings)


def words_of_the_board():
    with open("/program") as file:
        return file.read().split()


run(sys.argv[1:] or words_of_the_board())
