"""What a tool is known not to take in, counted in a study. It is written all the same: others read it.

Which tool drops what stands in the tool's profile (``drops``); how each is counted stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qdabridge.formats.refi.adapting.draft import Draft, elements_in
from qdabridge.formats.refi.adapting.memos import memo_links
from qdabridge.study import walk
from qdabridge.study.model import (
    AnySource,
    AudioSource,
    Coding,
    Edge,
    PDFSource,
    PlainTextSelection,
    Project,
    Selection,
    TextDocument,
    Vertex,
    VideoSource,
    same_guid,
)
from qdabridge.study.quotations import selections_together

Counter = Callable[[Project], int]


def tell_drops(draft: Draft) -> None:
    """Say of everything that the tool is known to drop how much of it the study has."""
    for what, said in draft.profile.drops:
        one, many, count_in = COUNTED[what]
        count = count_in(draft.project)
        draft.lose("NOT-IMPORTED", f"{count:,} {one if count == 1 else many}: {said}", count, where=what)


def _pdfs(project: Project) -> list[PDFSource]:
    return [source for source in project.sources or () if isinstance(source, PDFSource)]


def _coding_notes(project: Project) -> int:
    codings = (element for element in elements_in(project) if isinstance(element, Coding))
    by_notes = sum(
        len(note.note_refs) + sum(len(each.note_refs) for each in note.plain_text_selections)
        for note in project.notes or ()
    )
    return sum(len(coding.note_refs) for coding in codings) + by_notes


def _links_but_memos(project: Project) -> int:
    carried = memo_links(project)
    return sum(id(link) not in carried for link in project.links or ())


def _passages_in_notes(project: Project) -> int:
    return sum(bool(each.codings) for note in project.notes or () for each in note.plain_text_selections)


def _has_words(source: AnySource) -> bool:
    return isinstance(source, TextDocument) or (isinstance(source, PDFSource) and source.representation is not None)


def _wordless_case_members(project: Project) -> int:
    """Count the sources and passages of cases that are not of words, as far as they are in the study."""
    wordless: set[str] = set()
    for source in project.sources or ():
        if not _has_words(source):
            wordless.add(same_guid(source.guid))
        wordless |= {same_guid(each.guid) for each in walk.selections_of(source) if not _is_words(each)}
        wordless -= {same_guid(each.guid) for each in walk.selections_of(source) if _is_words(each)}
    return sum(
        same_guid(ref.target_guid) in wordless
        for case in project.cases or ()
        if case.name
        for ref in (*case.source_refs, *case.selection_refs)
    )


def _is_words(selection: Selection) -> bool:
    return isinstance(selection, PlainTextSelection)


def _pdf_passages(project: Project) -> int:
    """Count the coded passages in the texts of PDFs that are not areas as well."""
    count = 0
    for source in _pdfs(project):
        areas = {same_guid(area.guid) for area in source.pdf_selections}
        for text in walk.texts_of(source):
            if isinstance(text, TextDocument):
                passages = text.plain_text_selections
                count += sum(bool(each.codings) and same_guid(each.guid) not in areas for each in passages)
    return count


def _pdf_areas(project: Project) -> int:
    """Count the coded areas of PDFs that are not part of a passage of words as well."""
    return sum(
        bool(area.codings)
        for source in _pdfs(project)
        for together in selections_together(source)
        if together[0].document is None
        for area in (place.selection for place in together)
    )


def _remarks_outside_text(project: Project) -> int:
    """Count the remarks on parts of PDFs, pictures and recordings that are not coded."""
    return sum(
        not selection.codings and bool(selection.description or selection.note_refs)
        for source in project.sources or ()
        for selection in walk.selections_of(source)
        if not isinstance(source, TextDocument)
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
    # A link between a note and a thing is the memo of it, which is carried.
    "links": ("link", "links", _links_but_memos),
    "graphs": ("graph", "graphs", lambda project: len(project.graphs or ())),
    "loose-shapes": (
        "shape of a graph that stands for nothing in the study",
        "shapes of graphs that stand for nothing in the study",
        lambda project: sum(shape.represented_guid is None for shape in _shapes(project)),
    ),
    "set-members": ("code or note in a set", "codes and notes in sets", _set_members),
    "coding-notes": ("note on a coding or note", "notes on codings and notes", _coding_notes),
    "note-passages": ("coded passage of a note", "coded passages of notes", _passages_in_notes),
    "wordless-case-members": (
        "picture, recording or part of one that belongs to a case",
        "pictures, recordings and parts of them that belong to cases",
        _wordless_case_members,
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
    "pdf-passages": ("coded passage in the text of a PDF", "coded passages in the text of PDFs", _pdf_passages),
    "pdf-areas": ("coded area of a PDF without its words", "coded areas of PDFs without their words", _pdf_areas),
    "remarks-outside-text": (
        "remark on a part of a PDF, picture or recording",
        "remarks on parts of PDFs, pictures and recordings",
        _remarks_outside_text,
    ),
    "transcript-passages": ("passage in a transcript", "passages in transcripts", _transcript_passages),
}
"""What can be counted: its name for one, for many, and how."""
