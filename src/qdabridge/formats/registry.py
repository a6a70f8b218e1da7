"""Finds the format of a file: by its ending, and by its first bytes where the ending says nothing.

Formats are modules that have ``NAME``, ``SUFFIXES``, ``recognises``, ``read`` and ``write``; others than ours are found
through the entry point group ``qdabridge.formats``. They are imported when asked for. Tables are a format that can only
be read, and only where somebody names such a file; so are the folders that archives keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from typing import Protocol, cast

from qdabridge.errors import BadRequest, CannotRead
from qdabridge.findings import Finding
from qdabridge.limits import Limits, limits_of
from qdabridge.safety import is_folder, readable
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting, counting_of

_OURS = ("qdabridge.formats.refi", "qdabridge.formats.json")
_TABLES = "qdabridge.formats.spreadsheet.tables"
_DEPOSITS = "qdabridge.formats.deposits"
_OLD_WORKBOOK = ".xls"
_PACKED = ".zip"
_HEAD = 1024


class ReadFormat(Protocol):
    """What a format offers that can be read."""

    NAME: str
    SUFFIXES: tuple[str, ...]

    def read(self, path: Path, *, media: Path | None = None) -> Study:
        """Read a study."""
        ...


class Format(ReadFormat, Protocol):
    """What a format offers."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether a file may be of this format, by its first bytes."""
        ...

    def write(self, study: Study, path: Path, profile: str = ..., *, overwrite: bool = ...) -> list[Finding]:
        """Write a study."""
        ...


def formats() -> list[Format]:
    """Return every format that is installed, ours first."""
    return [*_ours(), *_strangers()]


def format_to_read(path: Path, *, as_table: bool = False) -> ReadFormat:
    """Return the format of an existing file; ``as_table`` where somebody says that it is a table.

    Raises:
        CannotRead: the file is missing or empty, or no format knows it.
    """
    if is_folder(path) or path.suffix.lower() == _PACKED:
        deposits = import_module(_DEPOSITS)
        if deposits.is_deposit(path):
            return cast(ReadFormat, deposits)
    with readable(path).open("rb") as stream:
        head = stream.read(_HEAD)
    if by_suffix := _with_suffix(path):
        return by_suffix
    known = formats()
    tables = cast(ReadFormat, import_module(_TABLES))
    # An old workbook is no table that can be read, but who reads tables can say what to do about it.
    if as_table or path.suffix.lower() in (*tables.SUFFIXES, _OLD_WORKBOOK):
        return tables
    for found in known:
        if found.recognises(path, head):
            return found
    raise CannotRead(
        "This is no study that qdabridge knows.",
        where=str(path),
        todo=f"It reads {_endings([*known, tables])}.",
    )


def read_study(
    path: Path,
    *,
    media: Path | None = None,
    positions: str | Counting | None = None,
    limits: str | Limits | None = None,
    layout: str | None = None,
    sources: Path | None = None,
) -> Study:
    """Read a study of whatever format; without ``positions``, how it counts them is found from the file.

    Raises:
        CannotRead: the file cannot be read.
        TooLarge: it is beyond the limits.
        BadRequest: the counting, the limits or the layout are not understood, the format always counts as the standard
            does, or a layout or sources are given for what is no table.
    """
    allowed = limits_of(limits)
    counting = counting_of(positions) if isinstance(positions, str) else positions
    found = format_to_read(path, as_table=layout is not None)
    read: Callable[..., Study] = found.read
    offered = signature(read).parameters
    if "limits" in offered:
        read = partial(read, limits=allowed)
    for name, given in (("layout", layout), ("sources", sources)):
        if given is None:
            continue
        if name not in offered:
            raise BadRequest(
                f"The option {name} is for tables, and this is {found.NAME}.",
                where=str(path),
                todo=f"Read it without --{name}.",
            )
        read = partial(read, **{name: given})
    if counting is None:
        return read(path, media=media)
    if "positions" not in offered:
        raise BadRequest(
            f"Positions in {found.NAME} are always counted in {STANDARD.described()}.",
            where=str(path),
            todo="Read it without saying how positions are counted.",
        )
    return read(path, media=media, positions=counting)


def format_to_write(path: Path) -> Format:
    """Return the format that a file's ending asks for.

    Raises:
        BadRequest: no format has that ending.
    """
    if by_suffix := _with_suffix(path):
        return by_suffix
    if path.suffix.lower() in cast(ReadFormat, import_module(_TABLES)).SUFFIXES:
        raise BadRequest(
            f"A file that ends in “{path.suffix}” cannot hold a whole study.",
            where=str(path),
            todo="Write a part of it with qdabridge matrix, codebook, codings or cases.",
        )
    raise BadRequest(
        f"It is not clear what to write: the name ends in “{path.suffix}”.",
        where=str(path),
        todo=f"Give it one of these endings: {_endings(formats())}.",
    )


def _ours() -> list[Format]:
    return [cast(Format, import_module(name)) for name in _OURS]


@cache
def _strangers() -> tuple[Format, ...]:
    points = entry_points(group="qdabridge.formats")
    return tuple(cast(Format, point.load()) for point in points if point.value not in _OURS)


def _with_suffix(path: Path) -> Format | None:
    """Return the format with the ending; looking for those of others takes milliseconds, so ours are asked first."""
    suffix = path.suffix.lower()
    for known in (_ours, _strangers):
        for found in known():
            if suffix in found.SUFFIXES:
                return found
    return None


def _endings(known: Sequence[ReadFormat]) -> str:
    return ", ".join(suffix for found in known for suffix in found.SUFFIXES)
