"""REFI-QDA: projects (.qdpx, .qde) and codebooks (.qdc), versions 1.0 to 1.5 of the standard."""

from __future__ import annotations

from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.study import Study
from qdabridge.study.text import Counting

NAME = "REFI-QDA"
SUFFIXES = (".qdpx", ".qde", ".qdc")


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a file may be REFI-QDA, by its first bytes."""
    from qdabridge.formats.refi.package import looks_like_xml

    return head.startswith(b"PK") or looks_like_xml(head)


def read(
    path: Path, *, media: Path | None = None, positions: Counting | None = None, limits: Limits = DEFAULT
) -> Study:
    """Read a study; see ``reading.read``."""
    from qdabridge.formats.refi import reading

    return reading.read(path, media=media, positions=positions, limits=limits)


def write(study: Study, path: Path, profile: str = "standard", *, overwrite: bool = False) -> list[Finding]:
    """Write a study; see ``writing.write``."""
    from qdabridge.formats.refi import writing

    return writing.write(study, path, profile, overwrite=overwrite)


def losses(study: Study, profile: str = "standard", *, suffix: str = ".qdpx") -> list[Finding]:
    """Say what would be lost; see ``writing.losses``."""
    from qdabridge.formats.refi import writing

    return writing.losses(study, profile, suffix=suffix)
