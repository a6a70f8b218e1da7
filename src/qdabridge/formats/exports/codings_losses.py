"""What a table of codings cannot hold of a study: what has no row, what looks like something else, and all the rest.

It knows the study and what got a row, and no columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from qdabridge.findings import Finding, Findings
from qdabridge.matrix.names import Names, things
from qdabridge.study import walk
from qdabridge.study.lookup import PATH_SEPARATOR, Lookup
from qdabridge.study.model import AnySource, FileSource, Note
from qdabridge.study.summaries import LINK_NAME


def said_of_codings(look: Lookup, with_row: Collection[int], cases: Sequence[str]) -> list[Finding]:
    """Return what a table of codings does not hold.

    Args:
        look: the study.
        with_row: what of its codes, sources, notes and cases has a row or a column, by identity.
        cases: what the cases are called in the table, in their order.
    """
    found, names = Findings(), Names(look)
    for what, name in _without_row(look, names, with_row, cases):
        found.add(Finding("CODINGS-NO-ROW", "note", what, name, kind="loss"))
    for name in _twice(look, names, cases):
        found.add(
            Finding(
                "CODINGS-NAME-TWICE",
                "warning",
                "Two codes, cases, sources or coders have the same name; a table of codings does not tell them apart.",
                name,
                "Give them different names and write the table again.",
                kind="loss",
            )
        )
    for name in (code.name for code in look.themes if PATH_SEPARATOR in code.name):
        found.add(
            Finding(
                "CODINGS-SIGN",
                "warning",
                f"The name of a code has “{PATH_SEPARATOR}”, which stands between a code and its sub-code in a table "
                "of codings.",
                name,
                "Give it a name without a backslash, if you want to take the table in again.",
            )
        )
    rest = list(_rest(look))
    if rest:
        found.add(
            Finding(
                "CODINGS-ALONE",
                "note",
                "A table of codings holds what is coded and the values of cases, and nothing else of a study.",
                ", ".join(rest),
                "What is not in it stands in the study: keep that, too.",
                kind="loss",
            )
        )
    return found.all()


def _without_row(
    look: Lookup, names: Names, with_row: Collection[int], cases: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for code in look.themes:
        # A heading over other codes is known from their paths.
        if id(code) not in with_row and not code.codes:
            yield "A code that nothing is coded with has no row in a table of codings.", look.path_of(code)
    for together in things(look):
        if not isinstance(together[0], Note) and not any(id(each) in with_row for each in together):
            yield "A source in which nothing is coded has no row in a table of codings.", names.sources[id(together[0])]
    for case, name in zip(look.cases, cases, strict=True):
        if id(case) not in with_row:
            yield (
                "A case to which no coded passage belongs has no row in a table of codings, and its values are not "
                "there.",
                name,
            )


def _twice(look: Lookup, names: Names, cases: Iterable[str]) -> Iterator[str]:
    sources = (names.sources[id(together[0])] for together in things(look))
    people = (user.name or user.id or user.guid for user in look.project.users or ())
    for called in (map(look.path_of, look.themes), cases, sources, people):
        yield from (name for name, times in Counter(called).items() if times > 1)


def _rest(look: Lookup) -> Iterator[str]:
    """Give what else the study has, in words."""
    project = look.project
    sources, links = project.sources or (), project.links or ()
    for what, is_there in (
        ("definitions of codes", any(code.description for code in look.themes)),
        ("colours of codes", any(code.color for code in look.themes)),
        ("which codes are headings", not all(code.is_codable for code in look.themes)),
        ("descriptions of cases", any(case.description for case in look.cases)),
        ("descriptions of attributes", any(variable.description for variable in project.variables or ())),
        ("descriptions of sources", any(source.description for source in sources)),
        ("pictures, PDFs and recordings", any(isinstance(source, FileSource) for source in sources)),
        ("passages that are not coded", any(_uncoded(source) for source in sources)),
        ("values of sources", any(source.variable_values for source in sources)),
        ("framework summaries", any(link.name == LINK_NAME for link in links)),
        ("memos that are not on passages", any(map(look.memos_of, (*look.themes, *look.cases, *sources, project)))),
        ("other links", any(link.name != LINK_NAME for link in links)),
        ("sets", bool(project.sets)),
        ("maps", bool(project.graphs)),
    ):
        if is_there:
            yield what


def _uncoded(source: AnySource) -> bool:
    """Tell whether something is marked in a source and coded with nothing."""
    return not all(selection.codings for selection in walk.selections_of(source))
