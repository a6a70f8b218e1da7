"""NAME-MISSING, NAME-DUP: what people cannot tell by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, forget_spelling, was_absent
from qdabridge.study import walk
from qdabridge.study.model import Case, Code, Set, Variable, same_guid

_Named: TypeAlias = Code | Variable | Case | Set


def mend_names(mending: Mending) -> None:
    """Give what has no name one that says so, and siblings of one name a number."""
    project = mending.project
    if was_absent(project, "name") and not project.name.strip():
        project.name = "Project"
        forget_spelling(project, "name")
        mending.say("NAME-MISSING", _MISSING, "Project")
    for siblings in _families(mending):
        for each in siblings:
            # A case may be nameless: it then carries the values of its source.
            if not isinstance(each, Case) and not (each.name or "").strip():
                where = called(each)
                each.name = f"{type(each).__name__} {same_guid(each.guid)[:8]}"
                forget_spelling(each, "name")
                mending.say("NAME-MISSING", _MISSING, f"{where}, now “{each.name}”")
        _part(mending, siblings)


def _part(mending: Mending, siblings: Sequence[_Named]) -> None:
    taken = {(each.name or "").strip() for each in siblings}
    seen: set[str] = set()
    for each in siblings:
        name = (each.name or "").strip()
        if name and name in seen:
            number = 2
            while f"{name} ({number})" in taken:
                number += 1
            each.name = f"{name} ({number})"
            taken.add(each.name)
            message = "Two of a kind beside each other had one name; the second has a number after it."
            mending.say("NAME-DUP", message, f"{called(each)}, guid {each.guid}")
        seen.add(name)


def _families(mending: Mending) -> Iterator[Sequence[_Named]]:
    """Give what stands beside each other and should have different names."""
    project = mending.project
    yield project.code_book.codes if project.code_book else ()
    for code in walk.codes(project):
        yield code.codes
    yield project.variables or ()
    yield project.cases or ()
    yield project.sets or ()


_MISSING = "Something that needs a name had none; it has one that says what it is."

MENDS = (
    Mend(
        code="NAME-MISSING",
        title="a project, code, variable or set has no name, or an empty one",
        does="It is called after what it is and its GUID, such as `Code 4c2a91f0`.",
        step=mend_names,
    ),
    Mend(
        code="NAME-DUP",
        title="two codes beside each other, or two variables, cases or sets, have the same name",
        does="The later ones get a number, such as `Access (2)`. Which codings belong to which does not change.",
        leaves="Whether they are one: merge them in the program that the study comes from.",
        step=mend_names,
    ),
)
