"""marimo/__init__.py: names that are loaded when they are used."""

import marimo
from expect import equal, raises


def test_what_there_is_not_is_an_attribute_error_that_names_it():
    for name in ("no_such_name", "_private"):
        error = raises(AttributeError, getattr, marimo, name)
        assert name in str(error), str(error)


def test_modules_are_found_by_their_names():
    equal(marimo.graph.__name__, "marimo.graph")
    from marimo import graph

    assert graph is marimo.graph


def test_every_name_is_in_one_place():
    names = [name for name, _ in marimo._NAMES]
    equal(len(set(names)), len(names))
