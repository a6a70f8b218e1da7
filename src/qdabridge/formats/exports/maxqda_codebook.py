"""The codebook as MAXQDA takes it in: ``Code`` and ``Memo``, a code below another as ``Access > Costs``.

Names are cut at 63 characters, as MAXQDA does when it takes them in, so that what it will make of them is seen before.
It knows no files. Source: MAXQDA help, codes and memos from an Excel table.
"""

from __future__ import annotations

from collections.abc import Sequence

from qdabridge.findings import Finding, Findings
from qdabridge.formats.exports.codebook_losses import said_of_colors, said_of_groups, said_of_headings
from qdabridge.formats.exports.table_file import Row
from qdabridge.matrix.grid import CodebookEntry
from qdabridge.study.model import Project

HEADINGS = ("Code", "Memo")
LONGEST_NAME = 63
"""In UTF-16 code units. The help says characters; of most names, both are the same."""

_CALLED = "The codebook for MAXQDA"
_BETWEEN = " > "
# The signs that part a code from those above it, and what is written where a name holds them.
_INSTEAD = str.maketrans({">": "›", "\\": "/"})


def rows_for_maxqda(
    project: Project, entries: Sequence[CodebookEntry]
) -> tuple[tuple[str, ...], list[Row], list[Finding]]:
    """Return headings and rows, and what MAXQDA will not have as it was."""
    found = Findings()
    rows: list[Row] = []
    taken: set[str] = set()
    for of in entries:
        path = _BETWEEN.join(map(_name, of.path))
        _say_of_name(of.path[-1], found)
        if path in taken:
            _say_of_two(path, found)
        taken.add(path)
        rows.append((path, of.description))
    for finding in (
        *said_of_colors(entries, _CALLED),
        *said_of_headings(entries, _CALLED),
        *said_of_groups(project, _CALLED),
    ):
        found.add(finding)
    return HEADINGS, rows, found.all()


def said_of_ending() -> Finding:
    """Return the finding for a table in another format than Excel's."""
    return Finding(
        "CODEBOOK-NOT-EXCEL",
        "note",
        "MAXQDA takes in codes from Excel workbooks alone.",
        hint="To import them there, write a file that ends in .xlsx.",
    )


def _name(name: str) -> str:
    """Return a name as MAXQDA will have it: on one line, without the signs between codes, and not too long."""
    return _cut(_plain(name))


def _plain(name: str) -> str:
    return " ".join(name.translate(_INSTEAD).split())


def _say_of_name(name: str, found: Findings) -> None:
    if any(sign in name for sign in (">", "\\")):
        found.add(
            Finding(
                "CODEBOOK-SIGN",
                "warning",
                "The name of a code has “>” or “\\”, which MAXQDA has between a code and its sub-code; “›” or “/” was "
                "written instead.",
                name,
                "Give it a name without these signs, if you do not want others there.",
            )
        )
    if _name(name) != _plain(name):
        found.add(
            Finding(
                "CODEBOOK-NAME-CUT",
                "warning",
                f"MAXQDA takes in the first {LONGEST_NAME} characters of the name of a code; the rest was cut off.",
                name,
                "Give it a shorter name and write the codebook again.",
                kind="loss",
            )
        )


def _cut(name: str) -> str:
    """Return as much of a name as MAXQDA takes, without half a character at its end."""
    units = name.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_NAME]
    return units.decode("utf-16-le", "ignore").rstrip()


def _say_of_two(path: str, found: Findings) -> None:
    found.add(
        Finding(
            "CODEBOOK-NAME-TWICE",
            "warning",
            "Two codes have one name in MAXQDA, which will make one code of them.",
            path,
            "Give them different names and write the codebook again.",
            kind="loss",
        )
    )
