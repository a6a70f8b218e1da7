"""Taguette's highlights: a row for each tag of each highlight, the highlights in the order of their documents.

Evidence: Taguette's source code. A highlight without a tag has one row, with an empty one.
"""

from __future__ import annotations

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _taguette as taguette
from qdabridge.formats.spreadsheet.pieces import Coded, CodePath, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import Headed, headed, refuse_twice

_KNOWN = {"number": {"id"}, "document": {"document"}, "tag": {"tag"}, "quote": {"content"}}
_NEEDS = ("document", "tag", "quote")


def _recognises(file: TableFile) -> Seen:
    table = _table(file)
    if table is None:
        return NOTHING
    words = "id, document, tag and content" if "number" in table.columns else "document, tag and content"
    return Seen(0.95 if "number" in table.columns else 0.8, f"the headings {words}")


def _read(file: TableFile) -> Pieces:
    table = _table(file)
    if table is None:
        raise does_not_fit(LAYOUT, file)
    refuse_twice(table, file)
    pieces = Pieces()
    for sheet in file.sheets:
        if sheet is not table.sheet and sheet.rows:
            pieces.lost("A sheet that holds no highlights was left out.", sheet.name)
    records = list(table.records())
    for heading in table.others:
        if any(record.other(heading) not in (None, "") for record in records):
            pieces.lost("A column of the highlights was left out.", heading)
    highlights: dict[tuple[str, str, str], Coded] = {}
    for record in records:
        document, number, quote = record.text("document"), record.text("number"), text_of(record.cell("quote"))
        path: CodePath = taguette.path_of(record.text("tag"), pieces, record.at)
        if not (document or quote.strip()):
            pieces.lost("A row without a document and words was left out.", record.at)
            continue
        # Rows of one highlight follow each other; people sort tables, so that is not relied upon.
        key = document, number, quote
        one = highlights.get(key)
        if one is None:
            one = highlights[key] = Coded(
                at=record.at, source=document, quote=quote if quote.strip() else None, number=number
            )
            pieces.coded.append(one)
        if path and path not in one.codes:
            one.codes += (path,)
    return pieces


def _table(file: TableFile) -> Headed | None:
    return next((table for sheet in file.sheets if (table := headed(sheet, _KNOWN, _NEEDS)) is not None), None)


LAYOUT = Layout(
    name="taguette-highlights",
    title="highlights",
    program="Taguette",
    looks_for="the headings id, document, tag and content",
    gives="quotes with codes",
    evidence="Taguette's source code, which writes CSV and Excel",
    recognises=_recognises,
    read=_read,
)
