"""marimo.kernel: which cells run, in what order, and what is seen of each."""

from expect import equal, raises
from marimo.headless import Session
from notebook_of import MO, cell, names, session, source


def test_cells_run_after_what_they_depend_on_then_in_the_order_of_the_file():
    s = session("# last\nc = b + 1\nc", "# first\na = 1", "# other\n7", "# middle\nb = a + 1")
    equal(names(s.cells), ["first", "other", "middle", "last"])
    equal(cell(s, "last").output, 3)


def test_output_is_the_last_expression():
    s = session("# a\nx = 1\nx + 1", "# b\n99;", "# c\nif True:\n    5", "# d\n'text'  # why",
                "# e\n(1,\n 2)", "# f\ny = 2; y * 2")  # fmt: skip
    equal([state.output for state in s.kernel.cells], [2, None, None, "text", (1, 2), 4])


def test_a_value_from_the_page_runs_the_readers_and_what_depends_on_them():
    s = session(
        MO, "# made\ns = mo.ui.slider(0, 10)", "# read\ndouble = s.value * 2",
        "# then\ndouble + 1", "# apart\n1",
    )  # fmt: skip
    s.set(s=4)
    equal(names(s.cells), ["read", "then"])
    equal(cell(s, "then").output, 9)
    # The same value again is a run again.
    s.set(s=4)
    equal(names(s.cells), ["read", "then"])


def test_two_values_at_once_are_one_run():
    s = session(MO, "a = mo.ui.slider(0, 10)\nb = mo.ui.slider(0, 10)", "# sum\na.value + b.value")
    s.set(a=1, b=2)
    equal(names(s.cells), ["sum"])
    equal(cell(s, "sum").output, 3)


def test_both_names_of_an_element_count():
    s = session(MO, "# made\nfirst = mo.ui.switch()\nsecond = first", "# one\nfirst.value",
                "# two\nsecond.value")  # fmt: skip
    s.set(first=True)
    equal(names(s.cells), ["one", "two"])


def test_an_element_without_a_public_name_runs_nothing_but_calls_on_change():
    s = session(
        MO, "seen = []",
        "# made\n_hidden = mo.ui.switch(on_change=seen.append)\nlisted = [mo.ui.switch()]",
        "# read\nlen(listed)",
    )  # fmt: skip
    ids = sorted(s.kernel.elements)
    equal(len(ids), 2)
    s._wait(s.kernel.set_values({ids[0]: True, ids[1]: True}))
    equal(s.cells, [])
    equal(s["seen"], [True])


def test_a_rerun_of_the_making_cell_makes_a_new_element_with_the_same_id():
    s = session(MO, "n = mo.ui.slider(0, 9)", "t = mo.ui.slider(0, n.value)", "# read\nt.value")
    old = s["t"]
    s.set(n=5)
    s.set(t=3)
    equal(cell(s, "read").output, 3)
    s.set(n=6)
    equal(s["t"]._id, old._id)
    assert s["t"] is not old
    equal(cell(s, "read").output, 0)
    equal(s.kernel.elements[old._id] is s["t"], True)


def test_what_the_last_run_defined_is_gone_in_the_next():
    s = session(MO, "# made\ns = mo.ui.switch(True)", "# maybe\nif s.value:\n    y = 1",
                "# read\ny")  # fmt: skip
    equal(cell(s, "read").output, 1)
    s.set(s=False)
    error = cell(s, "read").error
    equal((error.type, error.name), ("exception", "NameError"))
    assert "maybe" in error.message, error.message


def test_an_error_stays_at_its_cell_and_what_depends_on_it():
    s = session("# bad\nx = 1\n1 / 0", "# child\nz = x", "# grandchild\nz", "# fine\n5")
    states = {state.cell.name: state for state in s.kernel.cells}
    equal([states[n].status for n in ("bad", "child", "grandchild", "fine")],
          ["error", "error", "error", "idle"])  # fmt: skip
    error = states["bad"].error
    equal((error.type, error.name, error.line), ("exception", "ZeroDivisionError", 9))
    for name in ("child", "grandchild"):
        equal((states[name].error.type, states[name].error.cell), ("ancestor", 0))
        assert "bad" in states[name].error.message
        equal(states[name].runs, 0)


def test_an_error_is_gone_when_its_cause_is():
    s = session(MO, "# made\nn = mo.ui.number(value=0)", "# bad\nx = 10 / n.value", "# child\nx")
    equal(cell(s, "child").status, "error")
    s.set(n=5)
    equal([cell(s, "bad").error, cell(s, "child").output], [None, 2.0])


