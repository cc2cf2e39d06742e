"""What a whole idle site takes of the heap of a board, the setup page included."""

import json

import pytest

pytestmark = [pytest.mark.image, pytest.mark.timeout(180)]

_MOST = 60 * 1024  # bytes
_HANDLER = """\
import gc

from firn import status


def used(request):
    gc.collect()
    return {"used": status.values()["heap_used"]}
"""
_CONFIG = {
    "static": [{"path": "/", "directory": "www"}],
    "routes": [{"path": "/used", "handler": "heap:used"}],
    "log": {"file": "firn.log"},
}


def used(site):
    return json.loads(site.get("/used").text)["used"]


def test_a_site_with_its_setup_page_leaves_a_board_most_of_its_heap(boot, tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("home")
    (tmp_path / "heap.py").write_text(_HANDLER)
    (tmp_path / "config.json").write_text(json.dumps(_CONFIG))
    with boot("qemu", tmp_path) as site:
        assert used(site) <= _MOST
        assert site.get("/_firn/login").status == 200
        assert site.get("/_firn/assets/setup.css").status == 200
        assert used(site) <= _MOST
