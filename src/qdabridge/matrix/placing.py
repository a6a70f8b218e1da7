"""Which case and which code every cell of a sheet belongs to, whatever people did to the sheet.

By hidden ids where they are there; else by names, where only one case or code can be meant. Rows and columns may stand
in any order, with others between them. It knows sheets as texts at rows and columns, and nothing of workbooks or of
what becomes of a summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from qdabridge.matrix.called import Names
from qdabridge.matrix.grid import QUOTES_LINE
from qdabridge.study.model import same_guid
from qdabridge.study.summaries import CellKey

Position: TypeAlias = tuple[int, int]
"""Row and column, both counted from 1."""

StrayKind: TypeAlias = Literal["row", "column", "cell"]

_HEADING_DEPTH = 20

_LINE = re.compile(rf"^[ \t]*[—–-]+[ \t]*{QUOTES_LINE.strip('— ')}[ \t]*[—–-]+[ \t]*$", re.MULTILINE | re.IGNORECASE)
_GUID = re.compile(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", re.IGNORECASE)


class Sheet(Struct):
    """A sheet as people left it.

    Args:
        name: what it is called.
        cells: position → text; empty cells are left out.
        unreadable: position → why nobody can say what a cell says.
        mark: where the hidden ids of rows and columns meet, if they are there.
        id_heading: the text over the ids of rows.
        no_code: what stands in the place of an id over columns that are no code.
    """

    name: str
    cells: dict[Position, str] = {}
    unreadable: dict[Position, str] = {}
    mark: Position | None = None
    id_heading: str = "id"
    no_code: str = "-"


class Proposal(NamedTuple):
    """What one cell says of a case and a code; empty where it is empty. ``where`` is for people: ``Framework!D7``."""

    key: CellKey
    text: str
    where: str


class Stray(Struct, frozen=True):
    """Something with text in it that belongs to no case or code.

    Args:
        kind: a whole row or column, or one cell.
        where: for people: ``Framework, column H``.
        name: what its heading says, or what stands in the cell.
        why: why it was left out.
        cells: how many cells with text it has.
    """

    kind: StrayKind
    where: str
    name: str
    why: str
    cells: int = 1


class Placed(NamedTuple):
    """What was found on a sheet."""

    proposals: list[Proposal]
    strays: list[Stray]


def placed(sheet: Sheet, names: Names) -> Placed | None:
    """Find what every cell of a sheet belongs to; ``None`` where no row or no column belongs to the study."""
    return _Placing(sheet, names).result()


def above_the_line(text: str) -> str:
    """Return the summary of a cell: all of its text, or what stands above the line under which there are quotes."""
    line = _LINE.search(text)
    return (text[: line.start()] if line is not None else text).strip()


def address(row: int, column: int) -> str:
    """Return the address of a cell.

    >>> address(7, 28)
    'AB7'
    """
    return f"{_letters(column)}{row}"


class _Axis(NamedTuple):
    """What the rows, or the columns, of a sheet are: GUIDs by number, and what belongs to none with the reason."""

    guids: dict[int, str]
    strangers: dict[int, tuple[str, str]]


class _Placing:
    """Finds rows and columns of one sheet, each way of finding them after the other."""

    def __init__(self, sheet: Sheet, names: Names) -> None:
        self._sheet = sheet
        self._names = names
        self._rows: dict[int, dict[int, str]] = {}
        for (row, column), text in sheet.cells.items():
            self._rows.setdefault(row, {})[column] = text
        self._top = sorted(self._rows)[:_HEADING_DEPTH]

    def result(self) -> Placed | None:
        ids_row, ids_column = self._row_of_ids(), self._column_of_ids()
        heading = self._heading_row(ids_row, ids_column)
        if heading is None:
            return None
        columns = self._columns(ids_row, heading, ids_column)
        rows = self._find_rows(ids_column, heading, columns)
        if not columns.guids or not rows.guids:
            return None
        return Placed(list(self._proposals(rows, columns)), list(self._strays(rows, columns)))

    # --- where ids and headings are -----------------------------------------------------------------------------------

    def _row_of_ids(self) -> int | None:
        if self._sheet.mark is not None:
            return self._sheet.mark[0]
        is_code = self._names.is_code
        return next((row for row in self._top if any(map(is_code, _guids(self._rows[row].values())))), None)

    def _column_of_ids(self) -> int | None:
        if self._sheet.mark is not None:
            return self._sheet.mark[1]
        for row, texts in self._rows.items():
            for column, text in texts.items():
                if row not in self._top[:1] and _GUID.fullmatch(text.strip()) and self._names.is_row(text):
                    return column
        return None

    def _heading_row(self, ids_row: int | None, ids_column: int | None) -> int | None:
        """Return the last row of headings; rows of the study come after it."""
        if ids_column is not None:
            for row in self._top:
                if self._rows[row].get(ids_column, "").strip() == self._sheet.id_heading:
                    return row
        best = (0, None if ids_row is None else ids_row)
        for row in self._top:
            named = sum(bool(self._names.codes_called(text)) for text in self._rows[row].values())
            # Themes stand over codes: of two rows with as many names, the lower one.
            if named and named >= best[0]:
                best = (named, row)
        return best[1]

    # --- columns and rows ---------------------------------------------------------------------------------------------

    def _columns(self, ids_row: int | None, heading: int, ids_column: int | None) -> _Axis:
        ids = self._rows.get(ids_row, {}) if ids_row is not None else {}
        found = _Axis({}, {})
        themes = self._themes(heading, ids_row)
        for column, text in ids.items():
            if _GUID.fullmatch(text.strip()):
                if self._names.is_code(text):
                    found.guids[column] = same_guid(text)
                else:
                    name = self._rows.get(heading, {}).get(column, "")
                    found.strangers[column] = name, "The study has no code with its id any more."
        taken = set(found.guids.values())
        ours = {column for column, text in ids.items() if text.strip() == self._sheet.no_code} | {ids_column}
        for column in sorted({column for _, column in self._sheet.cells} - ids.keys() - ours):
            name = self._rows.get(heading, {}).get(column, "")
            meant = self._names.codes_called(name, themes.get(column, "")) if name.strip() else []
            if len(meant) == 1 and meant[0] not in taken:
                found.guids[column] = meant[0]
                taken.add(meant[0])
            else:
                found.strangers[column] = name, _why_not(meant, taken, "code")
        return found

    def _themes(self, heading: int, ids_row: int | None) -> dict[int, str]:
        """Return the theme over each column, which is written only over the first of its columns."""
        row = heading - 1
        if row not in self._rows or row == ids_row:
            return {}
        themes, theme = {}, ""
        for column in range(1, 1 + max((column for _, column in self._sheet.cells), default=0)):
            theme = self._rows[row].get(column, theme)
            themes[column] = theme
        return themes

    def _find_rows(self, ids_column: int | None, heading: int, columns: _Axis) -> _Axis:
        found = _Axis({}, {})
        body = [row for row in sorted(self._rows) if row > heading]
        unnamed = []
        for row in body:
            text = self._rows[row].get(ids_column, "") if ids_column is not None else ""
            if not _GUID.fullmatch(text.strip()):
                unnamed.append(row)
            elif self._names.is_row(text):
                found.guids[row] = same_guid(text)
            else:
                label = self._first_text(row, ids_column, columns)
                found.strangers[row] = label, "The study has no case or source with its id any more."
        taken = set(found.guids.values())
        labels = self._label_column(body, ids_column, columns) if unnamed or self._sheet.mark is None else None
        if labels is not None:
            columns.strangers.pop(labels, None)
        for row in unnamed:
            label = self._rows[row].get(labels, "") if labels is not None else ""
            meant = self._names.rows_called(label) if label.strip() else []
            if len(meant) == 1 and meant[0] not in taken:
                found.guids[row] = meant[0]
                taken.add(meant[0])
            else:
                found.strangers[row] = label, _why_not(meant, taken, "case or source")
        return found

    def _label_column(self, body: Iterable[int], ids_column: int | None, columns: _Axis) -> int | None:
        """Return the column in which most names of cases or sources stand; codes have no column of names."""
        counts: dict[int, int] = {}
        for row in body:
            for column, text in self._rows[row].items():
                if column != ids_column and column not in columns.guids and self._names.rows_called(text):
                    counts[column] = counts.get(column, 0) + 1
        return max(counts, key=lambda column: (counts[column], -column)) if counts else None

    def _first_text(self, row: int, ids_column: int | None, columns: _Axis) -> str:
        return next(
            (
                text
                for column, text in sorted(self._rows[row].items())
                if column != ids_column and column not in columns.guids
            ),
            "",
        )

    # --- what stands there --------------------------------------------------------------------------------------------

    def _proposals(self, rows: _Axis, columns: _Axis) -> Iterator[Proposal]:
        name, cells, unreadable = self._sheet.name, self._sheet.cells, self._sheet.unreadable
        for row, of in rows.guids.items():
            for column, code in columns.guids.items():
                if (row, column) not in unreadable:
                    text = above_the_line(cells.get((row, column), ""))
                    yield Proposal((of, code), text, f"{name}!{address(row, column)}")

    def _strays(self, rows: _Axis, columns: _Axis) -> Iterator[Stray]:
        name = self._sheet.name
        for column, (heading, why) in columns.strangers.items():
            filled = sum((row, column) in self._sheet.cells for row in rows.guids)
            if filled:
                yield Stray("column", f"{name}, column {_letters(column)}", heading, why, filled)
        for row, (label, why) in rows.strangers.items():
            # What stands below a line are quotes, which nobody wrote into the row.
            filled = sum(bool(above_the_line(self._rows[row].get(column, ""))) for column in columns.guids)
            if filled:
                yield Stray("row", f"{name}, row {row}", label, why, filled)
        for (row, column), why in self._sheet.unreadable.items():
            if row in rows.guids and column in columns.guids:
                text = self._sheet.cells.get((row, column), "")
                yield Stray("cell", f"{name}!{address(row, column)}", text, why)


def _why_not(meant: list[str], taken: set[str], kind: str) -> str:
    if len(meant) > 1:
        return f"Its name may mean any of {len(meant)} {kind.split(' ')[0]}s."
    if meant and meant[0] in taken:
        return f"Its name means a {kind} that has another place on this sheet."
    return f"Its name is no {kind} of the study."


def _guids(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if _GUID.fullmatch(text.strip()))


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
