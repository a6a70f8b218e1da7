"""A case as a code with the same GUID, and what belongs to it coded with that: NVivo has it so, QualCoder reads it."""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnySource,
    Case,
    Code,
    CodeBook,
    CodeRef,
    Coding,
    PDFSource,
    PlainTextSelection,
    TextDocument,
    same_guid,
)

_FOLDER = "Cases"


def as_codes_in_folder(draft: Draft) -> None:
    """Add a code for each case that has none, inside a folder of their own."""
    as_codes(draft, Code(guid=draft.made_guid("folder of cases", draft.project.name), name=_FOLDER, is_codable=False))


def as_codes(draft: Draft, folder: Code | None = None) -> None:
    """Add a code for each case that has none, inside a folder or at the end: QualCoder takes it away again."""
    project = draft.project
    look = Lookup(draft.study())
    known = {same_guid(code.guid) for code in walk.codes(project)}
    wanting = [case for case in look.cases if same_guid(case.guid) not in known]
    if not wanting:
        return
    made = [Code(guid=case.guid, name=case.name or case.guid, color=None) for case in wanting]
    if folder is not None:
        folder.codes = made
    if project.code_book is None:
        project.code_book = CodeBook()
    project.code_book.codes = [*project.code_book.codes, *(made if folder is None else [folder])]
    sources = {same_guid(source.guid): source for source in project.sources or ()}
    selected = {same_guid(ref.target_guid): case for case in wanting for ref in case.selection_refs}
    for case in wanting:
        for ref in case.source_refs:
            source = sources.get(same_guid(ref.target_guid))
            if source is not None:
                _code_wholly(draft, case, source, _document_of(source) if folder is None else source)
    for document in draft.documents():
        if isinstance(document, TextDocument):
            _code_passages(draft, document, selected)
    for selection in draft.selections():
        area = selected.get(same_guid(selection.guid))
        if area is not None and not isinstance(selection, PlainTextSelection):
            selection.codings += (_coding(draft, area, selection.guid),)
    draft.say(
        "CASE-AS-CODE",
        f"{draft.profile.title} knows what belongs to a case by codings with a code that has the case's GUID; they "
        f"were added{'' if folder is None else f', under “{_FOLDER}”'}.",
        len(wanting),
    )


def _coding(draft: Draft, case: Case, of: str) -> Coding:
    return Coding(
        guid=draft.made_guid("case", case.guid, of),
        creating_user=draft.someone(),
        code_ref=CodeRef(target_guid=case.guid),
    )


def _document_of(source: AnySource) -> AnySource | TextDocument:
    """Return the text of a PDF where it has one, and any other source itself."""
    return source.representation if isinstance(source, PDFSource) and source.representation is not None else source


def _code_wholly(draft: Draft, case: Case, source: AnySource, document: AnySource | TextDocument) -> None:
    text = draft.text_of(document) if isinstance(document, TextDocument) else None
    coding = _coding(draft, case, source.guid)
    if not text or not isinstance(document, TextDocument):
        source.codings += (coding,)
        return
    whole = PlainTextSelection(
        guid=draft.made_guid("whole", case.guid, source.guid),
        start_position=0,
        end_position=len(text),
        creating_user=draft.someone(),
        codings=(coding,),
    )
    document.plain_text_selections = [*document.plain_text_selections, whole]


def _code_passages(draft: Draft, document: TextDocument, selected: dict[str, Case]) -> None:
    added = []
    for selection in document.plain_text_selections:
        case = selected.get(same_guid(selection.guid))
        if case is not None:
            added.append(
                PlainTextSelection(
                    guid=draft.made_guid("part", case.guid, selection.guid),
                    start_position=selection.start_position,
                    end_position=selection.end_position,
                    creating_user=selection.creating_user or draft.someone(),
                    codings=(_coding(draft, case, selection.guid),),
                )
            )
    if added:
        document.plain_text_selections = [*document.plain_text_selections, *added]
