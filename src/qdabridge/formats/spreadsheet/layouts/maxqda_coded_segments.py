"""MAXQDA's coded segments: a row for each, with its words, its document and its code.

Seen in real files: English, German and Polish headings, in different orders and numbers; ``●`` in the first column, in
the colour of the code; the path of a code with `` > `` between; positions that count paragraphs. What no heading tells
is told from the shape of the columns.
"""

from __future__ import annotations

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, beginning, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _maxqda as maxqda
from qdabridge.formats.spreadsheet.layouts import _maxqda_shapes as shapes
from qdabridge.formats.spreadsheet.pieces import Coded, Pieces
from qdabridge.formats.spreadsheet.sheets import Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import Headed, Record, headed, refuse_twice

_NEEDS = ("document", "code", "quote")
_TELLING = ("group", "start", "weight", "color", "area", "coverage")
_NOT_CARRIED = {
    "editor": "Who last changed a coded segment is not carried.",
    "modified": "When a coded segment was last changed is not carried.",
    "area": "How much of a document is coded is not carried; it follows from the texts.",
    "coverage": "How much of a document is coded is not carried; it follows from the texts.",
}


def _recognises(file: TableFile) -> Seen:
    file = beginning(file)
    for sheet in file.sheets:
        table = headed(sheet, maxqda.SEGMENTS, _NEEDS)
        if table is not None:
            words = ", ".join(_heading(table, field) for field in _NEEDS[:2])
            telling = any(field in table.columns for field in _TELLING)
            return Seen(0.93 if telling else 0.72, f"the headings {words} and {_heading(table, 'quote')}")
    for sheet in file.sheets:
        table = _by_shape(sheet)
        if table is not None:
            # No other program has a sign alone in a cell.
            beside = "the colours of codes as signs" if "color" in table.columns else "paragraphs"
            return Seen(0.72 if "color" in table.columns else 0.6, f"documents, codes and long texts beside {beside}")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        by_headings = headed(sheet, maxqda.SEGMENTS, _NEEDS)
        table = by_headings or _by_shape(sheet)
        if table is not None:
            refuse_twice(table, file)
            if by_headings is None:
                _say_which(table, pieces)
            _read_table(table, pieces)
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that holds no coded segments was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


def _by_shape(sheet: Sheet) -> Headed | None:
    """Return the table with its columns told from what is in them, where some heading is in no language known."""
    known = next((table for field in _NEEDS if (table := headed(sheet, maxqda.SEGMENTS, [field])) is not None), None)
    return shapes.told_by_shape(sheet, known)


def _say_which(table: Headed, pieces: Pieces) -> None:
    words = {"quote": "words", "document": "document", "code": "code", "group": "group", "coder": "coder",
             "created": "date"}  # fmt: skip
    told = ", ".join(f"{_heading(table, field)} = {word}" for field, word in words.items() if field in table.columns)
    pieces.odd(
        "The headings are in a language that is not known; the columns were told by what is in them.",
        f"{table.sheet.place(table.row)}: {told}",
        "If that is wrong, write the headings in English (Document name, Code, Segment) and read the table again.",
    )


def _read_table(table: Headed, pieces: Pieces) -> None:
    records = list(table.records())
    _say_not_carried(table, records, pieces)
    paths = maxqda.paths_of_export(
        (text_of(record.cell("code")) for record in records),
        pieces,
        table.sheet.place(table.row, table.columns["code"]),
    )
    documents = maxqda.Documents(((record.text("group"), record.text("document")) for record in records), pieces)
    for record in records:
        _take(record, paths, documents, pieces)


def _take(record: Record, paths: maxqda.Paths, documents: maxqda.Documents, pieces: Pieces) -> None:
    quote = text_of(record.cell("quote")).removesuffix("\n")
    path = paths.of(text_of(record.cell("code")))
    group, document = documents.of(record.text("group"), record.text("document"))
    if not (document or quote.strip()):
        pieces.lost("A row without a document and words was left out.", record.at)
        return
    if not path:
        pieces.odd("A segment has no code; it is there without one.", record.at)
    pieces.coded.append(
        Coded(
            at=record.at,
            source=document,
            folder=group,
            quote=quote if quote.strip() else None,
            codes=(path,) if path else (),
            coder=record.text("coder"),
            date=record.cell("created"),
            memo=record.text("comment"),
            paragraphs=_paragraphs(record, pieces),
        )
    )


def _paragraphs(record: Record, pieces: Pieces) -> tuple[int, int] | None:
    """Return first and last paragraph. In a PDF it is the page, in a recording the time, which help to find nothing."""
    said = [record.text(field) for field in ("start", "end")]
    if not any(said):
        return None
    if not all(each.isascii() and each.isdecimal() and len(each) < 8 for each in said):
        pieces.lost(
            "Where a segment stands in a picture, a recording or on a page is not carried.",
            f"{record.at}: {' to '.join(filter(None, said))}",
            "If it matters, export the project as REFI-QDA (.qdpx) from MAXQDA.",
        )
        return None
    first, last = map(int, said)
    return (first, last) if 0 < first <= last else None


def _say_not_carried(table: Headed, records: list[Record], pieces: Pieces) -> None:
    for field, sentence in _NOT_CARRIED.items():
        if any(record.text(field) for record in records):
            pieces.lost(sentence, _heading(table, field))
    if any(record.text("weight") not in ("", "0") for record in records):
        pieces.lost("The weight of a coded segment is not carried.", _heading(table, "weight"))
    if any(record.text("color") for record in records):
        pieces.lost(
            "The colours of codes are not carried; the table shows them as the colour of a sign.",
            _heading(table, "color"),
            "If they matter, export the project as REFI-QDA (.qdpx) from MAXQDA.",
        )
    for heading in table.others:
        if any(record.other(heading) not in (None, "") for record in records):
            pieces.lost("A column of the coded segments was left out.", heading)


def _heading(table: Headed, field: str) -> str:
    return text_of(table.sheet.at(table.row, table.columns[field])).strip()


LAYOUT = Layout(
    name="maxqda-coded-segments",
    title="coded segments",
    program="MAXQDA",
    looks_for="the headings Document name, Code and Segment, in English, German or Polish; in other languages columns "
    "of that shape, with paragraphs or the colours of codes",
    gives="quotes with codes, comments, dates and coders; document groups",
    evidence="real files in English, German and Polish",
    recognises=_recognises,
    read=_read,
)
