"""Plain JSON: ``study.json`` with the texts in it, and a folder ``study.files`` beside it for all other files.

For people with Python or R, and for moving a study without losing anything: what is read from a .qdpx and written here
can be written as the same .qdpx again. The file is described by ``schemas/study.schema.json`` and in ``docs/json.md``.
"""

from __future__ import annotations

from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.study import Study

NAME = "json"
SUFFIXES: tuple[str, ...] = (".json",)


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a file is JSON, by the first bytes or, where they say nothing else, by its suffix."""
    if b'"qdabridge-study"' in head:
        return True
    return path.suffix.lower() in SUFFIXES and not head.startswith((b"PK", b"<", b"\xef\xbb\xbf<"))


def read(path: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Study:
    """Read a study from JSON and from the folder beside it.

    Args:
        path: the .json file.
        media: a folder in which media outside the study may be looked for.
        limits: how large it may be.

    Raises:
        CannotRead: it is no JSON, no study, or something in it is wrong; the message says where.
    """
    from qdabridge.formats.json.reader import read_json

    return read_json(path, media=media, limits=limits)


def write(
    study: Study, path: Path, profile: str = "standard", *, overwrite: bool = False, quotes: bool = False
) -> list[Finding]:
    """Write a study as JSON, and its files, other than the texts, into a folder beside it.

    Args:
        study: what to write; it is not changed.
        path: the .json file.
        profile: makes no difference, JSON keeps the study as it is.
        overwrite: whether a file and folder that exist may be replaced.
        quotes: whether each selection of text shows the passage too, as ``quote``; reading ignores it.

    Raises:
        TargetExists: the file or the folder exists.
        CannotWrite: the disk is full or read-only, or the folder is missing.
    """
    from qdabridge.formats.json.writer import write_json

    return write_json(study, path, overwrite=overwrite, quotes=quotes)[0]
