"""ATLAS.ti's list of codes: the column in which a code stands is its level, with a bullet before it and figures behind.

Seen in a real file: ``Code;;Magnitude Degree;Density;Groups;Number of Groups;Comment;Creation Date;Date Modified``, a
heading without words for each further level.
"""

from __future__ import annotations

from msgspec import Struct

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, beginning, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _atlasti as atlasti
from qdabridge.formats.spreadsheet.layouts._atlasti_words import CODE_LIST
from qdabridge.formats.spreadsheet.pieces import CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, Headed, Record, headed

_FIGURES = ("grounded", "density")
_MOST = 0.8
_LONGEST_NAME = 300


class _List(Struct, frozen=True):
    """A list of codes: the columns of the levels begin at the first, and there are as many as ``levels``."""

    table: Headed
    levels: int

    def level(self, record: Record) -> int | None:
        """Return the level on which the code of a row stands, from 0."""
        return next((at for at in range(self.levels) if text_of(_cell(record, at)).strip()), None)


def _recognises(file: TableFile) -> Seen:
    if atlasti.has_quotations(file):
        return NOTHING
    file = beginning(file)
    lists = [found for sheet in file.sheets if (found := _list_of(sheet)) is not None]
    for found in lists:
        if any(field in found.table.columns for field in _FIGURES):
            what = f"codes in the first {_columns(found.levels)} and figures of how they are used behind them"
            return Seen(0.92, what)
    if any("groups" in found.table.columns for found in lists):
        return Seen(0.72, "codes in the first column and the groups of codes")
    for sheet in file.sheets:
        found = _list_by_bullets(sheet)
        if found is not None:
            return Seen(0.65, f"codes with bullets in the first {_columns(found.levels)}")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        found = _list_of(sheet) or _list_by_bullets(sheet)
        if found is not None:
            _read_list(found, pieces)
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that is no list of codes was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


def _list_of(sheet: Sheet) -> _List | None:
    """Return the list below a heading that says Code, with the headings without words beside it as further levels."""
    table = headed(sheet, CODE_LIST, ["code"])
    if table is None or table.columns["code"] != 0:
        return None
    known = set(CODE_LIST) - {"code", "comment"}
    if not known & set(table.columns):
        return None
    row = sheet.rows[table.row]
    levels = 1
    while levels < len(row) and not text_of(row[levels]).strip():
        levels += 1
    found = _List(table, levels)
    return found if _has_names(found) else None


def _list_by_bullets(sheet: Sheet) -> _List | None:
    """Return the list in another language: bullets before the first words of nearly all rows, on any level."""
    for number, row in enumerate(sheet.rows[:WITHIN]):
        if not row or not text_of(row[0]).strip() or atlasti.has_bullet(row[0]) or len(row) < 2:
            continue
        below = [row for row in sheet.rows[number + 1 :] if row]
        first = [next((at for at, cell in enumerate(row) if text_of(cell).strip()), 0) for row in below]
        fitting = [at for at, row in zip(first, below, strict=True) if atlasti.has_bullet(row[at])]
        if not below or len(fitting) < _MOST * len(below):
            return None
        levels = max(fitting) + 1
        if any(text_of(cell).strip() for cell in row[1:levels]):
            return None
        others = {text_of(cell).strip(): at for at, cell in enumerate(row) if at >= levels and text_of(cell).strip()}
        return _List(Headed(sheet, number, {"code": 0}, others), levels)
    return None


def _has_names(found: _List) -> bool:
    names = [_cell(record, level) for record in found.table.records() if (level := found.level(record)) is not None]
    # A code may be called 2024, but not all of them are numbers.
    return any(isinstance(name, str) for name in names) and all(len(text_of(name)) <= _LONGEST_NAME for name in names)


def _read_list(found: _List, pieces: Pieces) -> None:
    records = list(found.table.records())
    _say_not_carried(found.table, records, pieces)
    above: list[str] = []
    for record in records:
        level = found.level(record)
        name = atlasti.code_name(_cell(record, level)) if level is not None else ""
        if level is None or not name:
            pieces.lost("A row without a code was left out.", record.at)
            continue
        if level > len(above):
            pieces.odd("A code stands more than one level below the one before it.", f"{record.at}: {name}")
        path = atlasti.path_of(name, pieces, record.at) if found.levels == 1 else (name,)
        above = [*above[:level], *path]
        count = record.text("group count")
        pieces.codes.append(
            CodeRow(
                at=record.at,
                path=tuple(above),
                description=record.text("comment"),
                groups=atlasti.groups_of(
                    record.cell("groups"), int(count) if count.isdecimal() and len(count) < 5 else None
                ),
            )
        )


def _say_not_carried(table: Headed, records: list[Record], pieces: Pieces) -> None:
    def heading(field: str) -> str:
        return text_of(table.sheet.at(table.row, table.columns[field])).strip()

    for field in _FIGURES:
        if field in table.columns:
            pieces.lost("How often a code is used or linked is a figure of ATLAS.ti's and not carried.", heading(field))
    for field in ("created", "modified", "coder", "editor"):
        if field in table.columns:
            pieces.lost("Who made or changed a code, and when, is not carried.", heading(field))
    for name in table.others:
        if any(record.other(name) not in (None, "") for record in records):
            pieces.lost("A column of the list of codes was left out.", name)


def _cell(record: Record, column: int) -> Cell:
    return record.cells[column] if column < len(record.cells) else None


def _columns(levels: int) -> str:
    return "column" if levels == 1 else f"{levels} columns"


LAYOUT = Layout(
    name="atlasti-code-list",
    title="list of codes",
    program="ATLAS.ti",
    looks_for="codes on their levels in the first columns, below the heading Code and before Density or Groundedness, "
    "or with bullets (●, ○) before them",
    gives="codes on their levels, with comments and code groups",
    evidence="a real file in English; headings in other languages by their words, or by the bullets",
    recognises=_recognises,
    read=_read,
)
