"""Asks the schema about a file in a thread of its own, while the file is being read: on two cores it takes no time.

libxml2 lets other threads run while it works on a piece, but going back and forth between threads costs more than it
gains unless the pieces are large. Knows nothing of what is read meanwhile.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO, cast

from qdabridge.formats.refi.unbroken import Unbroken
from qdabridge.limits import Limits

_PIECE = 1 << 22


@contextmanager
def asked_meanwhile(path: Path, limits: Limits) -> Iterator[Callable[[], bool]]:
    """Begin to ask whether the XML in a file follows the schema; what is given waits for the answer and returns it.

    It raises what asking raised. Where the block ends before, nobody wants to know any more, and asking is given up.
    """
    enough = Event()
    answers: list[bool | BaseException] = []

    def ask() -> None:
        try:
            answers.append(_is_valid(path, limits, enough))
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is wanted
            answers.append(error)

    thread = Thread(target=ask, daemon=True)

    def answer() -> bool:
        thread.join()
        (found,) = answers
        if isinstance(found, BaseException):
            raise found
        return found

    thread.start()
    try:
        yield answer
    finally:
        enough.set()
        thread.join()


def _is_valid(path: Path, limits: Limits, enough: Event) -> bool:
    from qdabridge.checks.schema import is_valid
    from qdabridge.formats.refi.package import open_package

    package = open_package(path, limits=limits)
    inner = package.project_entry
    where = path.name if inner == path.name else f"{path.name}: {inner}"
    try:
        return is_valid(
            lambda: cast(BinaryIO, _InLargePieces(package.open_project(), Unbroken(limits, where), enough)), where
        )
    finally:
        package.files.close()


class _InLargePieces(io.RawIOBase):
    """A stream that gives more at once than it is asked for, and ends when nobody wants to know any more."""

    def __init__(self, stream: BinaryIO, unbroken: Unbroken, enough: Event) -> None:
        self._stream = stream
        self._unbroken = unbroken
        self._enough = enough

    def read(self, size: int = -1, /) -> bytes:
        if self._enough.is_set():
            return b""
        piece = self._stream.read(max(size, _PIECE))
        self._unbroken.take(piece)
        return piece

    def close(self) -> None:
        self._stream.close()
        super().close()
