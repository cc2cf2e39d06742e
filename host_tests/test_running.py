"""What waits for a site that runs in an image."""

import pytest

from firn_tools import running


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "START_TIMEOUT", 0.2)
    site = running.Site(tmp_path)
    site._console.append(b"hello from the board")
    return site


def test_a_connection_that_fails_is_tried_again(site):
    outcomes = [ConnectionResetError(), TimeoutError(), None, "up"]

    def condition():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert site.wait(condition, "an answer") == "up"


def test_a_wait_in_vain_tells_why_and_what_the_console_says(site):
    def condition():
        raise ConnectionRefusedError("nobody listens")

    with pytest.raises(AssertionError) as failure:
        site.wait(condition, "an answer")
    for part in ("expected an answer", "nobody listens", "hello from the board"):
        assert part in str(failure.value)


def test_what_a_condition_finds_wrong_ends_the_wait(site):
    def condition():
        raise AssertionError("the image ended")

    with pytest.raises(AssertionError, match=r"^the image ended$"):
        site.wait(condition, "an answer")
