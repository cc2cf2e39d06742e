"""marimo/graph.py: who depends on whom, and what cannot run."""

from expect import equal
from marimo.cell import Cell
from marimo.graph import Graph


def graph(*cells):
    """A Graph of cells "defs: refs"; "-name" is deleted; "setup" before is the setup cell."""
    made = []
    for index, text in enumerate(cells):
        cell = Cell("_")
        cell.index = index
        cell.line = 10 * index
        if text.startswith("setup "):
            cell.kind = "setup"
            text = text[6:]
        defs, refs = text.split(":")
        refs = refs.split()
        cell.defs = tuple(sorted(defs.split()))
        cell.refs = tuple(sorted([name.replace("-", "") for name in refs]))
        cell.deletes = tuple([name[1:] for name in refs if name[0] == "-"])
        made.append(cell)
    return Graph(made)


def order(*cells):
    return graph(*cells).order(range(len(cells)))


def test_the_order_is_that_of_the_file_where_nothing_else_decides():
    equal(order(":", ":", ":"), [0, 1, 2])
    equal(order("a:", "b: a", "c: b"), [0, 1, 2])


def test_what_a_cell_depends_on_runs_first():
    equal(order("c: b", "b: a", "a:"), [2, 1, 0])
    # As marimo has it: of the ready ones the first of the file, every time.
    equal(order(": mo total", "total: base extra", "extra: base", "u:", "base:", "mo:"),
          [3, 4, 2, 1, 5, 0])  # fmt: skip
    equal(order("a: c", "b:", "c:", "d: b"), [1, 2, 0, 3])


def test_setup_runs_first():
    equal(order(":", "a:", "setup b:", ": b"), [2, 0, 1, 3])


def test_a_subset_is_ordered_by_its_own_edges():
    equal(graph("c: b", "b: a", "a:").order([0, 2]), [0, 2])
    equal(graph("c: b", "b: a", "a:").order({0, 1}), [1, 0])
    equal(graph(":").order([]), [])


def test_parents_and_children_are_direct():
    found = graph("a:", "b: a", "c: b a", ": a a2")
    equal(found.parents, [(), (0,), (0, 1), (0,)])
    equal(found.children, [(1, 2, 3), (2,), (), ()])


def test_descendants_include_where_they_begin():
    found = graph("a:", "b: a", "c: b", ": c", "d:")
    equal(sorted(found.descendants([1])), [1, 2, 3])
    equal(sorted(found.descendants([0, 4])), [0, 1, 2, 3, 4])


def test_a_name_tells_who_defines_it():
    found = graph("a:", "b:", "b:")
    equal((found.defining("a"), found.defining("b"), found.defining("c")), ((0,), (1, 2), ()))


def test_who_deletes_a_name_runs_after_its_readers():
    found = graph("x:", ": -x", ": x")
    equal(found.order([0, 1, 2]), [0, 2, 1])
    equal(found.conflicts, {})


def test_names_with_several_definitions_are_conflicts():
    found = graph("a x:", "a b y:", "b:", "z: a", "w:")
    equal(sorted(found.conflicts), [0, 1, 2])
    error = found.conflicts[1]
    equal((error.type, error.names, error.cells), ("multiple-defs", ("a", "b"), (0, 1, 2)))
    equal(
        error.message, "'a' and 'b' are defined by more than one cell: line 0, line 10 and line 20"
    )
    equal(found.conflicts[0].message, "'a' is defined by more than one cell: line 0 and line 10")


def test_cells_on_a_cycle_are_conflicts_and_others_are_not():
    found = graph("a: b", "b: c", "c: a", "d: a", "e:", "b2: e")
    equal(sorted(found.conflicts), [0, 1, 2])
    error = found.conflicts[0]
    equal((error.type, error.names, error.cells), ("cycle", ("a", "b", "c"), (0, 1, 2)))
    equal(
        error.message,
        "cells depend on each other by 'a', 'b' and 'c': line 0, line 10 and line 20",
    )
    equal(sorted(found.order(range(6))), [0, 1, 2, 3, 4, 5])


def test_what_lies_between_cycles_is_on_none():
    found = graph("a: b", "b: a", "m: a", "c: d m", "d: c")
    equal(sorted(found.conflicts), [0, 1, 3, 4])
    equal(found.conflicts[3].names, ("c", "d"))


def test_a_cell_that_reads_what_it_writes_is_no_cycle():
    equal(graph("a: a").conflicts, {})


def test_large_graphs_are_ordered():
    count = 120
    cells = ["n%d:%s" % (i, " n%d" % (i + 1) if i < count - 1 else "") for i in range(count)]
    equal(order(*cells), list(range(count - 1, -1, -1)))
    cells[-1] += " n0"
    found = graph(*cells)
    equal(len(found.conflicts), count)
    assert "line 70 and 112 more" in found.conflicts[5].message
    equal(len(graph(*["i: x", ": i"] * 15).conflicts), 15)
