"""What pictures, PDFs and recordings say of themselves: how large, how many pages, how long.

The libraries of the extra ``qdabridge[media]`` are asked in a process of their own (``measuring``), which is started
when the first file is to be measured and stays for the next; one that hangs is ended. Whatever goes wrong is
``Unknown``, never an exception. This module knows nothing of sources and selections.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Literal

from msgspec import Struct

from qdabridge.errors import QdabridgeError
from qdabridge.formats.media.reach import Allowance, Reach, TooFar
from qdabridge.study.files import Entry

_LIBRARIES = ("PIL", "pypdf", "tinytag")
_WAITING = 15.0
"""Seconds by the clock after which a process that does not answer is ended; it counts its own computing."""

Why = Literal["damaged", "locked", "format", "unpacking", "effort"]


class Unknown(Struct, frozen=True):
    """Nothing can be said of a file.

    Args:
        why: ``damaged`` or not what it seems; ``locked`` with a password; of a ``format`` that says nothing or is not
            known; ``unpacking`` it would take too much; measuring it would take too much ``effort``.
    """

    why: Why


class Box(Struct, frozen=True):
    """The media box of a page in PDF points, and by how many degrees the page is shown turned."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int = 0


class Pages(Struct, frozen=True):
    """How many pages a PDF has, and the boxes of those that were asked for, by number from 0."""

    count: int
    boxes: dict[int, Box]


class Picture(Struct, frozen=True):
    """How large a picture is in pixels as stored; ``on_its_side``: its metadata have it shown turned by a quarter."""

    width: int
    height: int
    on_its_side: bool = False


class Length(Struct, frozen=True):
    """How long a recording is; not ``exact`` where it had to be guessed from a part of it."""

    milliseconds: int
    exact: bool = True


def available() -> bool:
    """Tell whether the extra ``qdabridge[media]`` is there."""
    return all(find_spec(name) is not None for name in _LIBRARIES)


class Gauge:
    """Measures the files of one study, and loses no more time on it than a file that takes too long.

    Args:
        allowance: how much may be unpacked.
    """

    def __init__(self, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or Allowance()
        self._given_up = False

    def pages(self, entry: Entry, numbers: set[int]) -> Pages | Unknown:
        """Return how many pages a PDF has and the boxes of some, counted from 0."""
        told = self._ask(entry, "PDF", pages=sorted(numbers))
        if isinstance(told, Unknown):
            return told
        return Pages(told["pages"], {int(number): Box(*box) for number, box in told["boxes"].items()})

    def picture(self, entry: Entry) -> Picture | Unknown:
        """Return how large a picture is."""
        told = self._ask(entry, "picture")
        return told if isinstance(told, Unknown) else Picture(told["width"], told["height"], told["turned"])

    def length(self, entry: Entry) -> Length | Unknown:
        """Return how long a sound recording or film is."""
        told = self._ask(entry, "recording")
        return told if isinstance(told, Unknown) else Length(told["milliseconds"], told["exact"])

    def tags(self, entry: Entry) -> tuple[str, ...] | Unknown:
        """Return which tags a recording has, such as ``artist``, in the order of the alphabet; not what they say."""
        told = self._ask(entry, "tags")
        return told if isinstance(told, Unknown) else tuple(told["tags"])

    def _ask(self, entry: Entry, kind: str, **more: object) -> dict[str, Any] | Unknown:
        if self._given_up:
            return Unknown("effort")
        try:
            with Reach(entry, self._allowance) as reach:
                answer = _ask({"kind": kind, "size": reach.size, **more}, reach)
        except (QdabridgeError, OSError):
            return Unknown("damaged")
        if "unknown" not in answer:
            return answer
        self._given_up = answer["unknown"] == "effort"
        return Unknown(answer["unknown"])


# --- the process -----------------------------------------------------------------------------------------------------


class _Measuring:
    """The other process; of use only in the process that started it."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("measuring.py")
        self.process = subprocess.Popen(
            # -P: a file in the current folder must not be taken for a library.
            [sys.executable, "-P", str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for this process; that one ends with its input.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.owner = os.getpid()

    def ask(self, request: dict[str, object], reach: Reach) -> dict[str, Any]:
        """Send a request, give the bytes that are asked for, and return the answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        to, back = self.process.stdin, self.process.stdout
        watch = threading.Timer(_WAITING, self.process.kill)
        watch.daemon = True
        watch.start()
        try:
            to.write(json.dumps(request).encode() + b"\n")
            to.flush()
            for line in iter(back.readline, b""):
                if line.startswith(b"A "):
                    answer: dict[str, Any] = json.loads(line[2:])
                    return answer
                _give(to, reach, *map(int, line[2:].split()))
            raise BrokenPipeError
        finally:
            watch.cancel()

    def end(self) -> None:
        """End the process, if it is ours."""
        if self.owner != os.getpid():
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _give(to: BinaryIO | Any, reach: Reach, offset: int, length: int) -> None:
    try:
        given = reach.at(offset, length)
    except TooFar:
        to.write(b"-1\n")
    else:
        to.write(b"%d\n" % len(given) + given)
    to.flush()


_lock = threading.Lock()
_running: _Measuring | None = None


def _ask(request: dict[str, object], reach: Reach) -> dict[str, Any]:
    global _running
    with _lock:
        if _running is None or _running.owner != os.getpid():
            try:
                _running = _Measuring()
            except OSError:
                # No process can be started here, such as where Python is built into another program.
                return {"unknown": "effort"}
        try:
            return _running.ask(request, reach)
        except BaseException as error:
            # It is in the middle of something, or gone; the next file gets a new one.
            _running.end()
            _running = None
            if isinstance(error, BrokenPipeError):
                return {"unknown": "effort"}
            raise


@atexit.register
def _end() -> None:
    if _running is not None:
        _running.end()
