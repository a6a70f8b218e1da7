"""Coded passages in their sources: each quote where it stands in the text of its source, or in a text made of quotes.

Where a text is not at hand, the quotes of the source make one, with blank lines between. A quote that is not found in
the text that is at hand, or in several places, goes into such a text beside it. It knows pieces and the model, and no
layout.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.building.codes import Forest
from qdabridge.formats.spreadsheet.building.guids import made
from qdabridge.formats.spreadsheet.building.moments import Moments
from qdabridge.formats.spreadsheet.building.source_texts import SourceTexts
from qdabridge.formats.spreadsheet.pieces import Coded
from qdabridge.study.locating import Place, Wanted, locate_all
from qdabridge.study.model import CodeRef, Coding, PlainTextSelection, SelectionRef, SourceRef, TextSource, User

_BETWEEN = "\n\n"
_PLACES_TOLD = 5
WITHOUT_PLACE = "quotes without a place"
"""What stands behind the name of a source, in the name of the text made of its quotes that were not found in it."""


class Text(Struct):
    """One source that is being made, with its text."""

    source: TextSource
    text: str = ""
    made_of_quotes: bool = False
    at: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)
    selections: dict[tuple[object, ...], PlainTextSelection] = field(default_factory=dict)


class Passages:
    """The sources of a study, and the passages in them.

    Args:
        forest: the codes.
        moments: understands the dates.
        texts: the texts at hand; ``None`` where nobody named a folder.
        unnamed: what a source is called of which the table does not say the name.
        found: takes what is worth telling.
    """

    def __init__(
        self, forest: Forest, moments: Moments, texts: SourceTexts | None, unnamed: str, found: Findings
    ) -> None:
        self._forest = forest
        self._moments = moments
        self._texts = texts
        self._unnamed = unnamed
        self._found = found
        self._made: dict[str, Text] = {}
        self._users: dict[str, User] = {}
        self._of_case: dict[str, list[tuple[Text, PlainTextSelection | None]]] = {}

    def users(self) -> list[User]:
        """Return the coders."""
        return list(self._users.values())

    def finished(self) -> list[Text]:
        """Return the sources with their texts, the passages in the order in which they stand."""
        for each in self._made.values():
            each.source.plain_text_selections.sort(key=lambda one: (one.start_position, one.end_position))
        return list(self._made.values())

    def source(self, name: str) -> Text:
        """Return a source by its name, made where it is not there yet."""
        name = name or self._unnamed
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = Text(TextSource(guid=made("source", name), name=name))
            if self._texts is not None and self._texts.has(name):
                found.text = self._texts[name]
        return found

    def knows(self, name: str) -> bool:
        """Tell whether there is a source of a name, or a text of one at hand."""
        return name in self._made or (self._texts is not None and self._texts.has(name))

    def of_case(self, name: str) -> tuple[list[SourceRef], list[SelectionRef]]:
        """Return what the table says belongs to a case: whole sources where all their passages do, else passages."""
        sources: dict[str, SourceRef] = {}
        selections: list[SelectionRef] = []
        mine = self._of_case.get(name, ())
        for text, selection in mine:
            everything = {id(one) for other, one in mine if other is text}
            guid = text.source.guid
            if selection is None or all(id(one) in everything for one in text.source.plain_text_selections):
                sources[guid] = SourceRef(target_guid=guid)
            else:
                selections.append(SelectionRef(target_guid=selection.guid))
        return list(sources.values()), list({ref.target_guid: ref for ref in selections}.values())

    def take(self, rows: Iterable[Coded]) -> None:
        """Take coded passages into their sources."""
        rows = list(rows)
        for row, place in zip(rows, self._places(rows), strict=True):
            if place is not None:
                text, start, end = self.source(place.text), place.start, place.end
            elif row.quote is None:
                self._code_whole_source(row)
                continue
            else:
                text, start, end = self._beside(row)
            self._code(row, text, start, end)

    # --- where they are ----------------------------------------------------------------------------------------------

    def _places(self, rows: list[Coded]) -> list[Place | None]:
        """Return where each passage stands in the texts at hand."""
        places = [self._said(row) for row in rows]
        if self._texts is None:
            return places
        wanted: list[tuple[int, Wanted]] = []
        for number, (row, place) in enumerate(zip(rows, places, strict=True)):
            if place is not None or not (row.quote or "").strip():
                continue
            if row.source and not self._texts.has(row.source):
                self._found.add(
                    Finding(
                        "TABLE-SOURCE-MISSING",
                        "warning",
                        "The folder of sources has no text of this name, so a text was made of its quotes.",
                        row.source,
                        "Name the file as the source is named in the table, and read the table again.",
                    )
                )
                continue
            wanted.append((number, Wanted(row.quote or "", row.source or None, row.paragraphs)))
        texts = _Read(
            self._texts, {row.source for row in rows if row.source}, everything=not all(r.source for r in rows)
        )
        for (number, _), located in zip(wanted, locate_all([one for _, one in wanted], texts), strict=True):
            places[number] = located.place
            if located.place is None:
                self._say_why(rows[number], located.candidates)
            elif located.place.how == "similar":
                self._say_similar(rows[number], located.place)
        return places

    def _said(self, row: Coded) -> Place | None:
        """Return the place that the table itself says, if the text that is at hand has these words there."""
        if row.start is None or row.end is None or not row.source:
            return None
        if self._texts is None or not self._texts.has(row.source):
            self._found.add(
                Finding(
                    "TABLE-POSITIONS-LOST",
                    "note",
                    "The table has positions in texts that are not at hand; they are not carried.",
                    row.source,
                    "Name the folder of the source texts with --sources, and read the table again.",
                    kind="loss",
                )
            )
            return None
        text = self.source(row.source).text
        if 0 <= row.start < row.end <= len(text) and _same_words(row.quote, text[row.start : row.end]):
            return Place(row.source, row.start, row.end)
        return None

    def _say_why(self, row: Coded, candidates: tuple[Place, ...]) -> None:
        kept = f"It is kept in a text of its own, “… ({WITHOUT_PLACE})”; look for it and code it by hand."
        if not candidates:
            self._found.add(
                Finding(
                    "QUOTE-NOT-FOUND",
                    "warning",
                    "A quote is not in the text of its source.",
                    f"{row.at}: {_short(row.quote)}",
                    kept,
                )
            )
            return
        told = ", ".join(f"{one.text} {one.start}–{one.end}" for one in candidates[:_PLACES_TOLD])
        more = ", …" if len(candidates) > _PLACES_TOLD else ""
        self._found.add(
            Finding(
                "QUOTE-SEVERAL-PLACES",
                "warning",
                "A quote stands in more than one place, and nothing tells which is meant.",
                f"{row.at}: {_short(row.quote)} ({told}{more})",
                kept,
            )
        )

    def _say_similar(self, row: Coded, place: Place) -> None:
        self._found.add(
            Finding(
                "QUOTE-SIMILAR",
                "warning",
                "A quote stands in its source with other words here and there; the passage of the source was taken.",
                f"{row.at}: {_short(row.quote)} ({place.text} {place.start}–{place.end}, {place.likeness:.0f} % alike)",
                "Look whether it is the passage that was meant.",
            )
        )

    def _beside(self, row: Coded) -> tuple[Text, int, int]:
        """Return where a quote stands in a text made of quotes, and write it there if it is not yet."""
        text = self.source(row.source)
        if text.text and not text.made_of_quotes:
            text = self.source(f"{row.source or self._unnamed} ({WITHOUT_PLACE})")
        if not text.made_of_quotes:
            text.made_of_quotes = True
            if self._texts is None:
                self._found.add(
                    Finding(
                        "TABLE-TEXT-MADE",
                        "note",
                        "The table has quotes of a source and not its text, so a text was made of the quotes.",
                        text.source.name or "",
                        "If you have the texts, name their folder with --sources, and the quotes are located in them.",
                    )
                )
        key = (row.quote, row.name, row.paragraphs, row.start, row.number)
        if key not in text.at:
            quote = row.quote or ""
            begin = len(text.text) + (len(_BETWEEN) if text.text else 0)
            text.text += (_BETWEEN if text.text else "") + quote
            text.at[key] = begin, begin + len(quote)
        return text, *text.at[key]

    # --- codings -----------------------------------------------------------------------------------------------------

    def _code(self, row: Coded, text: Text, start: int, end: int) -> None:
        guid = text.source.guid
        key = (start, end, row.name, row.memo)
        selection = text.selections.get(key)
        if selection is None:
            selection = PlainTextSelection(
                guid=made("selection", guid, *key),
                name=row.name or None,
                description=row.memo or None,
                start_position=start,
                end_position=end,
                creating_user=self._user(row.coder),
                creation_date_time=self._moments.of(row.date, row.at),
            )
            text.selections[key] = selection
            text.source.plain_text_selections.append(selection)
        selection.codings = self._with_codings(selection.codings, row, selection.guid)
        if row.case:
            self._of_case.setdefault(row.case, []).append((text, selection))

    def _code_whole_source(self, row: Coded) -> None:
        text = self.source(row.source)
        self._found.add(
            Finding(
                "TABLE-WHOLE-SOURCE",
                "warning",
                "The table does not say which part of a source is coded, so the whole source was coded.",
                f"{row.at}: {text.source.name}",
                kind="loss",
            )
        )
        text.source.codings = self._with_codings(text.source.codings, row, text.source.guid)
        if row.case:
            self._of_case.setdefault(row.case, []).append((text, None))

    def _with_codings(self, codings: tuple[Coding, ...], row: Coded, guid: str) -> tuple[Coding, ...]:
        """Return codings with those of a row, each code once for each coder."""
        user = self._user(row.coder)
        there = {(each.code_ref.target_guid, each.creating_user) for each in codings}
        new = []
        for path in row.codes:
            code = self._forest.at(path)
            if code is None or (code.guid, user) in there:
                continue
            there.add((code.guid, user))
            new.append(
                Coding(
                    guid=made("coding", guid, code.guid, row.coder),
                    creating_user=user,
                    creation_date_time=self._moments.of(row.date, row.at),
                    code_ref=CodeRef(target_guid=code.guid),
                )
            )
        return (*codings, *new)

    def _user(self, name: str) -> str | None:
        if not name:
            return None
        return self._users.setdefault(name, User(guid=made("user", name), name=name)).guid


class _Read(dict[str, str]):
    """The texts of sources by name, read when they are looked for and not kept."""

    def __init__(self, texts: SourceTexts, named: set[str], *, everything: bool) -> None:
        names = [*sorted(named), *(texts.names() if everything else ())]
        super().__init__({name: "" for name in names if texts.has(name)})
        self._texts = texts

    def __getitem__(self, name: str) -> str:
        return self._texts[name]


def _same_words(quote: str | None, there: str) -> bool:
    """Tell whether a quote is what stands somewhere; tables have line ends of their own."""
    return quote in (None, there) or (quote or "").split() == there.split()


def _short(quote: str | None) -> str:
    words = " ".join((quote or "").split())
    return f"“{words if len(words) <= 60 else words[:59] + '…'}”"
