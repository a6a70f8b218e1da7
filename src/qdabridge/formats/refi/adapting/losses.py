"""What a tool is known not to take in, counted in a study. It is written all the same: others read it.

Which tool drops what stands in the tool's profile (``drops``); how each is counted stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qdabridge.formats.refi.adapting.draft import Draft, elements_in
from qdabridge.study import walk
from qdabridge.study.model import (
    AudioSource,
    Edge,
    NoteRef,
    PDFSource,
    Project,
    TextDocument,
    Vertex,
    VideoSource,
)

Counter = Callable[[Project], int]


def tell_drops(draft: Draft) -> None:
    """Say of everything that the tool is known to drop how much of it the study has."""
    for what, said in draft.profile.drops:
        one, many, count_in = COUNTED[what]
        count = count_in(draft.project)
        draft.lose("NOT-IMPORTED", f"{count:,} {one if count == 1 else many}: {said}", count, where=what)


def _pdfs(project: Project) -> list[PDFSource]:
    return [source for source in project.sources or () if isinstance(source, PDFSource)]


def _note_refs(project: Project) -> int:
    return sum(isinstance(element, NoteRef) for element in elements_in(project)) - sum(
        len(group.member_notes) for group in project.sets or ()
    )


def _transcript_passages(project: Project) -> int:
    return sum(
        len(transcript.transcript_selections)
        for source in project.sources or ()
        if isinstance(source, AudioSource | VideoSource)
        for transcript in source.transcripts
    )


def _shapes(project: Project) -> Iterator[Vertex | Edge]:
    for graph in project.graphs or ():
        yield from graph.vertices
        yield from graph.edges


def _set_members(project: Project) -> int:
    return sum(len(group.member_codes) + len(group.member_notes) for group in project.sets or ())


COUNTED: dict[str, tuple[str, str, Counter]] = {
    "links": ("link", "links", lambda project: len(project.links or ())),
    "graphs": ("graph", "graphs", lambda project: len(project.graphs or ())),
    "loose-shapes": (
        "shape of a graph that stands for nothing in the study",
        "shapes of graphs that stand for nothing in the study",
        lambda project: sum(shape.represented_guid is None for shape in _shapes(project)),
    ),
    "set-members": ("code or note in a set", "codes and notes in sets", _set_members),
    "note-references": ("pointer to a note", "pointers to notes", _note_refs),
    "case-members": (
        "source or passage of a case",
        "sources and passages of cases",
        lambda project: sum(len(case.source_refs) + len(case.selection_refs) for case in project.cases or ()),
    ),
    "case-passages": (
        "passage of a case",
        "passages of cases",
        lambda project: sum(len(case.selection_refs) for case in project.cases or ()),
    ),
    "case-codes": (
        "code given to a case",
        "codes given to cases",
        lambda project: sum(len(case.code_refs) for case in project.cases or ()),
    ),
    "wordless-pdfs": (
        "PDF without its text",
        "PDFs without their text",
        lambda project: sum(source.representation is None for source in _pdfs(project)),
    ),
    "pdf-passages": (
        "coded passage in the text of a PDF",
        "coded passages in the text of PDFs",
        lambda project: sum(
            bool(selection.codings)
            for source in _pdfs(project)
            for text in walk.texts_of(source)
            if isinstance(text, TextDocument)
            for selection in text.plain_text_selections
        ),
    ),
    "transcript-passages": ("passage in a transcript", "passages in transcripts", _transcript_passages),
}
"""What can be counted: its name for one, for many, and how."""
