"""README and docs/: commands that exist, valid configurations, links that lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from firn import config
from firn_tools import cli
from targets import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# The pages that have tests of their own, which look at what the examples do.
OWN_TESTS = {
    path.stem[10:].replace("_", mark) + ".md"
    for path in Path(__file__).parent.glob("test_docs_*.py")
    for mark in "_-"
}


def blocks(page, language):
    return re.findall(r"(?ms)^```%s\n(.*?)^```$" % language, page.read_text())


def commands():
    for page in PAGES:
        for block in blocks(page, "sh"):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                if words and words[0] in ("firn", ".venv/bin/firn"):
                    yield pytest.param(words[1:], id="%s: %s" % (page.name, line.strip()))


@pytest.mark.parametrize("words", list(commands()))
def test_firn_commands_in_the_pages_exist(words):
    assert cli.parser().parse_args(words).run


def configurations():
    for page in PAGES:
        for number, block in enumerate(blocks(page, "json")):
            yield pytest.param(block, id="%s-%d" % (page.name, number))


@pytest.mark.parametrize("text", list(configurations()))
def test_configurations_in_the_pages_are_valid(text):
    assert config.check(text).problems == []


def python_examples():
    for page in PAGES:
        if page.name in OWN_TESTS:
            continue
        for number, block in enumerate(blocks(page, "python")):
            if "serve()" not in block:
                yield pytest.param(block, id="%s-%d" % (page.name, number))


@pytest.mark.parametrize("text", list(python_examples()))
def test_python_examples_in_the_pages_run(text):
    exec(compile(text, "example", "exec"), {"__name__": "example"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_make_target_in_readme_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?m)^make (\w+)", (ROOT / "README.md").read_text()):
        assert re.search(r"(?m)^%s:" % target, makefile), target


def test_readme_shows_every_board():
    readme = (ROOT / "README.md").read_text()
    for folder in (ROOT / "boards").iterdir():
        assert "| %s |" % folder.name in readme
