"""In how many ways a name may be written in a text, as a regular expression of many names at once.

Small letters and capitals, composed and decomposed letters (NFC, NFD), apostrophes and hyphens of any kind, a line end
or several spaces between two words, ``_`` or ``.`` there in names of files and addresses, plurals. A name is whole: no
letter goes on before or behind it, where the script parts words at all; between a letter and a digit a name may end.

It knows letters, and nothing of keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_SPACED_OUT = "(?:[^\\S\\r\\n]+(?:\\r\\n?|\\n)?[^\\S\\r\\n]*|(?:\\r\\n?|\\n)[^\\S\\r\\n]*|[_.+\u2010\u2011-]|%20)"
_APOSTROPHES = "'\u2018\u2019\u02bc\u00b4`"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_DOTTED = frozenset({"i", "i\u0307"})
_PLURAL = re.compile("e?s", re.IGNORECASE)
_LEAST_FOR_PLURAL = 3

IGNORABLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Characters without width, which may stand in the middle of a name, as ranges for a regular expression."""

_UNPARTED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua980-\ua9df\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
)
"""Scripts whose words are not parted by spaces, or whose names take endings as Korean ones do."""


def pattern_of(names: Iterable[str], *, as_written: bool) -> re.Pattern[str]:
    """Return the expression that finds any of many names; at each place the longest of those with the same edges.

    Args:
        names: the names; none is empty. That no accent stands before what is found has to be looked at
            (``goes_on_before``).
        as_written: whether small letters and capitals are told apart, and plurals are not looked for. If not, the
            expression is for ``lowered`` text.
    """
    forests: dict[tuple[str, str], _Branch] = {}
    for name in names:
        branch = forests.setdefault(edges_of(name, as_written=as_written), _Branch())
        for unit in _units(name, as_written=as_written):
            branch = branch.further.setdefault(_variants(unit, as_written=as_written), _Branch())
        branch.ends = True
    ways = [f"{before}{branch.expression()}{behind}" for (before, behind), branch in forests.items()]
    return re.compile("|".join(ways))


def edges_of(name: str, *, as_written: bool) -> tuple[str, str]:
    """Return what must and must not stand before and behind a name, as expressions."""
    units = _units(name, as_written=as_written)
    return _before(units[0]), _behind(units, as_written=as_written)


def lowered(text: str) -> str:
    """Return a text in small letters, letter by letter, so that positions stay.

    >>> lowered("İZMİR"), lowered("Straẞe")
    ('izmir', 'straße')
    """
    return text.replace("İ", "i").lower()


def bones_of(name: str) -> str:
    """Return what all ways to write a name have in common, and other names may have, too.

    >>> bones_of("José") == bones_of("JOSE\u0301"), bones_of("Anna-Lena") == bones_of("anna\\nlena")
    (True, True)
    """
    if name.isascii():
        folded = name.lower()
    else:
        letters = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold()).replace("ı", "i")
        folded = "".join(char for char in letters if not unicodedata.combining(char))
        folded = "".join("'" if char in _APOSTROPHES else char for char in folded)
    return _BETWEEN.sub(" ", folded)


def without_plural(written: str) -> list[str]:
    """Return what a word may be the plural of.

    >>> without_plural("Jameses"), without_plural("Anna")
    (['Jamese', 'James'], [])
    """
    return [written[:-length] for length in (1, 2) if _PLURAL.fullmatch(written[-length:])]


def goes_on_before(text: str, start: int) -> bool:
    """Tell whether an accent or vowel sign stands before a place, so that a word goes on there.

    In the expression it would have to be looked for at the beginning of every word, which takes most of the time.
    """
    before = text[start - 1] if start else ""
    return not before.isascii() and unicodedata.category(before).startswith("M") and not _is_unparted(before)


def in_plural(word: str, *, capitals: bool) -> str:
    """Return the plural of a pseudonym.

    >>> in_plural("Rose", capitals=False), in_plural("JAMES", capitals=True), in_plural("[city]", capitals=False)
    ('Roses', 'JAMESES', '[city]s')
    """
    ending = "es" if word.lower().endswith(("s", "x", "z", "ch", "sh")) else "s"
    return word + (ending.upper() if capitals else ending)


