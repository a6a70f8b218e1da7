"""A deposit that an archive kept, read as the study it was made of. What else lies in it, other rooms know."""

from __future__ import annotations

from pathlib import Path

from qdabridge.errors import CannotRead
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.study import Study

NAME = "deposit"
SUFFIXES: tuple[str, ...] = ()

_STUDY = Path("data") / "study.json"


def is_deposit(path: Path) -> bool:
    """Tell whether a path is the folder of a deposit."""
    return path.is_dir() and (path / "bagit.txt").is_file()


def study_in(folder: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Study:
    """Read the study in a deposit, its files from the folder of its sources.

    Raises:
        CannotRead: the study is not there, or cannot be read.
        TooLarge: it is beyond the limits.
    """
    from qdabridge.formats.json.reader import read_json

    found = folder / _STUDY
    if not found.is_file():
        raise CannotRead(
            "The deposit has no data/study.json, so no study can be made of it.",
            where=str(folder),
            todo="If it has a data/study.qdpx, name that.",
        )
    return read_json(found, media=media, limits=limits)


def read(path: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Study:
    """Read the study in a deposit; see ``study_in``."""
    return study_in(path, media=media, limits=limits)
