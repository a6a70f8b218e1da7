"""NVivo's classification sheet: the classification's name in the first cell, attributes beside it, cases below it.

It is what NVivo imports and, with counted rows and columns, what it exports. Seen in real files: any word in the first
cell, tabs after the last column, years as ``2002.0``. A sheet without counts is told from a matrix by its values: they
are short, and numbers, dates or words that come again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _nvivo as nvivo
from qdabridge.formats.spreadsheet.pieces import CaseRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, letters, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, folded, two_columns

_LONGEST_VALUE = 60
_LONGEST_NAME = 120
_VALUED = 0.5
_ONCE = 0.9
_ROWS_LOOKED_AT = 500
_OF_SOURCES = frozenset({"files", "internals", "externals", "sources", "dateien", "fichiers", "archivos", "arquivos"})
# fmt: off
_OVER_NAMES = frozenset({
    "case", "cases", "person", "people", "participant", "participants", "interviewee", "respondent", "fall",
    "teilnehmer", "participante", "caso", "cas", "uczestnik", "przypadek",
})
# fmt: on
_SIGN_OF_TEXT = re.compile(r"\A'(?=\s*[=+\-@\t\r])")


class _Table(Struct, frozen=True):
    """A sheet of values: the row of its headings, and column → attribute."""

    sheet: Sheet
    heading: int
    attributes: dict[int, str]
    is_counted: bool

    def rows(self) -> Iterator[int]:
        """Give the rows below the headings that have a name."""
        for number in range(self.heading + 1, len(self.sheet.rows)):
            if text_of(self.sheet.at(number, 0)).strip():
                yield number

    def column(self, at: int) -> list[Cell]:
        """Return the cells of an attribute that are not empty."""
        cells = (self.sheet.at(row, at) for row in self.rows())
        return [cell for cell in cells if text_of(cell).strip()]


def _recognises(file: TableFile) -> Seen:
    upper = [Sheet(sheet.name, sheet.rows[:_ROWS_LOOKED_AT], sheet.merged) for sheet in file.sheets]
    table = _first(upper)
    if table is None or not _all_short(table):
        return NOTHING
    names = [folded(text_of(table.sheet.at(row, 0))) for row in table.rows()]
    if len(set(names)) < _ONCE * len(names):
        # A case has one row. What comes again and again is a list of passages or the like.
        return NOTHING
    valued = [at for at in table.attributes if _is_of_values(table.column(at))]
    named = folded(text_of(table.sheet.at(table.heading, 0)))
    if table.is_counted:
        figures = all(nvivo.is_figure(cell) for at in table.attributes for cell in table.column(at))
        if figures or not valued:
            # Figures alone are what a matrix coding query has, words that never return are summaries.
            return NOTHING
        return Seen(0.75, "rows and columns that NVivo counted, and short values that come again")
    if not named or len(valued) < _VALUED * len(table.attributes):
        return Seen(0.2, "short values")
    score = 0.55 if named in _OVER_NAMES else 0.45
    return Seen(
        score, f"“{_first_cell(table)}” in the first cell, a name in each row, and short values that come again"
    )


def _read(file: TableFile) -> Pieces:
    table = _first(file.sheets)
    if table is None:
        raise does_not_fit(LAYOUT, file)
    _refuse_two_of_a_name(table, file)
    pieces = Pieces(attributes=list(table.attributes.values()))
    for sheet in file.sheets:
        if sheet is not table.sheet and sheet.rows:
            pieces.lost("NVivo takes the first sheet of a workbook; another sheet was left out.", sheet.name)
    if name := _first_cell(table):
        pieces.lost("A study has no classifications; the name of this one is not carried.",
                    f"{table.sheet.place(table.heading, 0)}: {name}")  # fmt: skip
    is_text = file.kind == "text"
    names = _names(table, is_text, pieces)
    for row, (folders, name) in names.items():
        values = dict(_values(table, row, is_text, pieces))
        at = table.sheet.place(row)
        if folders and folded(folders[0]) in _OF_SOURCES:
            pieces.sources.append(SourceRow(at=at, name=name, folder="\\\\".join(folders[1:]), values=values))
        else:
            pieces.cases.append(CaseRow(at=at, name=name, values=values))
    _say_what_is_left(table, pieces)
    return pieces


def _names(table: _Table, is_text: bool, pieces: Pieces) -> dict[int, tuple[tuple[str, ...], str]]:
    """Return the folders and the name of the case or file in each row. The whole path tells two of one name apart."""
    written: dict[int, str] = {}
    for row in table.rows():
        name = nvivo.words_of(table.sheet.at(row, 0)).strip()
        name = nvivo.without_count(name) if table.is_counted else name
        written[row] = _SIGN_OF_TEXT.sub("", name) if is_text else name
    paths = {row: nvivo.split_path(name) for row, name in written.items()}
    leaves = {
        row: path[-1] if path and (folders or len(path) > 1) else written[row] for row, (folders, path) in paths.items()
    }
    doubled = nvivo.twice(leaves.values())
    names = {}
    for row, (folders, path) in paths.items():
        name = leaves[row]
        if written[row] != name:
            if name in doubled:
                name = "\\".join((*folders[1:], *path))
            pieces.lost("The folder that a case or file is in is told by its path, and is not carried with a case.",
                        f"{table.sheet.place(row, 0)}: {written[row]}")  # fmt: skip
        names[row] = folders, name
    return names


def _values(table: _Table, row: int, is_text: bool, pieces: Pieces) -> Iterator[tuple[str, Cell]]:
    """Give the values of a row: attribute and cell."""
    for at, attribute in table.attributes.items():
        cell = table.sheet.at(row, at)
        if isinstance(cell, str):
            cell = nvivo.words_of(cell)
            cell = _SIGN_OF_TEXT.sub("", cell) if is_text else cell
        if cell is None or cell == "":
            continue
        if nvivo.is_unassigned(cell):
            nvivo.say_unassigned(pieces, table.sheet.place(row, at))
        else:
            yield attribute, cell


def _say_what_is_left(table: _Table, pieces: Pieces) -> None:
    known = {0, *table.attributes}
    for number in range(table.heading + 1, len(table.sheet.rows)):
        row = table.sheet.rows[number]
        if row and not text_of(row[0]).strip():
            pieces.lost("A row without a name in its first column was left out.", table.sheet.place(number))
        elif any(text_of(cell).strip() for at, cell in enumerate(row) if at not in known):
            pieces.lost("A cell below no attribute was left out.", table.sheet.place(number))


# --- knowing one -----------------------------------------------------------------------------------------------------


def _first(sheets: list[Sheet]) -> _Table | None:
    """Return the first sheet that has names and attributes."""
    return next((table for sheet in sheets if (table := _table(sheet)) is not None), None)


def _table(sheet: Sheet) -> _Table | None:
    grid = nvivo.grid_of(sheet)
    if grid is not None:
        attributes = {column.number: column.name or f"Column {column.counted}" for column in grid.columns}
        return _Table(sheet, grid.heading, attributes | grid.others, is_counted=True)
    for number, row in enumerate(sheet.rows[:WITHIN]):
        attributes = {at: text_of(cell).strip() for at, cell in enumerate(row) if at and text_of(cell).strip()}
        if attributes:
            table = _Table(sheet, number, attributes, is_counted=False)
            return table if any(True for _ in table.rows()) else None
    return None


def _first_cell(table: _Table) -> str:
    return text_of(table.sheet.at(table.heading, 0)).strip()


def _all_short(table: _Table) -> bool:
    """Tell whether nothing in a table is a summary: names and values are short, and no heading stands over others."""
    cells = [cell for at in table.attributes for cell in table.column(at)]
    names = (text_of(table.sheet.at(row, 0)) for row in table.rows())
    return (
        bool(cells)
        and not table.sheet.merged
        and all(len(name) <= _LONGEST_NAME for name in names)
        and not any(isinstance(cell, str) and (len(cell) > _LONGEST_VALUE or "\n" in cell) for cell in cells)
    )


def _is_of_values(cells: list[Cell]) -> bool:
    """Tell whether a column holds numbers, dates, or words that come again."""
    if not cells:
        return False
    if all(isinstance(cell, bool | int | float | date) or nvivo.is_figure(cell) for cell in cells):
        return True
    return len({folded(text_of(cell)) for cell in cells}) < len(cells)


def _refuse_two_of_a_name(table: _Table, file: TableFile) -> None:
    at: dict[str, int] = {}
    for number, name in table.attributes.items():
        if folded(name) in at:
            raise two_columns(name, [letters(at[folded(name)]), letters(number)], file, table.sheet)
        at[folded(name)] = number


LAYOUT = Layout(
    name="nvivo-classification-sheet",
    title="classification sheet",
    program="NVivo",
    looks_for="a word in the first cell, attributes beside it, names below it, and short values",
    gives="cases (or sources) with attributes",
    evidence="real files for import, as Excel and text; the counted form that NVivo exports is inferred",
    recognises=_recognises,
    read=_read,
)
