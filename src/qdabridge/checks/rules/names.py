"""NAME-MISSING, NAME-DUP: what people cannot tell by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.wording import a, shortened
from qdabridge.findings import Finding
from qdabridge.study import walk
from qdabridge.study.model import Case, Code, Set, Variable
from qdabridge.study.study import Study

_Named: TypeAlias = Code | Variable | Case | Set


def unclear(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find codes, variables and sets without a name, and siblings that share one."""
    project = study.project
    yield from _among(project.code_book.codes if project.code_book else ())
    for code in walk.codes(project):
        yield from _among(code.codes, f"in Code “{shortened(code.name)}”")
    yield from _among(project.variables or ())
    yield from _among(project.cases or ())
    yield from _among(project.sets or ())


def _among(siblings: Iterable[_Named], inside: str = "") -> Iterator[Finding]:
    seen: set[str] = set()
    for each in siblings:
        kind, name = type(each).__name__, (each.name or "").strip()
        place = " ".join(filter(None, (kind, f"“{shortened(name)}”" if name else each.guid, inside)))
        if not name:
            # A case may be nameless: it then carries the values of its source.
            if not isinstance(each, Case):
                yield _nameless(kind, place)
        elif name in seen:
            yield _twice(kind, f"{place}, guid {each.guid}")
        seen.add(name)


def _nameless(kind: str, place: str) -> Finding:
    return Finding(
        "NAME-MISSING",
        "warning",
        f"The name of {a(kind)} is empty, so that people cannot tell what it is.",
        where=place,
        hint="Give it a name in the program that the study comes from.",
    )


def _twice(kind: str, place: str) -> Finding:
    beside = "beside each other " if kind == "Code" else ""
    return Finding(
        "NAME-DUP",
        "warning",
        f"Two {kind}s {beside}have the same name; programs that know them by name make one of them.",
        where=place,
        hint="Give one of them another name in the program that the study comes from, or merge them there.",
    )


RULES = (
    Rule(
        code="NAME-MISSING",
        severity="warning",
        section="REFI-QDA 1.5, 3.2, 3.13 and 3.18",
        title="a code, variable or set has an empty name",
        about="""\
A code is a short text label, a variable a named attribute, a set a named collection; here the name is empty or only
white space. The schema lets it pass, but people cannot tell what it is, and programs that know codes by name skip it
or refuse the file.""",
        mended="A name is made of what it is and its GUID, such as `Code 4c2a91f0`.",
        find=unclear,
    ),
    Rule(
        code="NAME-DUP",
        severity="warning",
        section="NVivo: siblings need different names; QualCoder and ATLAS.ti: codes do",
        title="two codes beside each other, or two variables, cases or sets, have the same name",
        about="""\
Two codes under the same parent, or two variables, cases or sets, have the same name. The standard knows them by GUID
and allows it; many programs know them by name, and make one of them or add a number. Two codes of one name in
different places of the codebook are not told.""",
        mended="The later ones get a number, such as `Access (2)`.",
        find=unclear,
    ),
)
