"""The codebook as ATLAS.ti takes it in: code, comment, and a column for each group that a code is in.

A code below another is ``Access: Costs``; the sets of the study that hold codes are the groups. It knows no files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qdabridge.findings import Finding, Findings
from qdabridge.formats.exports.table_file import Row
from qdabridge.matrix.grid import CodebookEntry
from qdabridge.study.model import Project, same_guid

_BETWEEN = ": "


def rows_for_atlasti(
    project: Project, entries: Sequence[CodebookEntry]
) -> tuple[tuple[str, ...], list[Row], list[Finding]]:
    """Return headings and rows, and what ATLAS.ti will not have as it was."""
    groups = _groups(project)
    width = max((len(groups.get(same_guid(of.guid), ())) for of in entries), default=0)
    headings = ("Code", "Code Definition", *(f"Code Group {number}" for number in range(1, max(width, 1) + 1)))
    rows: list[Row] = []
    for of in entries:
        of_code = groups.get(same_guid(of.guid), [])
        rows.append((_BETWEEN.join(of.path), of.description, *of_code, *[""] * (len(headings) - 2 - len(of_code))))
    found = Findings()
    for finding in _not_carried(entries):
        found.add(finding)
    return headings, rows, found.all()


def _groups(project: Project) -> dict[str, list[str]]:
    """Return the names of the sets that each code is in, by the code's GUID."""
    groups: dict[str, list[str]] = {}
    for one in project.sets or ():
        for ref in one.member_codes:
            names = groups.setdefault(same_guid(ref.target_guid), [])
            if one.name and one.name not in names:
                names.append(one.name)
    return groups


def _not_carried(entries: Sequence[CodebookEntry]) -> Iterator[Finding]:
    flat: set[str] = set()
    for of in entries:
        name = _BETWEEN.join(of.path)
        if any(_BETWEEN in part for part in of.path):
            yield Finding(
                "CODEBOOK-COLON",
                "warning",
                "The name of a code has a colon, which ATLAS.ti has between a code and its sub-code.",
                name,
                "Give it a name without a colon and write the codebook again.",
            )
        if name in flat:
            yield Finding(
                "CODEBOOK-NAME-TWICE",
                "warning",
                "Two codes have one name in ATLAS.ti, which will make one code of them.",
                name,
                "Give them different names and write the codebook again.",
                kind="loss",
            )
        flat.add(name)
        if of.color:
            yield Finding("CODEBOOK-COLOR", "note", "The codebook for ATLAS.ti has no colours.", name, kind="loss")
        if not of.is_codable:
            yield Finding(
                "CODEBOOK-HEADING",
                "note",
                "The codebook for ATLAS.ti does not say of a code that it is a heading and not to be coded with.",
                name,
                kind="loss",
            )
