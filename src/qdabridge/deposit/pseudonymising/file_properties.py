"""What the properties of pictures and PDFs betray: their authors, and where a picture was taken.

Pictures are looked at where Pillow is installed. Of a PDF its bytes are looked through: a reader may be led anywhere by
a stranger's file. Sources: Exif 2.32, sections 4.6.4 and 4.6.6; ISO 32000-1, sections 7.5.7 and 14.3.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.study.files import Files


class Property(Struct, frozen=True):
    """Something that a file says of its making: the file, ``author`` or ``place``, and what it says."""

    file: str
    what: str
    says: str


_PICTURES = (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".webp")
_LARGEST = 100_000_000
_UNPACKED = 5_000_000
_ARTIST, _GPS = 0x013B, 0x8825
_NORTH, _LATITUDE, _EAST, _LONGITUDE = 1, 2, 3, 4
_AUTHOR = re.compile(rb"/Author\s*(?:\(((?:[^()\\]|\\.){1,400})\)|<([0-9A-Fa-f\s]{2,800})>)", re.DOTALL)
_CREATOR = re.compile(rb"<dc:creator>.{0,200}?<rdf:li[^>]{0,100}>([^<]{1,200})</rdf:li>", re.DOTALL)
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b[^\0]{0,300}?stream\r?\n")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def properties(files: Files) -> Iterator[Property]:
    """Give what the files of a study say of their making."""
    for name in files:
        ending = name.lower()
        if files.entry(name).size > _LARGEST:
            continue
        if ending.endswith(_PICTURES):
            yield from _of_picture(files, name)
        elif ending.endswith(".pdf"):
            yield from _of_pdf(files, name)


def _of_picture(files: Files, name: str) -> Iterator[Property]:
    try:
        from PIL import Image
    except ImportError:
        return
    try:
        with files.open(name) as stream, Image.open(stream) as picture:
            exif = picture.getexif()
            artist, position = exif.get(_ARTIST), exif.get_ifd(_GPS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, CannotRead):
        return
    if isinstance(artist, str) and artist.strip("\0 "):
        yield Property(name, "author", artist.strip("\0 "))
    if position.get(_LATITUDE) and position.get(_LONGITUDE):
        yield Property(name, "place", _in_degrees(position))


def _in_degrees(position: dict[int, Any]) -> str:
    def degrees(parts: Iterable[Any], *, is_negative: bool) -> str:
        try:
            whole = sum(float(part) / 60**power for power, part in enumerate(parts))
        except (TypeError, ValueError, ZeroDivisionError):
            return "?"
        return f"{-whole if is_negative else whole:.5f}"

    north = degrees(position[_LATITUDE], is_negative=position.get(_NORTH) == "S")
    return f"{north}, {degrees(position[_LONGITUDE], is_negative=position.get(_EAST) == 'W')}"


def _of_pdf(files: Files, name: str) -> Iterator[Property]:
    try:
        stored = files.read(name)
    except CannotRead:
        return
    pieces = [stored]
    for found in _OBJECTS.finditer(stored):
        try:
            pieces.append(zlib.decompressobj().decompress(stored[found.end() :], _UNPACKED))
        except zlib.error:
            continue
    authors: dict[str, None] = {}
    for piece in pieces:
        for found in _AUTHOR.finditer(piece):
            authors[_decoded(found[1], found[2])] = None
        for found in _CREATOR.finditer(piece):
            authors[found[1].decode("utf-8", "replace").strip()] = None
    yield from (Property(name, "author", author) for author in authors if author)


def _decoded(literal: bytes | None, digits: bytes | None) -> str:
    """Return a text of a PDF, written in letters or in digits."""
    if literal is not None:
        stored = _ESCAPED.sub(lambda found: _unescaped(found[1]), literal)
    else:
        hexadecimal = b"".join((digits or b"").split()).decode("ascii")
        stored = bytes.fromhex(hexadecimal + "0" * (len(hexadecimal) % 2))
    if stored.startswith(b"\xfe\xff"):
        return stored.decode("utf-16-be", "replace").strip("\ufeff\0 ")
    codec = "utf-8" if stored.startswith(b"\xef\xbb\xbf") else "latin-1"
    return stored.decode(codec, "replace").strip("\ufeff\0 ")


def _unescaped(letter: bytes) -> bytes:
    if letter.isdigit():
        return bytes([int(letter, 8) & 0xFF])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}.get(letter, letter)
