"""Dedoose's excerpts: a row for each, with its words and its place, and a column for each code that it may have.

``Code: Access\\Costs Applied`` is true or false; Range and Weight beside it are those of the code's weight. Fields of
descriptors stand behind. Evidence: programs that read such exports; no real file was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.pieces import Coded, CodePath, CodeRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.sheets import Cell, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import Headed, Record, headed, refuse_twice

_KNOWN = {
    "quote": ("Excerpt Copy", "Excerpt"),
    "document": ("Media Title", "Resource Title"),
    "coder": ("Excerpt Creator",),
    "created": ("Excerpt Date",),
    "range": ("Excerpt Range",),
    "codes": ("Codes Applied Combined",),
    "adder": ("Resource Creator", "Media Creator"),
    "added": ("Resource Date", "Media Date"),
    "memo": ("Excerpt Memo", "Memo"),
}
_NEEDS = ("quote", "document")
_CODE = "code:"
_OF_CODE = ("applied", "range", "weight")
_RANGE = re.compile(r"\s*([0-9]{1,9})\s*[-–]\s*([0-9]{1,9})\s*")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TRUE = {"true", "1", "yes", "wahr", "vrai", "verdadero"}


class _Columns(Struct, frozen=True):
    """The columns that belong to codes, by the paths of these, and those that do not."""

    applied: dict[CodePath, str]
    weights: dict[CodePath, str]
    others: list[str]


def _recognises(file: TableFile) -> Seen:
    for table in _tables(file):
        columns = _columns(table)
        if columns.applied:
            return Seen(0.96, "the headings Excerpt Copy and Media Title, and columns such as Code: … Applied")
        if "codes" in table.columns:
            return Seen(0.9, "the headings Excerpt Copy, Media Title and Codes Applied Combined")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    tables = _tables(file)
    if not tables:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    for sheet in file.sheets:
        if sheet.rows and all(table.sheet is not sheet for table in tables):
            pieces.lost("A sheet that holds no excerpts was left out.", sheet.name)
    for table in tables:
        refuse_twice(table, file)
        _read_table(table, pieces)
    return pieces


def _tables(file: TableFile) -> list[Headed]:
    return [table for sheet in file.sheets if (table := headed(sheet, _KNOWN, _NEEDS)) is not None]


def _columns(table: Headed) -> _Columns:
    applied: dict[CodePath, str] = {}
    weights: dict[CodePath, str] = {}
    others = []
    for heading in table.others:
        path, what = _code_of(heading)
        if not path:
            others.append(heading)
        elif what == "applied":
            applied[path] = heading
        elif what == "weight":
            weights[path] = heading
    return _Columns(applied, weights, others)


def _code_of(heading: str) -> tuple[CodePath, str]:
    """Return the path of the code that a column is of, and what it says of it; no path for other columns."""
    words = heading.split(" ")
    if heading[: len(_CODE)].casefold() != _CODE or (what := words[-1].casefold()) not in _OF_CODE:
        return (), ""
    written = " ".join(words[:-1])[len(_CODE) :]
    return tuple(filter(None, (" ".join(name.split()) for name in written.split("\\")))), what


def _read_table(table: Headed, pieces: Pieces) -> None:
    records = list(table.records())
    columns = _columns(table)
    where = table.sheet.place(table.row)
    pieces.codes += [CodeRow(at=where, path=path) for path in columns.applied]
    _say_not_carried(table, columns, records, pieces)
    dates = _dates(record.cell("created") for record in records)
    for record, created in zip(records, dates, strict=True):
        _take(record, columns, created, pieces)
    _take_descriptors(columns.others, records, pieces)


def _take(record: Record, columns: _Columns, created: Cell, pieces: Pieces) -> None:
    quote = text_of(record.cell("quote")).removesuffix("\n")
    document = record.text("document")
    if not (document or quote.strip()):
        pieces.lost("A row without a medium and words was left out.", record.at)
        return
    place = _RANGE.fullmatch(record.text("range"))
    if place is None and record.text("range"):
        pieces.lost(
            "Where an excerpt stands on a page, in a picture or in a recording is not carried.",
            f"{record.at}: {record.text('range')}",
        )
    pieces.coded.append(
        Coded(
            at=record.at,
            source=document,
            quote=quote if quote.strip() else None,
            codes=_codes(record, columns, pieces),
            coder=record.text("coder"),
            date=created,
            memo=record.text("memo"),
            start=int(place[1]) if place is not None else None,
            end=int(place[2]) if place is not None else None,
        )
    )


def _codes(record: Record, columns: _Columns, pieces: Pieces) -> tuple[CodePath, ...]:
    if columns.applied:
        return tuple(path for path, heading in columns.applied.items() if _is_true(record.other(heading)))
    names = [name for part in text_of(record.cell("codes")).split(",") if (name := " ".join(part.split()))]
    if names:
        pieces.odd(
            "Codes stand in one cell with commas between them, and without those above them; the cell was divided at "
            "each comma.",
            f"{record.at}: {record.text('codes')}",
            "Export the excerpts with a column for each code, which tells them surely.",
        )
    return tuple((name,) for name in dict.fromkeys(names))


def _is_true(cell: Cell) -> bool:
    return text_of(cell).strip().casefold() in _TRUE


def _dates(cells: Iterable[Cell]) -> list[Cell]:
    """Return dates, read as month, day and year, unless one of them cannot be that; others as they are."""
    written = list(cells)
    matches = [_MONTH_FIRST.fullmatch(text_of(cell).strip()) for cell in written]
    if any(match is not None and int(match[1]) > 12 for match in matches):
        return written
    return [_day(match, cell) if match is not None else cell for match, cell in zip(matches, written, strict=True)]


def _day(match: re.Match[str], cell: Cell) -> Cell:
    try:
        return date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError:
        return cell


def _say_not_carried(table: Headed, columns: _Columns, records: list[Record], pieces: Pieces) -> None:
    for heading in columns.weights.values():
        if any(record.other(heading) not in (None, "") for record in records):
            pieces.lost("The weight of a code is not carried.", heading)
    for field in ("adder", "added"):
        if any(record.text(field) for record in records):
            heading = text_of(table.sheet.at(table.row, table.columns[field])).strip()
            pieces.lost("Who added a medium, and when, is not carried.", heading)


def _take_descriptors(headings: list[str], records: list[Record], pieces: Pieces) -> None:
    """Take the fields that have one value for each medium as its attributes; they are those of its descriptors."""
    values: dict[str, dict[str, Cell]] = {}
    for heading in headings:
        said: dict[str, dict[str, Cell]] = {}
        for record in records:
            cell = record.other(heading)
            if text_of(cell).strip() and record.text("document"):
                said.setdefault(record.text("document"), {})[text_of(cell)] = cell
        if any(len(each) > 1 for each in said.values()):
            pieces.lost("A column has several values for one medium and was left out.", heading)
            continue
        if said:
            pieces.attributes.append(heading)
        for document, each in said.items():
            values.setdefault(document, {})[heading] = next(iter(each.values()))
    at = {record.text("document"): record.at for record in reversed(records)}
    pieces.sources += [
        SourceRow(at=at[document], name=document, values=of_document) for document, of_document in values.items()
    ]


LAYOUT = Layout(
    name="dedoose-excerpts",
    title="excerpts",
    program="Dedoose",
    looks_for="the headings Excerpt Copy and Media Title, and columns such as Code: Access Applied",
    gives="quotes with codes, dates and coders; descriptors as attributes of the sources",
    evidence="programs that read such exports, and one that writes them; no real file was seen",
    recognises=_recognises,
    read=_read,
)
