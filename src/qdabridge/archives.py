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
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from qdabridge.errors import CannotRead
from qdabridge.limits import Limits

ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError,
)  # fmt: skip
"""What ``zipfile`` raises on damaged archives."""

SMALL_ARCHIVE = 200_000_000
SMALL_READ = 30_000_000
SMALL_ENTRY = 4_000_000
"""Bytes unpacked up to which the ratio does not matter: of an archive, of all in it that is no recording or bitmap, and
of one entry that is read into memory as a whole."""

PACKS_TO_NOTHING = (".wav", ".aif", ".aiff", ".avi", ".bmp", ".tif", ".tiff")
"""Silence and white paper; of a study, such files are passed on and never read as a whole."""

XML = (".xml", ".rels", ".vml")
"""The endings of XML in Office documents and workbooks."""

_TAIL = 22 + 65_535
_END = struct.Struct("<4s4H2LH")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
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
        read = [info for info in infos if not info.filename.lower().endswith(PACKS_TO_NOTHING)]
        for part, small, what in ((infos, SMALL_ARCHIVE, "The archive"), (read, SMALL_READ, "What is in the archive")):
            unpacked, packed = sum(info.file_size for info in part), sum(info.compress_size for info in part)
            if unpacked > small:
                refuse_ratio(unpacked, packed, limits, what, str(path))
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
            try:
                refuse_more_than_said(archive, info)
            except ZIP_FAULTS:
                raise damaged(path) from None
            if info.filename.lower().endswith(XML):
                try:
                    with archive.open(info) as stream:
                        _refuse_doctype(stream, f"{path}: {info.filename}")
                except CannotRead:
                    raise
                except ZIP_FAULTS:
                    raise damaged(path) from None


def refuse_more_than_said(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """See that an entry holds no more than its archive says, so that it can be unpacked as a whole.

    ``zipfile``, and whatever rests on it, unpacks all that is there before it cuts it off at the size that was said.

    Raises:
        zipfile.BadZipFile: it holds more, or is packed in a way that cannot be unpacked in pieces.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    checksum = Checksum(info.compress_type, info.file_size)
    for piece in packed_bytes(archive, info):
        checksum.take(piece)


def packed_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give the bytes of an entry as they are packed, a piece at a time.

    Raises:
        zipfile.BadZipFile, EOFError: the archive is damaged.
    """
    source = archive.fp
    assert source is not None
    source.seek(info.header_offset)
    header = source.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile
    source.seek(sum(_LOCAL_HEADER.unpack(header)[-2:]), io.SEEK_CUR)
    remaining = info.compress_size
    while remaining:
        piece = source.read(min(_PIECE, remaining))
        if not piece:
            raise EOFError
        remaining -= len(piece)
        yield piece


class Checksum:
    """The CRC-32 of what a packed entry holds, and whether it holds as much as its archive says."""

    def __init__(self, method: int, size: int) -> None:
        self._inflate = zlib.decompressobj(-15) if method == zipfile.ZIP_DEFLATED else None
        self._left = size
        self._crc = 0

    def take(self, piece: bytes) -> None:
        """Take the next packed bytes; what they hold is looked at in pieces, however much it is.

        Raises:
            zipfile.BadZipFile: they hold more than they should, or go on behind their end.
        """
        if self._inflate is None:
            self._add(piece)
            return
        if piece and self._inflate.eof:
            raise zipfile.BadZipFile
        full = True
        # What has been taken in may hold more than one piece, also when nothing is left to take in.
        while (piece or full) and not self._inflate.eof:
            found = self._inflate.decompress(piece, _PIECE)
            self._add(found)
            piece, full = self._inflate.unconsumed_tail, len(found) == _PIECE

    def _add(self, found: bytes) -> None:
        self._crc = zlib.crc32(found, self._crc)
        self._left -= len(found)
        if self._left < 0:
            raise zipfile.BadZipFile

    def agrees(self, crc: int) -> bool:
        """Tell whether the entry is what its archive says it is."""
        ended = self._inflate is None or (self._inflate.eof and not self._inflate.unused_data)
        return ended and self._crc == crc and self._left == 0


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
        end = info.header_offset + _LOCAL_HEADER.size + len(info.orig_filename) + info.compress_size


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
