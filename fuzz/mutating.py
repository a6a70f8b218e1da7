"""Changes a study file a little, in ways that a parser still understands: XML by its tags, JSON by its values, zips by
their entries; and now and then by its bytes. Knows nothing of qdabridge.
"""

from __future__ import annotations

import io
import json
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb"\s([\w:.-]+)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_GUID = re.compile(rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

_NUMBERS = [
    "0", "1", "-1", "+7", "007", " 3 ", "2147483648", "-9223372036854775809", "9" * 25, "9" * 5000, "1.5", "1e3", "",
    "٣", "NaN", "0x10", "1_000",
]  # fmt: skip
_WORDS = [
    "", " ", "true", "TRUE", "1", "0", "None", "a\u0301", "😀", "\u202eevil", "\ufeff", "\u0085", "\u2028", "&#10;",
    "&#13;", "&lt;b&gt;", "&amp;amp;", "x" * 3000, "2020-02-30T25:61:61Z", "-0001-01-01", "2020-01-01T00:00:00+14:00",
    "#fff",
    "#12345678", "a --- b", "]]>", "=1+1", "[bold]", "\U0010ffff",
]  # fmt: skip
_PATHS = [
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
_TEXTS = [
    b"", b"\xef\xbb\xbf", b"\xff\xfea\x00", b"\x00", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\r\n", b"\r", b"\n",
    b"\xe2\x80\xa8", b"e\xcc\x81", b"\x85",
]  # fmt: skip
_NAMES = [
    "sources/a.txt", "Sources/a.txt", "sources/../a", "/a", "C:/a", "sources\\a.txt", "sources/", "sources//a.txt",
    "b.qde", "sources/b.qde", "sources/con.txt", "sources/\u202e.txt", "sources/a\x1b[2J.txt", "sources/" + "x" * 300,
    "..", ".", "sources/a.txt/b.txt", "sources/.a", "sources/ä.txt", "sources/a\u0308.txt",
]  # fmt: skip


def mutated(data: bytes, seed: int, largest: int) -> bytes:
    """Return a file that differs from the one given; the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        changed = _mutated_once(data, dice)
        if 0 < len(changed) <= largest:
            data = changed
    return data


def _mutated_once(data: bytes, dice: random.Random) -> bytes:
    if dice.random() < 0.04:
        return _bytes(data, dice)
    if data.startswith(b"PK"):
        return _zip(data, dice)
    if data.lstrip()[:1] in (b"{", b"["):
        return _json(data, dice)
    return _xml(data, dice)


# --- bytes -----------------------------------------------------------------------------------------------------------


def _bytes(data: bytes, dice: random.Random) -> bytes:
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


def _xml(data: bytes, dice: random.Random) -> bytes:
    tags = [*_TAG.finditer(data)]
    if not tags:
        return _bytes(data, dice)
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
        pool = [*_NUMBERS, str(dice.randrange(60)), str(dice.randrange(60))]
    elif name.endswith(b"path"):
        pool = _PATHS
    else:
        pool = _WORDS
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


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(data: bytes, dice: random.Random) -> bytes:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return _bytes(data, dice)
    places: list[tuple[Any, Any]] = []
    _find(value, places)
    if not places:
        return _bytes(data, dice)
    around, key = dice.choice(places)
    how = dice.randrange(4)
    if how == 0:
        del around[key]
    elif how == 1:
        around[key] = dice.choice(places)[0]
        try:
            return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            return data
    elif how == 2 and isinstance(around, list):
        around.append(around[key])
    else:
        odd = [None, True, 0, -1, 2**63, 2**64, 1e308, [], {}, "", *_WORDS, *_PATHS, *_NAMES]
        around[key] = dice.choice(odd)
    return json.dumps(value, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def _find(value: Any, places: list[tuple[Any, Any]]) -> None:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        places.append((value, key))
        _find(value[key], places)


# --- zip -------------------------------------------------------------------------------------------------------------


def _zip(data: bytes, dice: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [(info.filename, archive.read(info)) for info in archive.infolist() if info.file_size < 1_000_000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return _bytes(data, dice)
    projects = [index for index, (name, _) in enumerate(entries) if name.endswith(".qde")]
    others = [index for index in range(len(entries)) if index not in projects]
    how = dice.random()
    if projects and (how < 0.75 or not others):
        index = dice.choice(projects)
        name, xml = entries[index]
        entries[index] = (name, _xml(xml, dice))
    elif others:
        index = dice.choice(others)
        name, text = entries[index]
        if how < 0.9:
            at = dice.randrange(len(text) + 1)
            entries[index] = (name, text[:at] + dice.choice(_TEXTS) + text[at + dice.choice((0, 0, 1, 30)) :])
        elif how < 0.94:
            entries[index] = (dice.choice(_NAMES), text)
        elif how < 0.97:
            del entries[index]
        else:
            entries.insert(dice.randrange(len(entries) + 1), (dice.choice(_NAMES), text))
    return _packed(entries, dice)


def _packed(entries: list[tuple[str, bytes]], dice: random.Random) -> bytes:
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if dice.random() < 0.3 else zipfile.ZIP_DEFLATED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, content in entries:
                archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, method)
    return buffer.getvalue()
