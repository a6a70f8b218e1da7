"""Which kind of table file a file is, by its first bytes and its contents rather than by its name.

It knows what the kinds look like from outside; how each is read is known in the modules beside it.
"""

from __future__ import annotations

from pathlib import Path

from qdabridge.archives import open_archive
from qdabridge.errors import CannotRead, TooLarge
from qdabridge.formats.spreadsheet.sheets import TableFile, letters
from qdabridge.limits import Limits
from qdabridge.safety import readable

_HEAD = 1024
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_COLUMNS = 10_000

_OTHERS = (
    (b"%PDF", "a PDF", "Export the table as .xlsx or .csv."),
    (b"{\\rtf", "a rich text file", "Open it in Word or LibreOffice and save it as .docx."),
    (b"<!doctype html", "a web page", "Open it in Excel or LibreOffice and save it as .xlsx."),
    (b"<html", "a web page", "Open it in Excel or LibreOffice and save it as .xlsx."),
    (b"<?xml", "an XML file", "Open it in Excel or LibreOffice and save it as .xlsx."),
    (b"\x89PNG", "a picture", "Export the table as .xlsx or .csv."),
    (b"SQLite format 3", "a database", "Export the table as .xlsx or .csv."),
    (b"$FL2", "an SPSS file", "Save it as .csv in SPSS."),
)


def opened(path: Path, limits: Limits) -> TableFile:
    """Open a table file; see ``sheets.open_table``."""
    with readable(path).open("rb") as stream:
        head = stream.read(_HEAD)
    file = _opened(path, head, limits)
    has_words = file.kind == "document" and any(line.strip() for line in file.lines)
    if not has_words and not any(sheet.rows for sheet in file.sheets):
        raise CannotRead("The table is empty: no cell has anything in it.", where=str(path), todo="Export it again.")
    _refuse_far_too_wide(file)
    return file


def _opened(path: Path, head: bytes, limits: Limits) -> TableFile:
    # Imported here, so that a CSV file costs neither openpyxl nor python-docx.
    if head.startswith(_ZIP):
        names = _names_in(path, limits)
        if "word/document.xml" in names:
            from qdabridge.formats.spreadsheet.sheets import word

            return word.read(path, limits)
        if "content.xml" in names and "mimetype" in names:
            from qdabridge.formats.spreadsheet.sheets import opendocument

            return opendocument.read(path, limits)
    if head.startswith((_ZIP, _OLE)):
        from qdabridge.formats.spreadsheet.sheets import excel

        return excel.read(path, limits)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, kind, todo in _OTHERS:
        if start.startswith(mark.lower()):
            raise CannotRead(f"This is {kind}, which is not read as a table.", where=str(path), todo=todo)
    from qdabridge.formats.spreadsheet.sheets import json_lines, markdown, separated

    if json_lines.begins(head):
        return json_lines.read(path, limits)
    if markdown.is_one(path, head) and (found := markdown.read(path, limits)) is not None:
        return found
    return separated.read(path, limits)


def _names_in(path: Path, limits: Limits) -> set[str]:
    with open_archive(path, limits) as archive:
        return set(archive.namelist())


def _refuse_far_too_wide(file: TableFile) -> None:
    for sheet in file.sheets:
        columns = max(map(len, sheet.rows), default=0)
        if columns > _MOST_COLUMNS:
            raise TooLarge(
                f"The sheet has something in its column {letters(columns - 1)}, the {columns:,}th, and no study has so "
                "many themes.",
                where=f"{file.path}: {sheet.name}" if sheet.name else str(file.path),
                todo="Delete what stands far to the right of the table; if its rows are its columns, turn it round.",
            )
