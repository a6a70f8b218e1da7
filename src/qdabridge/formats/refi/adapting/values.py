"""Values of variables where the tool reads them: at the sources of a case rather than at the case."""

from __future__ import annotations

import msgspec

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnySource, Note, PDFSource, VariableValue, same_guid
from qdabridge.study.values import value_of


def values_at_sources(draft: Draft) -> None:
    """Give the values of every case to its sources too."""
    sources: dict[str, AnySource | Note] = {same_guid(source.guid): source for source in draft.project.sources or ()}
    given = homeless = differing = 0
    for case in draft.project.cases or ():
        own = [sources[same_guid(ref.target_guid)] for ref in case.source_refs if same_guid(ref.target_guid) in sources]
        # QualCoder takes the values of a case with a name as well; they are not lost where no source has them.
        kept = bool(case.name) and draft.profile.cases == "codes and sources"
        if not own:
            homeless += 0 if kept else len(case.variable_values)
            continue
        for source in own:
            known = {same_guid(value.variable_ref.target_guid): value_of(value) for value in source.variable_values}
            for value in case.variable_values:
                guid = same_guid(value.variable_ref.target_guid)
                if guid not in known:
                    source.variable_values += (copied_value(value),)
                    known[guid] = value_of(value)
                    given += 1
                elif known[guid] != value_of(value) and not kept:
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


def without_carriers(draft: Draft) -> None:
    """Take values from cases that only carry those of a source, which now has them: QualCoder takes none twice."""
    look = Lookup(draft.study())
    kept = []
    for case in draft.project.cases or ():
        if look.is_carrier(case) and look.source_meant(case.source_refs[0].target_guid) is not None:
            case.variable_values = ()
            if not case.description:
                continue
        kept.append(case)
    draft.project.cases = kept or None


def values_of_pdfs(draft: Draft) -> None:
    """Give the values of a PDF to its text too, which is where QualCoder looks for them."""
    for source in draft.project.sources or ():
        if isinstance(source, PDFSource) and source.representation is not None:
            known = {same_guid(value.variable_ref.target_guid) for value in source.representation.variable_values}
            source.representation.variable_values += tuple(
                copied_value(value)
                for value in source.variable_values
                if same_guid(value.variable_ref.target_guid) not in known
            )


def copied_value(value: VariableValue) -> VariableValue:
    """Return a value for another holder."""
    return msgspec.structs.replace(value, variable_ref=msgspec.structs.replace(value.variable_ref))
