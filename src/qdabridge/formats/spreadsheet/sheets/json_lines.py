"""Lines of JSON (.jsonl) as plain rows: each line is an object, and the names in the objects are the headings.

Source: jsonlines.org, RFC 8259. What is in the rows it does not know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import DecodeError
from msgspec.json import decode

from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, separated, trimmed
from qdabridge.limits import Limits


def begins(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of an object: a brace, and then a name or nothing."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and start[1:].lstrip()[:1] in (b'"', b"}")


def read(path: Path, limits: Limits) -> TableFile:
    """Read a file as one sheet.

    Raises:
        CannotRead: a line is no object, or an object holds a list or another object.
        TooLarge: it is beyond the limits.
    """
    if path.stat().st_size > limits.workbook:
        raise limits.refused("workbook", "The table is too large", str(path))
    text, encoding = separated.decoded(path.read_bytes(), path)
    # Only a line feed ends a line: a text may hold U+2028 and others that ``splitlines`` takes for one.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    objects = [_object(line, number, path) for number, line in lines]
    headings = list(dict.fromkeys(name for each in objects for name in each))
    rows: list[Row] = [trimmed(headings), *(trimmed(each.get(name) for name in headings) for each in objects)]
    while rows and not rows[-1]:
        rows.pop()
    return TableFile(path, "lines", [Sheet("", rows)], encoding=encoding)


def _object(line: str, number: int, path: Path) -> dict[str, Cell]:
    try:
        found: Any = decode(line)
    except (DecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CannotRead(
            "Each line of such a file is a JSON object, and this one is none.",
            where=f"{path}: line {number}",
            todo="Write the file again; if it is a whole study as JSON, give it a name that ends in .json.",
        )
    if any(isinstance(value, dict | list) for value in found.values()):
        raise CannotRead(
            "A table has one value in each cell, and here a line holds a list or an object in one.",
            where=f"{path}: line {number}",
            todo="If it is a whole study as JSON, give it a name that ends in .json.",
        )
    return found
