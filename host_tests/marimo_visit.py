"""A page of the real marimo's server: what becomes of the cells, in the form of
notebook_outcomes.py."""

import json
import urllib.request

from bench.visit import Visit

_QUIET = 0.3  # seconds without a message after a run, in which a state may begin another one


class MarimoVisit(Visit):
    """``outcome()`` is to be called for the first run and after each ``press()``."""

    def __init__(self, port, name):
        super().__init__(port, "/%s/" % name, theirs=True, timeout=20)
        self.cells = {}

    def connect(self, query):
        """Open the connection; ``query``: what the page's address has after its "?"."""
        self.session += "&" + query
        super().connect()
        self.session = self.session.partition("&")[0]

    def outcome(self):
        """[indices of the cells in the order they ran, {index: [status, error, html]}]."""
        order = []
        is_over = False
        self._socket.settimeout(20)
        while True:
            try:
                message = self.receive()
            except TimeoutError:
                assert is_over, "expected a run to end"
                break
            data = message.get("data", message)
            if message["op"] == "completed-run":
                is_over = True
                self._socket.settimeout(_QUIET)
            elif message["op"] == "kernel-ready":
                self.ids = data["cell_ids"]
            elif message["op"] == "cell-op" and data["cell_id"] in self.ids:
                index = self.ids.index(data["cell_id"])
                self._note(index, data)
                if data.get("status") == "running":
                    order.append(index)
        return [order, {str(index): list(cell) for index, cell in self.cells.items()}]

    def _note(self, index, data):
        cell = self.cells.setdefault(index, ["idle", None, ""])
        cell[0] = data.get("status") or cell[0]
        output = data.get("output")
        if not output:
            return
        cell[1:] = None, ""
        if output["channel"] == "marimo-error":
            error = output["data"][0]
            cell[1] = [error["type"], error.get("exception_type")]
        else:
            cell[2] = output["data"] if output["mimetype"] != "text/plain" else ""

    def press(self, values):
        """Have elements ({id: wire value}) take values."""
        body = json.dumps({"objectIds": list(values), "values": list(values.values())})
        request = urllib.request.Request(
            "http://127.0.0.1:%d%sapi/kernel/set_ui_element_value" % (self.port, self.path),
            body.encode(),
            {"Content-Type": "application/json", "Marimo-Session-Id": self.session},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert json.load(answer) == {"success": True}
