"""MAXQDA's code system: the column in which a code stands is its level, with memo and number of segments behind.

Seen in a real file: ``Code System``, headings without words for the further levels, ``Memo``, ``#``; merged cells in
every row; the root of all codes, with the total, in the first row.
"""

from __future__ import annotations

from msgspec import Struct

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, beginning, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _maxqda as maxqda
from qdabridge.formats.spreadsheet.pieces import CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, folded

_COUNT = "#"
_LONGEST_NAME = 1_000


class _System(Struct, frozen=True):
    """A code system: where its headings are, how many columns are levels, and where the memos are, if there are any."""

    sheet: Sheet
    row: int
    levels: int
    memo: int | None
    others: dict[str, int]

    def level(self, number: int) -> int | None:
        """Return the column in which the code of a row stands."""
        return next((at for at in range(self.levels) if _text(self.sheet.at(number, at))), None)


def _recognises(file: TableFile) -> Seen:
    for sheet in beginning(file).sheets:
        system = _system(sheet)
        if system is None:
            continue
        heading = _text(sheet.at(system.row, 0))
        if folded(heading) in maxqda.CODE_SYSTEM:
            return Seen(0.94, f"the heading {heading} over the columns of the levels, and {_COUNT} behind them")
        return Seen(0.65, f"codes on levels in the first {system.levels} columns, and {_COUNT} behind them")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        system = _system(sheet)
        if system is not None:
            _read_system(system, pieces)
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that holds no code system was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


def _system(sheet: Sheet) -> _System | None:
    for row, cells in enumerate(sheet.rows[:WITHIN]):
        headings = [_text(cell) for cell in cells]
        if not headings or not headings[0] or _COUNT not in headings[1:]:
            continue
        levels = next(at for at in range(1, len(headings)) if headings[at])
        if levels == 1 and folded(headings[0]) not in maxqda.CODE_SYSTEM:
            return None
        behind = {heading: at for at, heading in enumerate(headings) if at >= levels and heading}
        memo = next((at for heading, at in behind.items() if folded(heading) in maxqda.MEMO), None)
        if memo is None and levels > 1 and headings[levels] != _COUNT:
            # Memos stand right behind the levels, whatever they are called.
            memo = levels
        others = {heading: at for heading, at in behind.items() if at != memo}
        system = _System(sheet, row, levels, memo, others)
        return system if _has_names(system) else None
    return None


def _has_names(system: _System) -> bool:
    """Tell whether there is a code, and nothing on the levels that is too long for one; no row has two."""
    sheet = system.sheet
    found = False
    for number in range(system.row + 1, len(sheet.rows)):
        names = [cell for cell in sheet.rows[number][: system.levels] if _text(cell)]
        if len(names) > 1 or any(len(_text(name)) > _LONGEST_NAME for name in names):
            return False
        found = found or any(isinstance(name, str) for name in names)
    return found


def _read_system(system: _System, pieces: Pieces) -> None:
    sheet = system.sheet
    for heading, column in system.others.items():
        if any(_text(sheet.at(row, column)) for row in range(system.row + 1, len(sheet.rows))):
            pieces.lost(
                "How many segments are coded with each code is not carried; it is counted from the segments."
                if heading == _COUNT
                else "A column of the code system was left out.",
                f"{sheet.place(system.row, column)}: {heading}",
            )
    rows = [number for number in range(system.row + 1, len(sheet.rows)) if sheet.rows[number]]
    root = _root(system, rows)
    # Where the root stands in the first column, the codes begin beside it.
    first = 0 if root is None else 1
    above: list[str] = []
    for number in rows:
        level = system.level(number)
        memo = _text(sheet.at(number, system.memo)) if system.memo is not None else ""
        if number == root:
            if memo:
                pieces.lost("The memo of the whole code system is not carried.", sheet.place(number))
            continue
        if level is None:
            pieces.lost("A row without a code was left out.", sheet.place(number))
            continue
        level = max(level - first, 0)
        if level > len(above):
            pieces.odd("A code stands more than one level below the one before it.", sheet.place(number))
        above = [*above[:level], " ".join(_text(sheet.at(number, level + first)).split())]
        pieces.codes.append(CodeRow(at=sheet.place(number), path=tuple(above), description=memo))


def _root(system: _System, rows: list[int]) -> int | None:
    """Return the row of the root: the only one in the first column, before all others, with the name or the total."""
    if not rows or system.level(rows[0]) != 0:
        return None
    others = [level for number in rows[1:] if (level := system.level(number)) is not None]
    if not others or min(others) == 0:
        return None
    name, heading = (folded(_text(system.sheet.at(number, 0))) for number in (rows[0], system.row))
    if name == heading or name in maxqda.CODE_SYSTEM:
        return rows[0]
    counts = [system.sheet.at(number, system.others[_COUNT]) for number in rows]
    total, *each = (int(_text(count)) if _text(count).isdecimal() else 0 for count in counts)
    return rows[0] if heading not in maxqda.CODE_SYSTEM and 0 < total == sum(each) else None


def _text(cell: Cell) -> str:
    return text_of(cell).strip()


LAYOUT = Layout(
    name="maxqda-code-system",
    title="code system",
    program="MAXQDA",
    looks_for="codes on their levels in the first columns, below the heading Code System, and # behind them",
    gives="codes on their levels, with their memos as descriptions",
    evidence="a real workbook in English; the heading in other languages by its place",
    recognises=_recognises,
    read=_read,
)
