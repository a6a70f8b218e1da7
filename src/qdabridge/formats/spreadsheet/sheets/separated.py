"""CSV and other text as plain rows: encoding and separator are found from the text itself.

Encodings: UTF-8 and UTF-16 with or without a byte order mark, and Windows-1252 for whatever else; separators: comma,
semicolon, tab and bar. A text without a separator is one column. Source: RFC 4180, and what Excel makes of it
(``sep=;`` in the first line, semicolons where the comma is a decimal sign).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Lock

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.sheets import Row, Sheet, TableFile, trimmed
from qdabridge.limits import Limits

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 200_000
_SAID = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n?")
# Programs that write CSV, ours too, put an apostrophe before what would be calculated.
_KEPT_AS_TEXT = re.compile(r"'\s*[=+\-@\t\r]")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_ZEROS = 0.2
_CONSISTENT = 0.9
_OF_TABLES = (".csv", ".tsv", ".tab")
_LONGEST_FIELD = 2**31 - 1
_one_at_a_time = Lock()


def read(path: Path, limits: Limits) -> TableFile:
    """Read a text file as rows, and as lines.

    Raises:
        CannotRead: it is no text.
        TooLarge: it is beyond the limits.
    """
    if path.stat().st_size > limits.workbook:
        raise limits.refused("workbook", "The table is too large", str(path))
    text, encoding = decoded(path.read_bytes(), path)
    found = [guessed(path)] if encoding == GUESSED else []
    said = _SAID.match(text)
    table = text[said.end() :] if said else text
    separator = said[1] if said else _separator(table, path)
    lines = _LINE_ENDS.sub("\n", table).split("\n")
    while lines and not lines[-1]:
        lines.pop()
    rows: list[Row] = list(_rows(table, separator)) if separator else [trimmed([line]) for line in lines]
    while rows and not rows[-1]:
        rows.pop()
    return TableFile(path, "text", [Sheet("", rows)], lines, [""] * len(lines), separator, encoding, found)


# --- the encoding ----------------------------------------------------------------------------------------------------


GUESSED = "Windows-1252"
"""The encoding that is assumed where a text is in no other."""


def decoded(stored: bytes, path: Path) -> tuple[str, str]:
    """Return the text of a file, without a byte order mark, and the name of its encoding.

    Raises:
        CannotRead: it is no text.
    """
    for mark, codec, name in _BOMS:
        if stored.startswith(mark):
            try:
                return stored.decode(codec), name
            except UnicodeDecodeError as error:
                raise CannotRead(
                    f"The text is not {name}, as it begins to be (byte {error.start}).",
                    where=str(path),
                    todo="Export or copy it again.",
                ) from None
    codec = _without_mark(stored[:_SAMPLE])
    if codec:
        try:
            return stored.decode(codec), "UTF-16"
        except UnicodeDecodeError:
            pass
    if b"\0" in stored:
        raise CannotRead("This is no text and no table.", where=str(path), todo="Export it again, as text or .xlsx.")
    try:
        return stored.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return stored.decode("cp1252"), GUESSED
    except UnicodeDecodeError:
        # Five bytes have no character there; Latin-1 has one for each.
        return stored.decode("latin-1"), GUESSED


def _without_mark(sample: bytes) -> str:
    """Return the codec of UTF-16 without a byte order mark: half the bytes of most scripts are zero; else nothing."""
    pairs = len(sample) // 2
    if not pairs:
        return ""
    first, second = sample[: pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if max(first, second) < max(_ZEROS * pairs, 4 * min(first, second)):
        return ""
    return "utf-16-le" if second > first else "utf-16-be"


def guessed(path: Path) -> Finding:
    """Return the finding for a text whose encoding had to be assumed."""
    return Finding(
        "TABLE-ENCODING",
        "note",
        "The text is neither UTF-8 nor UTF-16 and was read as Windows-1252.",
        path.name,
        "If accents look wrong, save it as UTF-8 (a table as “CSV UTF-8” or .xlsx) and read it again.",
    )


# --- the separator ---------------------------------------------------------------------------------------------------


def _separator(text: str, path: Path) -> str:
    """Return the separator that gives most rows one and the same number of columns; nothing where none does."""
    best, found = 0.0, ""
    for separator in _SEPARATORS:
        consistency, columns = _consistency(text, separator)
        # As good as another, the one that gives more columns: text is full of commas, too.
        score = consistency + min(columns, 50) / 1_000
        if columns > 1 and score > best:
            best, found = score, separator
    least = 0.0 if path.suffix.lower() in _OF_TABLES else _CONSISTENT
    return found if best >= least else ""


def _consistency(text: str, separator: str) -> tuple[float, int]:
    """Return the share of rows that have the commonest number of columns, and that number."""
    cut = len(text) > _SAMPLE
    widths = [len(row) for row in _rows(text[:_SAMPLE], separator, keep_ends=True) if row]
    if cut and len(widths) > 1:
        widths.pop()
    if not widths:
        return 0.0, 0
    columns, times = Counter(widths).most_common(1)[0]
    if columns == 1 and widths[0] > 1:
        # Few rows have more than one column, but the first does: notes that are mostly empty.
        columns, times = widths[0], sum(width > 1 for width in widths)
    return times / len(widths), columns


def _rows(text: str, separator: str, *, keep_ends: bool = False) -> Iterator[Row]:
    """Give the rows of a text; ``keep_ends`` to have the empty cells at their ends too."""
    with fields_of_any_length():
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            cells = [_LINE_ENDS.sub("\n", cell) if "\r" in cell else cell for cell in row]
            cells = [cell[1:] if cell.startswith("'") and _KEPT_AS_TEXT.match(cell) else cell for cell in cells]
            yield tuple(cells) if keep_ends else trimmed(cells)


@contextmanager
def fields_of_any_length() -> Iterator[None]:
    """Lift the limit of 131,072 characters a field, which is one for the whole program, while something is read."""
    with _one_at_a_time:
        before = csv.field_size_limit(_LONGEST_FIELD)
        try:
            yield
        finally:
            csv.field_size_limit(before)
