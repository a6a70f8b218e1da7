"""The rules: what is looked for in a study, each with a code that never changes its meaning.

A rule stands beside the function that finds it, in the module of its concern; ``RULES`` puts them in the order in which
a person would read them, which is that of docs/checks.md. Findings of one rule say the same in the same words (what
differs goes into ``where``), so that a million become one with a count.
"""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules import (
    drawings,
    entries,
    form,
    guids,
    marks,
    media,
    names,
    passages,
    paths,
    places,
    references,
    stretches,
    texts,
    transcripts,
    usage,
    values,
)
from qdabridge.checks.rules.rule import Find, Rule
from qdabridge.findings import Finding
from qdabridge.study.study import Study

__all__ = ["RULES", "Find", "Rule", "findings_of"]

RULES: tuple[Rule, ...] = (
    *form.RULES,
    *references.RULES,
    *drawings.RULES,
    *guids.RULES,
    *names.RULES,
    *usage.RULES,
    *texts.RULES,
    *marks.RULES,
    *passages.RULES,
    *stretches.RULES,
    *transcripts.RULES,
    *values.RULES,
    *places.RULES,
    *paths.RULES,
    *entries.RULES,
    *media.RULES,
)


def findings_of(study: Study) -> Iterator[Finding]:
    """Give the findings of all rules on a study, one for each place."""
    inventory = Inventory(study.project)
    for find in dict.fromkeys(rule.find for rule in RULES):
        if find is not None:
            yield from find(study, inventory)
