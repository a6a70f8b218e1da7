"""Noting in a workbook what has been charted, so that a team can go on in it and chart again.

Only the hidden sheet is written anew; everything else in the file stays byte for byte, whatever Excel put there. It
knows how sheets are found in a package (ECMA-376 parts 1 and 2), and nothing of what is charted.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from msgspec.structs import replace

from qdabridge.archives import open_archive
from qdabridge.errors import BadRequest
from qdabridge.formats.spreadsheet import hidden_ids
from qdabridge.formats.spreadsheet.cell_text import escaped, presentable
from qdabridge.formats.spreadsheet.matrix_reading import read_hidden
from qdabridge.formats.spreadsheet.saved_workbooks import damaged
from qdabridge.limits import DEFAULT, Limits
from qdabridge.matrix.charting import Charting
from qdabridge.safety import writing

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK = "xl/workbook.xml"


def remember(path: Path, charting: Charting, *, limits: Limits = DEFAULT) -> None:
    """Note in a workbook what study and workbook say now, after a charting has gone into the study.

    Args:
        path: the workbook, which is replaced; the old one stays if anything fails.
        charting: what was charted from it.
        limits: how large the workbook may be.

    Raises:
        BadRequest: the workbook has no hidden sheet to note it in.
        CannotRead: it cannot be read.
        CannotWrite: it cannot be replaced.
    """
    hidden = read_hidden(path, limits)
    if hidden is None:
        raise BadRequest(
            "The workbook has no hidden sheet in which to note what was charted.",
            where=str(path),
            todo="Make a new matrix from the charted study to go on with.",
        )
    sheet = _sheet_of(replace(hidden, record=charting.record).rows())
    # The old file is read to its end before the new one takes its name.
    with open_archive(path, limits) as old, writing(path, overwrite=True) as stream, ZipFile(stream, "w") as new:
        try:
            part = _part_of_hidden_sheet(old)
        except (LookupError, StopIteration, SyntaxError) as error:
            raise damaged(path) from error
        for info in old.infolist():
            compressed = info.compress_type or ZIP_DEFLATED if info.filename == part else info.compress_type
            new.writestr(info, sheet if info.filename == part else old.read(info), compressed)


def _sheet_of(rows: Iterable[list[str]]) -> bytes:
    out = BytesIO()
    out.write(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    )
    for row in rows:
        cells = (
            f'<c t="inlineStr"><is><t xml:space="preserve">{escape(escaped(presentable(text)[0]))}</t></is></c>'
            for text in row
        )
        out.write(f"<row>{''.join(cells)}</row>".encode())
    out.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _part_of_hidden_sheet(archive: ZipFile) -> str:
    """Return the name of the part that holds the hidden sheet; that it is there is known."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read(_WORKBOOK), parser)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): link.get("Target") or "" for link in links.iter(f"{{{_LINKS}}}Relationship")}
    link = next(
        each.get(_LINK) for each in book.iter(f"{{{_MAIN}}}sheet") if each.get("name") == hidden_ids.HIDDEN_SHEET
    )
    # A target begins with a slash, or where the workbook is.
    return posixpath.normpath(posixpath.join("/xl", targets[link])).lstrip("/")
