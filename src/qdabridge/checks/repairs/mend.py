"""What a mend is: its code, what was wrong, what is done about it, and the step that does it.

A mend stands beside its step in the module of its concern, as a rule does. This module knows no mend.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from qdabridge.checks.repairs.mending import Mending

Step: TypeAlias = Callable[[Mending], None]
"""Goes through the copy of a study and mends it there."""


class Mend(Struct, frozen=True, kw_only=True):
    """One thing that can be put right without guessing.

    Mends that are made in one walk share its step; it is run once for all of them.

    Args:
        code: stable name, that of the rule that finds it where there is one.
        title: half a sentence for tables: what is wrong.
        does: what is done about it, in Markdown.
        leaves: what of it needs a person; empty where nothing does.
        step: does it.
    """

    code: str
    title: str
    does: str
    leaves: str = ""
    step: Step
