"""Talking through standard output and standard error, whatever terminal, pipe or file they are.

Text that came out of somebody's file is made harmless before it is shown: control characters and the signs that turn
the direction of text become visible, so that no file can steer the terminal or pass off one name as another. This
module knows nothing of studies.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from qdabridge.errors import CannotWrite

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress as RichProgress

# C0 and C1 controls, marks and overrides of direction, line separators, byte order marks, annotations, halves of
# surrogate pairs, tags: nothing of it has a shape of its own.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_PLAIN = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "×": "x", "→": "->", "·": "-"}


def shown(text: str) -> str:
    """Return a text on one line, with everything that would not be seen as an escape.

    >>> shown("Ana" + chr(27) + "[2J")
    'Ana\\\\x1b[2J'
    """
    return _HIDDEN.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def say(*lines: RenderableType) -> None:
    """Print to standard output: plain lines as they are, tables as rich draws them.

    Raises:
        CannotWrite: standard output takes no more, as on a full disk.
        BrokenPipeError: nobody is reading any more.
    """
    with _output_in_words():
        for line in lines:
            # Not click's echo, which writes UTF-8 to a terminal that says it cannot read it.
            sys.stdout.write(f"{line if isinstance(line, str) else _drawn(line)}\n")


def say_json(value: object) -> None:
    """Print a value as JSON; in ASCII, which every pipe and every terminal can carry."""
    import json

    say(json.dumps(value, indent=2))


def complain(sentence: str) -> None:
    """Print one line to standard error; where even that is impossible, the exit status has to do."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"qdabridge: {shown(sentence)}\n")
        sys.stderr.flush()


def finish() -> None:
    """Hand over what was printed, while it can still be said that it failed.

    Raises:
        CannotWrite: standard output takes no more, as on a full disk.
        BrokenPipeError: nobody is reading any more.
    """
    with _output_in_words():
        sys.stdout.flush()


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something is being done, on a terminal; a pipe or a log hears nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.text import Text

    with _console(stderr=True).status(Text(shown(what))):
        yield


class Progress:
    """How much of many things is done, as a bar on a terminal; a pipe or a log hears nothing.

    Use it as a context manager. It is gone when the block ends.

    Args:
        total: how many things there are.
    """

    def __init__(self, total: int) -> None:
        self._bar: RichProgress | None = None
        if not sys.stderr.isatty():
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=_console(stderr=True),
            transient=True,
            # What is printed goes where it always goes, and never through the console of the bar.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, what: str) -> None:
        """Count one thing as done, and say what is done now."""
        if self._bar is not None:
            self._bar.update(self._task, description=shown(what), advance=1)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away while something is printed."""
        if self._bar is None:
            yield
            return
        self._bar.stop()
        yield
        self._bar.start()


class Bytes:
    """How much of a long work is done, in bytes, as a bar on a terminal; a pipe or a log hears nothing."""

    def __init__(self) -> None:
        self._bar: RichProgress | None = None
        if not sys.stderr.isatty():
            return
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=_console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, what: str, done: int, total: int) -> None:
        """Say what is done now, and how much of it; where nobody knows how much there is, ``total`` is 0."""
        if self._bar is not None:
            self._bar.update(self._task, description=shown(what), completed=done, total=total or None)


def someone_is_there() -> bool:
    """Tell whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def tolerate_any_encoding() -> None:
    """Make sure that a character that the terminal cannot show is written another way and never ends the run."""
    codecs.register_error("qdabridge.plainly", _plainly)
    for stream in (sys.stdout, sys.stderr):
        # Streams that somebody put in the place of the real ones may not have it; then theirs is their own affair.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="qdabridge.plainly")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    unencodable = error.object[error.start : error.end]
    plain = "".join(_PLAIN.get(char) or char.encode("unicode_escape").decode("ascii") for char in unencodable)
    return plain, error.end


def _drawn(table: RenderableType) -> str:
    console = _console()
    with console.capture() as capture:
        console.print(table)
    # Cells are padded to the width of their column; what is only blank at the end of a line is of no use to anybody.
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    # A pipe has no width; wide enough to search in, narrow enough to read.
    width = None if stream.isatty() else 100
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


@contextlib.contextmanager
def _output_in_words() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(
            f"What there is to say could not be written ({(error.strerror or str(error)).lower()}).",
            where="standard output",
            todo="Send it to another disk.",
        ) from error
