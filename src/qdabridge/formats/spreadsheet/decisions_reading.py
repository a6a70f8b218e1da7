"""What a meeting wrote into its list: from an Excel file to decisions, each with the id of its disagreement.

Rows may have been sorted, hidden and copied, columns moved and added; the list is known by what it hides
(``meeting_ids``). A stranger's workbook is looked at before it is opened (``saved_workbooks``). What a decision means
is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from qdabridge.errors import BadRequest
from qdabridge.formats.spreadsheet.meeting_ids import HIDDEN_SHEET, KEYS, MARK, Key, Parties, parties_said
from qdabridge.formats.spreadsheet.saved_workbooks import opened, refuse_what_cannot_be_read, rows_of, text_of
from qdabridge.limits import DEFAULT, Limits

_MARK_DEPTH = 20


class Row(Struct, frozen=True):
    """One row of the list.

    Args:
        id: of the disagreement; empty where people added a row.
        decision, passage, remark: what people wrote, without white space around it.
        where: the sheet and the row, for people.
    """

    id: str
    decision: str
    passage: str
    remark: str
    where: str

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not (self.decision or self.passage or self.remark)


class Meeting(Struct, frozen=True):
    """What a meeting wrote: who was compared, and every row of the list."""

    parties: Parties
    rows: tuple[Row, ...]


class _Mark(NamedTuple):
    row: int
    column: int
    keys: dict[Key, int]


def read_meeting(path: Path, limits: Limits = DEFAULT) -> Meeting:
    """Read the list for the meeting.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
        BadRequest: there is no list for a meeting in it, or not all that it hides is still there.
    """
    refuse_what_cannot_be_read(path, limits)
    # Formulas as the program that saved the workbook computed them: “=J3” fills many rows at once.
    with opened(path, values=True) as book:
        sheets = list(book.worksheets)
        hidden = next((each for each in sheets if each.title == HIDDEN_SHEET), None)
        said = (
            parties_said([text_of(cell.value) for cell in cells] for _, cells in rows_of(hidden, path))
            if hidden is not None
            else None
        )
        lists = [(each, mark) for each in sheets if each is not hidden and (mark := _mark_on(each)) is not None]
        if said is None and not lists:
            raise BadRequest(
                "The workbook has no list for a meeting in it.",
                where=str(path),
                todo="Make one to decide in: qdabridge agree STUDY --workbook OUT.xlsx.",
            )
        if said is None or not lists or any(key not in mark.keys for _, mark in lists for key in KEYS):
            raise BadRequest(
                "The list has lost what finds its passages again: its hidden first row, first column or sheet of ids.",
                where=str(path),
                todo="Copy the decisions into the workbook as it was made.",
            )
        rows = tuple(row for sheet, mark in lists for row in _rows(sheet, mark, path))
    return Meeting(said, rows)


def _mark_on(sheet: Any) -> _Mark | None:
    """Return where ids and keys meet, if the sheet is a list."""
    for number, cells in rows_of(sheet, last=_MARK_DEPTH):
        texts = [text_of(cell.value) for cell in cells]
        if MARK in texts:
            keys = {key: texts.index(key) for key in KEYS if key in texts}
            return _Mark(number, texts.index(MARK), keys)
    return None


def _rows(sheet: Any, mark: _Mark, path: Path) -> Iterator[Row]:
    for number, cells in rows_of(sheet, path):
        # The headings stand right below the keys.
        if number <= mark.row + 1:
            continue
        row = Row(
            _at(cells, mark.column),
            _at(cells, mark.keys["decision"]),
            _at(cells, mark.keys["passage"]),
            _at(cells, mark.keys["remark"]),
            f"{sheet.title}, row {number}",
        )
        if row.id or not row.is_empty:
            yield row


def _at(cells: tuple[Any, ...], column: int) -> str:
    return text_of(cells[column].value).strip() if column < len(cells) else ""
