"""How large a stranger's file may be before it is refused, and how a person raises that.

Each limit is far above what real studies have, and far below what takes a machine down. What is refused names the
limit that was reached. This module knows nothing of files.
"""

from __future__ import annotations

import re

import msgspec

from qdabridge.errors import BadRequest, TooLarge

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_WORD = re.compile(r"\s*([a-z]+)\s*=\s*([0-9]{1,15})\s*([KMGT]?B?)\s*", re.IGNORECASE | re.ASCII)


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is refused; sizes in bytes. Media have no limit: they are passed on and never held in memory.

    Args:
        entries: files in one archive.
        ratio: how many times larger than its packed size something may be unpacked, once it is large
            (see ``archives``). What people and recorders make is seldom above 20.
        project: the XML of a project or codebook.
        text: one text, in a file of its own, in the XML, or in an attribute. The longest novels have 3 MB.
        strangers: elements, attributes, comments and the like in one XML that the standard does not have.
        json: a study in JSON, which is in memory as a whole.
        workbook: what a workbook unpacks to.
    """

    entries: int = 100_000
    ratio: int = 100
    project: int = 4 * 10**9
    text: int = 30 * 10**6
    strangers: int = 500_000
    json: int = 2 * 10**9
    workbook: int = 10**9

    def refused(self, name: str, what: str, where: str) -> TooLarge:
        """Return the error for something beyond the limit of a name; ``what`` is a sentence without its end."""
        value: int = getattr(self, name)
        allowed = f"{value:,}" if name in _PLAIN else _in_units(value)
        asked = str(value * 10) if name in _PLAIN else _in_words(value * 10)
        return TooLarge(
            f"{what}, and the limit “{name}” is {allowed}.",
            where=where,
            todo=f"If you trust whoever sent it, raise the limit: --limit {name}={asked}.",
        )


DEFAULT = Limits()
"""The limits that hold unless somebody raises them."""

_PLAIN = frozenset({"entries", "ratio", "strangers"})


def limits_of(words: str | Limits | None) -> Limits:
    """Return the limits that a person asks for, in words with commas between; what is not named stays as it is.

    >>> limits_of("text=500MB, ratio=1000").text
    500000000

    Raises:
        BadRequest: a word is not understood.
    """
    if isinstance(words, Limits):
        return words
    asked: dict[str, int] = {}
    for word in (words or "").split(","):
        if not word.strip():
            continue
        found = _WORD.fullmatch(word)
        name, number, unit = (found[1].lower(), int(found[2]), found[3].upper()) if found else ("", 0, "")
        unit += "B" if unit and not unit.endswith("B") else ""
        factor = _UNITS.get("" if unit == "B" else unit, 0)
        if name not in Limits.__struct_fields__ or not number * factor:
            raise BadRequest(
                f"“{word.strip()}” is no limit.",
                where="limits",
                todo=f"Use one or more of {', '.join(Limits.__struct_fields__)}, with commas between, such as "
                "“text=500MB,ratio=1000”.",
            )
        asked[name] = number * factor
    return Limits(**asked)


def _in_units(size: int) -> str:
    """Return a size as people read it.

    >>> _in_units(30_000_000), _in_units(1_500), _in_units(10)
    ('30 MB', '1.5 KB', '10 bytes')
    """
    unit = _unit_of(size)
    return f"{size / _UNITS[unit]:.4g} {unit}" if unit else f"{size} bytes"


def _in_words(size: int) -> str:
    """Return a size as ``limits_of`` reads it, rounded up.

    >>> _in_words(300_000_000), _in_words(1_500), _in_words(10)
    ('300MB', '2KB', '10')
    """
    unit = _unit_of(size)
    return f"{-(-size // _UNITS[unit])}{unit}"


def _unit_of(size: int) -> str:
    return next((unit for unit in ("TB", "GB", "MB", "KB") if size >= _UNITS[unit]), "")
