"""What is meant by what stands in a study: elements by GUID, code paths, coded references, what belongs to a case.

The model keeps what a file says; here it is read as a researcher means it, once for all tools. ``docs/meaning.md`` says
tool by tool what is read as what. The look-ups stand in layers: ``passages``, ``elements``, ``belonging``, and here
what builds on all of them. This module knows nothing of files' formats or of spreadsheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain

from qdabridge.errors import NotInStudy
from qdabridge.study import areas, media
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
from qdabridge.study.belonging import Belonging
from qdabridge.study.elements import PATH_SEPARATOR
from qdabridge.study.media import Kind
from qdabridge.study.model import (
    AnySource,
    AnyText,
    Element,
    PDFSelection,
    Selection,
    TextDocument,
    same_guid,
)
from qdabridge.study.passages import Codable, Reference, places_in
from qdabridge.study.quotations import Place, Quotation, selections_together

__all__ = ["PATH_SEPARATOR", "Lookup"]


class Lookup(Belonging):
    """Look-ups over one study.

    Each index is made when it is first needed and is not brought up to date: after changing the study, make a new
    look-up. GUIDs may come with or without braces and in any case.

    Args:
        study: the study; keep it open as long as texts are asked for.
        values_from_sets: whether sets of sources named ``Variable::Value``, as ATLAS.ti has them, give their sources
            that value. Nobody can know whether a set is meant so, hence not by default.

    >>> from qdabridge.study.model import Code, CodeBook, Project
    >>> from qdabridge.study.study import Study
    >>> waiting = Code(guid="B", name="Waiting times")
    >>> look = Lookup(Study(Project(name="Clinic", code_book=CodeBook(codes=[
    ...     Code(guid="A", name="Access", codes=[waiting])]))))
    >>> look.path_of(waiting), look.code_at("Access \\\\ Waiting times") is waiting, look.code("{b}") is waiting
    ('Access \\\\ Waiting times', True, True)
    """

    # --- quotations and what was written about them -------------------------------------------------------------------

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

    # --- sources ------------------------------------------------------------------------------------------------------

    def kind_of(self, source: AnySource) -> Kind:
        """Return what a source is: ``text``, ``picture``, ``PDF``, ``audio`` or ``video``, by its file."""
        return media.kind_of(source)

    def area_of(self, selection: PDFSelection, page_height: float | None = None) -> Area | None:
        """Return where on its page an area is, in points from the bottom left, whatever the tool measures from.

        ``None`` where the tool measures from the top of the page and nobody says how high that is.
        """
        return areas.area_of(selection, self.tool, page_height)

    # --- what stands there --------------------------------------------------------------------------------------------

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

    # --- indexes ------------------------------------------------------------------------------------------------------

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
    def _standings(self) -> dict[int, tuple[Codable, AnyText | None]]:
        """Which source and text each selection is in, by the selection's identity."""
        return {
            id(selection): (source, document)
            for source in self._codable()
            for document, selection, _ in places_in(source)
            if selection is not None
        }

    @cached_property
    def _named_selections(self) -> frozenset[str]:
        refs = chain.from_iterable(case.selection_refs for case in self.project.cases or ())
        return frozenset(same_guid(ref.target_guid) for ref in refs)

    # --- inside -------------------------------------------------------------------------------------------------------

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

    def _standing(self, selection: Selection) -> Reference:
        """A selection as a reference that nobody coded, to be looked at like any other."""
        try:
            source, document = self.anchors.get(id(selection)) or self._standings[id(selection)]
        except KeyError:
            raise NotInStudy(f"The study has no selection {selection.guid}.") from None
        return Reference(NO_CODE, None, source, document, selection)
