"""The files of several copies in one package: each is named, none is read into memory, what is the same is there once.

It knows nothing of what the files are for.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from qdabridge.errors import CannotRead
from qdabridge.study.files import Entry, Files

_PIECE = 1 << 20


class Packing:
    """The files of the leading copy, to which those of others come.

    Args:
        files: those of the leading copy; they are not changed.
    """

    def __init__(self, files: Files) -> None:
        self.files = files.copied()
        self._brought: dict[tuple[int, str], str] = {}

    def bring(self, theirs: Files, reference: str | None) -> str | None:
        """Take the file that a path of another copy means, and return the path that means it from now on."""
        if not reference:
            return reference
        name = theirs.find(reference)
        if name is None:
            # It is outside, or nowhere.
            return reference
        key = (id(theirs), name)
        if key not in self._brought:
            entry = theirs.entry(name)
            there = self.files.find(reference)
            if there is None and name not in self.files:
                self.files.put(name, entry)
                self._brought[key] = reference if self.files.find(reference) == name else self._put(name, entry)
            elif there is not None and _same(self.files.entry(there), entry):
                self._brought[key] = reference
            else:
                self._brought[key] = self._put(name, entry)
        return self._brought[key]

    def same(self, theirs: Files, reference: str, ours: str) -> bool:
        """Tell whether a path of another copy means the same bytes as one of ours, as far as both are there."""
        one, other = self.files.locate(ours), theirs.locate(reference)
        return one is None or other is None or _same(one, other)

    def bring_the_rest(self, theirs: Files, referred: set[str | None]) -> None:
        """Take the files of another copy that nothing in it refers to, as far as they are not there."""
        for name in theirs:
            if name in referred:
                continue
            if name not in self.files:
                self.files.put(name, theirs.entry(name))
            elif not _same(self.files.entry(name), theirs.entry(name)):
                self._put(name, theirs.entry(name))

    def _put(self, name: str, entry: Entry) -> str:
        """Put a file under a name that is free, and return the path that means it."""
        path = PurePosixPath(name)
        number = 1
        while True:
            number += 1
            reference = f"internal://{path.stem}-{number}{path.suffix}"
            there = self.files.find(reference)
            if there is None:
                self.files.put(f"sources/{path.stem}-{number}{path.suffix}", entry)
                return reference
            if _same(self.files.entry(there), entry):
                return reference


def _same(one: Entry, other: Entry) -> bool:
    """Tell whether two files are the same, byte for byte, a piece at a time."""
    if one is other:
        return True
    if one.size != other.size:
        return False
    try:
        with one.open() as stream, other.open() as other_stream:
            while piece := stream.read(_PIECE):
                if piece != other_stream.read(len(piece)):
                    return False
    except (OSError, CannotRead):
        return False
    return True
