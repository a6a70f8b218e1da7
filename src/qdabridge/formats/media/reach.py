"""Bytes from anywhere in a file of a study, at bounded cost, whether it lies on the disk or inside a package.

What is stored in a package as it is, or lies beside it, is read where it stands; what is compressed is unpacked into a
temporary file, as far as it is asked for and no further than is allowed. This module knows nothing of what is read.
"""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO, BinaryIO, Self

from qdabridge.formats.refi.package import ZipEntry
from qdabridge.study.files import Entry, PathEntry

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_PIECE = 1 << 20


class TooFar(Exception):
    """More would have to be unpacked than is allowed."""


class Allowance:
    """How much may still be unpacked: of one file, and of all files of a study together; in bytes."""

    def __init__(self, each: int = 256 << 20, together: int = 1 << 30) -> None:
        self.each = each
        self.left = together


class Reach:
    """A file of a study, open until the end of the block.

    Args:
        entry: the file.
        allowance: what may be unpacked.
    """

    def __init__(self, entry: Entry, allowance: Allowance) -> None:
        self.size = entry.size
        self._entry = entry
        self._allowance = allowance
        self._open = ExitStack()
        self._direct: tuple[BinaryIO, int] | None = None
        self._packed: BinaryIO | None = None
        self._unpacked: IO[bytes] | None = None
        self._known = 0

    def __enter__(self) -> Self:
        try:
            self._direct = self._where_it_stands()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def at(self, offset: int, length: int) -> bytes:
        """Return up to so many bytes from a place; none beyond the end.

        Raises:
            TooFar: it lies further on than may be unpacked.
            CannotRead: the file is damaged or cannot be read.
            OSError: the same, as the system says it.
        """
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        if self._direct is not None:
            stream, start = self._direct
            stream.seek(start + offset)
            return stream.read(length)
        self._unpack_to(offset + length)
        assert self._unpacked is not None
        self._unpacked.seek(offset)
        return self._unpacked.read(length)

    def _where_it_stands(self) -> tuple[BinaryIO, int] | None:
        """Return a stream in which the file stands as it is, and where it begins there."""
        entry = self._entry
        if isinstance(entry, PathEntry):
            return self._open.enter_context(entry.open()), 0
        if not isinstance(entry, ZipEntry) or entry.info.compress_type != zipfile.ZIP_STORED:
            return None
        if entry.archive.filename is None:
            return None
        stream = self._open.enter_context(PathEntry(Path(entry.archive.filename)).open())
        stream.seek(entry.info.header_offset)
        header = stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            return None
        _, name, extra = _LOCAL_HEADER.unpack(header)
        return stream, entry.info.header_offset + _LOCAL_HEADER.size + name + extra

    def _unpack_to(self, end: int) -> None:
        if self._packed is None or self._unpacked is None:
            self._packed = self._open.enter_context(self._entry.open())
            self._unpacked = self._open.enter_context(_temporary())
        missing = end - self._known
        if missing > 0 and (end > self._allowance.each or missing > self._allowance.left):
            raise TooFar
        self._unpacked.seek(0, io.SEEK_END)
        while missing > 0:
            piece = self._packed.read(min(missing, _PIECE))
            if not piece:
                # Shorter than its archive says.
                self.size = self._known
                return
            self._unpacked.write(piece)
            self._known += len(piece)
            self._allowance.left -= len(piece)
            missing -= len(piece)


def _temporary() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="qdabridge-")
