"""Rectangles in PDFs: measured from where the tool measures, and not twice where the text has the same passage."""

from __future__ import annotations

from importlib.util import find_spec

from qdabridge.formats.media import Gauge, Pages
from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.areas import from_the_top
from qdabridge.study.files import Entry
from qdabridge.study.model import PDFSelection, PDFSource, PlainTextSelection, same_guid
from qdabridge.study.quotations import selections_together
from qdabridge.study.study import Study


def adapt_pdfs(draft: Draft) -> None:
    """Bring the selections of every PDF into the tool's form."""
    gauge = Gauge()
    for source in draft.project.sources or ():
        if isinstance(source, PDFSource):
            if draft.profile.pdf_text_alone:
                _leave_twins(draft, source)
            if draft.profile.pdf_from_top != measured_from_top(draft.original):
                _turn_over(draft, source, gauge)


def measured_from_top(study: Study) -> bool:
    """Tell whether areas of PDFs in a study are measured from the top of the page, as the tool it is from has it."""
    return study.form is not None and from_the_top(study.form.tool)


def page_heights(entry: Entry, pages: set[int], gauge: Gauge) -> dict[int, float]:
    """Return how high pages of a PDF reach, in points, by number from 0.

    Those are missing that cannot be measured: without pypdf all, and where measuring takes too long, which a
    stranger's file may well have been made for.
    """
    if find_spec("pypdf") is None:
        return {}
    told = gauge.pages(entry, pages)
    return {number: box.top for number, box in told.boxes.items()} if isinstance(told, Pages) else {}


def _leave_twins(draft: Draft, source: PDFSource) -> None:
    """Leave out rectangles where the text has the same passage, those on following pages too; keep what only they have.

    One with the GUID of a passage is the same, and so is one that continues such a rectangle on the next page: alone
    it would be a quotation of its own.
    """
    if source.representation is None:
        return
    passages = {same_guid(passage.guid): passage for passage in source.representation.plain_text_selections}
    left: set[int] = set()
    for together in selections_together(source):
        first = together[0].selection
        if same_guid(first.guid) not in passages or not isinstance(first, PlainTextSelection):
            continue
        for area in (place.selection for place in together):
            if isinstance(area, PDFSelection):
                left.add(id(area))
                _give(area, passages.get(same_guid(area.guid), first))
    kept = [area for area in source.pdf_selections if id(area) not in left]
    draft.lose(
        "PDF-AREA-LEFT",
        f"{draft.profile.title} refuses a passage and an area of a PDF with the same GUID; such areas, and those that "
        "continue them on the next page, were left out, the passages of the text are there.",
        len(source.pdf_selections) - len(kept),
        where=source.name or source.guid,
    )
    source.pdf_selections = kept


def _give(area: PDFSelection, passage: PlainTextSelection) -> None:
    coded = {(same_guid(found.creating_user or ""), same_guid(found.code_ref.target_guid)) for found in passage.codings}
    passage.codings += tuple(
        coding
        for coding in area.codings
        if (same_guid(coding.creating_user or ""), same_guid(coding.code_ref.target_guid)) not in coded
    )
    passage.description = passage.description or area.description
    known = {same_guid(ref.target_guid) for ref in passage.note_refs}
    passage.note_refs += tuple(ref for ref in area.note_refs if same_guid(ref.target_guid) not in known)


def _turn_over(draft: Draft, source: PDFSource, gauge: Gauge) -> None:
    if not source.pdf_selections:
        return
    name = draft.name_of(source.path)
    pages = {area.page for area in source.pdf_selections}
    heights = page_heights(draft.files.entry(name), pages, gauge) if name is not None else {}
    unknown = 0
    for area in source.pdf_selections:
        if area.page not in heights:
            unknown += 1
            continue
        height = round(heights[area.page])
        top, bottom = max(area.first_y, area.second_y), min(area.first_y, area.second_y)
        area.first_y, area.second_y = height - top, height - bottom
    edge = "top" if draft.profile.pdf_from_top else "bottom"
    draft.say(
        "PDF-AREA-TURNED",
        f"{draft.profile.title} measures areas of a PDF from the {edge} of the page and this study does not; they were "
        "measured anew, and lie where they lay.",
        len(source.pdf_selections) - unknown,
    )
    draft.lose(
        "PDF-AREA-UNPLACED",
        f"{draft.profile.title} measures areas of a PDF from the {edge} of the page and this study does not; how high "
        "the pages are could not be found, so the areas will lie elsewhere.",
        unknown,
        where=source.name or source.guid,
        hint="Install qdabridge[pdf], which can read the height of pages.",
    )
