"""Charting: which of the summaries that people wrote into a matrix go into the study, and which need a decision first.

A summary may have been changed in the matrix, in the study meanwhile, or in both. What was changed in one place is
taken; what was changed in both, or differently in two places of the matrix, is a conflict, shown side by side and
decided by people. What each side said when they last met is a ``Record``; with it a matrix can be charted again and
again. This module knows nothing of workbooks, of files, or of how a study keeps summaries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.findings import Finding
from qdabridge.matrix.called import Names
from qdabridge.matrix.placing import Proposal, Stray
from qdabridge.study.model import User
from qdabridge.study.study import Study
from qdabridge.study.summaries import CellKey, Summary
from qdabridge.study.summary_writing import chart

Outcome: TypeAlias = Literal["added", "changed", "removed", "conflict"]
Side: TypeAlias = Literal["ours", "theirs"]

BOTH_CHANGED = "Changed in the study and in the matrix."
NO_RECORD = "The matrix does not say what the study said when it was made."
TWO_PLACES = "The matrix says different things in different places."


class Record(Struct, frozen=True):
    """What study and matrix said of one case and code when they last met, as fingerprints.

    Args:
        study: what the study said.
        stale: what other places of the matrix said that nobody brought up to date, and how many of them.
    """

    study: str
    stale: dict[str, int] = {}


class Decision(Struct, frozen=True):
    """What becomes of the summary of one case and code.

    Args:
        key: which case or source, and which code.
        case, code: what they are called; of the code its path.
        outcome: ``added``, ``changed``, ``removed``; or ``conflict``, and then the study stays as it is.
        study: what the study says now.
        matrix: what the matrix says; several texts where its places differ.
        where: the places in the matrix.
        why: of a conflict, and of what was one until somebody chose a side.
    """

    key: CellKey
    case: str
    code: str
    outcome: Outcome
    study: str
    matrix: tuple[str, ...]
    where: tuple[str, ...]
    why: str = ""


class Charting(Struct, frozen=True):
    """What a matrix has to tell a study.

    Args:
        decisions: everything that is not as the study has it, in the order of the matrix.
        strays: rows, columns and cells with text that belong to no case or code.
        same: how many cells with a summary say what the study says.
        newer: how many summaries were changed in the study and not in the matrix; they stay.
        kept: how many conflicts were decided for the study.
        record: what study and matrix say once the changes are in the study; conflicts have the record they had.
        findings: what was noticed while reading the matrix.
    """

    decisions: list[Decision] = []
    strays: list[Stray] = []
    same: int = 0
    newer: int = 0
    kept: int = 0
    record: dict[CellKey, Record] = {}
    findings: list[Finding] = []

    @property
    def conflicts(self) -> list[Decision]:
        """What somebody has to decide."""
        return [each for each in self.decisions if each.outcome == "conflict"]

    @property
    def changes(self) -> list[Decision]:
        """What goes into the study."""
        return [each for each in self.decisions if each.outcome != "conflict"]

    def into(self, study: Study, *, by: User | None, when: str) -> Study:
        """Return the study with the changes in it; for the arguments see ``study.summary_writing.chart``."""
        return chart(study, {each.key: each.matrix[0] for each in self.changes}, by=by, when=when)


def decide(
    summaries: Mapping[CellKey, Summary],
    proposals: Iterable[Proposal],
    names: Names,
    *,
    recorded: Mapping[CellKey, Record] | None,
    fingerprint: Callable[[str], str],
    prefer: Side | None = None,
) -> Charting:
    """Decide what becomes of every summary that a matrix speaks of.

    Args:
        summaries: what the study says now.
        proposals: what each cell of the matrix says.
        names: of cases and codes.
        recorded: what both sides said of a cell when they last met, nothing where it is missing; ``None`` where nobody
            knows.
        fingerprint: gives the same for texts that a cell of the matrix cannot tell apart.
        prefer: which side is right where both changed: ``ours`` is the study, ``theirs`` the matrix.
    """
    deciding = _Deciding(summaries, names, recorded, fingerprint, prefer)
    together: dict[CellKey, list[Proposal]] = {}
    for proposal in proposals:
        together.setdefault(proposal.key, []).append(proposal)
    for key, said in together.items():
        deciding.decide(key, said)
    return Charting(
        deciding.decisions,
        same=deciding.same,
        newer=deciding.newer,
        kept=deciding.kept,
        record={**(recorded or {}), **deciding.record},
        findings=[_gone(deciding.gone)] if deciding.gone else [],
    )


def _gone(count: int) -> Finding:
    return Finding(
        "CHART-GONE",
        "warning",
        "A summary that was charted is not in the study any more, and still in the matrix; it was not charted again.",
        hint="Where nobody took it away, chart into the study that it was charted into, and go on with that.",
        count=count,
    )


class _Deciding:
    """Decides cell by cell, and counts what needs no decision."""

    def __init__(
        self,
        summaries: Mapping[CellKey, Summary],
        names: Names,
        recorded: Mapping[CellKey, Record] | None,
        fingerprint: Callable[[str], str],
        prefer: Side | None,
    ) -> None:
        self._summaries = summaries
        self._names = names
        self._recorded = recorded
        self._fingerprint = fingerprint
        self._prefer = prefer
        self._of_nothing = fingerprint("")
        self._nothing = Record(self._of_nothing)
        self.decisions: list[Decision] = []
        self.record: dict[CellKey, Record] = {}
        self.same = self.newer = self.kept = self.gone = 0

    def decide(self, key: CellKey, said: list[Proposal]) -> None:
        """Decide what becomes of one summary."""
        summary = self._summaries.get(key)
        in_study = summary.text if summary is not None else ""
        now = self._print(in_study)
        before = self._recorded.get(key, self._nothing) if self._recorded is not None else None
        prints = Counter(self._print(each.text) for each in said)
        new = self._new(said, prints, now, before)
        texts = [each.text for each in new]
        why = NO_RECORD if before is None else BOTH_CHANGED
        # Where nobody knows what was there before, the place that agrees with the study may be the right one.
        agrees_too = before is None and now != self._of_nothing and now in prints
        if not new:
            # Places that nobody brought up to date agree with nothing, whatever they say.
            stale = before.stale if before is not None else {}
            agree = {print_ for print_, places in prints.items() if places > stale.get(print_, 0)}
            if before is not None and before.study != now and now not in agree:
                self.newer += 1
                self.gone += now == self._of_nothing and before.study in prints
                return
            self.same += now != self._of_nothing
            self._remember(key, now, prints)
        elif (len(texts) > 1 or agrees_too) and self._prefer != "ours":
            # The other side cannot be taken: the matrix has two.
            self._add(key, "conflict", in_study, texts, new, TWO_PLACES)
        elif len(texts) == 1 and now == (self._of_nothing if before is None else before.study):
            self._add(key, _outcome(in_study, texts[0]), in_study, texts, new)
            self._remember(key, self._print(texts[0]), prints)
        elif self._prefer == "ours":
            self.kept += 1
            self._remember(key, now, prints)
        elif self._prefer == "theirs":
            self._add(key, _outcome(in_study, texts[0]), in_study, texts, new, why)
            self._remember(key, self._print(texts[0]), prints)
        else:
            self._add(key, "conflict", in_study, texts, new, why)

    def _new(self, said: list[Proposal], prints: Counter[str], now: str, before: Record | None) -> list[Proposal]:
        """Return what the matrix says that it did not say before and the study does not say, each once."""
        # Of an empty cell in a matrix whose beginnings nobody knows, nothing follows.
        known = {now, self._of_nothing if before is None else before.study}
        if before is not None:
            known |= {print_ for print_, places in before.stale.items() if prints[print_] <= places}
        found: dict[str, Proposal] = {}
        for proposal in said:
            found.setdefault(self._print(proposal.text), proposal)
        return [proposal for print_, proposal in found.items() if print_ not in known]

    def _remember(self, key: CellKey, study: str, prints: Counter[str]) -> None:
        stale = {print_: places for print_, places in prints.items() if print_ != study}
        if stale or study != self._of_nothing or (self._recorded is not None and key in self._recorded):
            self.record[key] = Record(study, stale)

    def _print(self, text: str) -> str:
        return self._fingerprint(text) if text else self._of_nothing

    def _add(
        self, key: CellKey, outcome: Outcome, study: str, texts: list[str], new: list[Proposal], why: str = ""
    ) -> None:
        case, code = self._names.label_of(key[0]), self._names.path_of(key[1])
        where = tuple(each.where for each in new)
        self.decisions.append(Decision(key, case, code, outcome, study, tuple(texts), where, why))


def _outcome(study: str, matrix: str) -> Outcome:
    if not matrix:
        return "removed"
    return "changed" if study else "added"
