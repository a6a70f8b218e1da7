"""Taguette's codebook: a row for each tag with its description and how often it is used.

Evidence: Taguette's source code. What it takes in needs no more than a column called tag, name or path, and perhaps a
description; some versions name the tag above, and some the number of documents.
"""

from __future__ import annotations

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _taguette as taguette
from qdabridge.formats.spreadsheet.pieces import CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile
from qdabridge.formats.spreadsheet.sheets.columns import Headed, headed, refuse_twice

_KNOWN = {
    "tag": {"tag"},
    "name": {"name"},
    "path": {"path"},
    "parent": {"parent"},
    "description": {"description"},
    "highlights": {"number of highlights"},
    "documents": {"number of documents"},
}
_NAMES = ("tag", "path", "name")
_FIGURES = ("highlights", "documents")


def _recognises(file: TableFile) -> Seen:
    table = _table(file)
    if table is None:
        return NOTHING
    columns = table.columns
    if _name_of(table) == "tag" and ("description" in columns or "highlights" in columns):
        sure = "highlights" in columns
        return Seen(0.95 if sure else 0.78, f"the headings tag and {'number of highlights' if sure else 'description'}")
    if "description" in columns and not table.others and len(columns) == 2:
        return Seen(0.55, f"the headings {_name_of(table)} and description, and no other")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    table = _table(file)
    if table is None:
        raise does_not_fit(LAYOUT, file)
    refuse_twice(table, file)
    name = _name_of(table)
    pieces = Pieces()
    for sheet in file.sheets:
        if sheet is not table.sheet and sheet.rows:
            pieces.lost("A sheet that is no codebook was left out.", sheet.name)
    records = list(table.records())
    if any(field in table.columns for field in _FIGURES):
        pieces.lost("How often a tag is used is not carried.", "number of highlights")
    ignored = [*table.others, *(each for each in _NAMES if each != name and each in table.columns)]
    for heading in ignored:
        pieces.lost("A column of the codebook was left out.", heading)
    for record in records:
        path = taguette.path_of(record.text(name), pieces, record.at, record.text("parent"))
        if path:
            pieces.codes.append(CodeRow(at=record.at, path=path, description=record.text("description")))
        else:
            pieces.lost("A row without a tag was left out.", record.at)
    return pieces


def _table(file: TableFile) -> Headed | None:
    for sheet in file.sheets:
        for name in _NAMES:
            # Of a table of highlights, tag is a column too, but it has no description.
            if (table := headed(sheet, _KNOWN, [name])) is not None and {"description", *_FIGURES} & set(table.columns):
                return table
    return None


def _name_of(table: Headed) -> str:
    return next(name for name in _NAMES if name in table.columns)


LAYOUT = Layout(
    name="taguette-codebook",
    title="codebook",
    program="Taguette",
    looks_for="the headings tag and description or number of highlights; name and description alone, too",
    gives="codes with descriptions",
    evidence="Taguette's source code, which writes CSV and Excel and reads CSV",
    recognises=_recognises,
    read=_read,
)
