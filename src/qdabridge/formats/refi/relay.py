"""Hands bytes to a stream in a thread of its own: what zlib does then holds nothing up.

zlib lets other threads run while it works: on two cores a package is written in the time that its XML takes. Reading
gains nothing by it: a reader waits for each piece. Knows nothing of what the bytes are.
"""

from __future__ import annotations

from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Protocol, Self

_AHEAD = 4
"""How many pieces may wait, which bounds the memory."""


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
