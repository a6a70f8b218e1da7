"""Proposes a key: what in a study may name somebody, each with how often it stands there and a line around it.

It asks what knows names by their capitals (``capitals``), by their form (``patterns``) and by a model (``entities``),
and what files say of themselves (``file_properties``). It proposes too much rather than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from qdabridge.deposit.pseudonymising.capitals import Capitals
from qdabridge.deposit.pseudonymising.contexts import line_around
from qdabridge.deposit.pseudonymising.entities import Recogniser, recogniser
from qdabridge.deposit.pseudonymising.file_properties import Property, properties
from qdabridge.deposit.pseudonymising.key import Kind
from qdabridge.deposit.pseudonymising.patterns import Hit, hits
from qdabridge.deposit.pseudonymising.saying import BEYOND, FILE_NAME, MARKS, PATH, Said, sayings
from qdabridge.findings import Finding, Findings
from qdabridge.study.study import Study

_OF_THE_FORMAT = frozenset({MARKS, BEYOND})
"""Where words of a format are many and people's few; names that stand there stand elsewhere, too."""

_RUN_TOGETHER = frozenset({FILE_NAME, PATH})

_WHOLE = {
    "name of a user": "name of a user",
    "initials": "initials of a user",
    "author of a Word document": "author of a document",
    "name of a case": "name of a case",
}
"""Places that hold a name and nothing else."""

_LOOKS = (
    *_WHOLE.values(),
    "user name",
    "name",
    "NHS number",
    "National Insurance number",
    "date of birth",
    "telephone number",
    "e-mail address",
    "user name in a path",
    "postcode",
    "web address",
    "author of a file",
)
"""In this order they are proposed, and one that is found as two things is proposed as the first of them."""

_KINDS: dict[str, Kind] = {"postcode": "place", "web address": "other"}
_INSTEAD = frozenset(
    {"NHS number", "National Insurance number", "date of birth", "telephone number", "e-mail address", "postcode"}
)
"""What can be nothing else, so that a pseudonym is proposed."""

_SAMPLE = 200_000
_LEAST_FOR_MODEL = 12
_LEAST_OF_NAME = 2
_TEXT = "text"


class Proposal(Struct, frozen=True):
    """A row of the key that is proposed.

    Args:
        find: what was found.
        replace: what may stand in its place; empty where a person has to say that.
        kind: what it may be.
        looks: why it is proposed: ``name``, ``e-mail address`` …
        count: how often it stands there.
        context: where it stands first, and a line around it.
    """

    find: str
    replace: str
    kind: Kind
    looks: str
    count: int
    context: str


class Scanned(Struct, frozen=True):
    """What came of looking.

    Args:
        proposals: rows for a key, the surest and most frequent first.
        properties: what files say of their making, which a key does not change in pictures and PDFs.
        findings: what else is to be said.
        model: the model of spaCy that was used; empty where none is installed.
    """

    proposals: tuple[Proposal, ...]
    properties: tuple[Property, ...]
    findings: tuple[Finding, ...]
    model: str = ""


class _Place(Struct):
    """Something that was found: what it looks like, how often, and where first."""

    looks: str
    kind: Kind
    count: int
    context: str


def scan(study: Study) -> Scanned:
    """Look through a study for what may name somebody.

    Args:
        study: the study; keep it open.
    """
    said = [each for each in sayings(study) if each.place not in _OF_THE_FORMAT]
    formed = [list(hits(each.text)) for each in said]
    found: dict[str, _Place] = {}
    told = tuple(properties(study.files))
    named = recogniser("\n".join(_sample(said)))
    for word, place in (
        *_whole_names(said),
        *_by_capitals(said, formed),
        *(_by_model(said, named[1]) if named is not None else ()),
        *_by_form(said, formed),
        *_authors(told),
    ):
        known = found.get(word)
        if known is None:
            found[word] = place
        elif _LOOKS.index(place.looks) == _LOOKS.index(known.looks):
            known.count += place.count
        else:
            surer = min(known, place, key=lambda each: _LOOKS.index(each.looks))
            # Where a text says it, one sees more than in a list of names.
            context = place.context if known.looks in _WHOLE.values() else known.context
            found[word] = _Place(surer.looks, surer.kind, max(known.count, place.count), context)
    return Scanned(tuple(_proposals(found)), told, tuple(_findings(told)), named[0] if named is not None else "")


