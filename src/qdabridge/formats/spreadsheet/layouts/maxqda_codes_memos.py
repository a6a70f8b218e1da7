"""MAXQDA's codes with their memos: ``Code`` and ``Memo``, with `` > `` between a code and those above it.

It is what MAXQDA takes in from Excel, and what it was seen to write. Evidence: a real workbook, MAXQDA's help.
"""

from __future__ import annotations

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _maxqda as maxqda
from qdabridge.formats.spreadsheet.pieces import CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import Headed, headed, refuse_twice

_KNOWN = {"code": maxqda.CODE, "memo": maxqda.MEMO}
_NEEDS = ("code", "memo")
_LONGEST_NAME = 1_000


def _recognises(file: TableFile) -> Seen:
    for table in _tables(file):
        if table.others:
            continue
        words = " and ".join(text_of(table.sheet.at(table.row, table.columns[field])).strip() for field in _NEEDS)
        deep = any(maxqda.is_path(text_of(record.cell("code"))) for record in table.records())
        if deep:
            return Seen(0.95, f"the headings {words}, and codes below others")
        return Seen(0.8, f"the headings {words}, and no other")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    tables = _tables(file)
    if not tables:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    for sheet in file.sheets:
        if sheet.rows and all(table.sheet is not sheet for table in tables):
            pieces.lost("A sheet that holds no codes with memos was left out.", sheet.name)
    for table in tables:
        refuse_twice(table, file)
        _read_table(table, pieces)
    return pieces


def _read_table(table: Headed, pieces: Pieces) -> None:
    records = list(table.records())
    for heading in table.others:
        if any(record.other(heading) not in (None, "") for record in records):
            pieces.lost("A column beside the codes and memos was left out.", heading)
    paths = maxqda.paths_of_import(record.text("code") for record in records)
    seen: dict[CodePath, str] = {}
    for record in records:
        path = paths.of(record.text("code"))
        if not path:
            pieces.lost("A row without a code was left out.", record.at)
            continue
        if path in seen:
            pieces.odd("A code stands in two rows; they were taken as one.", f"{record.at}: {record.text('code')}")
        seen[path] = record.at
        pieces.codes.append(CodeRow(at=record.at, path=path, description=record.text("memo")))


def _tables(file: TableFile) -> list[Headed]:
    found = [table for sheet in file.sheets if (table := headed(sheet, _KNOWN, _NEEDS)) is not None]
    return [table for table in found if _has_names(table)]


def _has_names(table: Headed) -> bool:
    return all(len(record.text("code")) <= _LONGEST_NAME for record in table.records())


LAYOUT = Layout(
    name="maxqda-codes-memos",
    title="codes and memos",
    program="MAXQDA",
    looks_for="the headings Code and Memo, and codes such as Access > Costs",
    gives="codes with their memos as descriptions",
    evidence="a real workbook, and MAXQDA's help, which says what it takes in",
    recognises=_recognises,
    read=_read,
)
