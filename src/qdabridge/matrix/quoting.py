"""Quotes: the words at a place, and all that is to be known of where they come from.

It reads the texts of a study when a quote needs them. Which cell a quote is in is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.matrix.grid import Mark, Quote
from qdabridge.matrix.names import Names
from qdabridge.matrix.places import Order, Place, by_date, first_date, merged
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnyText, Code, PDFSelection, PDFSource, PlainTextSelection, Selection, same_guid
from qdabridge.study.overlap import Span
from qdabridge.study.passages import Reference
from qdabridge.study.text import Lines, quoted

_CHARACTERS_IN_MEMORY = 4_000_000


class QuotesWanted(Struct, frozen=True):
    """How quotes are taken.

    Args:
        order: by ``position`` in the sources, or by ``date`` of coding.
        merge: whether passages that overlap or touch become one quote.
        context: how many characters before and after are given along, at most; whole words.
    """

    order: Order = "position"
    merge: bool = False
    context: int = 0

    def __post_init__(self) -> None:
        if self.order not in ("position", "date"):
            raise BadRequest(f"Quotes come in the order of position or date, not of “{self.order}”.")
        if self.context < 0:
            raise BadRequest("There is no context of less than no characters.")


class Quoting:
    """Makes quotes. ``findings`` says what could not be quoted."""

    def __init__(self, look: Lookup, names: Names, wanted: QuotesWanted) -> None:
        self._look = look
        self._names = names
        self._wanted = wanted
        self._texts: dict[int, tuple[str, Lines] | None] = {}
        self._characters = 0
        # Hundreds of thousands of quotes share a few lines and coders, which need not be in memory for each.
        self._lines: dict[Span, tuple[Span, str]] = {}
        self._people: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._findings = Findings()

    def quotes(self, places: Sequence[Place], column: Code | None = None) -> list[Quote]:
        """Return a quote for each place; what several people coded at one place is one quote.

        Args:
            places: by position.
            column: the code that the cell stands under, where codes inside it are in the cell as well.
        """
        if self._wanted.merge:
            places = merged(places, self._text_between)
        if self._wanted.order == "date":
            places = by_date(places)
        return [self._quote(place.references, column) for place in places]

    def findings(self) -> list[Finding]:
        """Return what was found while quoting."""
        return self._findings.all()

    # --- one quote ----------------------------------------------------------------------------------------------------

    def _quote(self, group: list[Reference], column: Code | None) -> Quote:
        first = group[0]
        selection, document = first.selection, first.document
        if (
            type(selection) is PlainTextSelection
            and document is not None
            and not first.parts
            and not isinstance(first.source, PDFSource)
            and (held := self._held(document)) is not None
        ):
            return self._passage(group, selection, held, column)
        return self._any(group, column)

    def _passage(
        self, group: list[Reference], selection: PlainTextSelection, held: tuple[str, Lines], column: Code | None
    ) -> Quote:
        """A passage of a text: by far the most."""
        text, lines = held
        start, end = selection.start_position, selection.end_position
        span, place = self._place_of(lines.span_of(start, end))
        source = group[0].source
        assert source is not None
        before, after = self._context(text, start, end)
        return Quote(
            quoted(text, start, end),
            self._names.sources[id(source)],
            place,
            span,
            self._coders(group),
            tuple([each.coding.guid for each in group if each.coding is not None]),
            source.guid,
            "",
            None,
            None,
            first_date(group),
            self._memo(group),
            before,
            after,
            _codes_inside(group, column),
            self._marks(group),
        )

    def _any(self, group: list[Reference], column: Code | None) -> Quote:
        first = next((each for each in group if not isinstance(each.selection, PDFSelection)), group[0])
        look, source = self._look, first.source
        words = look.words_of(first)
        place = look.place_of(first)
        areas = [each.selection for each in group if isinstance(each.selection, PDFSelection)]
        if areas and first.selection is not areas[0]:
            place = _pages({area.page for area in areas})
        span = look.span_of(first)
        held = self._held(first.document) if self._wanted.context and first.document is not None else None
        before, after = "", ""
        if held is not None and span is not None and words is not None:
            ends = (first.parts[0][0], first.parts[-1][1]) if first.parts else span
            before, after = self._context(held[0], *ends)
        caption = "" if words else _caption(first)
        quote = Quote(
            text=words or "",
            source=self._names.sources[id(source)] if source is not None else "",
            place=place,
            lines=look.lines_of(first),
            coders=self._coders(group),
            codings=tuple(each.coding.guid for each in group if each.coding is not None),
            source_guid=source.guid if source is not None else "",
            caption=caption,
            page=min(area.page for area in areas) + 1 if areas else None,
            time=look.time_of(first),
            date=first_date(group),
            memo=self._memo(group, caption),
            before=before,
            after=after,
            codes=_codes_inside(group, column),
            marks=self._marks(group),
        )
        if words is None and span is not None:
            self._tell_missing_text(quote)
        return quote

    def _place_of(self, span: Span) -> tuple[Span, str]:
        """Return lines of a text as they are remembered, and in words."""
        try:
            return self._lines[span]
        except KeyError:
            words = f"l. {span[0]}" if span[0] == span[1] else f"l. {span[0]}–{span[1]}"
            return self._lines.setdefault(span, (span, words))

    def _coders(self, group: Iterable[Reference]) -> tuple[str, ...]:
        coders = self._names.coders
        people = tuple(dict.fromkeys([coders[id(each.user)] for each in group if each.user is not None]))
        return self._people.setdefault(people, people)

    def _marks(self, group: list[Reference]) -> tuple[Mark, ...]:
        """Return what each of several people did; nothing where one did all, as most often."""
        user = group[0].user
        if len(group) == 1 or all(each.user is user for each in group):
            return ()
        by_user: dict[int, list[Reference]] = {}
        for each in group:
            by_user.setdefault(id(each.user), []).append(each)
        return tuple(
            Mark(
                self._names.coders[id(first.user)] if (first := together[0]).user is not None else "",
                first_date(together),
                tuple([each.coding.guid for each in together if each.coding is not None]),
            )
            for together in by_user.values()
        )

    def _memo(self, group: Iterable[Reference], caption: str = "") -> str:
        """What people wrote about a passage and about coding it, each remark once, without what is its caption."""
        said: dict[str, None] = {}
        for reference in group:
            selection, coding = reference.selection, reference.coding
            if selection is not None and self._may_have_memo(selection):
                for memo in self._look.memos_of(selection):
                    if memo.text and memo.text.strip() not in ("", caption):
                        said[memo.text.strip()] = None
            for ref in coding.note_refs if coding is not None else ():
                note = self._look.note(ref.target_guid)
                text = self._look.text(note) if note is not None else None
                if text and text.strip():
                    said[text.strip()] = None
        return "\n\n".join(said)

    def _may_have_memo(self, selection: Selection) -> bool:
        if selection.description or selection.note_refs:
            return True
        linked = self._look.linked_notes
        return bool(linked) and same_guid(selection.guid) in linked

    # --- texts --------------------------------------------------------------------------------------------------------

    def _held(self, document: AnyText) -> tuple[str, Lines] | None:
        """Return a text with its lines; a few are remembered."""
        try:
            return self._texts[id(document)]
        except KeyError:
            pass
        text = self._look.text(document)
        if self._characters > _CHARACTERS_IN_MEMORY:
            self._texts.clear()
            self._characters = 0
        self._characters += len(text or "")
        held = self._texts[id(document)] = (text, Lines(text)) if text is not None else None
        return held

    def _text_between(self, reference: Reference, start: int, end: int) -> str:
        held = self._held(reference.document) if reference.document is not None else None
        return quoted(held[0], start, end) if held is not None else "?"

    def _context(self, text: str, start: int, end: int) -> tuple[str, str]:
        """Return what stands before and after, whole words only."""
        most = self._wanted.context
        if not most:
            return "", ""
        first = max(start - most, 0)
        before, after = quoted(text, first, start), quoted(text, end, end + most)
        if first > 0 and not text[first - 1].isspace():
            before = before.partition(" ")[2]
        if end + most < len(text) and not text[end + most].isspace():
            after = after.rpartition(" ")[0]
        return before, after

    def _tell_missing_text(self, quote: Quote) -> None:
        self._findings.add(
            Finding(
                "TEXT-MISSING",
                "warning",
                "The text of a coded passage is not there or cannot be read; its cell says only where it is.",
                where=quote.source,
                hint="qdabridge check says why; where it is missing, export the project again with its files.",
                kind="loss",
            )
        )


def _codes_inside(group: Iterable[Reference], column: Code | None) -> tuple[str, ...]:
    if column is None:
        return ()
    return tuple(dict.fromkeys(each.code.guid for each in group if each.code is not column))


def _caption(reference: Reference) -> str:
    """Return what the coder called a place without words; numbers, which some tools put there, say nothing."""
    selection, source = reference.selection, reference.source
    if selection is None:
        return ""
    for said in (selection.name, selection.description):
        if said and any(map(str.isalpha, said)) and (source is None or said != source.name):
            return said.strip()
    return ""


def _pages(pages: Iterable[int]) -> str:
    """Return the pages that a quote is on; they follow each other."""
    first, last = min(pages) + 1, max(pages) + 1
    return f"p. {first}" if first == last else f"p. {first}–{last}"
