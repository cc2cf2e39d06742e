"""mo.state: values that cells set, and the cells that run because of it."""

from expect import equal
from notebook_of import MO, cell, names, session


def test_setting_runs_the_readers_of_the_getter_but_not_the_one_that_set_it():
    s = session(
        MO, "get, set_it = mo.state(0)", "# button\nb = mo.ui.switch()",
        "# sets\nif b.value:\n    set_it(lambda old: old + get() + 1)", "# reads\nget()",
    )  # fmt: skip
    equal(cell(s, "reads").output, 0)
    s.set(b=True)
    equal(names(s.cells), ["sets", "reads"])
    equal(cell(s, "reads").output, 1)


def test_the_same_value_again_is_a_run_again():
    s = session(MO, "get, set_it = mo.state(0)", "b = mo.ui.switch(on_change=lambda v: set_it(0))",
                "# reads\nget()")  # fmt: skip
    s.set(b=True)
    equal(names(s.cells), ["reads"])


def test_tied_elements_run_their_common_reader_before_and_after():
    s = session(
        MO, "get, set_it = mo.state(1)",
        "# tied_slider\nslider = mo.ui.slider(0, 10, value=get(), on_change=set_it)",
        "# tied_number\nnumber = mo.ui.number(0, 10, value=get(), on_change=set_it)",
        "# both\n[slider.value, number.value]",
    )  # fmt: skip
    s.set(slider=7)
    equal(names(s.cells), ["both", "tied_number", "both"])
    equal(cell(s, "both").output, [7, 7])
    s.set(number=3)
    equal(names(s.cells), ["both", "tied_slider", "both"])
    equal(cell(s, "both").output, [3, 3])


def test_a_cell_runs_itself_again_only_where_that_is_allowed():
    loop = "# loop\nruns.append(1)\nif get() < 3:\n    set_it(get() + 1)"
    s = session(MO, "runs = []", "get, set_it = mo.state(0, allow_self_loops=True)", loop)
    equal(len(s["runs"]), 4)
    s = session(MO, "runs = []", "get, set_it = mo.state(0)", loop)
    equal(len(s["runs"]), 1)


def test_readers_that_have_not_run_yet_see_the_value_without_another_run():
    s = session(MO, "get, set_it = mo.state(0)", "# sets\nset_it(5)", "# reads\nget()")
    equal(names(s.cells)[-2:], ["sets", "reads"])
    equal([cell(s, "reads").output, cell(s, "reads").runs], [5, 1])


def test_cells_that_set_each_other_for_ever_are_ended():
    s = session(
        MO, "get, set_it = mo.state(0, allow_self_loops=True)", "# loop\nset_it(get() + 1)",
        "# fine\n1",
    )  # fmt: skip
    assert 50 < cell(s, "loop").runs <= 150, cell(s, "loop").runs
    equal(cell(s, "fine").output, 1)


def test_on_change_of_a_state_is_called_with_the_new_value():
    s = session(MO, "seen = []", "get, set_it = mo.state(0, on_change=seen.append)", "set_it(4)")
    equal(s["seen"], [4])
