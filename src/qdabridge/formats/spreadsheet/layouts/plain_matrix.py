"""A matrix made by hand: participants in the first column, themes in the first row, or themes over codes in two rows.

People put titles over it, merge the cells of a theme, begin with columns of age and gender, and have a sheet for each
theme. Evidence: published framework studies; there is no program to measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.pieces import CaseRow, Charted, CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, letters, text_of
from qdabridge.formats.spreadsheet.sheets.columns import folded, two_columns

_TITLES_AT_MOST = 10
_LONGEST_HEADING = 300
_LONGEST_NAME = 120
_LONGEST_VALUE = 40
_SEVERAL = 2
_SURE = 0.33
_BETWEEN_CODES = " \\ "
_QUOTE = re.compile(r"“.+” \[[^\[\]]+, [^\[\]]+\]", re.DOTALL)
"""A quote with its source, as qdabridge writes them into cells."""
# fmt: off
_OVER_NAMES = frozenset({
    "participant", "participants", "case", "cases", "name", "names", "id", "interview", "interviewee", "respondent",
    "pseudonym", "person", "fall", "fälle", "teilnehmer", "teilnehmerin", "uczestnik", "przypadek", "participante",
    "caso", "cas", "répondant",
})
# fmt: on


class _Headings(Struct, frozen=True):
    """Where the headings stand: the row of the themes, if there is one over the codes, and the row of the codes."""

    themes: int | None
    codes: int

    @property
    def first_case(self) -> int:
        return self.codes + 1


class _Column(Struct, frozen=True):
    """A column with a heading."""

    number: int
    path: CodePath
    is_attribute: bool = False


def _recognises(file: TableFile) -> Seen:
    fitting = [sheet for sheet in file.sheets if _is_matrix(sheet)]
    if not fitting:
        return NOTHING
    surest = max(fitting, key=_sureness)
    where = f" on the sheet {surest.name}" if surest.name else ""
    return Seen(_sureness(surest), f"names in the first column and headings over the others{where}")


def _read(file: TableFile) -> Pieces:
    fitting = [sheet for sheet in file.sheets if _is_matrix(sheet)]
    if not fitting:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    for sheet in file.sheets:
        if sheet in fitting:
            _read_sheet(sheet, (sheet.name,) if len(fitting) > 1 else (), file, pieces)
        elif sheet.rows:
            pieces.lost("A sheet that is no matrix was left out.", sheet.name)
    return pieces


def _sureness(sheet: Sheet) -> float:
    """Return how sure it is that a sheet of this shape is a matrix, and not any other table with headings.

    Something over the names, or themes over codes, are a matrix's own; so are, less, long texts in several columns. Two
    columns alone may be anything: that somebody has to say.
    """
    headings = _headings(sheet)
    if headings is None:
        return 0.0
    over_names = folded(text_of(sheet.at(headings.codes, 0)))
    if headings.themes is not None or not over_names or over_names in _OVER_NAMES:
        return 0.35
    columns = [number for number, cell in enumerate(sheet.rows[headings.codes]) if number and not _is_empty(cell)]
    if len(columns) < _SEVERAL:
        return 0.2
    return 0.33 if _has_long_texts(sheet, headings) else 0.31


def _has_long_texts(sheet: Sheet, headings: _Headings) -> bool:
    return any(_is_long(cell) for row in sheet.rows[headings.first_case :] for cell in row[1:])


# --- headings --------------------------------------------------------------------------------------------------------


def _is_matrix(sheet: Sheet) -> bool:
    headings = _headings(sheet)
    if headings is None or headings.first_case >= len(sheet.rows):
        return False
    over = [cell for cell in sheet.rows[headings.codes][1:] if not _is_empty(cell)]
    names = [cell for row in sheet.rows[headings.first_case :] for cell in row[:1] if not _is_empty(cell)]
    return (
        bool(over)
        and all(len(text_of(cell)) <= _LONGEST_HEADING for cell in over)
        and all(len(text_of(name)) <= _LONGEST_NAME for name in names)
    )


def _headings(sheet: Sheet) -> _Headings | None:
    """Find the headings: the first row with something beside the first column, and perhaps the next."""
    first = next((at for at, row in enumerate(sheet.rows[:_TITLES_AT_MOST]) if _filled(row[1:])), None)
    if first is None:
        return None
    if first + 2 < len(sheet.rows) and _stands_over(sheet, first):
        return _Headings(first, first + 1)
    return _Headings(None, first)


def _stands_over(sheet: Sheet, row: int) -> bool:
    """Tell whether a row holds themes and the next one codes."""
    above, below = sheet.rows[row], sheet.rows[row + 1]
    if not _filled(below[1:]) or any(not isinstance(cell, str) for cell in below[1:] if not _is_empty(cell)):
        return False
    if any(top == row and bottom == row and right > left for top, left, bottom, right in sheet.merged):
        return True
    name_above, name_below = text_of(sheet.at(row, 0)).strip(), text_of(sheet.at(row + 1, 0)).strip()
    if not name_below:
        # A case has a name, so this is none; the names may begin beside the themes (“Participant”) or not at all.
        return any(not _is_empty(each[0]) for each in sheet.rows[row + 2 :] if each)
    if name_above:
        return False
    gaps = _filled(above[1:]) < _filled(below[1:])
    return folded(name_below) in _OVER_NAMES or (gaps and not any(map(_is_long, below)))


def _columns(sheet: Sheet, headings: _Headings, above: CodePath) -> list[_Column]:
    """Return the columns that have a heading, from the left."""
    width = max(map(len, sheet.rows))
    themes = _themes(sheet, headings, width)
    paths = {
        number: path
        for number in range(1, width)
        if (path := tuple(filter(None, (themes[number], *_path(text_of(sheet.at(headings.codes, number)))))))
    }
    attributes = set(_attributes(sheet, headings, list(paths)))
    return [
        _Column(number, path if number in attributes else (*above, *path), number in attributes)
        for number, path in paths.items()
    ]


def _path(heading: str) -> CodePath:
    """Return the code that a heading says, with those above it where they stand before it, as we write them."""
    return tuple(part.strip() for part in heading.strip().split(_BETWEEN_CODES))


def _themes(sheet: Sheet, headings: _Headings, width: int) -> list[str]:
    """Return the theme over each column. It reaches over the cells merged with it, or else up to the next one."""
    if headings.themes is None:
        return [""] * width
    row = headings.themes
    merged = {left: right for top, left, _, right in sheet.merged if top == row}
    themes, current, until = [""], "", width
    for column in range(1, width):
        if said := text_of(sheet.at(row, column)).strip():
            current = said
            until = merged.get(column, column) if merged else width
        themes.append(current if column <= until else "")
    return themes


def _attributes(sheet: Sheet, headings: _Headings, numbers: list[int]) -> Iterator[int]:
    """Give the columns that say what a case is rather than what it said: numbers, and short values before all texts."""
    texts = {number for number in numbers if any(map(_is_long, _below(sheet, headings, number)))}
    first_path = next((at for at in numbers if _BETWEEN_CODES in text_of(sheet.at(headings.codes, at))), None)
    if first_path is not None:
        # Who writes codes so has the attributes before them.
        yield from (number for number in numbers if number < first_path and number not in texts)
        return
    before_texts = True
    for number in numbers:
        before_texts = before_texts and number not in texts
        cells = [cell for cell in _below(sheet, headings, number) if not _is_empty(cell)]
        if not cells:
            continue
        if (texts and before_texts) or not any(isinstance(cell, str) for cell in cells):
            yield number


def _below(sheet: Sheet, headings: _Headings, column: int) -> Iterator[Cell]:
    return (sheet.at(row, column) for row in range(headings.first_case, len(sheet.rows)))


# --- cases -----------------------------------------------------------------------------------------------------------


def _read_sheet(sheet: Sheet, above: CodePath, file: TableFile, pieces: Pieces) -> None:
    headings = _headings(sheet)
    assert headings is not None  # or it would not fit
    if _sureness(sheet) < _SURE:
        pieces.odd(
            "Nothing but its shape says that this is a matrix; the first column was taken as cases, the headings as "
            "codes or attributes.",
            sheet.place(headings.codes),
            "If it is none, leave this study alone; else write “Participant” over the names.",
        )
    columns = _columns(sheet, headings, above)
    _refuse_two_of_a_name(columns, file, sheet)
    if not any(not _is_empty(cell) for cell in _below(sheet, headings, 0)):
        raise CannotRead(
            "The first column is empty, and a matrix has the names of its participants there.",
            where=f"{file.path}: {sheet.name}" if sheet.name else str(file.path),
            todo="Put the names into the first column, or delete it if they are in the second.",
        )
    for column in columns:
        if column.is_attribute:
            _take_attribute(column, sheet, headings, pieces)
        else:
            pieces.codes.append(CodeRow(at=sheet.place(headings.codes, column.number), path=column.path))
    _say_what_has_no_heading(sheet, headings, columns, pieces)
    for row, name in _named_rows(sheet, headings, pieces):
        _take_case(row, name, columns, sheet, pieces)
    if any(_QUOTE.search(charted.text) for charted in pieces.charted):
        pieces.odd(
            "Cells hold quotes with their sources; they became summaries, and nothing is coded with them.",
            sheet.name or sheet.place(headings.codes),
            "For codings, read the study itself, or what qdabridge codings writes.",
        )


def _refuse_two_of_a_name(columns: list[_Column], file: TableFile, sheet: Sheet) -> None:
    at: dict[CodePath, int] = {}
    for column in columns:
        key = tuple(map(folded, column.path))
        if key in at:
            raise two_columns(" / ".join(column.path), [letters(at[key]), letters(column.number)], file, sheet)
        at[key] = column.number


def _take_attribute(column: _Column, sheet: Sheet, headings: _Headings, pieces: Pieces) -> None:
    name = column.path[-1]
    if name not in pieces.attributes:
        pieces.attributes.append(name)
    pieces.found.add(
        Finding(
            "TABLE-ATTRIBUTES",
            "note",
            "A column of numbers or short values was taken as an attribute of the cases, and not as a theme.",
            f"{name} ({sheet.place(headings.codes, column.number)})",
        )
    )


def _say_what_has_no_heading(sheet: Sheet, headings: _Headings, columns: list[_Column], pieces: Pieces) -> None:
    known = {0, *(column.number for column in columns)}
    for number in range(max(map(len, sheet.rows))):
        if number not in known and any(not _is_empty(cell) for cell in _below(sheet, headings, number)):
            pieces.lost(
                "A column without a heading was left out.",
                sheet.place(headings.codes, number),
                "Give it a heading and read the table again.",
            )


def _named_rows(sheet: Sheet, headings: _Headings, pieces: Pieces) -> Iterator[tuple[int, str]]:
    """Give the rows of cases with their names. A row below a name that is merged over it belongs to that name."""
    merged = {row: top for top, left, bottom, _ in sheet.merged if left == 0 for row in range(top, bottom + 1)}
    for row in range(headings.first_case, len(sheet.rows)):
        name = text_of(sheet.at(merged.get(row, row), 0)).strip()
        if name:
            yield row, name
        elif _filled(sheet.rows[row]):
            pieces.lost(
                "A row without a name in its first column was left out.",
                sheet.place(row),
                "Put the name of the participant into the first column and read the table again.",
            )


def _take_case(row: int, name: str, columns: list[_Column], sheet: Sheet, pieces: Pieces) -> None:
    values: dict[str, Cell] = {}
    for column in columns:
        cell = sheet.at(row, column.number)
        if _is_empty(cell):
            continue
        if column.is_attribute:
            values[column.path[-1]] = cell
        else:
            text = text_of(cell).strip()
            pieces.charted.append(Charted(at=sheet.place(row, column.number), case=name, code=column.path, text=text))
    pieces.cases.append(CaseRow(at=sheet.place(row), name=name, values=values))


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_long(cell: Cell) -> bool:
    return isinstance(cell, str) and (len(cell.strip()) > _LONGEST_VALUE or "\n" in cell.strip())


def _filled(cells: tuple[Cell, ...]) -> int:
    return sum(not _is_empty(cell) for cell in cells)


LAYOUT = Layout(
    name="plain-matrix",
    title="matrix made by hand",
    program="",
    looks_for="names in the first column and one or two rows of headings",
    gives="cases with attributes, codes, summaries",
    evidence="as framework studies print them; no program makes it",
    recognises=_recognises,
    read=_read,
)