def test_stop_ends_the_cell_with_an_output_and_what_depends_on_it():
    s = session(
        MO, "# made\ngo = mo.ui.switch()",
        "# gate\nbefore = 1\nmo.stop(not go.value, 'wait')\nafter = 2",
        "# uses_before\nbefore", "# uses_after\nafter", "# apart\n3",
    )  # fmt: skip
    equal([(n, cell(s, n).status) for n in ("gate", "uses_before", "uses_after", "apart")],
          [("gate", "stopped"), ("uses_before", "stopped"), ("uses_after", "stopped"),
           ("apart", "idle")])  # fmt: skip
    equal(cell(s, "gate").output, "wait")
    equal(s["before"], 1)
    raises(KeyError, lambda: s["after"])
    s.set(go=True)
    equal([cell(s, n).output for n in ("gate", "uses_before", "uses_after")], [None, 1, 2])


def test_a_name_of_two_cells_is_an_error_of_both_and_others_run():
    s = session("# one\nrate = 1", "# two\nrate = 2", "# read\nrate", "# apart\n1")
    equal([cell(s, n).error.type for n in ("one", "two")], ["multiple-defs"] * 2)
    equal(cell(s, "read").error.name, "NameError")
    equal(cell(s, "apart").status, "idle")


def test_a_cycle_is_an_error_of_its_cells():
    s = session("# one\na = b", "# two\nb = a", "# read\na", "# apart\n1")
    equal([cell(s, n).error.type for n in ("one", "two")], ["cycle"] * 2)
    equal(cell(s, "read").error.name, "NameError")
    equal(cell(s, "apart").output, 1)


def test_a_syntax_error_is_its_own_cells_only():
    s = session("# bad\nx = = 1", "# fine\n1")
    equal((cell(s, "bad").status, cell(s, "bad").error.type), ("error", "syntax"))
    equal(cell(s, "fine").output, 1)


def test_a_disabled_cell_and_what_depends_on_it_do_not_run():
    text = source("# off\nx = 1\nx", "# read\nx", "# apart\n1")
    text = text.replace("@app.cell\ndef off", "@app.cell(disabled=True)\ndef off")
    s = Session("test.py", text)
    s.run()
    equal([cell(s, n).status for n in ("off", "read", "apart")], ["disabled", "disabled", "idle"])
    equal(cell(s, "off").output, None)


def test_print_is_kept_with_the_cell_and_bounded():
    s = session("# one\nprint('a', 1)\nprint('b', end='')", "# two\nprint('c')",
                "# many\nfor i in range(3000):\n    print('0123456789')")  # fmt: skip
    equal("".join(cell(s, "one").console), "a 1\nb")
    equal("".join(cell(s, "two").console), "c\n")
    text = "".join(cell(s, "many").console)
    assert len(text) < 9000 and "more was printed" in text


def test_a_name_that_a_notebook_gives_print_stays():
    s = session("print = lambda x: seen.append(x)", "seen = []", "# use\nprint(5)")
    equal(s["seen"], [5])
    equal(cell(s, "use").console, [])


def test_exit_ends_the_cell_only():
    s = session("# out\nimport sys\nsys.exit(3)", "# apart\n1")
    equal(cell(s, "out").error.name, "SystemExit")
    equal(cell(s, "apart").output, 1)


def test_private_names_are_each_cells_own():
    s = session(
        "# one\n_k = 2\ndef f():\n    return _k", "# two\n_k = 3\ndef g():\n    return [f(), _k]",
        "# use\ng()",
    )  # fmt: skip
    equal(cell(s, "use").output, [2, 3])


def test_output_can_be_set_while_the_cell_runs():
    s = session(
        MO, "# adds\nmo.output.append(1)\nmo.output.append(2)",
        "# replaced\nmo.output.append(1)\n3", "# cleared\nmo.output.append(1)\nmo.output.clear()",
        "# at\nmo.output.replace(1)\nmo.output.replace_at_index(4, 0)",
    )  # fmt: skip
    equal([cell(s, n).shown() for n in ("adds", "replaced", "cleared", "at")],
          [[1, 2], [3], [], [4]])  # fmt: skip


def test_sessions_do_not_share_values():
    one = session(MO, "s = mo.ui.slider(0, 9)\nbox = []", "# read\nbox.append(s.value)")
    two = session(MO, "s = mo.ui.slider(0, 9)", "# read\ns.value")
    one.set(s=3)
    equal(one["box"], [0, 3])
    equal(cell(two, "read").output, 0)
    equal(one["s"]._id, two["s"]._id)


def test_the_listener_hears_what_happens_in_order():
    heard = []
    s = Session("test.py", source("# a\nx = 1", "# b\nx"))
    s.kernel.listener = lambda event, state: heard.append((event, state and state.cell.name))
    s.run()
    equal(heard, [("queued", "a"), ("queued", "b"), ("running", "a"), ("done", "a"),
                  ("running", "b"), ("done", "b"), ("finished", None)])  # fmt: skip
