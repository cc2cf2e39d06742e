"""The examples of docs/safety.md, together a site in an image."""

import json
import re

import pytest

from targets import ROOT

PAGE = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.image


def example(name):
    (found,) = re.findall(r"(?ms)^```%s\n(.*?)^```$" % re.escape(name), PAGE)
    return found


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_the_examples_make_a_site_that_tells_its_state(boot, tmp_path, target):
    config = json.loads(example("json"))
    config["routes"] = [{"path": "/state", "handler": "handlers:state"}]
    (tmp_path / "config.json").write_text(json.dumps(config))
    for name in ("boot.py", "handlers.py"):
        (tmp_path / name).write_text(example("python " + name))
    (tmp_path / "www").mkdir()
    with boot(target, tmp_path) as site:
        values = json.loads(site.get("/state").text)
        if target == "qemu":
            code = "from firn import safety, trial; print(safety.GOOD_AFTER, trial.SECONDS)"
            assert site.mpremote("exec", code).strip() == "120 300"
    assert "failed" not in site.console
    assert (values["mode"], values["failed_boots"], values["last_crash"]) == ("normal", 0, None)
    for name in values:
        assert "`%s`" % name in PAGE
