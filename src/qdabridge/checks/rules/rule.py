"""What a rule is: its code, where it comes from, what it means to people, and the walk that finds it broken.

A rule stands beside its function in the module of its concern. This module knows no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec import Struct

from qdabridge.checks.inventory import Inventory
from qdabridge.findings import Finding, Severity
from qdabridge.study.study import Study

Find: TypeAlias = Callable[[Study, Inventory], Iterable[Finding]]
"""Goes through a study and gives a finding for each place where something is wrong."""


class Rule(Struct, frozen=True, kw_only=True):
    """One thing that a study must not be like.

    Rules that are found in one walk share its function; it is run once for all of them.

    Args:
        code: stable name, such as ``POS-EMPTY``; never reused for something else.
        severity: the worst that it gives.
        section: where it comes from: a section of the standard, or the program that loses data by it.
        title: half a sentence for tables.
        about: its entry in docs/checks.md, in Markdown: what is so, who loses what, what to do by hand.
        mended: what ``repair`` does about it; empty where it needs a person.
        find: finds where it is broken; ``None`` where a reader or the schema says so already.
        needs: ``media`` where facts are needed that only the extra ``qdabridge[media]`` can give.
    """

    code: str
    severity: Severity
    section: str
    title: str
    about: str
    mended: str = ""
    find: Find | None = None
    needs: str = ""
