"""The codebook that ``qdabridge codebook`` writes in its own columns: path, name, level, description, colour, figures.

The level tells how many names there are in a path, so that a name may hold the sign between them.
"""

from __future__ import annotations

import re

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.pieces import CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile
from qdabridge.formats.spreadsheet.sheets.columns import Headed, headed, refuse_twice
from qdabridge.study.elements import PATH_SEPARATOR

_KNOWN = {name: (name,) for name in ("code", "name", "level", "description", "color", "sources", "references")}
_NEEDS = ("code", "name", "level", "description")
_COLOR = re.compile("#[0-9A-Fa-f]{6}")


def _recognises(file: TableFile) -> Seen:
    if any(headed(sheet, _KNOWN, _NEEDS) is not None for sheet in file.sheets):
        return Seen(0.96, f"the headings {', '.join(_NEEDS)}")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        table = headed(sheet, _KNOWN, _NEEDS)
        if table is not None:
            refuse_twice(table, file)
            _read_table(table, pieces)
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that holds no codebook was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


def _read_table(table: Headed, pieces: Pieces) -> None:
    paths: dict[str, CodePath] = {}
    records = list(table.records())
    for heading in table.others:
        if any(record.other(heading) not in (None, "") for record in records):
            pieces.lost("A column of the codebook was left out.", heading)
    if any(record.text(field) for record in records for field in ("sources", "references")):
        pieces.lost(
            "How many sources and passages are coded with each code is not carried; it is counted from the passages.",
            table.sheet.place(table.row),
        )
    for record in records:
        written, name = record.text("code"), record.text("name")
        path = _path(written, name, record.text("level"), paths)
        if not path:
            pieces.lost("A row without a code was left out.", record.at)
            continue
        paths.setdefault(written, path)
        color = record.text("color")
        pieces.codes.append(
            CodeRow(
                at=record.at,
                path=path,
                description=record.text("description"),
                color=color if _COLOR.fullmatch(color) else "",
            )
        )


def _path(written: str, name: str, level: str, paths: dict[str, CodePath]) -> CodePath:
    """Return the path of a code: its name below the code that is named before it, if that has a row."""
    names = tuple(filter(None, (part.strip() for part in written.split(PATH_SEPARATOR))))
    if not name or str(len(names)) == level:
        return names
    above = written.removesuffix(name).removesuffix(PATH_SEPARATOR)
    if written == name:
        return (name,)
    return (*paths[above], name) if above in paths else names


LAYOUT = Layout(
    name="qdabridge-codebook",
    title="codebook",
    program="qdabridge",
    looks_for=f"the headings {', '.join(_KNOWN)}",
    gives="codes with descriptions and colours",
    evidence="qdabridge codebook writes it",
    recognises=_recognises,
    read=_read,
)
