"""What is meant by what stands in a study: elements by GUID, code paths, coded references, what belongs to a case.

The model keeps what a file says; here it is read as a researcher means it, once for all tools. A case, for instance,
may name its sources, may name selections, may be coded itself, and in NVivo is a code with the case's own GUID, so that
whatever is coded with it belongs to the case. ``docs/meaning.md`` says tool by tool what is read as what. This module
knows nothing of files' formats or of spreadsheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from qdabridge.errors import NotInStudy
from qdabridge.study import areas, groups, media, walk
from qdabridge.study.annotations import (
    NO_CODE,
    Anchors,
    Annotation,
    Memo,
    anchored_in_sources,
    annotations_in,
    memos_of,
    notes_linked,
)
from qdabridge.study.areas import Area
from qdabridge.study.media import Kind
from qdabridge.study.model import (
    AnySource,
    AnyText,
    AudioSelection,
    Case,
    Code,
    Coding,
    Element,
    FileSource,
    Note,
    PDFSelection,
    PictureSelection,
    PlainTextSelection,
    Selection,
    Source,
    TextDocument,
    Transcript,
    TranscriptSelection,
    User,
    Variable,
    VariableValue,
    VideoSelection,
    same_guid,
)
from qdabridge.study.overlap import Axis, Extent, Span, Stretch, shared_parts
from qdabridge.study.passages import Codable, Passages, Reference, places_in
from qdabridge.study.quotations import Place, Quotation, selections_together
from qdabridge.study.study import Study
from qdabridge.study.values import Value, value_of

PATH_SEPARATOR = " \\ "
"""What stands between the levels of a code path, as in ``Access \\ Waiting times``."""

_Identified = TypeVar("_Identified", User, Code, Variable, Case, Note, AnySource)


class Lookup(Passages):
    """Look-ups over one study.

    Each index is made when it is first needed and is not brought up to date: after changing the study, make a new
    look-up. GUIDs may come with or without braces and in any case.

    Args:
        study: the study; keep it open as long as texts are asked for.
        values_from_sets: whether sets of sources named ``Variable::Value``, as ATLAS.ti has them, give their sources
            that value. Nobody can know whether a set is meant so, hence not by default.

    >>> from qdabridge.study.model import CodeBook, Project
    >>> waiting = Code(guid="B", name="Waiting times")
    >>> look = Lookup(Study(Project(name="Clinic", code_book=CodeBook(codes=[
    ...     Code(guid="A", name="Access", codes=[waiting])]))))
    >>> look.path_of(waiting), look.code_at("Access \\\\ Waiting times") is waiting, look.code("{b}") is waiting
    ('Access \\\\ Waiting times', True, True)
    """

    def __init__(self, study: Study, *, values_from_sets: bool = False) -> None:
        super().__init__(study)
        self.project = study.project
        self.tool = study.form.tool if study.form is not None else "standard"
        self._values_from_sets = values_from_sets
        self._meant: dict[str, Code | None] = {}
        self._people: dict[str, User | None] = {}

    # --- by GUID: a dictionary for each kind, because tools give one GUID to elements of different kinds -------------

    def user(self, guid: str) -> User | None:
        """Return the user with a GUID."""
        return self._users.get(same_guid(guid))

    def code(self, guid: str) -> Code | None:
        """Return the code with a GUID."""
        return self._codes.get(same_guid(guid))

    def variable(self, guid: str) -> Variable | None:
        """Return the variable with a GUID."""
        return self._variables.get(same_guid(guid))

    def case(self, guid: str) -> Case | None:
        """Return the case with a GUID."""
        return self._cases.get(same_guid(guid))

    def source(self, guid: str) -> AnySource | None:
        """Return the source with a GUID."""
        return self._sources.get(same_guid(guid))

    def note(self, guid: str) -> Note | None:
        """Return the note with a GUID."""
        return self._notes.get(same_guid(guid))

    def selection(self, guid: str) -> Selection | None:
        """Return the selection with a GUID; where an area of a PDF and its words share one, the words."""
        return self._selections.get(same_guid(guid))

    # --- cases and variables ----------------------------------------------------------------------------------------

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

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of the study, and those that names of sets speak of, if they are asked for."""
        offered = {same_guid(each.variable.guid): each.variable for each in self._offered}
        own = {same_guid(each.guid) for each in self.project.variables or ()}
        return (*(self.project.variables or ()), *(each for guid, each in offered.items() if guid not in own))

    # --- codes ------------------------------------------------------------------------------------------------------

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """All codes, parents before their children, in the order of the codebook."""
        return tuple(walk.codes(self.project))

    @cached_property
    def themes(self) -> tuple[Code, ...]:
        """The codes that stand for ideas: all but those that NVivo makes of its cases, and folders of only those."""
        set_aside = {id(code) for code in self.codes if self.is_case(code)}
        # Children come after their parents, so backwards every folder is met when all it holds is known.
        for code in reversed(self.codes):
            if code.codes and not code.is_codable and all(id(child) in set_aside for child in code.codes):
                set_aside.add(id(code))
        return tuple(code for code in self.codes if id(code) not in set_aside)

    def is_case(self, code: Code) -> bool:
        """Tell whether a code is NVivo's twin of a case: coding with it says whose words they are."""
        return same_guid(code.guid) in self._cases

    def parent(self, code: Code) -> Code | None:
        """Return the code that a code is inside of."""
        return self._parents.get(id(code))

    def names_to(self, code: Code) -> tuple[str, ...]:
        """Return the names from the theme down to the code."""
        names = [code.name]
        above = self.parent(code)
        while above is not None:
            names.append(above.name)
            above = self.parent(above)
        return tuple(reversed(names))

    def path_of(self, code: Code) -> str:
        """Return the path of a code, such as ``Access \\ Waiting times``."""
        return PATH_SEPARATOR.join(self.names_to(code))

    def code_at(self, path: str | Sequence[str]) -> Code:
        """Return the code at a path, given as ``Access \\ Waiting times`` or as names; the first where several are.

        Raises:
            NotInStudy: there is no such code.
        """
        exact = path if isinstance(path, str) else PATH_SEPARATOR.join(path)
        loose = PATH_SEPARATOR.join(step.strip() for step in exact.split("\\"))
        code = self._paths.get(exact) or self._paths.get(loose)
        if code is None:
            from difflib import get_close_matches

            near = get_close_matches(loose, self._paths, 1)
            hint = f"Did you mean “{near[0]}”?" if near else "A path is written “Access \\ Waiting times”."
            raise NotInStudy(f"The study has no code “{exact}”.", todo=hint)
        return code

    # --- coded references -------------------------------------------------------------------------------------------

    def references(self) -> Iterator[Reference]:
        """Give every coded reference, source by source, notes last; those coded with NVivo's case codes too.

        Codings whose code the study does not have are left out.
        """
        for source in self._codable():
            yield from self._references_in(source)

    def references_of(self, what: Code | Case | Codable) -> list[Reference]:
        """Return the references coded with a code itself, in a source or note, or belonging to a case.

        To a case belong: what is in its sources; its selections, and what overlaps them; in NVivo, what overlaps a
        passage coded with the case; and codes given to the case itself. Where only a part overlaps, ``parts`` says
        which. NVivo's codings with case codes are how it is known, and not among the references of a case.
        """
        if isinstance(what, Code):
            return list(self._by_code.get(same_guid(what.guid), ()))
        if isinstance(what, Case):
            return list(self._by_case.get(id(what), ()))
        return list(self._references_in(what))

    def sources_of(self, case: Case) -> list[Codable]:
        """Return the sources and notes that a case is in, wholly or in part, in the order of the study."""
        return list(self._sources_by_case.get(id(case), ()))

    # --- quotations and what was written about them -----------------------------------------------------------------

    def quotations(self) -> Iterator[Quotation]:
        """Give every passage that somebody marked, once, with its codings, each code once for each person.

        Source by source, notes last. Passages that only say whose words they are, or only hold an annotation, are not
        among them.
        """
        for source in self._codable():
            for together in selections_together(source):
                if (quotation := self._quotation(source, together)) is not None:
                    yield quotation

    def lead_of(self, reference: Reference) -> Selection | None:
        """Return the first selection of the quotation that a reference is of; words go before areas.

        ATLAS.ti writes a passage of a PDF as words and as an area on each page: their references have one lead. Texts
        and recordings have no such twins; there it is the reference's own selection.
        """
        source, selection = reference.source, reference.selection
        if source is None or selection is None or isinstance(source, TextDocument):
            return selection
        leads = self._leads.get(id(source))
        if leads is None:
            leads = self._leads[id(source)] = {
                id(place.selection): together[0].selection
                for together in selections_together(source)
                for place in together
            }
        return leads.get(id(selection), selection)

    def annotations(self) -> Iterator[Annotation]:
        """Give what people wrote about passages, source by source, whatever their tool makes of it.

        That is: a Description of a selection (MAXQDA, ATLAS.ti), a note that a selection or coding refers to, a note
        linked with a selection (NVivo), and a note whose selections count the source that refers to it (QualCoder,
        Quirkos).
        """
        return annotations_in(self)

    def memos_of(self, element: Element) -> list[Memo]:
        """Return what people wrote about a code, source, case, selection … or the project.

        That is: the notes it refers to; those that a link ties to it, as NVivo does; in MAXQDA and QualCoder, and of
        selections everywhere, its Description. Remarks on a passage of a source are among the annotations.
        """
        return memos_of(self, element)

    # --- sources ----------------------------------------------------------------------------------------------------

    def kind_of(self, source: AnySource) -> Kind:
        """Return what a source is: ``text``, ``picture``, ``PDF``, ``audio`` or ``video``, by its file."""
        return media.kind_of(source)

    def twins_of(self, source: Codable) -> tuple[AnySource, ...]:
        """Return the other sources that are the same thing: a recording and the text that is its transcript."""
        return tuple(each for each in self._one_thing.get(id(source), ()) if each is not source)

    def area_of(self, selection: PDFSelection, page_height: float | None = None) -> Area | None:
        """Return where on its page an area is, in points from the bottom left, whatever the tool measures from.

        ``None`` where the tool measures from the top of the page and nobody says how high that is.
        """
        return areas.area_of(selection, self.tool, page_height)

    # --- what stands there ------------------------------------------------------------------------------------------

    def text_of(self, what: Reference | Selection | Quotation) -> str:
        """Return the words of a reference, selection or quotation, or where it is if it is not made of words.

        An area reads ``p. 2, area 10,20–200,300``, a stretch of sound ``0:12–0:34``.
        """
        if isinstance(what, Quotation):
            reference = Reference(NO_CODE, None, what.source, what.document, what.selections[0])
        else:
            reference = what if isinstance(what, Reference) else self._standing(what)
        words = self.words_of(reference)
        return self.place_of(reference) if words is None else words

    # --- values of variables ----------------------------------------------------------------------------------------

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

    # --- indexes ----------------------------------------------------------------------------------------------------

    @cached_property
    def _users(self) -> dict[str, User]:
        return _by_guid(self.project.users or ())

    @cached_property
    def _codes(self) -> dict[str, Code]:
        return _by_guid(self.codes)

    @cached_property
    def _variables(self) -> dict[str, Variable]:
        return _by_guid(self.variables)

    @cached_property
    def _cases(self) -> dict[str, Case]:
        return _by_guid(self.project.cases or ())

    @cached_property
    def _sources(self) -> dict[str, AnySource]:
        return _by_guid(self.project.sources or ())

    @cached_property
    def _notes(self) -> dict[str, Note]:
        return _by_guid(self.project.notes or ())

    @cached_property
    def _selections(self) -> dict[str, Selection]:
        found: dict[str, Selection] = {}
        for source in self._codable():
            for selection in walk.selections_of(source):
                key = same_guid(selection.guid)
                if key not in found or isinstance(found[key], PDFSelection):
                    found[key] = selection
        return found

    @cached_property
    def _standings(self) -> dict[int, tuple[Codable, AnyText | None]]:
        """Which source and text each selection is in, by the selection's identity."""
        return {
            id(selection): (source, document)
            for source in self._codable()
            for document, selection, _ in places_in(source)
            if selection is not None
        }

    @cached_property
    def anchors(self) -> Anchors:
        """The selections, by identity, that stand in a note and count the text of a source."""
        return anchored_in_sources(self)

    @cached_property
    def linked_notes(self) -> dict[str, list[str]]:
        """The GUIDs of the notes that links tie to an element, by the element's GUID."""
        return notes_linked(self.project)

    @cached_property
    def _leads(self) -> dict[int, dict[int, Selection]]:
        return {}

    @cached_property
    def _one_thing(self) -> dict[int, list[AnySource]]:
        return {id(source): group for group in media.one_thing(self.project.sources or ()) for source in group}

    @cached_property
    def _carriers(self) -> dict[int, list[Case]]:
        """The nameless cases that carry the values of a source, by the source's identity."""
        found: dict[int, list[Case]] = {}
        for case in self.project.cases or ():
            if self.is_carrier(case) and (source := self._source_meant(case.source_refs[0].target_guid)) is not None:
                found.setdefault(id(source), []).append(case)
        return found

    @cached_property
    def _offered(self) -> list[groups.Offer]:
        return groups.offers(self.project) if self._values_from_sets else []

    @cached_property
    def _offers(self) -> dict[int, list[groups.Offer]]:
        """The values that sets give to their sources, by the source's identity."""
        found: dict[int, list[groups.Offer]] = {}
        for offer in self._offered:
            for ref in offer.sources:
                if (source := self.source(ref.target_guid)) is not None:
                    found.setdefault(id(source), []).append(offer)
        return found

    @cached_property
    def _named_selections(self) -> frozenset[str]:
        refs = chain.from_iterable(case.selection_refs for case in self.project.cases or ())
        return frozenset(same_guid(ref.target_guid) for ref in refs)

    @cached_property
    def _parents(self) -> dict[int, Code]:
        return {id(child): code for code in self.codes for child in code.codes}

    @cached_property
    def _paths(self) -> dict[str, Code]:
        found: dict[str, Code] = {}
        for code in self.codes:
            found.setdefault(self.path_of(code), code)
        return found

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

    # --- inside -----------------------------------------------------------------------------------------------------

    def _codable(self) -> Iterator[Codable]:
        return chain(self.project.sources or (), self.project.notes or ())

    def _quotation(self, source: Codable, together: list[Place]) -> Quotation | None:
        """The selections as a quotation, unless they are there for something else."""
        given: dict[tuple[int, int], Reference] = {}
        coded = False
        for document, selection in together:
            for coding in selection.codings:
                code = self._code_meant(coding.code_ref.target_guid)
                if self._case_meant(coding.code_ref.target_guid) is not None:
                    coded = True
                elif code is not None:
                    user = self._user_meant(coding, selection)
                    reference = Reference(code, coding, source, document, selection, user)
                    given.setdefault((id(code), id(user)), reference)
        selections = tuple(place.selection for place in together)
        if not given and (coded or any(map(self._is_there_for_something_else, selections))):
            return None
        return Quotation(source, together[0].document, selections, tuple(given.values()))

    def _is_there_for_something_else(self, selection: Selection) -> bool:
        """Tell whether a selection that is not coded marks a remark or somebody's words."""
        guid = same_guid(selection.guid)
        return (
            bool(selection.note_refs or (selection.description or "").strip())
            or guid in self.linked_notes
            or guid in self._named_selections
            or id(selection) in self.anchors
        )

    def _references_in(self, source: Codable) -> Iterator[Reference]:
        for document, selection, codings in places_in(source):
            for coding in codings:
                if (code := self._code_meant(coding.code_ref.target_guid)) is not None:
                    user = self._user_meant(coding, selection)
                    yield Reference(code, coding, source, document, selection, user)

    def _code_meant(self, guid: str) -> Code | None:
        # As written first: the same few spellings recur a million times.
        try:
            return self._meant[guid]
        except KeyError:
            return self._meant.setdefault(guid, self.code(guid))

    def _user_meant(self, coding: Coding, selection: Selection | None) -> User | None:
        guid = coding.creating_user or (selection.creating_user if selection is not None else None)
        if not guid:
            return None
        try:
            return self._people[guid]
        except KeyError:
            return self._people.setdefault(guid, self.user(guid))

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
                if (source := self._source_meant(source_ref.target_guid)) is not None:
                    for each in self._one_thing.get(id(source), (source,)):
                        sources.setdefault(id(each), []).append(case)
            for selection_ref in case.selection_refs:
                selections.setdefault(same_guid(selection_ref.target_guid), []).append(case)
        return sources, selections

    def _source_meant(self, guid: str) -> Codable | None:
        # QualCoder names the source's file where it should name the source.
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

    def _standing(self, selection: Selection) -> Reference:
        """A selection as a reference that nobody coded, to be looked at like any other."""
        try:
            source, document = self.anchors.get(id(selection)) or self._standings[id(selection)]
        except KeyError:
            raise NotInStudy(f"The study has no selection {selection.guid}.") from None
        return Reference(NO_CODE, None, source, document, selection)


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


# --- small things ----------------------------------------------------------------------------------------------------


def _by_guid(elements: Iterable[_Identified]) -> dict[str, _Identified]:
    """Return the elements by GUID; the first has it where two share one."""
    found: dict[str, _Identified] = {}
    for element in elements:
        found.setdefault(same_guid(element.guid), element)
    return found
