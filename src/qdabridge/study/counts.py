"""How much there is in a study: one number for each kind of thing a researcher would ask about.

Everything is counted where it stands in the model, once for each time it stands there. It knows nothing of files: what
is counted is the project, whatever it was read from.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from msgspec import Struct

from qdabridge.study.model import (
    AnySource,
    AudioSource,
    Note,
    PDFSource,
    PictureSource,
    Project,
    TextDocument,
    TextSource,
    VideoSource,
)
from qdabridge.study.walk import codes, selections_of, texts_of


class Counts(Struct, frozen=True):
    """How many there are of each kind.

    Args:
        codes: at all levels, themes and folders among them.
        selections: of all kinds: passages of texts, notes, representations and transcripts, stretches, rectangles.
        codings: on selections and on whole sources.
    """

    users: int
    codes: int
    variables: int
    cases: int
    sources: int
    selections: int
    codings: int
    notes: int
    links: int
    sets: int
    graphs: int


def counts(project: Project) -> Counts:
    """Count what is in a project; the cost is one visit to each selection.

    >>> from qdabridge.study.model import Code, CodeBook
    >>> nested = CodeBook(codes=[Code(guid="1", name="Access", codes=[Code(guid="2", name="Waiting")])])
    >>> counts(Project(name="Clinic", code_book=nested)).codes
    2
    """
    selections, codings = _marks(project)
    return Counts(
        users=len(project.users or ()),
        codes=sum(1 for _ in codes(project)),
        variables=len(project.variables or ()),
        cases=len(project.cases or ()),
        sources=len(project.sources or ()),
        selections=selections,
        codings=codings,
        notes=len(project.notes or ()),
        links=len(project.links or ()),
        sets=len(project.sets or ()),
        graphs=len(project.graphs or ()),
    )


def code_levels(project: Project) -> int:
    """Return how deep the code book is: 1 for a flat list, 0 where there are no codes."""
    levels = 0
    level = list(project.code_book.codes) if project.code_book else []
    while level:
        levels += 1
        level = [code for parent in level for code in parent.codes]
    return levels


def sources_by_kind(project: Project) -> dict[type[AnySource], int]:
    """Count the sources of each kind, in the standard's order of kinds; kinds that are not there are left out."""
    found: dict[type[AnySource], int] = dict.fromkeys(
        (TextSource, PictureSource, PDFSource, AudioSource, VideoSource), 0
    )
    for source in project.sources or ():
        found[type(source)] += 1
    return {kind: count for kind, count in found.items() if count}


def _marks(project: Project) -> tuple[int, int]:
    """Return the number of selections and the number of codings."""
    selections = codings = 0
    sources: Iterable[AnySource | Note] = chain(project.sources or (), project.notes or ())
    for source in sources:
        codings += len(source.codings)
        for text in texts_of(source):
            if isinstance(text, TextDocument) and text is not source:
                codings += len(text.codings)
        for selection in selections_of(source):
            selections += 1
            codings += len(selection.codings)
    return selections, codings
