"""Changes XML a little by its tags, and anything at all by its bytes. Knows nothing of what stands in it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb"\s([\w:.-]+)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_GUID = re.compile(rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

NUMBERS = [
    "0", "1", "-1", "+7", "007", " 3 ", "2147483648", "-9223372036854775809", "9" * 25, "9" * 5000, "1.5", "1e3", "",
    "٣", "NaN", "0x10", "1_000",
]  # fmt: skip
WORDS = [
    "", " ", "true", "TRUE", "1", "0", "None", "a\u0301", "😀", "\u202eevil", "\ufeff", "\u0085", "\u2028", "&#10;",
    "&#13;", "&lt;b&gt;", "&amp;amp;", "x" * 3000, "2020-02-30T25:61:61Z", "-0001-01-01", "2020-01-01T00:00:00+14:00",
    "#fff",
    "#12345678", "a --- b", "]]>", "=1+1", "[bold]", "\U0010ffff",
]  # fmt: skip
PATHS = [
    "internal://", "internal:///", "internal://../secret", "relative:///../../etc/passwd", "absolute:///etc/passwd",
    "absolute://C:\\x", "file:///etc/passwd", "internal://a.txt", "INTERNAL://A.TXT", "a.txt", "/etc/passwd", "..", ".",
    "internal://a/../b", "internal://a%20b", "internal://\u202e", "http://a.example/", "\\\\server\\share",
]  # fmt: skip
_PIECES = [
    b"<!-- c -->", b"<?p i?>", b"<![CDATA[x]]>", b"text", b"&amp;", b"&unknown;", b"<!DOCTYPE Project>",
    b'<x:y xmlns:x="urn:x" a="b"><z/></x:y>', b'<Project xmlns=""/>', b"<Description>d<!-- -->e</Description>",
    b"<Codes/>", b"<Sets/>", b"<Notes/>", b"<Links/>", b"<Graphs/>", b"<Variables/>", b"<Sources/>", b"<Cases/>",
    b"<Users/>", b"<CodeBook/>", b"<PlainTextContent>a\r\nb</PlainTextContent>", b'<NoteRef targetGUID="x"/>',
    b"<IntegerValue>9</IntegerValue>", b"<BooleanValue>maybe</BooleanValue>", b"<DateValue/>",
    b"<FloatValue>INF</FloatValue>",
    b'<Representation guid="r" plainTextPath="internal://r.txt"/>', b'<SyncPoint guid="s" timeStamp="1" position="2"/>',
    b'<Transcript guid="t"><TranscriptSelection guid="u" fromSyncPoint="s"/></Transcript>',
    b'<PlainTextSelection guid="p" startPosition="1" endPosition="2"/>', b'<Coding guid="c"/>',
    b'<PDFSelection guid="q" page="0" firstX="1" firstY="2" secondX="3" secondY="4"/>', b"\x00", b"\xff", b"\r",
]  # fmt: skip
# --- bytes -----------------------------------------------------------------------------------------------------------


def changed_bytes(data: bytes, dice: random.Random) -> bytes:
    """Return a file of which some bytes differ."""
    if not data:
        return b"<"
    at = dice.randrange(len(data))
    until = min(len(data), at + dice.choice((1, 1, 2, 4, 8, 100)))
    there = dice.randrange(len(data))
    return dice.choice(
        (
            data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :],
            data[:at] + dice.choice((b"\xff" * 4, bytes(4), bytes(8), b"\xff\xff\xff\x7f")) + data[at + 4 :],
            data[:at] + data[until:],
            data[:until] + data[at:],
            data[:there] + data[at:until] + data[there:],
            data[:at],
        )
    )


# --- XML -------------------------------------------------------------------------------------------------------------


def changed_xml(data: bytes, dice: random.Random) -> bytes:
    """Return XML of which an attribute, an element or the dress of the whole differs."""
    tags = [*_TAG.finditer(data)]
    if not tags:
        return changed_bytes(data, dice)
    how = dice.choices(
        (_value, _value_of_another, _without_attribute, _with_attribute, _piece, _moved, _without, _twice, _dressed),
        (10, 6, 3, 2, 6, 4, 4, 4, 1),
    )[0]
    return how(data, tags, dice)


def _attributes(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> re.Match[bytes] | None:
    for _ in range(5):
        tag = dice.choice(tags)
        found = [*_ATTRIBUTE.finditer(data, tag.start(), tag.end())]
        if found:
            return dice.choice(found)
    return None


def _value(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    found = _attributes(data, tags, dice)
    if found is None:
        return data
    name = found[1].lower()
    if name.endswith((b"position", b"begin", b"end", b"page", b"x", b"y", b"timestamp")):
        pool = [*NUMBERS, str(dice.randrange(60)), str(dice.randrange(60))]
    elif name.endswith(b"path"):
        pool = PATHS
    else:
        pool = WORDS
    value = dice.choice(pool).replace('"', "'").encode()
    return data[: found.start(2) + 1] + value + data[found.end(2) - 1 :]


def _value_of_another(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    """Point elsewhere, give two things one GUID, or spell a GUID otherwise."""
    found = [*_GUID.finditer(data)]
    if not found:
        return _value(data, tags, dice)
    one, other = dice.choice(found), dice.choice(found)[0]
    other = dice.choice((other, other, other, b"{" + other + b"}", other.upper(), other[:-1]))
    return data[: one.start()] + other + data[one.end() :]


def _without_attribute(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    found = _attributes(data, tags, dice)
    return data[: found.start()] + data[found.end() :] if found else data


def _with_attribute(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    tag = dice.choice(tags)
    end = tag.end() - (2 if tag[0].endswith(b"/>") else 1)
    more = dice.choice(
        (b' a="b"', b' xml:space="preserve"', b' xmlns:q="urn:q" q:a="b"', b' xmlns="urn:q"', b' guid="x"',
         b' name="x"', b' xmlns:p="urn:QDA-XML:project:1.0"', b' xsi:type="x"', b' xmlns=""', b' creationDateTime=""')
    )  # fmt: skip
    return data[:end] + more + data[end:]


def _piece(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    tag = dice.choice(tags)
    at = dice.choice((tag.start(), tag.end()))
    return data[:at] + dice.choice(_PIECES) + data[at:]


def _span(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> tuple[int, int]:
    """Return where a whole element begins and ends."""
    index = dice.randrange(len(tags))
    depth = 0
    for tag in tags[index:]:
        if tag[0].startswith(b"</"):
            depth -= 1
        elif not tag[0].endswith(b"/>") and not tag[0].startswith((b"<?", b"<!")):
            depth += 1
        if depth <= 0:
            return tags[index].start(), tag.end()
    return tags[index].start(), tags[index].end()


def _moved(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    start, end = _span(data, tags, dice)
    element, rest = data[start:end], data[:start] + data[end:]
    places = [*_TAG.finditer(rest)]
    if not places:
        return data
    at = dice.choice(places).start()
    return rest[:at] + element + rest[at:]


def _without(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    start, end = _span(data, tags, dice)
    return data[:start] + data[end:]


def _twice(data: bytes, tags: list[re.Match[bytes]], dice: random.Random) -> bytes:
    start, end = _span(data, tags, dice)
    return data[:end] + data[start:end] + data[end:]


def _dressed(data: bytes, _: list[re.Match[bytes]], dice: random.Random) -> bytes:
    """Write the whole in another encoding or namespace, or with other line ends."""
    changes: list[Callable[[], bytes]] = [
        lambda: b"\xef\xbb\xbf" + data,
        lambda: re.sub(rb"^<\?xml[^>]*\?>", b"", data).decode("utf-8", "replace").encode("utf-16"),
        lambda: re.sub(rb'encoding="[^"]*"', b'encoding="iso-8859-1"', data, count=1),
        lambda: data.replace(b"urn:QDA-XML:project:1.0", b"urn:QDA-XML:project:1.5"),
        lambda: data.replace(b"urn:QDA-XML:project:1.0", b"urn:x"),
        lambda: data.replace(b"\n", b"\r\n"),
        lambda: data.replace(b'"', b"'"),
        lambda: re.sub(rb' origin="[^"]*"', dice.choice((b' origin="NVivo"', b' origin="ATLAS.ti"', b' origin="MAXQDA"',
                       b' origin="QualCoder"', b"")), data, count=1),
    ]  # fmt: skip
    return dice.choice(changes)()