def _proposals(found: dict[str, _Place]) -> Iterator[Proposal]:
    ordered = sorted(found.items(), key=lambda each: (_LOOKS.index(each[1].looks), -each[1].count, each[0]))
    for word, place in ordered:
        instead = f"[{place.looks}]" if place.looks in _INSTEAD else ""
        yield Proposal(word, instead, place.kind, place.looks, place.count, place.context)


def _whole_names(said: Iterable[Said]) -> Iterator[tuple[str, _Place]]:
    for each in said:
        looks = _WHOLE.get(each.place)
        name = " ".join(each.text.split())
        if looks is not None and sum(char.isalnum() for char in name) > 1:
            yield name, _Place(looks, "person", 1, _told(each, 0, len(each.text)))


def _by_capitals(said: list[Said], formed: list[list[Hit]]) -> Iterator[tuple[str, _Place]]:
    capitals = Capitals()
    for number, (each, found) in enumerate(zip(said, formed, strict=True)):
        capitals.take(_parted(each.text) if each.place in _RUN_TOGETHER else _without(each.text, found), number)
    for name in capitals.names():
        context = _told(said[name.number], name.start, name.end)
        yield name.name, _Place("name", name.kind, name.count, context)


def _by_model(said: Iterable[Said], entities: Recogniser) -> Iterator[tuple[str, _Place]]:
    found: dict[str, _Place] = {}
    for each in said:
        for start, end, kind in entities(each.text) if len(each.text) > _LEAST_FOR_MODEL else ():
            name = " ".join(each.text[start:end].split()).removesuffix("'s").removesuffix("’s")
            if sum(char.isalnum() for char in name) < _LEAST_OF_NAME:
                continue
            place = found.setdefault(name, _Place("name", kind, 0, _told(each, start, end)))
            place.count += 1
    yield from found.items()


def _by_form(said: list[Said], formed: list[list[Hit]]) -> Iterator[tuple[str, _Place]]:
    for each, found in zip(said, formed, strict=True):
        for hit in found:
            kind = _KINDS.get(hit.looks, "person")
            context = _told(each, hit.start, hit.end)
            yield " ".join(each.text[hit.start : hit.end].split()), _Place(hit.looks, kind, 1, context)


def _authors(told: Iterable[Property]) -> Iterator[tuple[str, _Place]]:
    for each in told:
        if each.what == "author":
            yield each.says, _Place("author of a file", "person", 1, f"properties of {each.file}")


def _findings(told: Iterable[Property]) -> list[Finding]:
    found = Findings()
    for each in told:
        found.add(
            Finding(
                "SCAN-PROPERTIES",
                "warning",
                "Properties of pictures and PDFs say who made them, or where; a key does not change them.",
                f"{each.file} ({each.what})",
                "Leave such files out (--drop-unchangeable), or have `qdabridge archive` take the properties out.",
            )
        )
    return found.all()


def _told(said: Said, start: int, end: int) -> str:
    """Return where something stands, and a line around it."""
    place = f"{said.place}, {said.where}" if said.where else said.place
    line = line_around(said.text, start, end)
    return place if said.text == said.where else f"{place}: {line}"


def _parted(name: str) -> str:
    """Return a path with its words apart, letter by letter, so that positions stay.

    >>> _parted("sources/Talk_Margaret-2.txt")
    'sources Talk Margaret 2 txt'
    """
    return "".join(char if char.isalnum() else " " for char in name)


def _without(text: str, found: Iterable[Hit]) -> str:
    """Return a text with digits in the place of what is told by its form, so that positions stay."""
    for hit in found:
        text = f"{text[: hit.start]}{'0' * (hit.end - hit.start)}{text[hit.end :]}"
    return text


def _sample(said: Iterable[Said]) -> Iterator[str]:
    """Give enough texts to see in which language they are."""
    left = _SAMPLE
    for each in said:
        if left > 0 and each.place == _TEXT:
            left -= len(each.text)
            yield each.text
