"""GUID-DUP: two things with one GUID."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called, items
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.wording import a, capital
from qdabridge.findings import Finding, Severity
from qdabridge.study.model import PlainTextSelection, Project, same_guid
from qdabridge.study.study import Study

_POINTED_AT = frozenset({"user", "code", "variable", "case", "source", "note", "selection", "sync point", "vertex"})
_PLURALS = {"vertex": "vertices", "area of a PDF": "areas of PDFs"}
TWINS = frozenset({frozenset({"case", "code"}), frozenset({"area of a PDF", "selection"})})
"""NVivo gives a case and its code one GUID, ATLAS.ti an area of a PDF and the words in it: they are one thing."""
_MARKS = ("area of a PDF", "selection")
_HINT = "Export the study again from the program it comes from; if it is still so, report it to its makers."


def repeated(study: Study, inventory: Inventory) -> Iterator[Finding]:
    """Find what shares its GUID with something else; what is pointed at by it is then ambiguous."""
    for item in inventory.repeated:
        severity: Severity = "error" if item.kind in _POINTED_AT else "warning"
        many = _PLURALS.get(item.kind, f"{item.kind}s")
        yield Finding(
            "GUID-DUP",
            severity,
            f"Two {many} share one GUID, so that it is not clear which of them is meant by it."
            if severity == "error"
            else f"Two {many} share one GUID; programs that check strictly refuse the file.",
            where=f"{called(item.element, item.inside)}, guid {item.guid}",
            hint=_HINT,
        )
    yield from _no_twins(study.project, inventory)
    shared = inventory.shared(apart_from=TWINS)
    if not shared:
        return
    for item in items(study.project):
        first = shared.get(same_guid(item.guid))
        if first is not None and first != item.kind and frozenset({first, item.kind}) not in TWINS:
            yield Finding(
                "GUID-DUP",
                "warning",
                f"{capital(a(first))} and {a(item.kind)} share one GUID; "
                "programs that know everything by its GUID take one for the other.",
                where=f"{called(item.element, item.inside)}, guid {item.guid}",
                hint=_HINT,
            )


def _no_twins(project: Project, inventory: Inventory) -> Iterator[Finding]:
    """Find areas of PDFs that share a GUID with anything but a passage of the same PDF's words."""
    twins = inventory.of_both("area of a PDF", "selection")
    if not twins:
        return
    pairs = [item for item in items(project) if item.kind in _MARKS and same_guid(item.guid) in twins]
    pdfs: dict[str, set[int]] = {}
    for item in pairs:
        if item.kind == "area of a PDF":
            pdfs.setdefault(same_guid(item.guid), set()).add(id(item.inside))
    for item in pairs:
        if item.kind == "selection" and not (
            isinstance(item.element, PlainTextSelection) and id(item.inside) in pdfs[same_guid(item.guid)]
        ):
            yield Finding(
                "GUID-DUP",
                "error",
                "An area of a PDF and a selection elsewhere share one GUID, so that it is not clear which of them is "
                "meant by it.",
                where=f"{called(item.element, item.inside)}, guid {item.guid}",
                hint=_HINT,
            )


RULES = (
    Rule(
        code="GUID-DUP",
        severity="error",
        section="REFI-QDA 1.5, 3.7",
        title="two things share one GUID",
        about="""\
A GUID is globally unique. An error where two things of one kind share it that are pointed to (users, codes,
variables, cases, sources, selections, notes, sync points, vertices), so that it is not clear which of them is meant;
otherwise a warning, also where things of different kinds share it: who knows everything by its GUID loses one of
them. Known twins are let pass: a case and its code (NVivo), an area of a PDF and the words in it (ATLAS.ti), but not
an area of one source and a passage of another. GUIDs are compared without braces and case. Which of two codes was
meant only somebody who knows the study can say.""",
        mended=(
            "What nobody points to gets another GUID, and so does the second of two things of different kinds, but for "
            "areas of PDFs and selections: which of them a case means, a person has to say."
        ),
        find=repeated,
    ),
)
