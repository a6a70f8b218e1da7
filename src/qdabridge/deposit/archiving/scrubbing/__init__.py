"""Takes out of a study what betrays the people who made it: paths of their machines, names of coders, marks in files.

What is said in texts stays; names there are the part of pseudonymising, and are told. So is everything taken out.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

from qdabridge.deposit.archiving.scrubbing.model import form_without_paths, without_paths_and_names
from qdabridge.deposit.archiving.scrubbing.names_left import tell_names_left
from qdabridge.deposit.archiving.scrubbing.office import without_authors
from qdabridge.deposit.archiving.scrubbing.pdf import without_properties
from qdabridge.deposit.archiving.scrubbing.pictures import jpeg_without_marks, png_without_marks
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.media import Gauge, available
from qdabridge.study.files import Entry
from qdabridge.study.study import Study

__all__ = ["scrubbed"]

_Scrub = Callable[[bytes], bytes | None]

_LARGEST = 200_000_000
"""Documents and pictures are scrubbed in memory; nothing larger is one."""

_BY_MARK: tuple[tuple[bytes, str, _Scrub], ...] = (
    (b"\xff\xd8\xff", "Where and with which camera a picture was taken was taken out of it.", jpeg_without_marks),
    (b"\x89PNG\r\n\x1a\n", "What a picture says of its making was taken out of it.", png_without_marks),
    (b"PK\x03\x04", "The names of authors were taken out of an Office document.", without_authors),
    (b"%PDF-", "The author and other properties were taken out of a PDF.", without_properties),
)
_MAY_TELL = (b"\xd0\xcf\x11\xe0", b"{\\rtf", b"ID3", b"RIFF", b"II*\0", b"MM\0*", b"GIF8", b"OggS", b"fLaC", b"FORM")
_RECORDINGS = (b"ID3", b"RIFF", b"OggS", b"fLaC", b"FORM")
_BOXES = b"ftyp"


def scrubbed(study: Study) -> tuple[Study, list[Finding]]:
    """Return a study without what betrays its makers, and what was taken out; the first is not changed.

    Files that are not touched are read from the first study, so close that one last.
    """
    found = Findings()
    project = without_paths_and_names(study.project, found)
    tell_names_left(study, project.users or (), found)
    form = None if study.form is None else form_without_paths(study.form, found)
    files = study.files.changed({})
    gauge = Gauge()
    for name in study.files:
        changed = _changed(name, study.files.entry(name), gauge, found)
        if changed is not None:
            files.put(name, changed)
    return Study(project, files, study.findings, form), found.all()


class _Scrubbed:
    """A file without its marks, made anew whenever it is read: a thousand photographs are never in memory together."""

    def __init__(self, entry: Entry, scrub: _Scrub, size: int) -> None:
        self._entry = entry
        self._scrub = scrub
        self._size = size

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    def open(self) -> BinaryIO:
        """Open for reading."""
        with self._entry.open() as stream:
            data = stream.read()
        return io.BytesIO(self._scrub(data) or data)


def _changed(name: str, entry: Entry, gauge: Gauge, found: Findings) -> Entry | None:
    """Return a file without its marks; ``None`` where there are none or they stay, which is said."""
    with entry.open() as stream:
        head = stream.read(16)
    for mark, sentence, scrub in _BY_MARK:
        if not head.startswith(mark):
            continue
        if entry.size > _LARGEST:
            break
        with entry.open() as stream:
            data = stream.read()
        try:
            changed = scrub(data)
        except CannotRead as error:
            found.add(_stays(name, error.what))
            return None
        if changed is None or changed == data:
            return None
        found.add(Finding("SCRUBBED-FILE", "note", sentence, name, kind="mended"))
        return _Scrubbed(entry, scrub, len(changed))
    if head.startswith(_MAY_TELL) or head[4:8] == _BOXES or any(head.startswith(each[0]) for each in _BY_MARK):
        found.add(_stays(name + _tags_of(head, entry, gauge), "Files of this kind are left as they are."))
    return None


def _tags_of(head: bytes, entry: Entry, gauge: Gauge) -> str:
    """Return which tags a recording has, as a note behind its name; not what they say, for this becomes a file, too."""
    if not available() or not (head.startswith(_RECORDINGS) or head[4:8] == _BOXES):
        return ""
    tags = gauge.tags(entry)
    return f" (has {', '.join(tags)})" if isinstance(tags, tuple) and tags else ""


def _stays(name: str, why: str) -> Finding:
    return Finding(
        "SCRUB-NOT-DONE",
        "warning",
        f"A file may say who made it, and where. {why}",
        name,
        "Look at its properties yourself, or save it anew without them.",
    )
