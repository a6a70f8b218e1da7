"""GUID-DUP: two things of one kind with one GUID."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called
from qdabridge.findings import Finding, Severity
from qdabridge.study.study import Study

_POINTED_AT = frozenset({"user", "code", "variable", "case", "source", "note", "selection", "sync point", "vertex"})
_PLURALS = {"vertex": "vertices", "area of a PDF": "areas of PDFs"}


def repeated(_: Study, inventory: Inventory) -> Iterator[Finding]:
    """Find what shares its GUID with something of the same kind; what is pointed at by GUID is then ambiguous."""
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
            hint="Export the study again from the program it comes from; if it is still so, report it to its makers.",
        )
