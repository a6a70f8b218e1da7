"""The tables that ``qdabridge codings`` writes: a row for each coded reference, with its true position, or one for each
passage and coder with 0 or 1 for each code.

People filter and correct them in a spreadsheet and want a study again. The values of a case stand in each of its rows.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.pieces import CaseRow, Coded, CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, letters, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, two_columns
from qdabridge.study.elements import PATH_SEPARATOR

COLUMNS = ("case", "source", "theme", "code", "coder", "date", "start", "end", "line", "text", "memo")
IN_PRESENCE = tuple(each for each in COLUMNS if each not in ("theme", "code"))
BEFORE_CODES = "codes"
"""What stands, in the form with 0 and 1, over the column after which each column is a code."""

_BETWEEN_CASES = "; "
_YES, _NO = ("1", "TRUE"), ("0", "FALSE", "")
_NUMBERED = re.compile(r"(?P<name>.+) \([0-9]+\)", re.DOTALL)
_WHOLE = re.compile(r"[0-9]{1,12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")


class _Heading(Struct, frozen=True):
    """The row of the headings, the columns that every such table has, and where codes begin, if they have columns."""

    row: int
    columns: tuple[str, ...]
    codes: int | None = None


def _recognises(file: TableFile) -> Seen:
    heading = next((found for sheet in file.sheets if (found := _heading(sheet)) is not None), None)
    if heading is None:
        return NOTHING
    return Seen(0.98, f"the headings {', '.join(heading.columns[:4])} … {heading.columns[-1]} in this order")


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        heading = _heading(sheet)
        if heading is not None:
            _Table(sheet, heading, file, pieces).read()
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that holds no codings was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


def _heading(sheet: Sheet) -> _Heading | None:
    for number, row in enumerate(sheet.rows[:WITHIN]):
        written = tuple(text_of(cell).strip() for cell in row)
        if written[: len(COLUMNS)] == COLUMNS:
            return _Heading(number, COLUMNS)
        if written[: len(IN_PRESENCE)] == IN_PRESENCE and BEFORE_CODES in written:
            return _Heading(number, IN_PRESENCE, written.index(BEFORE_CODES) + 1)
    return None


class _Table:
    """One table of codings while it is read into pieces."""

    def __init__(self, sheet: Sheet, heading: _Heading, file: TableFile, pieces: Pieces) -> None:
        self._sheet = sheet
        self._heading = heading.row
        self._columns = heading.columns
        self._first_code = heading.codes
        self._pieces = pieces
        self._attributes: dict[int, str] = {}
        self._codes: dict[int, CodePath] = {}
        self._name_columns(file)
        self._cases = {
            self._text(row, "case")
            for row in sheet.rows[heading.row + 1 :]
            if _BETWEEN_CASES not in self._text(row, "case")
        }

    def read(self) -> None:
        self._pieces.attributes += [name for name in self._attributes.values() if name not in self._pieces.attributes]
        self._pieces.codes += [
            CodeRow(at=self._sheet.place(self._heading, column), path=path) for column, path in self._codes.items()
        ]
        self._say_what_has_no_heading()
        for number, row in enumerate(self._sheet.rows[self._heading + 1 :], self._heading + 1):
            if row:
                self._take(number, row)

    def _name_columns(self, file: TableFile) -> None:
        """Name the columns of attributes and codes; “case (2)” is one called “case”."""
        at: dict[tuple[bool, str], int] = {}
        taken = set(self._columns) if self._first_code is None else {*self._columns, BEFORE_CODES}
        for column, cell in enumerate(self._sheet.rows[self._heading]):
            written = text_of(cell).strip()
            if column < len(self._columns) or not written or column + 1 == self._first_code:
                continue
            is_code = self._first_code is not None and column >= self._first_code
            numbered = _NUMBERED.fullmatch(written)
            before = {*taken, *self._attributes.values()} if is_code else taken
            name = numbered["name"] if numbered is not None and numbered["name"] in before else written
            if (is_code, name) in at:
                raise two_columns(name, [letters(at[is_code, name]), letters(column)], file, self._sheet)
            at[is_code, name] = column
            if is_code:
                self._codes[column] = _names(name)
            else:
                self._attributes[column] = name

    def _take(self, number: int, row: Row) -> None:
        at = self._sheet.place(number)
        cases = self._cases_of(self._text(row, "case"))
        self._take_values(at, row, cases)
        source, codes = self._text(row, "source"), self._codes_of(number, row)
        words = text_of(self._cell(row, "text"))
        if not source and not words:
            self._take_whole_case(at, cases, codes)
            return
        start, end = (self._text(row, field) for field in ("start", "end"))
        is_placed = bool(words) and all(_WHOLE.fullmatch(said) for said in (start, end))
        if not words and (start or end):
            self._pieces.lost("Where in a recording a passage is cannot be taken from a table.", f"{at}: {source}")
        for case in cases or [""]:
            self._pieces.coded.append(
                Coded(
                    at=at,
                    source=source,
                    quote=words or None,
                    codes=codes,
                    coder=self._text(row, "coder"),
                    date=self._cell(row, "date"),
                    memo=text_of(self._cell(row, "memo")),
                    case=case,
                    start=int(start) if is_placed else None,
                    end=int(end) if is_placed else None,
                )
            )

    def _take_values(self, at: str, row: Row, cases: list[str]) -> None:
        """Take the values of a case. Those of several cases stand in one cell, and each has a row of its own."""
        for case in cases:
            values: dict[str, Cell] = {}
            if len(cases) == 1:
                for column, name in self._attributes.items():
                    cell = row[column] if column < len(row) else None
                    if text_of(cell).strip():
                        values[name] = _value(cell)
            self._pieces.cases.append(CaseRow(at=at, name=case, values=values))

    def _take_whole_case(self, at: str, cases: list[str], codes: tuple[CodePath, ...]) -> None:
        if not cases:
            self._pieces.lost("A row without a case, a source and words was left out.", at)
        for case in cases:
            self._pieces.cases.append(CaseRow(at=at, name=case, codes=codes))

    def _codes_of(self, number: int, row: Row) -> tuple[CodePath, ...]:
        if self._first_code is None:
            path = _path(self._text(row, "code"), self._text(row, "theme"))
            return (path,) if path else ()
        found = []
        for column, path in self._codes.items():
            said = text_of(row[column] if column < len(row) else None).strip().upper()
            if said in _YES:
                found.append(path)
            elif said not in _NO:
                self._pieces.odd(
                    "Under a code stands neither 0 nor 1, and it was taken as 0.", self._sheet.place(number, column)
                )
        return tuple(found)

    def _cases_of(self, said: str) -> list[str]:
        """Return the cases of a row. What stands in a row alone is one; of several, each is between semicolons."""
        if _BETWEEN_CASES not in said:
            return [said] if said else []
        several = list(filter(None, (name.strip() for name in said.split(_BETWEEN_CASES))))
        if not all(name in self._cases for name in several):
            self._pieces.odd(
                "Several cases stand in one cell with semicolons between them, and not each of them stands alone in "
                "another; the cell was divided at each semicolon.",
                said,
                "If a case has a semicolon in its name, give it another name.",
            )
        return several

    def _say_what_has_no_heading(self) -> None:
        known = {*range(len(self._columns)), *self._attributes, *self._codes, (self._first_code or 0) - 1}
        for column in range(max(map(len, self._sheet.rows))):
            below = (row[column] for row in self._sheet.rows[self._heading + 1 :] if column < len(row))
            if column not in known and any(text_of(cell).strip() for cell in below):
                self._pieces.lost("A column without a heading was left out.", self._sheet.place(self._heading, column))

    def _cell(self, row: Row, field: str) -> Cell:
        column = self._columns.index(field)
        return row[column] if column < len(row) else None

    def _text(self, row: Row, field: str) -> str:
        return text_of(self._cell(row, field)).strip()


def _value(cell: Cell) -> Cell:
    """Return a value as it was: a moment as a moment, which text files have in words."""
    if isinstance(cell, str) and _MOMENT.fullmatch(cell):
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            return cell
    return cell


def _path(code: str, theme: str) -> CodePath:
    """Return the path of a code. Its theme, which is the first of it, may itself hold the sign between names."""
    if theme and code.startswith(theme + PATH_SEPARATOR):
        return (theme, *_names(code[len(theme + PATH_SEPARATOR) :]))
    return (theme,) if theme and code == theme else _names(code)


def _names(path: str) -> CodePath:
    return tuple(filter(None, (name.strip() for name in path.split(PATH_SEPARATOR))))


LAYOUT = Layout(
    name="qdabridge-codings",
    title="table of codings",
    program="qdabridge",
    looks_for=f"the headings {', '.join(COLUMNS)} in this order; or the same without theme and code, and behind "
    f"the heading {BEFORE_CODES} a column of 0 and 1 for each code",
    gives="quotes at their positions with codes, cases with attributes, coders, dates, memos",
    evidence="qdabridge codings writes it",
    recognises=_recognises,
    read=_read,
)
