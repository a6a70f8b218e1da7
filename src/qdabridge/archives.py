"""Opening zip archives that strangers packed: what could harm is seen in the list of contents, before it is unpacked.

Sources: PKWARE's APPNOTE 6.3 for the layout; Fifield, “A better zip bomb” (WOOT 2019), for entries that overlap.
This module knows nothing of studies or workbooks.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from qdabridge.errors import CannotRead
from qdabridge.limits import Limits

ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError,
)  # fmt: skip
"""What ``zipfile`` raises on damaged archives."""

SMALL_ARCHIVE = 200_000_000
SMALL_ENTRY = 4_000_000
"""Bytes unpacked up to which the ratio does not matter, of an archive, and of what is read into memory."""

_TAIL = 22 + 65_535
_END = struct.Struct("<4s4H2LH")
_LOCAL_HEADER = 30
_IN_LIST = b"PK\x01\x02"
_ENCRYPTED = 0x1 | 0x40
_PIECE = 1 << 20


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Open an archive that can be read without harm.

    Raises:
        CannotRead: it is damaged, entries are encrypted, links, or packed in an unusual way, or lie over each other.
        TooLarge: it has too many entries, or unpacks to far more than its size.
    """
    _refuse_crowd(path, limits)
    try:
        archive = zipfile.ZipFile(path)
    except ZIP_FAULTS:
        raise damaged(path) from None
    try:
        infos = archive.infolist()
        for info in infos:
            _refuse_odd(info, path)
        _refuse_overlap(infos, path)
        unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
        if unpacked > SMALL_ARCHIVE:
            refuse_ratio(unpacked, packed, limits, "The archive", str(path))
    except BaseException:
        archive.close()
        raise
    return archive


def refuse_bomb(path: Path, limits: Limits) -> None:
    """See that a workbook (.xlsx) or another file of XML in a zip can be given to a program that unpacks it in memory.

    Raises:
        CannotRead: it is no such file, or its XML has a DOCTYPE.
        TooLarge: it unpacks to more than the limits allow.
    """
    with open_archive(path, limits) as archive:
        total = 0
        for info in archive.infolist():
            total += info.file_size
            if total > limits.workbook:
                raise limits.refused("workbook", "The workbook is too large once it is unpacked", str(path))
            if info.file_size > SMALL_ENTRY:
                refuse_ratio(info.file_size, info.compress_size, limits, f"The entry {info.filename}", str(path))
        for info in archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                try:
                    with archive.open(info) as stream:
                        _refuse_doctype(stream, f"{path}: {info.filename}")
                except CannotRead:
                    raise
                except ZIP_FAULTS:
                    raise damaged(path) from None


def refuse_ratio(unpacked: int, packed: int, limits: Limits, what: str, where: str) -> None:
    """Refuse what unpacks to far more than it is packed.

    Raises:
        TooLarge: it does.
    """
    if unpacked > limits.ratio * max(packed, 1):
        raise limits.refused("ratio", f"{what} unpacks to {unpacked // max(packed, 1):,} times its size", where)


def damaged(path: Path) -> CannotRead:
    """Return the error for an archive that cannot be opened."""
    return CannotRead(
        "The zip archive is damaged or incomplete.",
        where=str(path),
        todo="Copy or download the file again; if it is still so, export or save it again.",
    )


# --- the list of contents --------------------------------------------------------------------------------------------


def _refuse_crowd(path: Path, limits: Limits) -> None:
    """Count the entries before anything is made of them; what the archive says of their number may be a lie."""
    with path.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        tail_at = max(0, size - _TAIL)
        stream.seek(tail_at)
        tail = stream.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) - at < _END.size:
            raise damaged(path)
        length, offset = _END.unpack(tail[at : at + _END.size])[5:7]
        if 0xFFFFFFFF in (length, offset):
            length = _length_in_zip64(tail[:at])
        # Whatever the offsets say, the list stands right before its end.
        start = max(0, tail_at + at - length - 76)
        stream.seek(start)
        found, left, rest = 0, tail_at + at - start, b""
        while left > 0 and (piece := stream.read(min(_PIECE, left))):
            left -= len(piece)
            data = rest + piece
            found += data.count(_IN_LIST)
            rest = data[-3:]
            if found > limits.entries:
                raise limits.refused("entries", "The archive holds too many files", str(path))


def _length_in_zip64(before: bytes) -> int:
    """Return the length of the list of contents as the zip64 record says it, which stands before the end."""
    at = before.rfind(b"PK\x06\x06")
    return int.from_bytes(before[at + 40 : at + 48], "little") if at >= 0 else 0


def _refuse_odd(info: zipfile.ZipInfo, path: Path) -> None:
    name = info.filename
    if not name:
        raise CannotRead(
            "The archive holds an entry without a name.", where=str(path), todo="Export the project again."
        )
    if info.flag_bits & _ENCRYPTED:
        raise CannotRead(
            f"The entry {name} is encrypted.", where=str(path), todo="Save the archive without a password."
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise CannotRead(
            f"The entry {name} is packed in a way that no REFI-QDA program uses (method {info.compress_type}).",
            where=str(path),
            todo="Unpack the archive and pack it again as an ordinary zip.",
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise CannotRead(
            f"The entry {name} is a link to another file.",
            where=str(path),
            todo="Do not unpack this file; ask whoever sent it for a clean export.",
        )


def _refuse_overlap(infos: list[zipfile.ZipInfo], path: Path) -> None:
    """Refuse entries that share bytes: unpacked one by one, a small archive would have no end."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise CannotRead(
                f"The entry {info.filename} lies over another one, which only bombs do.",
                where=str(path),
                todo="Do not unpack this file; ask whoever sent it for a clean export.",
            )
        end = info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size


def _refuse_doctype(stream: IO[bytes], where: str) -> None:
    rest = b""
    while piece := stream.read(_PIECE):
        data = rest + piece.replace(b"\0", b"")
        if re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE):
            raise CannotRead(
                "The XML has a DOCTYPE, which no office program writes and which can hide files or bombs.",
                where=where,
                todo="Ask whoever sent the file where it comes from.",
            )
        rest = data[-10:]
