"""Names of files: of those in the study, and of those in the folder beside the JSON, safe on every system.

A name in a study comes from a stranger: it may lead elsewhere (``../``), be a device on Windows (``aux.txt``), or
differ from another in nothing but case. It knows nothing of studies or folders.
"""

from __future__ import annotations

import re
import unicodedata

_PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"} | _PORTS)
_UNUSABLE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_LONGEST = 120
"""Bytes of UTF-8; with a number behind it far below what any file system allows."""


class SafeNames:
    """Gives each file a name of its own in one folder.

    >>> names = SafeNames()
    >>> names.name_for("sources/Film.mp4"), names.name_for("media/film.MP4"), names.name_for("../aux.txt")
    ('Film.mp4', 'film (2).MP4', '_aux.txt')
    """

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._last_number: dict[str, int] = {}

    def name_for(self, name: str) -> str:
        """Return a name for a file that has this name in the study: near to it, safe, and not yet given."""
        wanted = safe_name(name)
        key = same_name(wanted)
        number = self._last_number.get(key, 0) + 1
        candidate = wanted if number == 1 else _numbered(wanted, number)
        while same_name(candidate) in self._given:
            number += 1
            candidate = _numbered(wanted, number)
        self._last_number[key] = number
        self._given.add(same_name(candidate))
        return candidate


def safe_name(name: str) -> str:
    """Return the last part of a name, without what some system cannot hold or would take for something else."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    last = "".join("_" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in last)
    last = _shortened(_UNUSABLE.sub("_", last).strip(" ")).rstrip(" .")
    if not last:
        return "file"
    return f"_{last}" if _is_device(last) else last


def leads_nowhere_else(name: str) -> bool:
    """Tell whether a name is that of a file in the folder itself, on every system.

    >>> leads_nowhere_else("film.mp4"), leads_nowhere_else("../film.mp4"), leads_nowhere_else("NUL")
    (True, False, False)
    """
    return bool(name) and not _UNUSABLE.search(name) and name.rstrip(" .") == name and not _is_device(name)


def stays_inside(name: str) -> bool:
    """Tell whether the name that a file has in the study is a relative path that never leads out of the package.

    >>> stays_inside("sources/film.mp4"), stays_inside("sources/../../film.mp4"), stays_inside("C:/film.mp4")
    (True, False, False)
    """
    steps = name.split("/")
    return bool(steps[0]) and ".." not in steps and ":" not in steps[0] and not any(sign in name for sign in "\\\0")


def same_name(name: str) -> str:
    """Return the form in which a file system that minds neither case nor accents' spelling compares names."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_device(name: str) -> bool:
    return name.partition(".")[0].rstrip(" ").lower() in _DEVICES


def _numbered(name: str, number: int) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({number}){dot}{suffix}" if stem else f"{name} ({number})"


def _shortened(name: str) -> str:
    """Cut a long name, keeping its suffix."""
    if len(name.encode("utf-8", "replace")) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode("utf-8", "replace")) > 20:
        stem, dot, suffix = name, "", ""
    room = _LONGEST - len((dot + suffix).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + suffix
