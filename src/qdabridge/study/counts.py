"""How much there is in a study: one number for each kind of thing a researcher would ask about.

``counts`` counts everything where it stands in the model, once for each time it stands there; ``meant`` counts what is
meant by it, each thing once. It knows nothing of files: what is counted is the project, whatever it was read from.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from msgspec import Struct

from qdabridge.study.lookup import Lookup
from qdabridge.study.media import kind_of
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


class Meant(Struct, frozen=True):
    """How many there are of what is meant, whatever the tool makes of it.

    Args:
        themes: codes that stand for ideas; NVivo has codes for cases as well.
        cases: cases that stand for somebody; MAXQDA and Quirkos have cases for the values of sources as well.
        sources: a recording and the text that is its transcript are one.
        quotations: passages that somebody marked; ATLAS.ti and NVivo have several selections for one.
        codings: of quotations and of whole sources, each code once for each person.
        annotations: remarks on passages.
    """

    themes: int
    cases: int
    sources: int
    quotations: int
    codings: int
    annotations: int


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


def meant(look: Lookup) -> Meant:
    """Count what is meant by what is in a study; the cost is a few visits to each selection."""
    quotations = codings = 0
    for quotation in look.quotations():
        quotations += 1
        codings += len(quotation.references)
    of_wholes = {
        (id(each.source), id(each.document), id(each.code), id(each.user))
        for each in look.references()
        if each.selection is None and not look.is_case(each.code)
    }
    things = {frozenset(map(id, (source, *look.twins_of(source)))) for source in look.project.sources or ()}
    return Meant(
        themes=len(look.themes),
        cases=len(look.cases),
        sources=len(things),
        quotations=quotations,
        codings=codings + len(of_wholes),
        annotations=sum(1 for _ in look.annotations()),
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
    """Count the sources of each kind, in the standard's order of kinds; kinds that are not there are left out.

    A film that is a sound file, as MAXQDA has them, counts as a sound recording.
    """
    found: dict[type[AnySource], int] = dict.fromkeys(
        (TextSource, PictureSource, PDFSource, AudioSource, VideoSource), 0
    )
    for source in project.sources or ():
        found[AudioSource if kind_of(source) == "audio" else type(source)] += 1
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
