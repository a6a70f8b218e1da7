"""How far coders agree: the figures, and the list of what they coded differently.

>>> from qdabridge.coders.agreement.measures import kappa
>>> from qdabridge.coders.agreement.counting import Counts
>>> round(kappa(Counts((800, 150, 50), (120, 130))), 4)
0.3144
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack

from msgspec import Struct

from qdabridge.coders.agreement.disagreements import Did, Disagreement
from qdabridge.coders.agreement.disagreements import disagreements as _listed
from qdabridge.coders.agreement.people import Chosen, Coder, choose
from qdabridge.coders.agreement.segments import OVERLAP
from qdabridge.coders.agreement.spans import Gathered, gather
from qdabridge.coders.agreement.tables import CodeEntry, Line, Mean, Row, Seven, Tables, tables
from qdabridge.coders.agreement.units import UNITS, Field, Tally, Unit, tally
from qdabridge.coders.agreement.whole import Segmented, Unitizing, pairs_of, segmented, unitizing
from qdabridge.coders.matching import Unmatched
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.findings import Finding
from qdabridge.matrix.names import Names
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import same_guid
from qdabridge.study.study import Study

__all__ = [
    "UNITS",
    "Agreement",
    "CodeEntry",
    "Coder",
    "Did",
    "Disagreement",
    "DoubleCoding",
    "Field",
    "LeftOut",
    "Line",
    "Mean",
    "Row",
    "Seven",
    "Tables",
    "Unit",
    "agree",
    "disagreements",
]

DRAWS = 1000
"""How many times the sources are drawn for intervals, by default."""


class LeftOut(Struct, frozen=True, rename="camel"):
    """What the figures do not count.

    Args:
        single_sources: the sources (or cases) in which not every coder coded anything, with those who did.
        single_codes: the codes that not every coder used, with those who did; counted unless that was declined.
        single_codes_counted: whether they are counted.
        single_sources_counted: whether sources in which only some coded are counted.
        unused_codes: how many codes nobody used.
        elsewhere: how many codings are at places that have no such units, such as areas where characters are counted.
        unplaced: how many codings are at places that cannot be measured.
        sources, codes: what the copies of a study do not have in common.
    """

    single_sources: dict[str, tuple[str, ...]]
    single_codes: dict[str, tuple[str, ...]]
    single_sources_counted: bool
    single_codes_counted: bool
    unused_codes: int
    elsewhere: int
    unplaced: int
    sources: tuple[Unmatched, ...]
    codes: tuple[Unmatched, ...]


class Agreement(Struct, frozen=True, rename="camel"):
    """How far coders agree.

    Args:
        unit: what was counted; time (``seconds``) in milliseconds.
        coders: A, B, and so on.
        tables: the figures.
        pairs: where there are more than two coders, the whole for each two of them.
        unitizing: Krippendorff's alphas for segments, by theme and for the whole; empty where no text was counted.
        segments: passages instead of units, as MAXQDA has it, by theme and for the whole; empty where there are more
            than two coders.
        left_out: what the figures do not count.
        findings: what else is worth telling.
    """

    unit: Unit
    coders: tuple[Coder, ...]
    tables: Tables
    pairs: tuple[Line, ...]
    unitizing: tuple[Unitizing, ...]
    segments: tuple[Segmented, ...]
    left_out: LeftOut
    findings: tuple[Finding, ...]


class Choices(TypedDict, total=False):
    """What can be chosen; all of it can be left out.

    Args:
        coders: names, initials or GUIDs; ``NS+LT`` for two who count as one. By default all who coded; with several
            copies each copy is a coder.
        labels: what the copies are called, such as the names of their files.
        unit: what is counted.
        codes: GUIDs or paths of codes, each with the codes inside it; by default all.
        only: names or GUIDs of sources (of cases, where cells are counted); by default all.
        single_sources: whether sources in which only some of the coders coded anything are counted.
        single_codes: whether codes that only some of the coders used are counted.
        aggregate: whether a code counts for what is coded with the codes inside it as well.
        overlap: the part of two passages that must be shared for MAXQDA's agreement of segments, from 0 to 1.
        draws: how many times the sources are drawn for intervals; 0 for no intervals.
        seed: of the drawing.
    """

    coders: Iterable[str] | None
    labels: Sequence[str] | None
    unit: Unit
    codes: Iterable[str] | None
    only: Iterable[str] | None
    single_sources: bool
    single_codes: bool
    aggregate: bool
    overlap: float
    draws: int
    seed: int


def agree(*studies: Study, **choices: Unpack[Choices]) -> Agreement:
    """Say how far coders agree, in one study that all coded, or in the copies that each coded.

    Args:
        *studies: one study or several copies of it; keep them open meanwhile, their texts are read.
        **choices: see ``Choices``.

    Raises:
        BadRequest: there are not two coders; the studies have nothing in common; nothing is coded by both.
        NotInStudy: there is no such coder, code or source.
    """
    with garbage_collection_paused():
        return DoubleCoding(*studies, **choices).agreement()


def disagreements(*studies: Study, **choices: Unpack[Choices]) -> tuple[Disagreement, ...]:
    """Return the list for the meeting: all places, whatever unit is counted; for the arguments see ``agree``."""
    with garbage_collection_paused():
        return DoubleCoding(*studies, **choices).disagreements()


class DoubleCoding:
    """What two or more coders coded in the same sources, gathered once for both the figures and the list.

    For the arguments and what is raised see ``agree``.
    """

    def __init__(self, *studies: Study, **choices: Unpack[Choices]) -> None:
        if not studies:
            raise BadRequest("Name a study.")
        self._choices = choices
        self._unit: Unit = choices.get("unit", "characters")
        if self._unit not in UNITS:
            raise BadRequest(f"Agreement is not counted in “{self._unit}”.", todo=f"Choose one of {', '.join(UNITS)}.")
        self._overlap = choices.get("overlap", OVERLAP)
        if not 0 < self._overlap <= 1:
            raise BadRequest("Passages share a part between 0 and 1.", todo="Write 0.9 for nine tenths.")
        with garbage_collection_paused():
            self._gather(studies)

    def agreement(self) -> Agreement:
        """Return the figures."""
        with garbage_collection_paused():
            return self._agreement()

    def disagreements(self) -> tuple[Disagreement, ...]:
        """Return the list for the meeting."""
        with garbage_collection_paused():
            # Codes too that are not used in these units: a recording may disagree where texts do not.
            declined = set() if self._choices.get("single_codes", True) else set(self._single_codes)
            return tuple(_listed(self._gathered, self._chosen, self._wanted_codes - declined, self._sources()))

    def _gather(self, studies: Sequence[Study]) -> None:
        choices = self._choices
        looks = [Lookup(study) for study in studies]
        labels = choices.get("labels") or [f"copy {number}" for number in range(1, len(looks) + 1)]
        self._gathered: Gathered = gather(looks)
        self._chosen: Chosen = choose(self._gathered, [Names(look) for look in looks], choices.get("coders"), labels)
        self._names = [coder.name for coder in self._chosen.coders]
        self._tally: Tally = tally(self._gathered, self._chosen, self._unit, aggregate=choices.get("aggregate", False))
        self._wanted_codes = self._codes(choices.get("codes"))
        self._fields, self._single_fields = self._chosen_fields(choices.get("only"))
        self._used, self._single_codes = self._chosen_codes()

    def _agreement(self) -> Agreement:
        gathered, chosen, choices = self._gathered, self._chosen, self._choices
        entries = [(code, self._entry(code)) for code in self._used]
        draws, seed = choices.get("draws", DRAWS), choices.get("seed", 0)
        made = tables(self._tally, entries, self._fields, self._names, draws, seed)
        sources = self._sources()
        themes = {code: entry.theme for code, entry in entries}
        texts = self._unit in ("characters", "sentences", "paragraphs")
        return Agreement(
            self._unit,
            chosen.coders,
            made,
            pairs_of(gathered, chosen, self._tally, entries, self._fields, aggregate=choices.get("aggregate", False)),
            unitizing(gathered, chosen, themes, sources) if texts else (),
            segmented(gathered, chosen, themes, sources, self._overlap) if len(chosen.coders) == 2 else (),
            self._left_out(),
            (*chosen.findings, *self._tally.findings),
        )

    # --- what counts --------------------------------------------------------------------------------------------------

    def _codes(self, wanted: Iterable[str] | None) -> set[int]:
        if wanted is None:
            return set(range(len(self._gathered.codes)))
        look = self._gathered.looks[0]
        numbers = {id(each.each[0]): number for number, each in enumerate(self._gathered.codes)}
        found: set[int] = set()
        for written in wanted:
            waiting = [look.code(written) or look.code_at(written)]
            while waiting:
                code = waiting.pop()
                waiting += code.codes
                if id(code) in numbers:
                    found.add(numbers[id(code)])
        return found

    def _chosen_fields(self, only: Iterable[str] | None) -> tuple[list[int], dict[int, tuple[str, ...]]]:
        """Return the fields that count, and those in which only some have coded anything."""
        numbers = set(range(len(self._tally.fields))) if only is None else self._called(only)
        coded: dict[int, list[bool]] = {number: [False] * len(self._names) for number in numbers}
        for (_, field), counts in self._tally.counts.items():
            if field in coded:
                coded[field] = [was or number > 0 for was, number in zip(coded[field], counts.coded, strict=True)]
        single = {
            field: tuple(name for name, did in zip(self._names, by, strict=True) if did)
            for field, by in coded.items()
            if any(by) and not all(by)
        }
        counting = [
            field for field, by in coded.items() if all(by) or (any(by) and self._choices.get("single_sources"))
        ]
        if not counting:
            self._refuse(coded)
        return sorted(counting), single

    def _refuse(self, coded: dict[int, list[bool]]) -> None:
        silent = [name for place, name in enumerate(self._names) if not any(by[place] for by in coded.values())]
        what = "case" if self._unit == "cells" else "source"
        if silent:
            raise BadRequest(
                f"{' and '.join(f'“{name}”' for name in silent)} coded nothing that can be counted in {self._unit}.",
                todo="Count in another unit, or name other coders.",
            )
        raise BadRequest(
            f"There is no {what} in which every coder coded something, so there is nothing to compare.",
            todo=f"Count {what}s that only one of them coded as well, if they were to be coded by all.",
        )

    def _called(self, only: Iterable[str]) -> set[int]:
        found = set()
        for wanted in only:
            numbers = [
                number
                for number, each in enumerate(self._tally.fields)
                if same_guid(each.guid) == same_guid(wanted) or each.name == wanted
            ]
            if not numbers:
                what = "case" if self._unit == "cells" else f"source counted in {self._unit}"
                raise NotInStudy(f"There is no {what} called “{wanted}”.")
            found.update(numbers)
        return found

    def _chosen_codes(self) -> tuple[list[int], dict[int, tuple[str, ...]]]:
        """Return the codes that count, in the order of the codebook, and those that only some have used."""
        fields = set(self._fields)
        used: dict[int, list[bool]] = {}
        for (code, field), counts in self._tally.counts.items():
            if code in self._wanted_codes and field in fields and any(counts.coded):
                before = used.get(code, [False] * len(self._names))
                used[code] = [was or number > 0 for was, number in zip(before, counts.coded, strict=True)]
        single = {
            code: tuple(name for name, did in zip(self._names, by, strict=True) if did)
            for code, by in used.items()
            if not all(by)
        }
        declined = set() if self._choices.get("single_codes", True) else set(single)
        return sorted(used.keys() - declined), single

    def _sources(self) -> set[int]:
        """Return the numbers of the sources that count; where cases are counted, of all."""
        if self._unit == "cells":
            return set(range(len(self._gathered.sources)))
        guids = {self._tally.fields[number].guid for number in self._fields}
        counted = {number for number, each in enumerate(self._gathered.sources) if each.first.guid in guids}
        # What was coded by some, but in other units, is for the meeting all the same.
        tallied = {each.guid for each in self._tally.fields}
        return counted | {n for n, each in enumerate(self._gathered.sources) if each.first.guid not in tallied}

    def _entry(self, code: int) -> CodeEntry:
        look = self._gathered.looks[0]
        found = self._gathered.codes[code].first
        return CodeEntry(found.guid, look.path_of(found), look.names_to(found)[0])

    def _left_out(self) -> LeftOut:
        return LeftOut(
            {self._tally.fields[field].name: who for field, who in self._single_fields.items()},
            {self._gathered.path_of(code): who for code, who in self._single_codes.items()},
            bool(self._choices.get("single_sources")),
            self._choices.get("single_codes", True),
            len(self._unused()),
            self._tally.unseen,
            self._gathered.unplaced,
            self._gathered.unmatched_sources,
            self._gathered.unmatched_codes,
        )

    def _unused(self) -> set[int]:
        themes = {id(code) for code in self._gathered.looks[0].themes if code.is_codable}
        codable = {n for n in self._wanted_codes if id(self._gathered.codes[n].each[0]) in themes}
        return codable - set(self._used) - self._single_codes.keys()
