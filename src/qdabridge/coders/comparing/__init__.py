"""What changed between versions of a study: the codes, the coding and by whom, sources, cases, notes and all the rest.

>>> from qdabridge.study.model import Code, CodeBook, Project
>>> from qdabridge.study.study import Study
>>> before, after = (Study(Project(name="Clinic", code_book=CodeBook(codes=[Code(guid="A", name=name)])))
...                  for name in ("Access", "Ways in"))
>>> [(change.name, change.in_words()) for change in compare(before, after).changes]
[('Access', 'renamed: now “Ways in”')]
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from qdabridge.coders.comparing.change import Change, Share
from qdabridge.coders.comparing.codebook import code_changes
from qdabridge.coders.comparing.coding import CodingChanges, Tally
from qdabridge.coders.comparing.details import Details
from qdabridge.coders.comparing.elements import element_changes
from qdabridge.coders.comparing.history import CodeHistory, Past, history
from qdabridge.coders.comparing.pairing import Pair, Pairing
from qdabridge.coders.comparing.words import Piece
from qdabridge.coders.same_meaning import own_projects, tool_of
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import MAX_DEPTH
from qdabridge.study.counts import Counts, code_levels, counts
from qdabridge.study.study import Study

__all__ = ["Change", "CodeHistory", "Comparison", "Past", "Piece", "Share", "Step", "Tally", "Version", "compare"]


class Version(Struct, frozen=True, rename="camel"):
    """One version of the study: what it is called, and how much there is of everything."""

    label: str
    counts: Counts


class Step(Struct, frozen=True, rename="camel"):
    """From one version to the next.

    Args:
        before, after: what they are called.
        changes: what differs: codes, codings, then everything else.
        codings: what each person coded in either.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    codings: tuple[Tally, ...]


class Comparison(Struct, frozen=True, rename="camel"):
    """What changed between versions of a study.

    Args:
        versions: in their order.
        steps: from each version to the next.
        codes: the history of the analytic framework: each code in all versions.
        findings: what could not be brought to what the first version's program would mean by it, so that it may be
            called a change and is none.
    """

    versions: tuple[Version, ...]
    steps: tuple[Step, ...]
    codes: tuple[CodeHistory, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed in all steps together."""
        return tuple(change for step in self.steps for change in step.changes)


def compare(*studies: Study, labels: Sequence[str] | None = None) -> Comparison:
    """Say what changed between versions of a study, from each to the next.

    Dates, names of selections, the order of things and what stands in extensions are not compared.

    Args:
        *studies: two versions or more, the earliest first; keep them open meanwhile.
        labels: what they are called, such as the names of their files.

    Raises:
        BadRequest: there are not two versions or not a label for each, or two have no code and no source in common.
    """
    if len(studies) < 2:
        raise BadRequest("Two versions of a study are needed to compare.", todo="Name an earlier and a later one.")
    if labels is not None and len(labels) != len(studies):
        raise BadRequest("There is not one label for each version.", todo="Give as many labels as versions.")
    called = list(labels) if labels is not None else [f"version {number}" for number in range(1, len(studies) + 1)]
    with garbage_collection_paused():
        alike, findings = _as_the_first_means_them(studies, called)
        pairings = [Pairing(*each) for each in pairwise(alike)]
        for pairing, labels_there in zip(pairings, pairwise(called), strict=True):
            _need_something(pairing, labels_there)
        codings = [CodingChanges(pairing) for pairing in pairings]
        steps = [_step(*each) for each in zip(pairings, codings, pairwise(called), strict=True)]
        versions = tuple(Version(label, counts(study.project)) for label, study in zip(called, studies, strict=True))
        return Comparison(versions, tuple(steps), history(pairings, codings), findings)


def _as_the_first_means_them(
    studies: Sequence[Study], called: Sequence[str]
) -> tuple[Sequence[Study], tuple[Finding, ...]]:
    """Return versions of which none differs only because another program says the same in another way.

    And what could not be brought to that.
    """
    one_program = len({tool_of(study) for study in studies}) == 1
    if one_program or any(code_levels(study.project) > MAX_DEPTH for study in studies):
        return studies, ()
    projects, told = own_projects(studies, called)
    alike = [Study(project, study.files, form=study.form) for project, study in zip(projects, studies, strict=True)]
    return alike, tuple(finding for finding in told if finding.kind == "loss")


def _need_something(pairing: Pairing, labels: tuple[str, str]) -> None:
    pairs: tuple[Pair[object], ...] = (*pairing.codes, *pairing.sources)
    something = any(pair.before for pair in pairs) and any(pair.after for pair in pairs)
    if something and not any(pair.both for pair in pairs):
        raise BadRequest(
            "The studies have no code and no source in common, so they are not versions of one study.",
            where=" and ".join(labels),
            todo="Name two versions of the same study.",
        )


def _step(pairing: Pairing, coding: CodingChanges, labels: tuple[str, str]) -> Step:
    details = Details(pairing)
    tallies = coding.tallies()
    changes = (
        *code_changes(pairing, coding, details),
        *coding.changes(),
        *element_changes(pairing, coding, details),
    )
    return Step(*labels, changes, tallies)
