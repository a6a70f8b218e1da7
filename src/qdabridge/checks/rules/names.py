"""NAME-MISSING, NAME-DUP: what people cannot tell by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.wording import a, shortened
from qdabridge.findings import Finding, Severity
from qdabridge.study import walk
from qdabridge.study.model import AnySource, Case, Code, FileSource, Note, Set, Source, User, Variable
from qdabridge.study.study import Study

_Named: TypeAlias = User | Code | Variable | Case | AnySource | Note | Set


def unclear(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find users, codes, variables, sources, notes and sets without a name, and siblings that share one."""
    project = study.project
    yield from _among(project.users or (), severity="note")
    yield from _among(project.code_book.codes if project.code_book else ())
    for code in walk.codes(project):
        yield from _among(code.codes, f"in Code “{shortened(code.name)}”")
    yield from _among(project.variables or ())
    yield from _among(project.cases or ())
    yield from _among(project.sources or ())
    yield from _among(project.notes or (), severity="note")
    yield from _among(project.sets or ())


def _among(siblings: Iterable[_Named], inside: str = "", severity: Severity = "warning") -> Iterator[Finding]:
    seen: set[str] = set()
    for each in siblings:
        kind, name = type(each).__name__, (each.name or "").strip()
        place = " ".join(filter(None, (kind, f"“{shortened(name)}”" if name else each.guid, inside)))
        if not name:
            # A case may be nameless: it then carries the values of its source. A path may tell what a file was called.
            if not isinstance(each, Case) and not (isinstance(each, FileSource) and each.current_path):
                yield _nameless(_kind_of(each), place, severity)
        elif name in seen:
            yield _twice(_kind_of(each), f"{place}, guid {each.guid}", severity)
        seen.add(name)


def _kind_of(each: _Named) -> str:
    return "source" if isinstance(each, Source) and not isinstance(each, Note) else type(each).__name__


def _nameless(kind: str, place: str, severity: Severity) -> Finding:
    return Finding(
        "NAME-MISSING",
        severity,
        f"The name of {a(kind)} is empty, so that people cannot tell what it is.",
        where=place,
        hint="Give it a name in the program that the study comes from.",
    )


def _twice(kind: str, place: str, severity: Severity) -> Finding:
    beside = "beside each other " if kind == "Code" else ""
    return Finding(
        "NAME-DUP",
        severity,
        f"Two {kind}s {beside}have the same name; programs that know them by name make one of them.",
        where=place,
        hint="Give one of them another name in the program that the study comes from, or merge them there.",
    )


RULES = (
    Rule(
        code="NAME-MISSING",
        severity="warning",
        section="REFI-QDA 1.5, 3.2, 3.13, 3.18 and 8.4",
        title="a code, variable, source, set, note or user has no name",
        about="""\
A code is a short text label, a variable a named attribute, a set a named collection, and the project has to say what
a file was called that is named by a GUID in the package; here the name is empty, or only white space. The schema lets
it pass, but people cannot tell what it is, and programs that know codes by name skip it or refuse the file. Only a
note for notes and users. A source may do without where its currentPath tells what it was called, a case always.""",
        mended="Codes, variables and sets get a name of what they are and their GUID, such as `Code 4c2a91f0`.",
        find=unclear,
    ),
    Rule(
        code="NAME-DUP",
        severity="warning",
        section="NVivo: siblings need different names; QualCoder, ATLAS.ti: codes and sources do; MAXQDA: sources do",
        title="two codes beside each other, or two variables, cases, sources, sets, notes or users, have the same name",
        about="""\
Two codes under the same parent, or two variables, cases, sources or sets, have the same name. The standard knows them
by GUID and allows it; many programs know them by name, and make one of them or add a number: `convert --for` such a
program adds it, too. Only a note for notes and users. Two codes of one name in different places of the codebook are
not told.""",
        mended="Of codes, variables, cases and sets the later ones get a number, such as `Access (2)`.",
        find=unclear,
    ),
)
