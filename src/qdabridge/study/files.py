"""Where the bytes of documents and media come from; always lazy, always streamed.

A study's files have names as in its package (``sources/1234.txt``). Sources refer to them by ``internal://``. A path
that leads out of the package (``relative://``, ``absolute://``) is followed only into a media folder that the user
named, and never out of it. Sources: REFI-QDA 1.5, section 8.3; tools also write two slashes, three, or no scheme, and
any case of letters.

This module knows nothing of zip files: whoever opens an archive brings entries of its own.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, Self
from unicodedata import normalize

from qdabridge.errors import CannotRead, NotInStudy
from qdabridge.limits import DEFAULT, Limits

_SOURCES = "sources"
_HERE = re.compile(r"(?:\./+)+")
_SCHEMES = ("internal:", "relative:", "absolute:")


class Entry(Protocol):
    """The bytes of one file, not read before they are asked for."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def open(self) -> BinaryIO:
        """Open for reading."""
        ...


class BytesEntry:
    """Bytes that are in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self._data)

    def open(self) -> BinaryIO:
        """Open for reading."""
        return io.BytesIO(self._data)


class PathEntry:
    """A file on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def size(self) -> int:
        """Length in bytes."""
        with self._told():
            return self._path.stat().st_size

    def open(self) -> BinaryIO:
        """Open for reading."""
        with self._told():
            return self._path.open("rb")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say of which file it is that it cannot be read; whoever copies it would blame the target."""
        try:
            yield
        except OSError as error:
            raise CannotRead(
                f"A file of the study cannot be read ({(error.strerror or str(error)).lower()}).",
                where=str(self._path),
                todo="Look after the file and its permissions.",
            ) from None


class Files:
    """The files of a study, by name, in the order of the package.

    Args:
        entries: name in the package → its bytes, or something that opens them.
        media: a folder in which external media may be looked for.
        closing: called once when the study is closed.
        limits: how large a text may be that is read into memory.

    >>> files = Files({"sources/ana.txt": "I waited.".encode()})
    >>> files.find("internal://ANA.txt"), files.read("sources/ana.txt")
    ('sources/ana.txt', b'I waited.')
    """

    def __init__(
        self,
        entries: Mapping[str, Entry | bytes] | None = None,
        *,
        media: Path | None = None,
        closing: Callable[[], None] | None = None,
        limits: Limits = DEFAULT,
    ) -> None:
        self.limits = limits
        self._entries: dict[str, Entry] = {}
        self._media = media.resolve() if media else None
        self._closing = closing
        self._folded: dict[str, str] | None = None
        for name, entry in (entries or {}).items():
            self.put(name, entry)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def put(self, name: str, entry: Entry | bytes) -> None:
        """Add a file, or put another in its place."""
        self._entries[name] = BytesEntry(entry) if isinstance(entry, bytes) else entry
        self._folded = None

    def changed(self, put: Mapping[str, bytes], *, without: Collection[str] = ()) -> Files:
        """Return the same files with some put in the place of others, and without some; close the first, not these."""
        kept = {name: entry for name, entry in self._entries.items() if name not in without}
        return Files({**kept, **put}, media=self._media, limits=self.limits)

    def renamed(self, names: Mapping[str, str]) -> Files:
        """Return the same files in the same order, some of them under other names; close the first, not these.

        Args:
            names: the names that change → what they become, which no other file is called.
        """
        entries = {names.get(name, name): entry for name, entry in self._entries.items()}
        return Files(entries, media=self._media, limits=self.limits)

    def replaced_by(self, entries: Mapping[str, Entry], *, closing: Callable[[], None] | None = None) -> Files:
        """Return other files in the place of all of these; what lies outside is looked for as before."""
        return Files(entries, media=self._media, closing=closing, limits=self.limits)

    def entry(self, name: str) -> Entry:
        """Return a file by its name in the package.

        Raises:
            NotInStudy: there is no such file.
        """
        try:
            return self._entries[name]
        except KeyError:
            raise NotInStudy(f"The study has no file “{name}”.") from None

    def open(self, name: str) -> BinaryIO:
        """Open a file by its name in the package."""
        return self.entry(name).open()

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; meant for texts, not for films."""
        with self.open(name) as stream:
            return stream.read()

    def copy(self, name: str, target: BinaryIO) -> None:
        """Copy a file into an open stream, a piece at a time."""
        with self.open(name) as stream:
            shutil.copyfileobj(stream, target, 1 << 20)

    def find(self, reference: str) -> str | None:
        """Return the name of the file that ``path``, ``plainTextPath`` or ``richTextPath`` refers to, if it is inside.

        ``internal://`` and no scheme at all mean the sources folder, in any case of letters and with accents in either
        spelling (a Mac packs ``é`` as two characters); the exact name wins.
        """
        scheme, path = split_reference(reference)
        if scheme not in ("internal", ""):
            return None
        if (here := _HERE.match(path)) is not None:
            path = path[here.end() :]
        if self._folded is None:
            self._folded = {}
            for name in self._entries:
                self._folded.setdefault(_folded(name), name)
        for name in (f"{_SOURCES}/{path}", f"Sources/{path}", path):
            if name in self._entries:
                return name
        for name in (f"{_SOURCES}/{path}", path):
            if (found := self._folded.get(_folded(name))) is not None:
                return found
        return None

    def locate(self, reference: str) -> Entry | None:
        """Return the bytes that a reference means: a file inside, or one in the media folder that the user named."""
        name = self.find(reference)
        if name is not None:
            return self._entries[name]
        path = self._in_media_folder(reference)
        return PathEntry(path) if path else None

    def copied(self) -> Files:
        """Return the same files as others, into which more can be put; closing them closes nothing."""
        return Files(self._entries, media=self._media, limits=self.limits)

    def close(self) -> None:
        """Close the archive behind the files, if there is one."""
        if self._closing:
            self._closing()
            self._closing = None

    def _in_media_folder(self, reference: str) -> Path | None:
        if self._media is None:
            return None
        scheme, path = split_reference(reference)
        steps = PurePosixPath(path).parts
        # A whole relative path first; of an absolute one, only the file's name means something on this machine.
        candidates = [steps, steps[-1:]] if scheme != "absolute" else [steps[-1:]]
        for candidate in candidates:
            try:
                found = self._media.joinpath(*(step for step in candidate if step != "/")).resolve()
                if candidate and found.is_relative_to(self._media) and found.is_file():
                    return found
            except (OSError, ValueError):
                # A name that this system cannot have is not there.
                continue
        return None


def _folded(name: str) -> str:
    """Return the form of a name in which case and the spelling of accents make no difference."""
    return name.casefold() if name.isascii() else normalize("NFC", normalize("NFC", name).casefold())


def split_reference(reference: str) -> tuple[str, str]:
    """Return the scheme (``internal``, ``relative``, ``absolute`` or empty) and the path of a reference.

    >>> split_reference("internal:///a.txt"), split_reference("absolute:///C:/films/a.mp4"), split_reference("a.txt")
    (('internal', 'a.txt'), ('absolute', 'C:/films/a.mp4'), ('', 'a.txt'))
    """
    slashes = reference.replace("\\", "/")
    for scheme in _SCHEMES:
        if slashes[: len(scheme)].lower() == scheme:
            return scheme[:-1], slashes[len(scheme) :].lstrip("/")
    return "", slashes
