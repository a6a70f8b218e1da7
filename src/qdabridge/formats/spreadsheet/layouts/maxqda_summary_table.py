"""MAXQDA's summary table: documents in rows, codes in columns, summaries where they meet.

Variables of the documents stand below their names in the first column, or in columns of their own behind the codes.
Evidence: MAXQDA's help; no real table was seen, so that what stands over the documents is inferred.
"""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, beginning, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _maxqda as maxqda
from qdabridge.formats.spreadsheet.pieces import Charted, CodePath, CodeRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, letters, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, folded

_LONGEST_HEADING = 300
_LONGEST_NAME = 300
_LONGEST_VALUE = 40
_LEAST_SURE = 0.62
_BEFORE_VALUES = ":="
# Over columns of lists of segments, memos and summaries, which have documents in their first column, too.
_OF_OTHER_TABLES = frozenset().union(*maxqda.SEGMENTS.values(), maxqda.MEMO, maxqda.PREVIEW)
_EMPTY = ("", "-", "–")


class _Table(Struct, frozen=True):
    """A summary table: the row of its headings, and its columns with codes and with variables."""

    sheet: Sheet
    row: int
    codes: dict[int, str]
    variables: dict[int, str]


def _recognises(file: TableFile) -> Seen:
    for sheet in beginning(file).sheets:
        table = _table(sheet)
        if table is None or not _has_summaries(table) or _OF_OTHER_TABLES & set(map(folded, table.codes.values())):
            continue
        heading = text_of(sheet.at(table.row, 0)).strip()
        if folded(heading) in maxqda.DOCUMENT:
            return Seen(_LEAST_SURE, f"the heading {heading} over the names in the first column, and texts beside them")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        table = _table(sheet)
        if table is not None:
            _read_table(table, pieces)
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that is no summary table was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


# --- knowing one -----------------------------------------------------------------------------------------------------


def _table(sheet: Sheet) -> _Table | None:
    """Return the table of a sheet: the first row with something beside the first column has its headings."""
    row = next((at for at, cells in enumerate(sheet.rows[:WITHIN]) if any(map(_said, cells[1:]))), None)
    if row is None:
        return None
    headings = {at: _said(cell) for at, cell in enumerate(sheet.rows[row]) if at and _said(cell)}
    names = [_said(sheet.at(number, 0)) for number in range(row + 1, len(sheet.rows))]
    if (
        not any(names)
        or any(len(name.split("\n")[0]) > _LONGEST_NAME for name in names)
        or any(len(heading) > _LONGEST_HEADING for heading in headings.values())
        or any(not isinstance(sheet.at(row, at), str) for at in headings)
    ):
        return None
    last = max((at for at in headings if any(_is_long(cell) for cell in _below(sheet, row, at))), default=0)
    # Behind the last summary, what has short values is a variable; what has none is a code that nobody summarised.
    variables = {at: name for at, name in headings.items() if 0 < last < at and any(map(_said, _below(sheet, row, at)))}
    return _Table(sheet, row, {at: name for at, name in headings.items() if at not in variables}, variables)


def _has_summaries(table: _Table) -> bool:
    """Tell whether there are texts, and nothing but texts, in the columns with codes."""
    cells = [cell for at in table.codes for cell in _below(table.sheet, table.row, at) if _said(cell)]
    return any(map(_is_long, cells)) and all(isinstance(cell, str) for cell in cells)


def _below(sheet: Sheet, row: int, column: int) -> list[Cell]:
    return [sheet.at(number, column) for number in range(row + 1, len(sheet.rows))]


def _said(cell: Cell) -> str:
    return text_of(cell).strip()


def _is_long(cell: Cell) -> bool:
    return isinstance(cell, str) and (len(cell.strip()) > _LONGEST_VALUE or "\n" in cell.strip())


# --- reading one -----------------------------------------------------------------------------------------------------


def _read_table(table: _Table, pieces: Pieces) -> None:
    sheet = table.sheet
    paths = _codes(table, pieces)
    for column, name in table.variables.items():
        pieces.found.add(
            Finding(
                "TABLE-ATTRIBUTES",
                "note",
                "A column of short values behind the summaries was taken as a variable of the documents, and not as a "
                "code.",
                f"{name} ({sheet.place(table.row, column)})",
            )
        )
    cells = {row: _said(sheet.at(row, 0)) for row in range(table.row + 1, len(sheet.rows)) if sheet.rows[row]}
    documents = maxqda.Documents((("", cell.split("\n")[0].strip()) for cell in cells.values() if cell), pieces)
    for row, cell in cells.items():
        if not cell:
            pieces.lost("A row without the name of a document was left out.", sheet.place(row))
            continue
        first, *below = cell.splitlines()
        group, name = documents.of("", first.strip())
        values = _values_below(below, sheet.place(row, 0), pieces)
        values |= {each: sheet.at(row, at) for at, each in table.variables.items() if _said(sheet.at(row, at))}
        pieces.sources.append(SourceRow(at=sheet.place(row), name=name, folder=group, values=values))
        pieces.attributes += [each for each in values if each not in pieces.attributes]
        for column, path in paths.items():
            if text := _said(sheet.at(row, column)):
                at = sheet.place(row, column)
                pieces.charted.append(Charted(at=at, case=name, code=path, text=text, of_source=True))
    _say_what_has_no_heading(table, pieces)


def _codes(table: _Table, pieces: Pieces) -> dict[int, CodePath]:
    """Return the path of the code of each column; two of one path get the letters of their columns."""
    sheet = table.sheet
    of_export = maxqda.paths_of_export(table.codes.values(), pieces, sheet.place(table.row))
    paths = {column: of_export.of(heading) for column, heading in table.codes.items()}
    times = Counter(paths.values())
    for column, path in paths.items():
        if not path or times[path] > 1:
            pieces.odd(
                "Several columns have a code of one name; the letters of the column were put behind it.",
                f"{sheet.place(table.row, column)}: {table.codes[column]}",
            )
            path = (*path[:-1], f"{path[-1] if path else table.codes[column]} ({letters(column)})")
        paths[column] = path
        pieces.codes.append(CodeRow(at=sheet.place(table.row, column), path=path))
    return paths


def _values_below(lines: list[str], at: str, pieces: Pieces) -> dict[str, Cell]:
    """Return the values of variables that stand below the name of a document: ``Age: 34`` or ``Age = 34``."""
    values: dict[str, Cell] = {}
    for line in filter(str.strip, lines):
        sign = next((sign for sign in line if sign in _BEFORE_VALUES), "")
        name, _, value = (part.strip() for part in (line.partition(sign) if sign else ("", "", line)))
        if not name:
            pieces.lost("A line below the name of a document was left out.", f"{at}: {line.strip()}")
        elif value not in _EMPTY:
            values[name] = value
    return values


def _say_what_has_no_heading(table: _Table, pieces: Pieces) -> None:
    known = {0, *table.codes, *table.variables}
    for column in range(max(map(len, table.sheet.rows))):
        if column not in known and any(map(_said, _below(table.sheet, table.row, column))):
            pieces.lost("A column without a heading was left out.", table.sheet.place(table.row, column))


LAYOUT = Layout(
    name="maxqda-summary-table",
    title="summary table",
    program="MAXQDA",
    looks_for="the heading Document over the first column, codes over the others, and texts where they meet",
    gives="documents with variables, codes, summaries",
    evidence="MAXQDA's help; no real table was seen",
    recognises=_recognises,
    read=_read,
)
