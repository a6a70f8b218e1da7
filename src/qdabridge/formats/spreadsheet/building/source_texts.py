"""The texts of sources in a folder that somebody named: found by the names of the sources, read when they are needed.

Plain text and Word documents; nothing outside the folder is opened.
"""

from __future__ import annotations

import re
from pathlib import Path

from qdabridge.errors import CannotRead, NotFound
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.sheets import separated, word
from qdabridge.limits import Limits

_PLAIN = (".txt", ".md")
_SUFFIXES = (*_PLAIN, ".docx")
# What a source may have been before somebody made a text of it.
_ENDING = re.compile(r"\.(?:txt|md|docx?|odt|rtf|pdf|html?|mp3|mp4|m4a|wav)\s*$", re.IGNORECASE)


class SourceTexts:
    """The texts of a folder and the folders in it.

    Args:
        folder: the folder.
        limits: how large a text may be.
        found: takes what is odd about them.

    Raises:
        NotFound: there is no such folder.
        CannotRead: no text is in it.
    """

    def __init__(self, folder: Path, limits: Limits, found: Findings) -> None:
        self._limits = limits
        self._found = found
        self._paths: dict[str, Path] = {}
        if not folder.is_dir():
            raise NotFound("There is no such folder.", where=str(folder), todo="Name the folder of the source texts.")
        inside = folder.resolve()
        # Positions count plain text; of a source that is there twice, that is taken.
        for path in sorted(folder.rglob("*"), key=lambda path: (path.suffix.lower() not in _PLAIN, path)):
            if path.suffix.lower() not in _SUFFIXES:
                continue
            if path.is_file() and path.resolve().is_relative_to(inside):
                self._take(path)
        if not self._paths:
            raise CannotRead(
                "No text is in this folder.",
                where=str(folder),
                todo=f"Put the sources there as {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]}, named as in the table.",
            )

    def _take(self, path: Path) -> None:
        for name in {_folded(path.name), _folded(path.stem)}:
            other = self._paths.setdefault(name, path)
            if other != path and name == _folded(path.stem) and other.parent != path.parent:
                self._found.add(
                    Finding(
                        "TABLE-TWO-TEXTS",
                        "warning",
                        "Two texts in the folder of sources have one name; the first was taken.",
                        f"{other} and {path}",
                        "Give the sources different names.",
                    )
                )

    def names(self) -> list[str]:
        """Return the name of each text, without its ending."""
        return list(dict.fromkeys(path.stem for path in self._paths.values()))

    def has(self, name: str) -> bool:
        """Tell whether there is a text of a source; “Ana.pdf” in the table is “Ana.txt” in the folder, if need be."""
        return self._path(name) is not None

    def __getitem__(self, name: str) -> str:
        """Return the text of a source, line ends as they are.

        Raises:
            CannotRead: it is damaged.
            TooLarge: it is beyond the limit for texts.
        """
        path = self._path(name)
        if path is None:
            raise KeyError(name)
        if path.suffix.lower() == ".docx":
            return "\n".join(word.read(path, self._limits).lines)
        if path.stat().st_size > self._limits.text:
            raise self._limits.refused("text", "The text is too large", str(path))
        text, encoding = separated.decoded(path.read_bytes(), path)
        if encoding == separated.GUESSED:
            self._found.add(separated.guessed(path))
        return text

    def _path(self, name: str) -> Path | None:
        found = self._paths.get(_folded(name))
        if found is None and (ending := _ENDING.search(name)):
            found = self._paths.get(_folded(name[: ending.start()]))
        return found


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
