"""Cases as groups of documents, which are sets: ATLAS.ti has no cases, but makes groups of their values."""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.formats.refi.adapting.values import copied_value
from qdabridge.study.model import Case, SelectionRef, Set, SourceRef, same_guid


def as_sets(draft: Draft) -> None:
    """Add a set of its sources for each case, and a case for the values of each source."""
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
            copied_value(value)
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
