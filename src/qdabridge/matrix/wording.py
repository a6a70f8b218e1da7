"""How a quote is put into words: the reference behind it, and what is left out where it is too long.

A template names what a reference says, ``[{source}, {place}, {coders}]``; what a quote does not have is left out
together with the comma before it. This module knows nothing of studies or of what a matrix is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from msgspec import Struct

from qdabridge.errors import BadRequest

FIELDS = ("case", "source", "place", "lines", "page", "time", "coders", "date")
"""What a reference can say; ``place`` is whatever tells best where it is: lines, a page, a time, an area."""

DEFAULT_REFERENCE = "[{source}, {place}, {coders}]"

LEFT_OUT = "[…]"
"""What stands where words were left out."""

_BETWEEN = re.compile(r"(\s*[,;:/|·]\s*|\s+[–—-]\s+)")
_EDGES = re.compile(r"(?P<opening>[\[(<]?)(?P<inner>.*?)(?P<closing>[\])>]?)", re.DOTALL)
_CLINGING = frozenset("\u200d\ufe0e\ufe0f")
_LOOK_BACK = 40


class Wording(Struct, frozen=True):
    """How the quotes of a matrix read.

    Args:
        reference: the template of what stands behind each quote; its fields are in ``FIELDS``.
        shorten: how many characters of a quote a cell shows at most; ``None`` shows all.

    Raises:
        BadRequest: the template has a field that no reference has, or is not well formed.
    """

    reference: str = DEFAULT_REFERENCE
    shorten: int | None = None

    def __post_init__(self) -> None:
        _compiled(self.reference)
        if self.shorten is not None and self.shorten < 1:
            raise BadRequest("A quote cannot be shortened to less than one character.")

    def origin(self, known: Mapping[str, str]) -> str:
        """Return the reference of a quote of which this is known, by field.

        >>> Wording("({case}: {lines}; {coders})").origin({"case": "Ana", "lines": "12", "coders": "NS, MP"})
        '(Ana: 12; NS, MP)'
        >>> Wording().origin({"source": "Ana", "coders": "NS"})
        '[Ana, NS]'
        """
        template = _compiled(self.reference)
        said: list[str] = []
        for part in template.parts:
            if part.fields and not any(known.get(field) for field in part.fields):
                continue
            filled = part.text.format_map(_Known(known))
            said.append(part.before + filled if said else filled)
        return f"{template.opening}{''.join(said)}{template.closing}" if said else ""

    def shown(self, text: str) -> str:
        """Return as much of a quote as is to be shown, with ``[…]`` where the rest was left out."""
        return text if self.shorten is None else shortened(text, self.shorten)


def shortened(text: str, most: int) -> str:
    """Return at most so many characters of a text, cut between words where it can be, and ``[…]`` behind them.

    >>> shortened("I waited six weeks.", 10)
    'I waited […]'
    """
    if len(text) <= most:
        return text
    end = most
    while end > 1 and _clings(text, end):
        end -= 1
    if not text[end].isspace():
        blanks = (at for at in range(end - 1, max(end - _LOOK_BACK, 0), -1) if text[at].isspace())
        end = next(blanks, end)
    return f"{text[:end].rstrip()} {LEFT_OUT}"


def _clings(text: str, at: int) -> bool:
    """Tell whether what stands at a place is a part of the character before it, as an accent is."""
    char = text[at]
    if char in _CLINGING or text[at - 1] == "\u200d" or unicodedata.combining(char):
        return True
    return "\U0001f3fb" <= char <= "\U0001f3ff"


class _Known(dict[str, str]):
    """What is known of a quote; what is not known is empty."""

    def __missing__(self, field: str) -> str:
        return ""


class _Part(NamedTuple):
    """A part of a template that is left out when none of its fields says anything."""

    before: str
    text: str
    fields: tuple[str, ...]


class _Template(NamedTuple):
    opening: str
    parts: tuple[_Part, ...]
    closing: str


@lru_cache(maxsize=64)
def _compiled(template: str) -> _Template:
    _check(template)
    edges = _EDGES.fullmatch(template)
    assert edges is not None
    before, parts = "", []
    for number, text in enumerate(_BETWEEN.split(edges["inner"])):
        if number % 2:
            before = text
        else:
            parts.append(_Part(before, text, tuple(_fields_in(text))))
    return _Template(edges["opening"], tuple(parts), edges["closing"])


def _check(template: str) -> None:
    try:
        named = [(name, form, how) for _, name, form, how in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise BadRequest(
            "The template of references is not well formed.",
            where=f"“{template}”",
            todo=f"Write it like “{DEFAULT_REFERENCE}”; a brace that is meant as such is doubled.",
        ) from error
    for name, form, how in named:
        if name not in FIELDS or form or how:
            raise BadRequest(
                f"A reference has no field “{name}{'!' + how if how else ''}{':' + form if form else ''}”.",
                where=f"“{template}”",
                todo=f"Its fields are {', '.join(f'{{{each}}}' for each in FIELDS)}.",
            )


def _fields_in(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name]


AS_USUAL = Wording()
"""The words whole, and behind them source, place and coders."""
