"""Runs the examples of docs/sse.md."""

import asyncio

import pytest
from doc_examples import check_page, check_text
from listener import Listener


def show(app, path, headers=None, meanwhile=None):
    async def run():
        listener = Listener()
        response = await listener.ask(app, headers=headers, target=path)
        if meanwhile:
            other = asyncio.create_task(meanwhile)
        if response.is_whole:
            print(response.body.decode())
        else:
            print((await listener.rest()).decode(), end="")
        if meanwhile:
            await other

    asyncio.run(run())


def test_examples_print_what_the_page_shows():
    check_page("sse.md", show=show)


@pytest.mark.parametrize("text", [
    "```python\nprint(1)\n```\n```text output\n2\n```\n",
    "```text output\n2\n```\n",
    "```python\nprint(1)\n```\n",
    "no examples",
])  # fmt: skip
def test_a_wrong_example_is_noticed(text):
    with pytest.raises(AssertionError):
        check_text(text, {})
