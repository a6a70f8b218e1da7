"""ATLAS.ti's list of quotations: a row for each, with its words, its document and all its codes in one cell.

Seen in a real file: headings in two languages, one with a space behind it, codes with commas between them although
names hold commas, and places as paragraphs (``¶ 4``). Other programs report a heading of question marks alone. What no
heading tells is told from the shape of the columns.
"""

from __future__ import annotations

import re

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _atlasti as atlasti
from qdabridge.formats.spreadsheet.layouts import _atlasti_shapes as shapes
from qdabridge.formats.spreadsheet.layouts._atlasti_joined import Joined
from qdabridge.formats.spreadsheet.layouts._atlasti_words import CODE_LIST, QUOTATIONS
from qdabridge.formats.spreadsheet.pieces import Coded, CodeRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.sheets import Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import Headed, Record, headed, refuse_twice

_NEEDS = ("codes", "document", "quote")
_TELLING = ("reference", "number", "count", "start", "extent", "density", "name")
_NOT_CARRIED = {
    "modified": "When a quotation was last changed is not carried.",
    "editor": "Who last changed a quotation is not carried.",
    "density": "How many links a quotation has is not carried.",
}
_PARAGRAPHS = re.compile(r"[¶?]?\s*(\d{1,7})(?:\s*[-–—]\s*[¶?]?\s*(\d{1,7}))?")


def _recognises(file: TableFile) -> Seen:
    for sheet in file.sheets:
        table = atlasti.quotations(sheet)
        if table is not None:
            telling = any(field in table.columns for field in _TELLING)
            words = [
                text_of(sheet.at(table.row, table.columns[field])).strip() for field in ("quote", "document", "codes")
            ]
            return Seen(0.9 if telling else 0.72, f"the headings {words[0]}, {words[1]} and {words[2]}")
    for sheet in file.sheets:
        if _by_shape(sheet) is not None:
            return Seen(
                0.62,
                "columns with the numbers or paragraphs of quotations, long texts, documents that recur, and codes",
            )
    return NOTHING


def _read(file: TableFile) -> Pieces:
    for sheet in file.sheets:
        table = atlasti.quotations(sheet) or _by_shape(sheet)
        if table is not None:
            refuse_twice(table, file)
            pieces = Pieces()
            known = _take_codebooks(file, sheet, pieces)
            _read_table(table, known, pieces)
            return pieces
    raise does_not_fit(LAYOUT, file)


def _by_shape(sheet: Sheet) -> Headed | None:
    """Return the table with its columns told from what is in them, where some heading is in no language known."""
    known = next((table for field in _NEEDS if (table := headed(sheet, QUOTATIONS, [field])) is not None), None)
    return shapes.told_by_shape(sheet, known)


def _take_codebooks(file: TableFile, quotations: Sheet, pieces: Pieces) -> list[str]:
    """Take the codebooks that are on other sheets, and return the names of their codes as they are written."""
    names = []
    for sheet in file.sheets:
        if sheet is quotations or not sheet.rows:
            continue
        table = headed(sheet, CODE_LIST, ["code"])
        if table is None:
            pieces.lost("A sheet that holds no quotations was left out.", sheet.name)
            continue
        if "grounded" in table.columns or "density" in table.columns:
            pieces.lost("How often a code is used or linked is a figure of ATLAS.ti's and not carried.", sheet.name)
        for record in table.records():
            if name := atlasti.code_name(record.cell("code")):
                names.append(name)
                path = atlasti.path_of(name, pieces, record.at)
                groups = atlasti.groups_of(record.cell("groups"))
                pieces.codes.append(CodeRow(at=record.at, path=path, description=record.text("comment"), groups=groups))
    return names


def _read_table(table: Headed, known: list[str], pieces: Pieces) -> None:
    for field, sentence in _NOT_CARRIED.items():
        if field in table.columns and (field != "modified" or "created" in table.columns):
            pieces.lost(sentence, text_of(table.sheet.at(table.row, table.columns[field])).strip())
    records = list(table.records())
    for heading in table.others:
        if any(record.other(heading) not in (None, "") for record in records):
            pieces.lost("A column of the quotations was left out.", heading)
    joined = Joined(((_codes_cell(record), _count(record)) for record in records), known)
    for record in records:
        _take(record, joined, pieces)


def _take(record: Record, joined: Joined, pieces: Pieces) -> None:
    document = atlasti.document_name(record.cell("document"))
    quote = _without_line_end(text_of(record.cell("quote")))
    names, sure = joined.names(_codes_cell(record), _count(record))
    if not (document or quote.strip() or names):
        pieces.lost("A row without a document, words and codes was left out.", record.at)
        return
    if not sure and joined.separator == ",":
        pieces.odd(
            "Codes stand in one cell with commas between them, and nothing tells which commas belong to a name; names "
            "that stand alone somewhere were taken whole, and all else was divided at each comma.",
            f"{record.at}: {_codes_cell(record)}",
            "Export as Excel with a sheet of the codes, or compare the codes with those of your project.",
        )
    for group in atlasti.groups_of(record.cell("groups")):
        pieces.sources.append(SourceRow(at=record.at, name=document, folder=group))
    pieces.coded.append(
        Coded(
            at=record.at,
            source=document,
            quote=quote if quote.strip() else None,
            codes=tuple(atlasti.path_of(atlasti.code_name(name), pieces, record.at) for name in names),
            coder=record.text("coder"),
            date=record.cell("created") if "created" in record.headed.columns else record.cell("modified"),
            # How the quotation begins, which ATLAS.ti fills in, is no name of its own.
            name="" if atlasti.begins(quote, record.text("name")) else record.text("name"),
            memo=record.text("comment"),
            paragraphs=_paragraphs(record, pieces),
            number=record.text("number"),
        )
    )


def _codes_cell(record: Record) -> str:
    return text_of(record.cell("codes"))


def _count(record: Record) -> int | None:
    said = record.text("count")
    return int(said) if said.isdecimal() and 0 < len(said) < 5 else None


def _paragraphs(record: Record, pieces: Pieces) -> tuple[int, int] | None:
    """Return first and last paragraph, by the reference or by the positions, which count paragraphs in texts."""
    said = record.text("reference")
    match = _PARAGRAPHS.fullmatch(said)
    if match is None and said:
        pieces.lost(
            "Where a quotation stands is told in pages or times, which are not carried.", f"{record.at}: {said}"
        )
        return None
    if match is not None:
        first, last = int(match[1]), int(match[2] or match[1])
    else:
        positions = [record.text(field) for field in ("start", "end")]
        if not all(each.isdecimal() and len(each) < 8 for each in positions):
            return None
        first, last = map(int, positions)
    return (first, last) if 0 < first <= last else None


def _without_line_end(text: str) -> str:
    return text.removesuffix("\n")


LAYOUT = Layout(
    name="atlasti-quotations",
    title="list of quotations",
    program="ATLAS.ti",
    looks_for="the headings Text Content (or Quotation Content), Document and Codes, in English, German, Spanish, "
    "French or Portuguese; in other languages columns of that shape",
    gives="quotes with codes, names, comments, dates and coders; document groups",
    evidence="a real file, half in Portuguese; headings in other languages and Excel as its users report them",
    recognises=_recognises,
    read=_read,
)
