"""Cases, said so that the tool understands them: as codes, as sets of sources, or through the values of sources.

Whatever is added, the case itself stays, so that others read the study as it was.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import msgspec

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
    Note,
    PlainTextSelection,
    SelectionRef,
    Set,
    SourceRef,
    TextDocument,
    VariableValue,
    same_guid,
)
from qdabridge.study.values import value_of

_FOLDER = "Cases"


def adapt_cases(draft: Draft) -> None:
    """Say cases in the tool's way."""
    if draft.profile.cases in ("sets", "sources"):
        _sources_by_coding(draft)
    if not draft.project.cases and draft.profile.cases != "sets":
        return
    {"kept": _nothing, "codes": _as_codes, "sets": _as_sets, "sources": _values_at_sources}[draft.profile.cases](draft)


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


def _nothing(_: Draft) -> None:
    return None


# --- NVivo: a case is a code with the same GUID, and what is coded with it belongs to the case -----------------------


def _as_codes(draft: Draft) -> None:
    project = draft.project
    look = Lookup(draft.study())
    known = {same_guid(code.guid) for code in walk.codes(project)}
    wanting = [case for case in look.cases if same_guid(case.guid) not in known]
    if not wanting:
        return
    folder = Code(guid=draft.made_guid("folder of cases", project.name), name=_FOLDER, is_codable=False)
    if project.code_book is None:
        project.code_book = CodeBook()
    project.code_book.codes = [*project.code_book.codes, folder]
    sources = {same_guid(source.guid): source for source in project.sources or ()}
    selected = {same_guid(ref.target_guid): case for case in wanting for ref in case.selection_refs}
    for case in wanting:
        folder.codes = [*folder.codes, Code(guid=case.guid, name=case.name or case.guid, color=None)]
        for ref in case.source_refs:
            source = sources.get(same_guid(ref.target_guid))
            if source is not None:
                _code_wholly(draft, case, source)
    for document in draft.documents():
        if isinstance(document, TextDocument):
            _code_passages(draft, document, selected)
    for selection in draft.selections():
        area = selected.get(same_guid(selection.guid))
        if area is not None and not isinstance(selection, PlainTextSelection):
            selection.codings += (_coding(draft, area, selection.guid),)
    draft.say(
        "CASE-AS-CODE",
        f"{draft.profile.title} knows what belongs to a case by codings with it; they were added, under “{_FOLDER}”.",
        len(wanting),
    )


def _coding(draft: Draft, case: Case, of: str) -> Coding:
    return Coding(
        guid=draft.made_guid("case", case.guid, of),
        creating_user=draft.someone(),
        code_ref=CodeRef(target_guid=case.guid),
    )


def _code_wholly(draft: Draft, case: Case, source: AnySource) -> None:
    text = draft.text_of(source) if isinstance(source, TextDocument) else None
    coding = _coding(draft, case, source.guid)
    if not text or not isinstance(source, TextDocument):
        source.codings += (coding,)
        return
    whole = PlainTextSelection(
        guid=draft.made_guid("whole", case.guid, source.guid),
        start_position=0,
        end_position=len(text),
        creating_user=draft.someone(),
        codings=(coding,),
    )
    source.plain_text_selections = [*source.plain_text_selections, whole]


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


# --- ATLAS.ti: no cases, but groups of documents, which are sets -----------------------------------------------------


def _as_sets(draft: Draft) -> None:
    project = draft.project
    _members_by_coding(draft)
    sets = list(project.sets or ())
    known = {same_guid(group.guid) for group in sets}
    made = 0
    for case in project.cases or ():
        if case.name and case.source_refs:
            guid = draft.made_guid("set of case", case.guid)
            if guid not in known:
                members = tuple(SourceRef(target_guid=ref.target_guid) for ref in case.source_refs)
                sets.append(Set(guid=guid, name=case.name, description=case.description, member_sources=members))
                made += 1
    if made:
        project.sets = sets
    draft.say(
        "CASE-AS-SET",
        f"{draft.profile.title} has no cases but groups of documents; a group of its sources was added for each.",
        made,
    )
    _values_in_cases(draft)


def _members_by_coding(draft: Draft) -> None:
    """Say by references what NVivo says by codings, because the code cannot keep the case's GUID."""
    cases = {same_guid(case.guid): case for case in draft.project.cases or ()}
    if not cases:
        return
    said = {guid: {same_guid(ref.target_guid) for ref in case.selection_refs} for guid, case in cases.items()}
    added: dict[str, list[SelectionRef]] = {guid: [] for guid in cases}
    for selection in draft.selections():
        for coding in selection.codings:
            guid = same_guid(coding.code_ref.target_guid)
            if guid in cases and same_guid(selection.guid) not in said[guid]:
                said[guid].add(same_guid(selection.guid))
                added[guid].append(SelectionRef(target_guid=selection.guid))
    for guid, refs in added.items():
        cases[guid].selection_refs += tuple(refs)


def _values_in_cases(draft: Draft) -> None:
    """Give the values of sources to nameless cases, which become groups; values of sources are not imported."""
    cases = list(draft.project.cases or ())
    said = {
        (same_guid(ref.target_guid), same_guid(value.variable_ref.target_guid))
        for case in cases
        for ref in case.source_refs
        for value in case.variable_values
    }
    made = 0
    for source in draft.project.sources or ():
        values = tuple(
            _copied(value)
            for value in source.variable_values
            if (same_guid(source.guid), same_guid(value.variable_ref.target_guid)) not in said
        )
        if values:
            cases.append(
                Case(
                    guid=draft.made_guid("values of", source.guid),
                    variable_values=values,
                    source_refs=(SourceRef(target_guid=source.guid),),
                )
            )
            made += 1
    if made:
        draft.project.cases = cases
    draft.say(
        "VALUES-IN-CASES",
        f"{draft.profile.title} takes in the values of variables from cases only; sources with values got one each.",
        made,
    )


# --- MAXQDA and QualCoder: values stand at the sources ---------------------------------------------------------------


def _values_at_sources(draft: Draft) -> None:
    sources: dict[str, AnySource | Note] = {same_guid(source.guid): source for source in draft.project.sources or ()}
    given = homeless = differing = 0
    for case in draft.project.cases or ():
        own = [sources[same_guid(ref.target_guid)] for ref in case.source_refs if same_guid(ref.target_guid) in sources]
        if not own:
            homeless += len(case.variable_values)
            continue
        for source in own:
            known = {same_guid(value.variable_ref.target_guid): value_of(value) for value in source.variable_values}
            for value in case.variable_values:
                guid = same_guid(value.variable_ref.target_guid)
                if guid not in known:
                    source.variable_values += (_copied(value),)
                    known[guid] = value_of(value)
                    given += 1
                elif known[guid] != value_of(value):
                    differing += 1
    title = draft.profile.title
    draft.say(
        "VALUES-AT-SOURCES",
        f"{title} reads the values of variables at the sources; those of cases were given to their sources too.",
        given,
    )
    draft.lose(
        "VALUES-WITHOUT-SOURCE",
        f"{title} reads the values of variables at whole sources, and these belong to cases that have none.",
        homeless,
    )
    draft.lose(
        "VALUES-DIFFER",
        f"{title} reads one value at a source, and several cases of a source have different ones; one is there.",
        differing,
    )


def _copied(value: VariableValue) -> VariableValue:
    return msgspec.structs.replace(value, variable_ref=msgspec.structs.replace(value.variable_ref))
