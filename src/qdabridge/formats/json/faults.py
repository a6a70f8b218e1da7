"""What is wrong with a JSON file, in one sentence and with the path or the line of it.

It turns what the decoder says into words; it decodes nothing itself.
"""

from __future__ import annotations

import re

from msgspec import DecodeError, Raw, Struct, ValidationError, json

from qdabridge.errors import CannotRead, TooLarge
from qdabridge.formats.json.layout import FORMAT, VERSION

_AT = re.compile(r" - at `(?P<key>key in )?\$?(?P<path>[^`]*)`$")
_AT_KEY = re.compile(r" - at `key` in `\$?(?P<path>[^`]*)`$")
_BYTE = re.compile(r" \(byte (?P<offset>\d+)\)$")
_WORDS = {
    "int": "a whole number",
    "float": "a number with a point",
    "str": "text",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object in braces",
}


def wrong_value(error: ValidationError, where: str, path: str = "") -> CannotRead:
    """Return what to raise for a value that the layout does not allow; ``path`` leads to what was being decoded."""
    message = str(error)
    place = _AT_KEY.search(message) or _AT.search(message)
    if place:
        message = message[: place.start()]
        path += place["path"]
    path = path.lstrip(".").replace("[...]", "[…]")
    return CannotRead(_in_words(message), where=f"{where}: {path}" if path else where)


def wrong_file(data: bytes, where: str) -> CannotRead | None:
    """Return what to raise where more is wrong than one value: no study, a later version, damage further on."""
    try:
        head = json.decode(data, type=_Head)
    except ValidationError:
        head = _Head()
    except DecodeError as error:
        return malformed(error, data, where)
    except UnicodeDecodeError:
        return not_utf8(data, where)
    except RecursionError:
        return too_deep(where)
    if _decoded(head.format) != FORMAT:
        return CannotRead(
            f"This is JSON, but not a study: its “format” is not “{FORMAT}”.",
            where=where,
            todo="Name a file that was written by qdabridge.",
        )
    version = _decoded(head.version)
    if isinstance(version, int) and version > VERSION:
        return CannotRead(
            f"The study is written in version {version} of the layout; this qdabridge knows version {VERSION}.",
            where=where,
            todo="Install a newer qdabridge.",
        )
    return None


def malformed(error: DecodeError, data: bytes, where: str) -> CannotRead:
    """Return what to raise for what is not JSON."""
    message = str(error)
    place = _BYTE.search(message)
    if place is None:
        line, column = line_and_column(data, len(data.rstrip()))
        what = f"The JSON ends too early, in line {line}, column {column}."
        return CannotRead(what, where=where, todo="Copy or write the file again.")
    line, column = line_and_column(data, int(place["offset"]))
    reason = message[: place.start()].removeprefix("JSON is malformed: ")
    return CannotRead(
        f"This is not well-formed JSON: {reason} in line {line}, column {column}.",
        where=where,
        todo="Correct it there, or write the file again.",
    )


def not_utf8(data: bytes, where: str) -> CannotRead | None:
    """Return what to raise for bytes that are not UTF-8, which JSON has to be."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        what = "The file is UTF-16 or UTF-32; JSON has to be UTF-8."
        return CannotRead(what, where=where, todo="Save it as UTF-8 and try again.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = line_and_column(data, error.start)
        return CannotRead(
            f"The file is not UTF-8 in line {line}, column {column}.",
            where=where,
            todo="Save it as UTF-8 and try again.",
        )
    return None


def too_deep(where: str) -> TooLarge:
    """Return what to raise for objects within objects without end."""
    return TooLarge(
        "The JSON is nested deeper than any real study.",
        where=where,
        todo="Ask whoever sent the file where it comes from.",
    )


def line_and_column(data: bytes, offset: int) -> tuple[int, int]:
    """Return where a byte stands, both counted from 1, columns in characters.

    >>> line_and_column('{\\n  "é": x'.encode(), 9)
    (2, 7)
    """
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1


_LONGEST_NAME = 100
"""Bytes; what says which format and version it is, is shorter."""


class _Head(Struct):
    format: Raw = Raw()
    version: Raw = Raw()


def _decoded(raw: Raw) -> object:
    if len(memoryview(raw)) > _LONGEST_NAME:
        return None
    try:
        return json.decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _in_words(message: str) -> str:
    if match := re.fullmatch(r"Expected `(?P<expected>[^`]+)`(?:, got `(?P<found>[^`]+)`)?", message):
        expected = " or ".join(_WORDS.get(kind, kind) for kind in match["expected"].split(" | "))
        found = _WORDS.get(match["found"], match["found"]) if match["found"] else "something else"
        return f"Expected {expected}, found {found}."
    if match := re.fullmatch(r"Object missing required field `(?P<field>[^`]+)`", message):
        return f"The field “{match['field']}” is missing."
    if match := re.fullmatch(r"Object contains unknown field `(?P<field>[^`]+)`", message):
        return f"The field “{match['field']}” is not known here."
    if match := re.fullmatch(r"Invalid (?:enum )?value (?P<value>.+)", message):
        return f"The value {match['value']} is not one of those allowed."
    if message.endswith("out of range"):
        return "The number is too large."
    return message if message.endswith(".") else f"{message}."
