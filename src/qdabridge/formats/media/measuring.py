"""Measures pictures, PDFs and recordings in a process of its own: a stranger's file may lead a library anywhere.

Run as a program; it imports nothing of qdabridge. Whoever started it asks by a line of JSON on standard input, such as
``{"kind": "PDF", "size": 4341, "pages": [1]}``. It asks back for the bytes that it needs (a line ``R offset length``,
answered by a line with their number and the bytes; -1 where they cannot be had) and ends with a line ``A`` and JSON:
the facts, or ``{"unknown": …}`` and why. It ends with its input. Sources: Pillow for pictures (never decoded, only
their heads), pypdf for the boxes of pages, tinytag for how long recordings are and which tags they have.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, NoReturn

SECONDS = 1.0
"""Of computing for one file, where the system can count them; a PDF of five thousand pages takes half of it."""
MEMORY = 256 << 20
"""Bytes that this process may use, where the system can count them."""

_BLOCK = 1 << 16
_PICTURES = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
_ORIENTATION = 0x0112
_ON_ITS_SIDE = (5, 6, 7, 8)
_GUESSED = "audio/mpeg"
"""Recordings whose length may be a guess: MPEG audio with no count of its frames."""

_NO_TAGS = {"filename", "filesize", "duration", "bitdepth", "bitrate", "channels", "samplerate", "mime_type"}
"""What tinytag says of a recording beside its tags."""
_TAGS = {"album", "albumartist", "artist", "comment", "composer", "copyright", "disc", "disc_total", "encoded_by"} | {
    "director", "genre", "lyricist", "lyrics", "publisher", "title", "track", "track_total", "url", "year",
}  # fmt: skip
"""Tags by name; how others are called, whoever made the recording could choose."""


class TooLong(BaseException):
    """The file took more computing than it may; not an ``Exception``, which libraries catch."""


def main() -> None:
    """Answer until the input ends."""
    _limit_memory()
    # What the libraries say of a strange file is for their own makers, and would stand in the user's terminal.
    logging.disable()
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    for line in iter(asked.readline, b""):
        request = json.loads(line)
        answer = _answer(request, lambda size: io.BufferedReader(_Asking(asked, told, size), _BLOCK))
        told.write(b"A " + json.dumps(answer).encode() + b"\n")
        told.flush()


def _answer(request: dict[str, Any], opened: Callable[[int], BinaryIO]) -> dict[str, Any]:
    measure = {"PDF": _pdf, "picture": _picture, "recording": _recording, "tags": _tags}[request["kind"]]
    try:
        # What the libraries print of a strange file would disturb the conversation.
        with contextlib.redirect_stdout(io.StringIO()):
            return measure(opened(request["size"]), request.get("pages", ()))
    except _CannotBeHad:
        return {"unknown": "unpacking"}
    except (TooLong, MemoryError, RecursionError):
        return {"unknown": "effort"}
    except Exception:  # noqa: BLE001 - the libraries raise whatever a strange file leads them to
        return {"unknown": "damaged"}


# --- the three libraries ---------------------------------------------------------------------------------------------


def _picture(stream: BinaryIO, _: Sequence[int]) -> dict[str, Any]:
    from PIL import Image, UnidentifiedImageError

    # A large scan is no bomb as long as nothing is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with _in_time():
        try:
            picture = Image.open(stream, formats=_PICTURES)
        except UnidentifiedImageError:
            return {"unknown": "damaged"}
        width, height = picture.size
        # Asking a PNG for what it has not said before its pixels would decode them.
        turned = "exif" in picture.info and picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    return {"width": width, "height": height, "turned": turned}


def _pdf(stream: BinaryIO, pages: Sequence[int]) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    with _in_time():
        try:
            reader = PdfReader(stream)
            count = len(reader.pages)
            boxes = {number: _box(reader.pages[number]) for number in pages if 0 <= number < count}
        except (DependencyError, FileNotDecryptedError):
            return {"unknown": "locked"}
    return {"pages": count, "boxes": boxes}


def _box(page: Any) -> list[float]:
    box, unit = page.mediabox, float(page.get("/UserUnit", 1))
    corners = [float(corner) * unit for corner in (box.left, box.bottom, box.right, box.top)]
    return [*corners, page.rotation % 360]


def _recording(stream: BinaryIO, _: Sequence[int]) -> dict[str, Any]:
    from tinytag import TinyTag, UnsupportedFormatError

    with _in_time():
        try:
            facts = TinyTag.get(file_obj=stream, tags=False)
        except UnsupportedFormatError:
            return {"unknown": "format"}
    # Films that are written in pieces say nothing of how long they are.
    if not facts.duration or facts.duration < 0:
        return {"unknown": "format"}
    return {"milliseconds": round(facts.duration * 1000), "exact": facts.mime_type != _GUESSED}


def _tags(stream: BinaryIO, _: Sequence[int]) -> dict[str, Any]:
    from tinytag import TinyTag, UnsupportedFormatError

    with _in_time():
        try:
            facts = TinyTag.get(file_obj=stream, duration=False)
        except UnsupportedFormatError:
            return {"unknown": "format"}
        said = {name: value for name, value in facts.as_dict().items() if name not in _NO_TAGS}
    return {"tags": sorted({name if name in _TAGS else "other" for name, value in said.items() if value})}


# --- limits ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    if not hasattr(signal, "SIGPROF"):
        yield
        return
    signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _interrupt(*_: object) -> NoReturn:
    raise TooLong


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


# --- bytes from whoever asks -----------------------------------------------------------------------------------------


class _CannotBeHad(BaseException):
    """Bytes that are needed cannot be had; not an ``Exception``, which libraries catch."""


class _Asking(io.RawIOBase):
    """A file whose bytes the other side has."""

    def __init__(self, answers: BinaryIO, questions: BinaryIO, size: int) -> None:
        self._answers = answers
        self._questions = questions
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), _BLOCK, max(0, self._size - self._at))
        if not wanted:
            return 0
        self._questions.write(b"R %d %d\n" % (self._at, wanted))
        self._questions.flush()
        given = int(self._answers.readline() or b"-1")
        if given < 0:
            raise _CannotBeHad
        buffer[:given] = self._answers.read(given)
        self._at += given
        return given


if __name__ == "__main__":
    main()
