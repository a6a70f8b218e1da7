"""Cases, said so that the tool understands them: as codes, as sets of sources, or through the values of sources.

Whatever is added, the case itself stays, so that others read the study as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from qdabridge.formats.refi.adapting.cases_as_codes import as_codes, as_codes_in_folder
from qdabridge.formats.refi.adapting.cases_as_sets import as_sets
from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.formats.refi.adapting.values import values_at_sources, values_of_pdfs, without_carriers
from qdabridge.study import walk
from qdabridge.study.model import (
    AnySource,
    Case,
    Code,
    Coding,
    PlainTextSelection,
    SourceRef,
    TextDocument,
    same_guid,
)


def adapt_cases(draft: Draft) -> None:
    """Say cases in the tool's way."""
    said = draft.profile.cases
    if said in ("sets", "sources", "codes and sources"):
        _sources_by_coding(draft)
    for step in _STEPS[said]:
        step(draft)


def _sources_by_coding(draft: Draft) -> None:
    """Say by references which sources are wholly coded with a case, as NVivo has it: others look for those.

    Where every element needs a GUID of its own, the code that is the case would become a theme: it is left out with
    such codings, unless it says of passages too whose they are.
    """
    cases = {same_guid(case.guid): case for case in draft.project.cases or ()}
    if not any(same_guid(code.guid) in cases for code in walk.codes(draft.project)):
        return
    leave = draft.profile.unique_guids
    partly: set[str] = set()
    for source in draft.project.sources or ():
        codings = source.codings
        source.codings = tuple(each for each in codings if not (_belongs(each, source, cases) and leave))
        if not isinstance(source, TextDocument):
            continue
        text = draft.text_of(source)
        kept: list[PlainTextSelection] = []
        for selection in source.plain_text_selections:
            whole = text is not None and not text[: selection.start_position].strip("\r\n")
            whole = whole and text is not None and not text[selection.end_position :].strip("\r\n")
            if whole:
                before = selection.codings
                rest = tuple(each for each in before if not (_belongs(each, source, cases) and leave))
                selection.codings = rest
                if before and not rest and not selection.description and not selection.note_refs:
                    continue
            else:
                partly |= {same_guid(each.code_ref.target_guid) for each in selection.codings} & cases.keys()
            kept.append(selection)
        source.plain_text_selections = kept
    if leave and draft.project.code_book is not None:
        used = partly | {
            same_guid(each.code_ref.target_guid) for selection in draft.selections() for each in selection.codings
        }
        draft.project.code_book.codes = _without(draft.project.code_book.codes, cases.keys() - used)


def _belongs(coding: Coding, source: AnySource, cases: dict[str, Case]) -> bool:
    """Tell whether a coding says that a source is a case's, and have the case say so itself."""
    case = cases.get(same_guid(coding.code_ref.target_guid))
    if case is None:
        return False
    if all(same_guid(ref.target_guid) != same_guid(source.guid) for ref in case.source_refs):
        case.source_refs += (SourceRef(target_guid=source.guid),)
    return True


def _without(codes: list[Code], guids: AbstractSet[str]) -> list[Code]:
    """Return codes without some that have none inside, and without folders that hold only those."""
    kept = []
    for code in codes:
        inside = _without(code.codes, guids)
        gone = same_guid(code.guid) in guids or (not code.is_codable and bool(code.codes))
        if inside or not gone:
            code.codes = inside
            kept.append(code)
    return kept


_STEPS: dict[str, tuple[Callable[[Draft], None], ...]] = {
    "kept": (),
    "codes": (as_codes_in_folder,),
    "sets": (as_sets,),
    "sources": (values_at_sources,),
    "codes and sources": (values_at_sources, without_carriers, values_of_pdfs, as_codes),
}
