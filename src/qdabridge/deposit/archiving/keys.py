"""Keeps a key of pseudonyms out of a deposit: whoever has it can undo all of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from qdabridge.archives import ZIP_FAULTS, refuse_more_than_said
from qdabridge.deposit.office_documents import is_beyond_documents
from qdabridge.errors import BadRequest
from qdabridge.study.study import Study

_LARGEST = 50_000_000
_HEADINGS = {"find", "replace"}
_PART = 200_000
_LONGEST_LINE = 2000
_WORDS_OF_A_HEADING = 3
_ZIP = b"PK"


def refuse_keys(study: Study) -> None:
    """Raise BadRequest where a file of a study looks like a key of pseudonyms."""
    for name in study.files:
        entry = study.files.entry(name)
        if entry.size <= _LARGEST:
            with entry.open() as stream:
                head = stream.read(_PART)
                _refuse(name, head + stream.read() if head.startswith(_ZIP) else head)


def refuse_key(path: Path) -> None:
    """Raise BadRequest where a file that is to be put beside the study looks like a key of pseudonyms."""
    if path.stat().st_size <= _LARGEST:
        _refuse(path.name, path.read_bytes())


def _refuse(name: str, data: bytes) -> None:
    if any(_is_heading(row) for row in _first_rows(data)):
        raise BadRequest(
            "A key of pseudonyms is among the files; whoever has it can undo them all.",
            where=name,
            todo="Take it out, and keep it where the archive never sees it.",
        )


def _is_heading(cells: Iterable[str]) -> bool:
    return {cell.strip().strip("\ufeff").casefold() for cell in cells} >= _HEADINGS


def _first_rows(data: bytes) -> list[list[str]]:
    if data.startswith(_ZIP):
        return _words_of_workbook(data)
    for encoding in ("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            text = data[:_PART].decode(encoding, "strict" if encoding == "utf-16" else "ignore")
        except UnicodeDecodeError:
            continue
        lines = [line for line in text.splitlines()[:20] if line.strip() and len(line) <= _LONGEST_LINE]
        rows = (row for separator in ",;\t|" for row in csv.reader(lines, delimiter=separator))
        # Headings are a word or two; a sentence may say the same between commas.
        return [row for row in rows if all(len(cell.split()) <= _WORDS_OF_A_HEADING for cell in row)]
    return []


def _words_of_workbook(data: bytes) -> list[list[str]]:
    """Return the texts of cells of a workbook: whether both headings are among them, whatever the cells."""
    from lxml import etree

    found: list[list[str]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if is_beyond_documents(archive.infolist()):
                return found
            for info in archive.infolist():
                if info.filename == "content.xml" or info.filename.startswith(("xl/sharedStrings", "xl/worksheets/")):
                    refuse_more_than_said(archive, info)
                    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
                    root = etree.fromstring(archive.read(info), parser)
                    if root is not None:
                        found.append([str(text) for text in root.itertext() if len(str(text)) < 50])
    except (*ZIP_FAULTS, OSError, etree.XMLSyntaxError):
        return found
    return found
