"""``firn push``: a site's folder checked, what changed of it sent, and the site seen to answer."""

from pathlib import Path

from . import check, files_on_device, site_folder, site_start
from .device import Device, DeviceError, Gone
from .errors import Failure
from .progress import Step, Transfer, count, say, size_text

CONFIG = "config.json"
_MARGIN = 2  # blocks that a filesystem takes for itself while a file is replaced


class Plan:
    """What a push does: ``send`` and ``delete``, relative paths in that order, and why."""

    def __init__(self, send, delete, replaced, unchanged, folders=()):
        self.send = send  # {relative path: Path}
        self.delete = delete  # [relative path]
        self.replaced = replaced  # {relative path: size} of the device's files that go
        self.unchanged = unchanged  # how many files are the same on both sides
        self.folders = folders  # those that --delete may leave empty, innermost first
        self.sizes = {name: path.stat().st_size for name, path in send.items()}

    @property
    def total(self):
        """Bytes to send."""
        return sum(self.sizes.values())

    def lines(self):
        """The plan in words, a line each."""
        for name in self.send:
            verb = "replace" if name in self.replaced else "send"
            yield "%-8s%s (%d bytes)" % (verb, name, self.sizes[name])
        for name in self.delete:
            yield "delete  %s" % name


def run(folder, port, delete=False, dry_run=False, url=None):
    """Push ``folder`` (path) to the device at ``port`` (str); the exit status.

    ``delete``: remove what the folder no longer has; ``dry_run``: only say what would be done;
    ``url``: where to ask whether the site answers, instead of at the device's own address.
    """
    folder = Path(folder)
    if not check.passes(folder, "nothing was sent"):
        return 1
    rules = site_folder.Rules(folder)
    if not rules.files():
        raise Failure("%s: expected a folder with a site, got one without files for it" % folder)
    with Device(port, fresh=True) as device:
        device.require_firn()
        plan = compare(device, rules, delete)
        if dry_run:
            for line in plan.lines():
                print(line)
            say("%s; nothing was sent" % _summary(plan))
            return 0
        require_room(plan, *files_on_device.room(device)[:2])
        send(device, plan)
        address = device.lines("address()")[0]
        return site_start.start(device, address, url)


def compare(device, rules, delete=False):
    """The Plan that makes the device's files those of ``rules.files()``.

    A file of the same size is compared by the digest that the device computes.
    """
    wanted = rules.files()
    with Step("comparing") as step:
        there, folders = files_on_device.tree(device)
        there = {path.lstrip("/"): size for path, size in there.items()}
        every = set(there)
        if site_folder.is_bundle(there):
            wanted = site_folder.on_bundle(wanted)
            there = site_folder.without_packages(there)
        send, unchanged = {}, 0
        for number, (name, path) in enumerate(wanted.items()):
            step.update(number / len(wanted), name)
            same = there.get(name) == path.stat().st_size and (
                files_on_device.digest(device, "/" + name) == site_folder.digest(path)
            )
            if same:
                unchanged += 1
            else:
                send[name] = path
    gone, empty = [], []
    if delete:
        gone = [
            name
            for name in there
            if not (name in wanted or rules.is_own(name) or rules.is_ignored(name))
        ]
        kept = set(wanted) | (every - set(gone))
        folders = [path.lstrip("/") for path in folders]
        empty = [f for f in folders if not any(name.startswith(f + "/") for name in kept)]
        empty = [f for f in empty if not (rules.is_ignored(f) or rules.is_own(f))]
    replaced = {name: there[name] for name in send if name in there}
    return Plan(send, gone, replaced, unchanged, sorted(empty, reverse=True))


def _summary(plan):
    parts = []
    if plan.send:
        parts.append("%s to send (%s)" % (count(len(plan.send), "file"), size_text(plan.total)))
    if plan.delete:
        parts.append("%s to delete" % count(len(plan.delete), "file"))
    parts.append("%s unchanged" % count(plan.unchanged, "file"))
    return ", ".join(parts)


def require_room(plan, block, free):
    """Failure unless ``free`` bytes in blocks of ``block`` suffice for every step of ``plan``.

    The old file stays until the new one is whole, so both need room for that long.
    """

    def blocks(size):
        return max(1, -(-size // block))

    left = free // block - _MARGIN
    for name, size in plan.sizes.items():
        if blocks(size) > left:
            raise Failure(
                "%s: %s needs %s, and at that point %s would be free; delete files on the device"
                " (firn ls, firn rm, firn push --delete after a smaller push); nothing was sent"
                % (plan.send[name], name, size_text(size), size_text(max(0, left) * block))
            )
        left -= blocks(size)
        # The old configuration is kept beside the new one; others make room.
        if name in plan.replaced and name != CONFIG:
            left += blocks(plan.replaced[name])


def send(device, plan):
    """Send and delete what ``plan`` says; Failure or KeyboardInterrupt says what was done."""
    done = []
    try:
        if plan.send:
            _send_files(device, plan, done)
        for name in plan.delete:
            files_on_device.remove(device, "/" + name)
            done.append(name)
        for name in plan.folders:
            _remove_folder(device, name)
    except Gone as error:
        raise Failure("%s; %s" % (error, _done(plan, done)))
    except DeviceError as error:
        at = next(name for name in [*plan.send, *plan.delete] if name not in done)
        raise Failure("%s: the device says: %s; %s" % (at, error, _done(plan, done)))
    except KeyboardInterrupt:
        say(_done(plan, done))
        raise
    say(_summary(plan).replace(" to send", " sent").replace(" to delete", " deleted"))


def _done(plan, done):
    sent = [name for name in plan.send if name in done]
    text = "%d of %d files were sent" % (len(sent), len(plan.send))
    if sent:
        text += " (%s)" % ", ".join(sent[:8] + ["..."] * (len(sent) > 8))
    return text + ", each whole; the others are as they were; push again for the rest"


def _send_files(device, plan, done):
    label = "sending %s to %s" % (count(len(plan.send), "file"), device.port)
    with Step(label) as step:
        transfer = Transfer(step, plan.total, len(plan.send))
        for name, path in plan.send.items():
            transfer.begin(name)
            content = path.read_bytes()
            files_on_device.put(device, "/" + name, content, name == CONFIG, transfer.at)
            transfer.end(len(content))
            done.append(name)
    transfer.report()


def _remove_folder(device, name):
    try:
        files_on_device.remove(device, "/" + name)
    except DeviceError:
        pass  # it has something in it that stays
