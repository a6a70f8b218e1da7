"""Changes workbooks, documents and separated text a little: their cells, their XML, their rows. Knows nothing of what
the cells mean.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from fuzz.mutating_xml import NUMBERS, WORDS, changed_bytes, changed_xml
from fuzz.zips import packed, unpacked

_OFFICE = (b"xl/", b"[Content_Types].xml", b"word/", b"opendocument")
_CELL = re.compile(rb"<(?:\w+:)?(?:t|v|p|f)(?: [^<>]*)?>([^<>]+)</")
_REFERENCE = re.compile(rb'\b(?:r|ref|sqref|spans|s|t|min|max|r:id|Target|state|Id)="([^"<]*)"')
_ROW = re.compile(rb"<row\b[^<>]*>.*?</row>|<w:tr\b.*?</w:tr>|<table:table-row\b.*?</table:table-row>", re.DOTALL)
_REFERENCES = [
    "A1", "A0", "XFD1048576", "AAAA1", "A99999999", "A1:XFD1048576", "B2:A1", "A1:A1 B2:C3", "1:3", "", "0", "-1", "s",
    "b", "e", "d", "n", "inlineStr", "str", "99999", "rId1", "rId9", "hidden", "veryHidden", "../../secret",
    "/xl/worksheets/sheet1.xml", "http://a.example/", "sharedStrings.xml",
]  # fmt: skip
_CELLS = [
    *NUMBERS, *WORDS, "both", "neither", "0:30", "1–2", "p. 3", "12-1", "#REF!", "#DIV/0!", "45000.5", "1900-02-29",
    "31.12.2024", "12/31/2024 23:59", "2.6", "10:00:00", "FALSE", "'", "| a | b |", "a\nb\n\nc", "[Ana, l. 2]", "…",
    "%", "_x000D_", "_qdabridge", "1E+400",
]  # fmt: skip
_SEPARATORS = [b",", b";", b"\t", b"|"]


def is_table(data: bytes) -> bool:
    """Tell whether these bytes are a workbook, a document or separated text, as far as their beginning says."""
    if data.startswith(b"PK"):
        return any(each in data for each in _OFFICE) and b".qde" not in data
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"<", b"{", b"[", b"") and b"<" not in data[:8]


def changed_table(data: bytes, dice: random.Random) -> bytes:
    """Return a table that differs a little."""
    if not data.startswith(b"PK"):
        return dice.choice((_row, _row, _cell, _cell, _cell, _as_other_text))(data, dice)
    entries = unpacked(data)
    if not entries:
        return changed_bytes(data, dice)
    index = dice.choice([*range(len(entries)), *_sheets(entries) * 3])
    name, content = entries[index]
    how = dice.random()
    if how < 0.94:
        changes: tuple[Callable[[bytes, random.Random], bytes], ...] = (_value, _value, _reference, _rows, changed_xml)
        entries[index] = (name, dice.choice(changes)(content, dice))
    elif how < 0.97:
        del entries[index]
    else:
        entries[index] = (dice.choice(entries)[0], content)
    return packed(entries, dice)


def _sheets(entries: list[tuple[str, bytes]]) -> list[int]:
    wanted = ("worksheets/", "sharedStrings", "content.xml", "document.xml")
    return [index for index, (name, _) in enumerate(entries) if any(each in name for each in wanted)]


def _value(data: bytes, dice: random.Random) -> bytes:
    """Let a cell say something else, or what another says."""
    found = [*_CELL.finditer(data)]
    if not found:
        return changed_xml(data, dice)
    cell = dice.choice(found)
    new = dice.choice(found)[1] if dice.random() < 0.4 else _escaped(dice.choice(_CELLS))
    return data[: cell.start(1)] + new + data[cell.end(1) :]


def _reference(data: bytes, dice: random.Random) -> bytes:
    found = [*_REFERENCE.finditer(data)]
    if not found:
        return changed_xml(data, dice)
    place = dice.choice(found)
    new = dice.choice(found)[1] if dice.random() < 0.5 else dice.choice(_REFERENCES).encode()
    return data[: place.start(1)] + new + data[place.end(1) :]


def _rows(data: bytes, dice: random.Random) -> bytes:
    """Take a row away, write it twice, or elsewhere."""
    found = [*_ROW.finditer(data)]
    if not found:
        return changed_xml(data, dice)
    row, there = dice.choice(found), dice.choice(found)
    how = dice.randrange(3)
    if how == 0:
        return data[: row.start()] + data[row.end() :]
    if how == 1:
        return data[: there.start()] + row[0] + data[there.start() :]
    return data[: there.start()] + row[0] + data[there.end() :]


def _escaped(text: str) -> bytes:
    plain = text if text.startswith("&") else text.replace("&", "&amp;")
    return plain.replace("<", "&lt;").encode("utf-8", "surrogatepass")


# --- separated text --------------------------------------------------------------------------------------------------


def _row(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return changed_bytes(data, dice)
    here, there = dice.randrange(len(lines)), dice.randrange(len(lines))
    how = dice.randrange(4)
    if how == 0:
        del lines[here]
    elif how == 1:
        lines.insert(there, lines[here])
    elif how == 2:
        lines[here], lines[there] = lines[there], lines[here]
    else:
        lines.insert(here, dice.choice((b"\n", b",,,\n", b'"\n', b"sep=;\r\n", b"a" * 5000 + b"\n")))
    return b"".join(lines)


def _cell(data: bytes, dice: random.Random) -> bytes:
    separator = max(_SEPARATORS, key=data.count)
    cells = data.split(separator)
    here = dice.randrange(len(cells))
    if dice.random() < 0.4:
        cells[here] = dice.choice(cells)
    else:
        said = dice.choice(_CELLS).encode("utf-8", "surrogatepass")
        cells[here] = dice.choice((said, b'"' + said + b'"', b'"' + said, said + b"\n"))
    return separator.join(cells)


def _as_other_text(data: bytes, dice: random.Random) -> bytes:
    """Write the whole in another encoding, or with other separators or line ends."""
    text = data.decode("utf-8", "replace")
    separator, other = max(_SEPARATORS, key=data.count), dice.choice(_SEPARATORS)
    changes: tuple[bytes, ...] = (
        data.replace(separator, other),
        text.encode("utf-16"),
        text.encode("utf-16-be"),
        b"\xef\xbb\xbf" + data,
        text.encode("cp1252", "replace"),
        data.replace(b"\n", b"\r"),
        data.replace(b'"', b""),
        data.replace(b'"', b"'"),
    )
    return dice.choice(changes)