def in_capitals(written: str) -> bool:
    """Tell whether a word is written in capitals; a single letter does not tell."""
    return written.isupper() and sum(char.isupper() for char in written) > 1


_BETWEEN = re.compile(f"(?:[{_HYPHENS}\\s_.+]|%20)+")


class _Branch:
    """What may follow after the same beginning, and whether a name may end here."""

    def __init__(self) -> None:
        self.further: dict[str, _Branch] = {}
        self.ends = False

    def expression(self) -> str:
        # What goes on comes before what ends, so that the longest name is tried first.
        ways = [
            variants + branch.expression()
            for variants, branch in sorted(self.further.items(), key=lambda item: -len(item[0]))
        ]
        if self.ends:
            ways.append("")
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _units(name: str, *, as_written: bool) -> list[str]:
    """Return the letters of a name, each with its accents; ``ss`` is one, as it may be written ß."""
    units: list[str] = []
    bare = re.sub(f"[{IGNORABLE}]", "", name)
    for char in unicodedata.normalize("NFD", bare if as_written else lowered(bare)):
        if units and _goes_with_the_one_before(char):
            units[-1] += char
        elif char.isspace():
            if units and units[-1] != " ":
                units.append(" ")
        elif not as_written and char == "s" and units and units[-1] == "s":
            units[-1] += char
        else:
            units.append(char)
    return units


@cache
def _variants(unit: str, *, as_written: bool) -> str:
    """Return the expression for one letter in all ways to write it."""
    if unit == " ":
        return _SPACED_OUT
    if unit in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    if unit in _HYPHENS:
        return f"[{_HYPHENS}]"
    if not as_written and unit in _DOTTED:
        # Turkish İ in small letters is i with a dot above, or plain i.
        return "i\u0307?"
    ways = {unit}
    if not as_written:
        ways = {unit.lower(), unit.casefold(), unit.upper().lower()}
        if unit == "ss" or "ß" in ways:
            ways |= {"ss", "ß"}
        if "σ" in ways:
            ways.add("ς")
        if "GREEK" in unicodedata.name(unit[0], ""):
            # Greek capitals have no accents.
            ways.add(unit[0].lower())
    ways |= {unicodedata.normalize(form, way) for way in ways for form in ("NFC", "NFD")}
    single = sorted(way for way in ways if len(way) == 1)
    several = sorted((re.escape(way) for way in ways if len(way) > 1), key=len, reverse=True)
    if not several:
        return f"[{''.join(map(re.escape, single))}]" if len(single) > 1 else re.escape(single[0])
    letters = f"[{''.join(map(re.escape, single))}]" if single else ""
    return f"(?:{'|'.join([*several, *([letters] if letters else [])])})"


def _before(unit: str) -> str:
    """Return what must not stand before a name that begins so."""
    if unit[0].isdecimal():
        return "(?<!\\d)"
    if unit[0].isalpha() and not _is_unparted(unit[0]):
        return f"(?:\\b|(?<=[\\d_{_UNPARTED}]))"
    return ""


def _behind(units: list[str], *, as_written: bool) -> str:
    """Return what may and must not stand behind a name."""
    last = units[-1][0]
    if last.isdecimal():
        return "(?!\\d)"
    if not last.isalpha():
        return ""
    if _is_unparted(last):
        return f"(?![{_marks()}])"
    whole = f"(?![^\\W\\d_{_UNPARTED}])(?![{_marks()}])"
    has_plural = not as_written and len(units) >= _LEAST_FOR_PLURAL
    return f"(?:e?s)?{whole}" if has_plural else whole


@cache
def _marks() -> str:
    """Return the accents and vowel signs that stand on the letter before them, as ranges."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x1F000):
        if _goes_with_the_one_before(chr(code)):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _goes_with_the_one_before(char: str) -> bool:
    """Tell whether a character is part of the letter before it: accents, vowel signs, the end of Korean syllables."""
    return unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff"


def _is_unparted(char: str) -> bool:
    return re.match(f"[{_UNPARTED}]", char) is not None
