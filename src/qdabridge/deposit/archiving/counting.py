"""Tells how many bytes of the files of a study have been read while somebody else copies them.

Whoever writes a package knows nothing of progress; what is read of the one is written to the other.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from qdabridge.study.files import Entry
from qdabridge.study.study import Study

_AT_ONCE = 1 << 20


def counted(study: Study, told: Callable[[int, int], None]) -> Study:
    """Return the same study, whose files tell as they are read how many bytes are done and how many there are.

    Keep the first open while the other is used. A file that is read twice is not counted twice: the number told never
    exceeds the total.
    """
    files = study.files.changed({})
    total = sum(files.entry(name).size for name in files)
    done = 0

    def step(more: int) -> None:
        nonlocal done
        done = min(done + more, total)
        told(done, total)

    told(0, total)
    for name in study.files:
        files.put(name, _Counted(study.files.entry(name), step))
    return Study(study.project, files, study.findings, study.form)


class _Counted:
    """A file that tells how much of it is read, the first time that it is."""

    def __init__(self, entry: Entry, step: Callable[[int], None]) -> None:
        self._entry = entry
        self._step = step
        self._furthest = 0

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._entry.size

    def open(self) -> BinaryIO:
        """Open for reading."""
        return cast(BinaryIO, io.BufferedReader(_Counting(self._entry.open(), self._reached), _AT_ONCE))

    def _reached(self, place: int) -> None:
        if place > self._furthest:
            self._step(place - self._furthest)
            self._furthest = place


class _Counting(io.RawIOBase):
    """A stream that tells how far it has been read."""

    def __init__(self, stream: BinaryIO, reached: Callable[[int], None]) -> None:
        self._stream = stream
        self._reached = reached
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = self._stream.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        self._reached(self._at)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
