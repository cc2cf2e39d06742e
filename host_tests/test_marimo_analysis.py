"""Our analysis of cells and that of the real marimo, which must agree."""

import sys
from pathlib import Path

import pytest
import real_marimo
import test_names

from marimo import notebook

if sys.version_info < (3, 10):
    pytest.skip("marimo needs Python 3.10", allow_module_level=True)

_NOTEBOOKS = sorted((Path(__file__).parent / "notebooks").glob("*.py"))

_CELLS = """
from marimo._ast.compiler import compile_cell
answer = []
for code in given:
    try:
        cell = compile_cell(code, cell_id="Hbol")
    except SyntaxError:
        answer.append(None)
    else:
        answer.append([sorted(cell.defs), sorted(cell.refs)])
"""

_FILES = """
from marimo._ast.app import InternalApp
from marimo._ast.load import load_app
answer = []
for path in given:
    app = InternalApp(load_app(path))
    data = list(app.cell_manager.cell_data())
    ids = [cell.cell_id for cell in data]
    found = []
    for each in data:
        cell = each.cell._cell if each.cell else None
        found.append({
            "id": each.cell_id, "name": each.name, "code": each.code,
            "disabled": each.config.disabled, "hide_code": each.config.hide_code,
            "names": cell and [sorted(cell.defs), sorted(cell.refs)],
        })
    try:
        graph = app.graph
    except Exception:  # there are cells that are no Python
        from marimo._runtime.dataflow import DirectedGraph
        graph = DirectedGraph()
        for each in data:
            if each.cell:
                graph.register_cell(each.cell_id, each.cell._cell)
    def numbers(cells):
        return sorted(ids.index(cell) for cell in cells)
    order = None
    if not graph.cycles and not graph.get_multiply_defined():
        from marimo._runtime.dataflow import topological_sort
        order = [ids.index(n) for n in topological_sort(graph, list(graph.cells))]
    answer.append({
        "cells": found, "order": order,
        "parents": [numbers(graph.parents.get(n, ())) for n in ids],
        "multiple": sorted(graph.get_multiply_defined()),
        "cycles": numbers({n for cycle in graph.cycles for edge in cycle for n in edge[:2]}),
        "width": app.config.width, "title": app.config.app_title,
    })
"""


@pytest.mark.timeout(600)  # the first time, it is installed
def test_names_of_cells_agree():
    cases = [*test_names.CASES, *test_names.MATCHES]
    given = real_marimo.run(_CELLS, [case[0] for case in cases])
    differences = []
    for (code, defs, refs), theirs in zip(cases, given):
        if theirs != [defs.split(), sorted(refs.split())]:
            differences.append((code, (defs, refs), theirs))
    assert differences == []


def test_the_differences_that_are_meant_are_still_there():
    given = real_marimo.run(_CELLS, [case[0] for case in test_names.PYTHONS])
    for (code, defs, refs), theirs in zip(test_names.PYTHONS, given):
        assert theirs != [defs.split(), refs.split()], code


def test_ids_agree():
    text = "import marimo\napp = marimo.App()\n" + "@app.cell\ndef _():\n    1\n" * 64
    program = "import random, string\nr = random.Random(42)\n"
    program += "answer = [''.join(r.choices(string.ascii_letters, k=4)) for _ in range(given)]"
    assert [cell.id for cell in notebook.parse(text).cells] == real_marimo.run(program, 64)


@pytest.fixture(scope="module")
def theirs():
    given = real_marimo.run(_FILES, [str(file) for file in _NOTEBOOKS])
    return {file.name: found for file, found in zip(_NOTEBOOKS, given)}


@pytest.mark.parametrize("file", _NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_agree(file, theirs):
    found = theirs[file.name]
    ours = notebook.load(str(file))
    assert ours.options.get("width", "compact") == found["width"]
    assert ours.options.get("app_title") == found["title"]
    assert len(ours.cells) == len(found["cells"])
    defined = {name for cell in ours.cells for name in cell.defs}
    for cell, other in zip(ours.cells, found["cells"]):
        what = (file.name, cell)
        assert (cell.id, cell.name) == (other["id"], other["name"].lstrip("*")), what
        assert cell.code == other["code"], what
        assert (cell.disabled, cell.hide_code) == (other["disabled"], other["hide_code"]), what
        assert (cell.error is None) == (other["names"] is not None), what
        if other["names"]:
            defs, refs = other["names"]
            refs = [n for n in refs if n in defined or not notebook.is_builtin(n)]
            assert (list(cell.defs), list(cell.refs)) == (defs, refs), what
    graph = ours.graph()
    assert [list(parents) for parents in graph.parents] == found["parents"]
    multiple = {n for e in graph.conflicts.values() if e.type == "multiple-defs" for n in e.names}
    assert sorted(multiple) == found["multiple"]
    cycles = [index for index, e in graph.conflicts.items() if e.type == "cycle"]
    assert sorted(cycles) == found["cycles"]
    if found["order"] is not None:
        runs = [index for index, cell in enumerate(ours.cells) if cell.error is None]
        assert graph.order(runs) == found["order"]
