"""What a codebook in the columns of a program cannot hold, told for those layouts that do not hold it.

It knows codes and the names of programs, and no columns.
"""

from __future__ import annotations

from collections.abc import Iterable

from qdabridge.findings import Finding
from qdabridge.matrix.grid import CodebookEntry
from qdabridge.study.lookup import PATH_SEPARATOR
from qdabridge.study.model import Project


def said_of_colors(entries: Iterable[CodebookEntry], called: str) -> list[Finding]:
    """Return a finding for each code that has a colour; ``called`` is the codebook: ``The codebook for NVivo``."""
    return [
        Finding("CODEBOOK-COLOR", "note", f"{called} has no colours.", PATH_SEPARATOR.join(of.path), kind="loss")
        for of in entries
        if of.color
    ]


def said_of_headings(entries: Iterable[CodebookEntry], called: str) -> list[Finding]:
    """Return a finding for each code that nothing is to be coded with."""
    return [
        Finding(
            "CODEBOOK-HEADING",
            "note",
            f"{called} does not say of a code that it is a heading and not to be coded with.",
            PATH_SEPARATOR.join(of.path),
            kind="loss",
        )
        for of in entries
        if not of.is_codable
    ]


def said_of_groups(project: Project, called: str) -> list[Finding]:
    """Return a finding for each set that has codes in it."""
    return [
        Finding("CODEBOOK-GROUPS", "note", f"{called} has no sets of codes.", one.name or "", kind="loss")
        for one in project.sets or ()
        if one.member_codes
    ]
