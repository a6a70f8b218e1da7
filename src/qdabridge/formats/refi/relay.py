"""Hands bytes to a stream, or fetches them from one, in a thread of its own: what zlib does then holds nothing up.

zlib lets other threads run while it works: on two cores a package is written, and read, in the time that its XML takes.
Knows nothing of what the bytes are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from queue import Empty, Queue
from threading import Event, Thread
from types import TracebackType
from typing import BinaryIO, Protocol, Self

_AHEAD = 4
"""How many pieces may wait, which bounds the memory."""

_FIRST_PIECE, _PIECE = 1 << 16, 1 << 19
"""Every piece costs a change of threads, so they are large; the first is there soon."""


@contextlib.contextmanager
def fetched_ahead(stream: BinaryIO) -> Iterator[Iterator[bytes]]:
    """Give the bytes of a stream in pieces, the next ones being fetched while one is worked on.

    What the stream raises is raised where its piece would have come.
    """
    waiting: Queue[bytes | BaseException] = Queue(_AHEAD)
    enough = Event()

    def fetch() -> None:
        try:
            size = _FIRST_PIECE
            while not enough.is_set():
                piece = stream.read(size)
                waiting.put(piece)
                if not piece:
                    return
                size = _PIECE
        except BaseException as error:  # noqa: BLE001 - it is raised in the reader's thread
            waiting.put(error)

    def pieces() -> Iterator[bytes]:
        while piece := waiting.get():
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    thread = Thread(target=fetch, daemon=True)
    thread.start()
    try:
        yield pieces()
    finally:
        enough.set()
        # The fetching thread may be waiting for room.
        with contextlib.suppress(Empty):
            while True:
                waiting.get_nowait()
        thread.join()


class Taking(Protocol):
    """Whatever takes bytes, such as a file."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...


class Relay:
    """A stream that takes bytes at once and passes them on in order, meanwhile.

    Use it as a context manager: when it ends, all has been passed on. What the stream behind it raises is raised by the
    next ``write``, or at the end.
    """

    def __init__(self, stream: Taking) -> None:
        self._stream = stream
        self._waiting: Queue[bytes | None] = Queue(_AHEAD)
        self._error: BaseException | None = None
        self._thread = Thread(target=self._pass_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._waiting.put(None)
        self._thread.join()
        if kind is None and self._error is not None:
            raise self._error

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        if self._error is not None:
            raise self._error
        self._waiting.put(data)
        return len(data)

    def _pass_on(self) -> None:
        # Whatever happens, the queue is emptied: the writer must never wait for good.
        while (data := self._waiting.get()) is not None:
            if self._error is None:
                try:
                    self._stream.write(data)
                except BaseException as error:  # noqa: BLE001 - it is raised in the writer's thread
                    self._error = error
