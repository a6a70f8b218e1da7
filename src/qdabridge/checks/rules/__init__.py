"""What no schema can see: a rule is a function that goes through a study and gives findings.

A rule has a module here and a place in ``RULES``; every code that it gives has a section in docs/checks.md. Its
findings say the same in the same words (what differs goes into ``where``), so that a million become one with a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules import guids, passages, paths, references
from qdabridge.findings import Finding
from qdabridge.study.study import Study

Rule = Callable[[Study, Inventory], Iterable[Finding]]

RULES: tuple[Rule, ...] = (references.dangling, guids.repeated, paths.missing, passages.out_of_range)


def findings_of(study: Study) -> Iterator[Finding]:
    """Give the findings of all rules on a study, one for each place."""
    inventory = Inventory(study.project)
    for rule in RULES:
        yield from rule(study, inventory)
