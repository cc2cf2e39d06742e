"""Uploads of the file manager: files of a multipart form, streamed to the filesystem."""

from . import log, setup_page, setup_paths
from .replace import Replacement
from .setup_files import Refused, claim, url


async def receive(request, path):
    """Store the files of the form in the directory ``path``; the answer.

    Each file is there, or replaced, once it has come whole; what was there of a file that does
    not come whole stays. Raises Refused, OSError.
    """
    from microdot.multipart import FormDataIter

    room = setup_paths.free_room()
    if room is not None and request.content_length > room:
        _too_long("%d bytes" % request.content_length, room)
    stored = []
    try:
        async for _, value in FormDataIter(request):
            if isinstance(value, str) or not value.filename:
                continue  # nothing was chosen
            await _store(value, path)
            stored.append(value.filename)
    except OSError as error:
        if error.errno != 28:
            raise
        after = ", ".join(stored)
        after = " Before that, %s was stored." % after if after else ""
        raise Refused(507, "There was no room for all of it; the rest is as it was." + after)
    if not stored:
        raise Refused(400, "Expected files, got none.")
    return setup_page.see_other(url(path, True))


async def _store(upload, directory):
    name = upload.filename
    setup_paths.check_new_name(name)
    path = setup_paths.checked(directory + "/" + name if directory else name)
    check_target(path)
    with claim(path), Replacement(setup_paths.full(path)) as file:
        await upload.save(_Room(file))
    log.info("stored /%s" % path)


def check_target(path):
    """Raise Refused where ``path`` cannot be written, new or in place of what is there."""
    if setup_paths.is_config(path) or setup_paths.is_secret(path):
        raise Refused(
            403, "/%s is changed on the configuration page, which checks it first." % path
        )
    kind = setup_paths.kind(path)
    if kind == "directory":
        raise Refused(409, "/%s is a directory." % path)
    if kind is None and not setup_paths.is_free(path):
        raise Refused(409, "/%s cannot be written: it is another name of something." % path)


def _too_long(got, room):
    raise Refused(
        413, "Expected at most %d bytes, which is the room that is left, got %s." % (room, got)
    )


class _Room:
    """The file under way; some room is left for what the device itself has to write."""

    def __init__(self, file):
        self._file = file
        self._unchecked = 0

    def write(self, data):
        self._unchecked -= len(data)
        if self._unchecked < 0:
            room = setup_paths.free_room()
            if room is not None:
                if room < len(data):
                    raise OSError(28, "no room")
                self._unchecked = room // 2
            else:
                self._unchecked = 65536
        self._file.write(data)
