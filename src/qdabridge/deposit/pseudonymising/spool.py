"""Files that were made and not yet written: in memory while they are few, then in one temporary file without a name.

What is put here has its pseudonyms already. It knows nothing of what the files are.
"""

from __future__ import annotations

import io
import tempfile
from threading import Lock
from typing import BinaryIO

_IN_MEMORY = 64 << 20


class Spool:
    """A place for files; each is read whole when it is opened."""

    def __init__(self) -> None:
        self._stream = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the study
        self._end = 0
        self._lock = Lock()

    def put(self, stored: bytes) -> Spooled:
        """Keep the bytes of a file."""
        with self._lock:
            self._stream.seek(self._end)
            self._stream.write(stored)
        spooled = Spooled(self, self._end, len(stored))
        self._end += len(stored)
        return spooled

    def read(self, start: int, size: int) -> bytes:
        """Return the bytes of a file."""
        with self._lock:
            self._stream.seek(start)
            return self._stream.read(size)

    def close(self) -> None:
        """Let go of all files."""
        self._stream.close()


class Spooled:
    """One file of a spool."""

    def __init__(self, spool: Spool, start: int, size: int) -> None:
        self._spool = spool
        self._start = start
        self._size = size

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    def open(self) -> BinaryIO:
        """Open for reading."""
        return io.BytesIO(self._spool.read(self._start, self._size))
