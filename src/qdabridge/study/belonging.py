"""What belongs to a case: which references, which sources, which values.

A case may name its sources, may name selections, may be coded itself, and in NVivo is a code with the case's own GUID,
so that whatever is coded with it belongs to the case. Where nothing of all this is so, the one source that is called
like the case belongs to it. In MAXQDA and Quirkos a case without a name is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

from msgspec.structs import replace

from qdabridge.study import groups
from qdabridge.study.elements import Elements
from qdabridge.study.model import (
    AnySource,
    AnyText,
    AudioSelection,
    Case,
    Code,
    FileSource,
    PDFSelection,
    PictureSelection,
    PlainTextSelection,
    Selection,
    Source,
    Transcript,
    TranscriptSelection,
    VariableValue,
    VideoSelection,
    same_guid,
)
from qdabridge.study.overlap import Axis, Extent, Span, Stretch, shared_parts
from qdabridge.study.passages import Codable, Reference, places_in
from qdabridge.study.values import Value, value_of


class Belonging(Elements):
    """Look-ups for references, cases and values; for its arguments see ``lookup.Lookup``."""

    # --- cases --------------------------------------------------------------------------------------------------------

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases that stand for somebody or something, without those that only carry the values of a source."""
        return tuple(case for case in self.project.cases or () if not self.is_carrier(case))

    def is_carrier(self, case: Case) -> bool:
        """Tell whether a case only carries the values of one source: it has no name and refers to nothing else.

        MAXQDA and Quirkos write the variables of a document so.
        """
        only_a_source = len(case.source_refs) == 1 and not case.selection_refs and not case.code_refs
        return only_a_source and not case.name and same_guid(case.guid) not in self._codes

    def sources_of(self, case: Case) -> list[Codable]:
        """Return the sources and notes that a case is in, wholly or in part, in the order of the study."""
        return list(self._sources_by_case.get(id(case), ()))

    @cached_property
    def sources_by_name(self) -> list[tuple[Case, AnySource]]:
        """The cases that nothing says anything of but their name, each with the one source that is called so."""
        bare = [case for case in self.cases if case.name and self._is_bare(case)]
        if not bare:
            return []
        named: dict[str, list[AnySource]] = {}
        for source in self.project.sources or ():
            named.setdefault((source.name or "").strip(), []).append(source)
        times = Counter((case.name or "").strip() for case in bare)
        pairs = [
            (case, named[name][0])
            for case in bare
            if (name := (case.name or "").strip()) and times[name] == 1 and len(named.get(name, ())) == 1
        ]
        if not pairs:
            return []
        coded = {
            same_guid(coding.code_ref.target_guid)
            for source in self._codable()
            for _, _, codings in places_in(source)
            for coding in codings
        }
        return [(case, source) for case, source in pairs if same_guid(case.guid) not in coded]

    def _is_bare(self, case: Case) -> bool:
        refers = case.source_refs or case.selection_refs or case.code_refs
        return not refers and same_guid(case.guid) not in self._codes

    # --- coded references ---------------------------------------------------------------------------------------------

    def references(self) -> Iterator[Reference]:
        """Give every coded reference, source by source, notes last; those coded with NVivo's case codes too.

        Codings whose code the study does not have are left out.
        """
        for source in self._codable():
            yield from self._references_in(source)

    def references_of(self, what: Code | Case | Codable) -> list[Reference]:
        """Return the references coded with a code itself, in a source or note, or belonging to a case.

        To a case belong: what is in its sources; its selections, and what overlaps them; in NVivo, what overlaps a
        passage coded with the case; codes given to the case itself; and what is in the one source of its name, where
        nothing else says what belongs to it. Where only a part overlaps, ``parts`` says which. NVivo's codings with
        case codes are how it is known, and not among the references of a case.
        """
        if isinstance(what, Code):
            return list(self._by_code.get(same_guid(what.guid), ()))
        if isinstance(what, Case):
            return list(self._by_case.get(id(what), ()))
        return list(self._references_in(what))

    # --- values of variables ------------------------------------------------------------------------------------------

    def values_of(self, what: Case | Source) -> dict[str, tuple[Value, ...]]:
        """Return the values of a case or source: the variable's GUID as the variable has it → its values.

        Of a variable that a case has no value of itself, it has those of the sources it is in, each once. A source has
        also what a nameless case that refers to it carries, and what its twins have.
        """
        own = self._own_values(what.variable_values)
        if not isinstance(what, Case):
            return self._lesser_values(what) | own
        inherited: dict[str, tuple[Value, ...]] = {}
        for source in self.sources_of(what):
            for guid, values in self.values_of(source).items():
                if guid not in own:
                    known = inherited.get(guid, ())
                    inherited[guid] = known + tuple(value for value in values if value not in known)
        return own | inherited

    def _lesser_values(self, source: Source) -> dict[str, tuple[Value, ...]]:
        """The values that a source has from elsewhere, where it has none itself."""
        together = self._one_thing.get(id(source), (source,))
        found: dict[str, tuple[Value, ...]] = {}
        if self._values_from_sets:
            for offer in chain.from_iterable(self._offers.get(id(each), ()) for each in together):
                found[offer.variable.guid] = (*found.get(offer.variable.guid, ()), offer.value)
        for case in chain.from_iterable(self._carriers.get(id(each), ()) for each in together):
            found |= self._own_values(case.variable_values)
        for each in together:
            found |= self._own_values(each.variable_values)
        return found

    def _own_values(self, given: Iterable[VariableValue]) -> dict[str, tuple[Value, ...]]:
        found: dict[str, tuple[Value, ...]] = {}
        for each in given:
            variable = self.variable(each.variable_ref.target_guid)
            value = value_of(each)
            if variable is not None and value is not None:
                found[variable.guid] = (*found.get(variable.guid, ()), value)
        return found

    @cached_property
    def _carriers(self) -> dict[int, list[Case]]:
        """The nameless cases that carry the values of a source, by the source's identity."""
        found: dict[int, list[Case]] = {}
        for case in self.project.cases or ():
            if self.is_carrier(case) and (source := self.source_meant(case.source_refs[0].target_guid)) is not None:
                found.setdefault(id(source), []).append(case)
        return found

    @cached_property
    def _offers(self) -> dict[int, list[groups.Offer]]:
        """The values that sets give to their sources, by the source's identity."""
        found: dict[int, list[groups.Offer]] = {}
        for offer in self._offered:
            for ref in offer.sources:
                if (source := self.source(ref.target_guid)) is not None:
                    found.setdefault(id(source), []).append(offer)
        return found

    # --- who has which references -------------------------------------------------------------------------------------

    @cached_property
    def _by_code(self) -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = {}
        keys: dict[int, str] = {}
        for reference in self.references():
            code = reference.code
            key = keys.get(id(code)) or keys.setdefault(id(code), same_guid(code.guid))
            found.setdefault(key, []).append(reference)
        return found

    @cached_property
    def _by_case(self) -> dict[int, list[Reference]]:
        return self._membership[0]

    @cached_property
    def _sources_by_case(self) -> dict[int, list[Codable]]:
        return self._membership[1]

    @cached_property
    def _membership(self) -> tuple[dict[int, list[Reference]], dict[int, list[Codable]]]:
        """The references and the sources of every case, by the case's identity."""
        cases = self.project.cases or ()
        references: dict[int, list[Reference]] = {id(case): self._given_to(case) for case in cases}
        sources: dict[int, list[Codable]] = {id(case): [] for case in cases}
        whole_sources, wanted = self._named_by_cases()
        for source in self._codable():
            found, marks = self._coded_and_marked(source, wanted)
            whole = {id(case): case for case in whole_sources.get(id(source), ())}
            whole.update((id(mark.case), mark.case) for mark in marks if mark.selection is None)
            for case_id in whole:
                references[case_id] += found
                sources[case_id].append(source)
            partial = [mark for mark in marks if id(mark[0]) not in whole]
            for case_id, narrowed in self._overlapping(found, partial).items():
                references[case_id] += narrowed
                sources[case_id].append(source)
        return references, sources

    def _references_in(self, source: Codable) -> Iterator[Reference]:
        for document, selection, codings in places_in(source):
            for coding in codings:
                if (code := self._code_meant(coding.code_ref.target_guid)) is not None:
                    user = self._user_meant(coding, selection)
                    yield Reference(code, coding, source, document, selection, user)

    def _given_to(self, case: Case) -> list[Reference]:
        """The codes that a case itself was given."""
        codes = (self._code_meant(ref.target_guid) for ref in case.code_refs)
        return [Reference(code) for code in codes if code is not None and not self.is_case(code)]

    def _named_by_cases(self) -> tuple[dict[int, list[Case]], dict[str, list[Case]]]:
        """The cases that name a source, by the source's identity; those that name a selection, by its GUID."""
        sources: dict[int, list[Case]] = {}
        selections: dict[str, list[Case]] = {}
        for case in self.project.cases or ():
            for source_ref in case.source_refs:
                if (source := self.source_meant(source_ref.target_guid)) is not None:
                    for each in self._one_thing.get(id(source), (source,)):
                        sources.setdefault(id(each), []).append(case)
            for selection_ref in case.selection_refs:
                selections.setdefault(same_guid(selection_ref.target_guid), []).append(case)
        for case, namesake in self.sources_by_name:
            for each in self._one_thing.get(id(namesake), (namesake,)):
                sources.setdefault(id(each), []).append(case)
        return sources, selections

    def source_meant(self, guid: str) -> Codable | None:
        """Return the source or note that a case refers to; QualCoder names the source's file instead of the source."""
        return self.source(guid) or self.note(guid) or self._sources_by_file.get(same_guid(guid))

    @cached_property
    def _sources_by_file(self) -> dict[str, AnySource]:
        found: dict[str, AnySource] = {}
        for source in self.project.sources or ():
            paths = (
                (source.path,) if isinstance(source, FileSource) else (source.plain_text_path, source.rich_text_path)
            )
            for path in paths:
                if path:
                    found.setdefault(same_guid(PurePosixPath(path.replace("\\", "/")).stem), source)
        return found

    def _coded_and_marked(
        self, source: Codable, wanted: dict[str, list[Case]]
    ) -> tuple[list[Reference], list[_CaseMark]]:
        """The references in a source, and the places in it that belong to a case."""
        references: list[Reference] = []
        marks: list[_CaseMark] = []
        case_of = self._case_meant
        for document, selection, codings in places_in(source):
            for coding in codings:
                guid = coding.code_ref.target_guid
                if (case := case_of(guid)) is not None:
                    marks.append(_CaseMark(case, document, selection))
                elif (code := self._code_meant(guid)) is not None:
                    user = self._user_meant(coding, selection)
                    references.append(Reference(code, coding, source, document, selection, user))
            if wanted and selection is not None:
                marks += [_CaseMark(case, document, selection) for case in wanted.get(same_guid(selection.guid), ())]
        return references, marks

    def _case_meant(self, guid: str) -> Case | None:
        return self._cases.get(same_guid(guid)) if self._cases else None

    # --- what overlaps what -------------------------------------------------------------------------------------------

    def _overlapping(self, references: list[Reference], marks: list[_CaseMark]) -> dict[int, list[Reference]]:
        """The references that overlap the marks of each case, narrowed to the case's part; by the case's identity."""
        if not marks:
            return {}
        cases = list({id(mark.case): None for mark in marks})
        named: dict[int, list[int]] = {}
        axes: dict[Axis, tuple[list[Stretch], list[Stretch]]] = {}
        for mark in marks:
            named.setdefault(id(mark.selection), []).append(id(mark.case))
            if (extent := self._extent(mark.document, mark.selection)) is not None:
                axes.setdefault(extent.axis, ([], []))[1].append(extent.stretch(id(mark.case)))
        shared: dict[int, dict[int, tuple[Span, ...]]] = {case_id: {} for case_id in cases}
        for number, reference in enumerate(references):
            extent = self._extent(reference.document, reference.selection)
            if extent is None:
                # All of the source is everybody's; a place that cannot be measured, of those who name it.
                for case_id in cases if reference.selection is None else named.get(id(reference.selection), ()):
                    shared[case_id][number] = ()
            elif extent.axis in axes:
                axes[extent.axis][0].append(extent.stretch(number))
        for axis, (coded, marked) in axes.items():
            for number, case_id, parts in shared_parts(coded, marked):
                shared[case_id][number] = parts if axis.divisible else ()
        return {case_id: _narrowed(references, shared[case_id]) for case_id in cases}

    def _extent(self, document: AnyText | None, selection: Selection | None) -> Extent | None:
        """Where in its source a selection lies: on which axis, from where to where."""
        if isinstance(selection, PlainTextSelection):
            return Extent(Axis(id(document)), selection.start_position, selection.end_position)
        if isinstance(selection, AudioSelection | VideoSelection):
            return Extent(Axis(0), selection.begin, selection.end)
        if isinstance(selection, PDFSelection | PictureSelection):
            page = selection.page if isinstance(selection, PDFSelection) else 0
            low, high = sorted((selection.first_y, selection.second_y))
            return Extent(
                Axis(0, page, divisible=False), selection.first_x, selection.second_x, low, max(high, low + 1)
            )
        if isinstance(selection, TranscriptSelection) and isinstance(document, Transcript):
            span = self.span_in_transcript(selection, document)
            return Extent(Axis(id(document)), *span) if span is not None else None
        return None


class _CaseMark(NamedTuple):
    """A place that belongs to a case; the whole source where there is no selection."""

    case: Case
    document: AnyText | None
    selection: Selection | None


def _narrowed(references: list[Reference], shared: dict[int, tuple[Span, ...]]) -> list[Reference]:
    """Return the references with these numbers, in their order, each with the parts that are shared."""
    found = []
    for number in sorted(shared):
        parts = shared[number]
        found.append(replace(references[number], parts=parts) if parts else references[number])
    return found
