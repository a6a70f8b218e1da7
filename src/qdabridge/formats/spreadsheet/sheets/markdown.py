"""Tables in Markdown as plain rows: cells between bars, and a line of dashes below the headings.

Source: GitHub Flavored Markdown, section 4.10. A line break within a cell is ``<br>``, as there is no other way. Words
around the tables are lines. What is in the rows it does not know.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from qdabridge.formats.spreadsheet.sheets import Row, Sheet, TableFile, separated, trimmed
from qdabridge.limits import Limits

_DASHES = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_SPLIT = re.compile(r"\\(.)|(\|)", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Stands for a bar that belongs to the words of a cell while the line is divided; no text file holds it.
_BAR = "\0"


def is_one(path: Path, head: bytes) -> bool:
    """Tell whether a file may hold such tables: by its first line, or by its name."""
    return path.suffix.lower() == ".md" or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"| ")


def read(path: Path, limits: Limits) -> TableFile | None:
    """Read the tables of a file; nothing where there is none.

    Raises:
        CannotRead: it is no text.
        TooLarge: it is beyond the limits.
    """
    if path.stat().st_size > limits.workbook:
        raise limits.refused("workbook", "The table is too large", str(path))
    text, encoding = separated.decoded(path.read_bytes(), path)
    written = text.replace("\r\n", "\n").split("\n")
    sheets: list[Sheet] = []
    lines: list[str] = []
    at = 0
    while at < len(written):
        if _is_row(written[at]) and at + 1 < len(written) and _DASHES.fullmatch(written[at + 1]):
            rows = [_row(written[at])]
            at += 2
            while at < len(written) and _is_row(written[at]):
                rows.append(_row(written[at]))
                at += 1
            sheets.append(Sheet(f"table {len(sheets) + 1}", rows))
        else:
            lines.append(written[at])
            at += 1
    if not sheets:
        return None
    found = [separated.guessed(path)] if encoding == separated.GUESSED else []
    return TableFile(path, "document", sheets, lines, [""] * len(lines), encoding=encoding, found=found)


def _is_row(line: str) -> bool:
    return line.strip().startswith("|")


def _row(line: str) -> Row:
    marked = _SPLIT.sub(lambda match: match[0] if match[1] else _BAR, line.strip())
    _, *cells = marked.split(_BAR)
    if cells and not cells[-1].strip():
        cells.pop()
    return trimmed(_words(cell) for cell in cells)


def _words(cell: str) -> str:
    broken = _BREAK.sub("\n", cell.strip())
    # Markdown takes a backslash away before signs alone: in C:\data it stays.
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", broken))
