"""microdot.datastructures: headers and multiple values."""

from expect import equal, raises
from microdot.datastructures import BadValue, MultiDict, NoCaseDict


def test_names_are_compared_without_case_and_keep_their_first_spelling():
    headers = NoCaseDict()
    headers["Content-Type"] = "a"
    headers["content-type"] = "b"
    equal(headers["CONTENT-TYPE"], "b")
    equal(list(headers), ["Content-Type"])
    equal(list(headers.items()), [("Content-Type", "b")])
    equal(len(headers), 1)
    assert "content-TYPE" in headers and "type" not in headers


def test_names_are_made_from_a_dict_or_pairs():
    equal(NoCaseDict({"A": 1, "a": 2})["A"], 2)
    headers = NoCaseDict({"A": 1})
    headers.update({"a": 2, "B": 3})
    headers.update([("b", 4)])
    equal((headers["A"], headers["B"]), (2, 4))
    equal(NoCaseDict(NoCaseDict({"X": 1}))["x"], 1)
    equal(len(NoCaseDict(None)), 0)


def test_missing_names():
    headers = NoCaseDict({"A": 1})
    equal(headers.get("b"), None)
    equal(headers.get("b", 5), 5)
    equal(headers.get("a", 5), 1)
    raises(KeyError, lambda: headers["b"])
    raises(KeyError, headers.__delitem__, "b")
    raises(KeyError, headers.pop, "b")
    equal(headers.pop("b", 7), 7)
    equal(headers.setdefault("a", 2), 1)
    equal(headers.setdefault("B", 2), 2)
    equal(headers["b"], 2)


def test_names_are_deleted_in_any_spelling_and_can_come_back():
    headers = NoCaseDict({"Set-Cookie": "a", "X": "b"})
    del headers["set-cookie"]
    assert "Set-Cookie" not in headers
    equal(headers.pop("x"), "b")
    equal(len(headers), 0)
    headers["x"] = "c"
    equal(list(headers.items()), [("x", "c")])
    headers.clear()
    equal((len(headers), "x" in headers, headers.get("x")), (0, False, None))
    headers["X"] = "d"
    equal(list(headers), ["X"])


def test_a_name_keeps_several_values_and_gives_the_first():
    values = MultiDict()
    values["a"] = 1
    values["a"] = 2
    values["b"] = 3
    equal((values["a"], values["b"]), (1, 3))
    equal(values.getlist("a"), [1, 2])
    equal(values.getlist("c"), [])
    equal(sorted(values.keys()), ["a", "b"])
    equal(sorted(values.items()), [("a", [1, 2]), ("b", [3])])
    assert "a" in values and "c" not in values
    equal(len(values), 2)
    del values["a"]
    assert "a" not in values


def test_values_are_converted():
    values = MultiDict({"a": "5"})
    values["a"] = "6"
    equal(values.get("a", type=int), 5)
    equal(values.getlist("a", type=int), [5, 6])
    equal(values.get("b", type=int), None)
    equal(values.get("b", 7, type=int), 7)
    equal(values.get("b", 8), 8)
    equal(values.get("a"), "5")
    raises(KeyError, lambda: values["b"])


def test_a_value_that_cannot_be_converted_is_the_sender_s_mistake():
    values = MultiDict({"a": "x"})
    for error in (
        raises(BadValue, values.get, "a", type=int),
        raises(BadValue, values.get, "a", 5, type=int),
        raises(BadValue, values.getlist, "a", type=int),
    ):
        assert isinstance(error, ValueError)
        equal(str(error), "bad value for a")
