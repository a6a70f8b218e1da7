"""What a matrix is: rows, columns, and in each cell the summary, the quotes and the figures that belong there.

Plain typed data that knows neither the study it was made from, except by GUIDs, nor any spreadsheet. The method is
Ritchie and Spencer's: cases down, themes across. Codes by codes and codes by values of a variable have the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from qdabridge.findings import Finding
from qdabridge.matrix.wording import AS_USUAL, Wording
from qdabridge.study.lookup import PATH_SEPARATOR
from qdabridge.study.overlap import Span
from qdabridge.study.summaries import Summary
from qdabridge.study.values import Value

if TYPE_CHECKING:
    import pandas
    import polars

MatrixKind: TypeAlias = Literal["framework", "co-occurrence", "crosstab"]
RowKind: TypeAlias = Literal["cases", "sources", "users", "values", "codes"]
Measure: TypeAlias = Literal[
    "count", "sources", "cases", "words", "characters", "coverage", "seconds", "coders", "row %", "column %"
]
Figure: TypeAlias = int | float | str
Content: TypeAlias = Literal["summary", "quotes"] | Measure
PieceKind: TypeAlias = Literal["summary", "line", "before", "words", "after", "reference", "between"]

ROW_HEADINGS: dict[RowKind, str] = {
    "cases": "Case",
    "sources": "Source",
    "users": "Coder",
    "values": "Value",
    "codes": "Code",
}

MEASURE_HEADINGS: dict[Measure, str] = {
    "count": "References",
    "sources": "Sources",
    "cases": "Cases",
    "words": "Words",
    "characters": "Characters",
    "coverage": "Coverage (%)",
    "seconds": "Seconds",
    "coders": "Coders",
    "row %": "% of row",
    "column %": "% of column",
}

QUOTES_LINE = "— quotes —"
"""The line between the summary and the quotes of a cell; what people write above it is the summary."""

_BETWEEN_QUOTES = "\n\n"
_ADDS_UP = frozenset(MEASURE_HEADINGS) - {"coders"}


class Attribute(Struct, frozen=True):
    """A variable that has a column of its own; ``type_of_variable`` is the standard's word, such as ``Integer``."""

    guid: str
    name: str
    type_of_variable: str


class Column(Struct, frozen=True):
    """A code; in a crosstab a value of a variable, whose theme is the variable.

    Args:
        guid: the code's GUID, as the study has it; empty for a value.
        path: the names from the theme down to the code.
        color: the code's colour, ``#rgb`` or ``#rrggbb``.
        theme_guid, theme_color: of the theme, the first level, which may be the code itself.
        aggregates: whether its cells hold what is coded with the codes inside it as well.
    """

    guid: str
    path: tuple[str, ...]
    color: str | None
    theme_guid: str
    theme_color: str | None
    aggregates: bool = False

    @property
    def name(self) -> str:
        """The code's own name."""
        return self.path[-1]

    @property
    def theme(self) -> str:
        """The name of the theme."""
        return self.path[0]

    @property
    def heading(self) -> str:
        """What stands over the column, below the theme: the path inside the theme, so that no two look the same."""
        return PATH_SEPARATOR.join(self.path[1:]) or self.name


class Row(Struct, frozen=True):
    """A case or a source; a coder, a value of a variable, or a code.

    Args:
        guid: its GUID, as the study has it; empty for a value.
        label: its name; where it has none, one that tells it from the others.
        attributes: its values, in the order of the matrix's attributes; several of one variable joined by ``; ``.
        color: of a code.
    """

    guid: str
    label: str
    attributes: tuple[Value | None, ...] = ()
    color: str | None = None


class Mark(Struct, frozen=True, gc=False):
    """What one of several people coded at a place.

    Args:
        coder: the short name.
        date: when, as the study has it; the first time where it was coded several times.
        codings: the GUIDs of the codings.
    """

    coder: str
    date: str | None
    codings: tuple[str, ...]


class Quote(Struct, frozen=True, gc=False):
    """What one or more people coded at one place.

    Args:
        text: the words, exactly as stored and never shortened; empty where the place is not made of words.
        source: the name of the source.
        place: where in it, for people: ``l. 12–15``, ``p. 2, area 10,20–200,300``, ``0:12–0:34``, ``whole source``.
        lines: the first and last line, counted from 1, where it is in a text.
        coders: short names of those who coded it.
        codings: the GUIDs of the codings it comes from, as the study has them.
        source_guid: the GUID of the source; empty where a case itself is coded.
        caption: how the coder named or described a place without words.
        page: the page of a PDF, counted from 1.
        time: from when to when in a recording, in milliseconds.
        date: when it was coded, as the study has it; the first time where it was coded several times.
        memo: what people wrote about the passage or about coding it; a blank line between several.
        before, after: what stands around it in the source, if that was asked for.
        codes: in an aggregating column, the GUIDs of the codes inside it that it is coded with.
        marks: where several people coded it, what each of them did.
    """

    text: str
    source: str
    place: str
    lines: Span | None = None
    coders: tuple[str, ...] = ()
    codings: tuple[str, ...] = ()
    source_guid: str = ""
    caption: str = ""
    page: int | None = None
    time: Span | None = None
    date: str | None = None
    memo: str = ""
    before: str = ""
    after: str = ""
    codes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    def cited(self, wording: Wording = AS_USUAL, *, case: str = "") -> str:
        """Return the quote with where it comes from, as the wording has it; ``case`` is the name of its row.

        >>> Quote("I waited six weeks.", "Ana", "l. 12–15", coders=("NS",)).cited()
        '“I waited six weeks.” [Ana, l. 12–15, NS]'
        """
        return "".join(text for _, text in self.pieces(wording, case=case))

    def origin(self, wording: Wording = AS_USUAL, *, case: str = "") -> str:
        """Return where the quote comes from, ``[Ana, l. 12–15, NS]``."""
        lines, page, time = self.lines, self.page, self.place if self.time is not None else ""
        return wording.origin(
            {
                "case": case,
                "source": self.source,
                "place": self.place,
                "lines": "" if lines is None else str(lines[0]) if lines[0] == lines[1] else f"{lines[0]}–{lines[1]}",
                "page": "" if page is None else str(page),
                "time": time,
                "coders": ", ".join(self.coders),
                "date": (self.date or "")[:10],
            }
        )

    def pieces(self, wording: Wording = AS_USUAL, *, case: str = "") -> list[Piece]:
        """Return the quote as ``cited`` has it in pieces, each with what it is; their texts joined are the quote."""
        origin = self.origin(wording, case=case)
        words = self.text.strip()
        if not words:
            said = [Piece("words", self.caption)] if self.caption else []
            return _joined(said, origin)
        shown = wording.shown(words)
        found = [Piece("between", "“"), Piece("words", shown), Piece("between", "”")]
        before, after = self.before.strip(), self.after.strip()
        if before:
            found[:0] = [Piece("before", f"(… {before}) ")]
        if after:
            found.append(Piece("after", f" ({after} …)"))
        return _joined(found, origin)


class Piece(NamedTuple):
    """A part of the text of a cell, and what it is."""

    kind: PieceKind
    text: str


class Cell(Struct):
    """What is known of one row under one column.

    Args:
        quotes: in the order that was asked for; empty where a matrix holds no quotes.
        summary: what people wrote here themselves.
        figures: each measure that was asked for, and what it is made from; percentages from 0 to 100, coders as their
            short names.
        codings: the GUIDs of all codings that the cell comes from, as the study has them.
    """

    quotes: list[Quote] = []
    summary: Summary | None = None
    figures: dict[Measure, Figure] = {}
    codings: tuple[str, ...] = ()

    def text(self, wording: Wording = AS_USUAL, *, case: str = "") -> str:
        """Return all words as text: the summary, then a paragraph for each quote, a blank line between them."""
        return "".join([text for _, text in self.pieces(wording, case=case)])

    def pieces(self, wording: Wording = AS_USUAL, *, case: str = "") -> Iterator[Piece]:
        """Give the text in pieces, each with what it is; joined they are the text."""
        summary = self.summary.text if self.summary is not None else ""
        if summary:
            yield Piece("summary", summary)
        if summary and self.quotes:
            yield Piece("line", f"\n{QUOTES_LINE}\n")
        for number, quote in enumerate(self.quotes):
            if number:
                yield Piece("between", _BETWEEN_QUOTES)
            yield from quote.pieces(wording, case=case)


class Field(NamedTuple):
    """One column of the matrix on paper: the words of a column, or one of its figures.

    ``column`` counts from 0; ``measure`` is ``None`` for the words; ``heading`` stands over it, below the theme.
    """

    column: int
    measure: Measure | None
    heading: str


class CodebookEntry(Struct, frozen=True):
    """A code of the study, whether it has a column or not; ``level`` 1 is a theme.

    ``files`` and ``references`` count what is coded with the code itself, each coding once.
    """

    guid: str
    path: tuple[str, ...]
    level: int
    description: str
    color: str | None
    is_codable: bool
    files: int
    references: int


class CaseEntry(Struct, frozen=True):
    """A case of the study, whether it has a row or not; ``attributes`` are those of ``case_attributes``."""

    guid: str
    label: str
    description: str
    attributes: tuple[Value | None, ...]
    sources: tuple[str, ...]
    references: int


class Matrix(Struct, kw_only=True):
    """A matrix.

    Args:
        name: the name of the study.
        row_kind: what a row is.
        kind: ``framework``; ``co-occurrence``, codes by codes; ``crosstab``, codes by the values of a variable.
        holds: what each cell holds, in this order; figures have columns of their own.
        wording: how quotes read.
        cells: (row, column), both counted from 0 → what is there; empty cells are left out.
        filters: what was left out on purpose, a sentence each.
        codebook, cases: of the whole study, for whoever wants to know what is behind the rows and columns.
        case_attributes: the variables that ``cases`` have values of, whether rows have them or not.
        findings: what the matrix could not take in.
    """

    name: str
    row_kind: RowKind
    kind: MatrixKind = "framework"
    holds: tuple[Content, ...] = ("quotes",)
    wording: Wording = AS_USUAL
    attributes: list[Attribute] = []
    columns: list[Column] = []
    rows: list[Row] = []
    cells: dict[tuple[int, int], Cell] = {}
    filters: list[str] = []
    codebook: list[CodebookEntry] = []
    cases: list[CaseEntry] = []
    case_attributes: list[Attribute] = []
    findings: list[Finding] = []

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The figures that each cell holds, in the order in which they were asked for."""
        return tuple(each for each in self.holds if each != "summary" and each != "quotes")

    @property
    def holds_words(self) -> bool:
        """Whether cells hold summaries or quotes."""
        return "summary" in self.holds or "quotes" in self.holds

    @property
    def holds_summaries(self) -> bool:
        """Whether people may write summaries into the cells and have them charted."""
        return "summary" in self.holds and self.row_kind in ("cases", "sources")

    def fields(self) -> list[Field]:
        """Return the columns on paper: for each column its words, if cells hold any, and then each of its figures."""
        measures, words = self.measures, self.holds_words
        alone = not words and len(measures) == 1
        found: list[Field] = []
        for number, column in enumerate(self.columns):
            if words:
                found.append(Field(number, None, column.heading))
            for measure in measures:
                heading = column.heading if alone else f"{column.heading}: {MEASURE_HEADINGS[measure].lower()}"
                found.append(Field(number, measure, heading))
        return found

    def value(self, row: int, field: Field) -> Value | float | None:
        """Return what stands in one column on paper: 0 where nothing is counted, ``None`` where nothing is known."""
        cell = self.cells.get((row, field.column))
        if field.measure is not None:
            nothing = 0 if field.measure in _ADDS_UP else None
            return nothing if cell is None else cell.figures.get(field.measure)
        return None if cell is None else self.text_of(row, cell)

    def text_of(self, row: int, cell: Cell) -> str:
        """Return the words of a cell of a row, as the matrix's wording has them."""
        return cell.text(self.wording, case=self.rows[row].label)

    def to_rows(self) -> list[list[Value | float | None]]:
        """Return the matrix as plain rows, the first two of them headings: themes, then codes.

        Every column is named in full, so a theme is repeated over each of its codes; empty cells are ``None``.
        """
        fields = self.fields()
        themes: list[Value | float | None] = ["", *("" for _ in self.attributes)]
        themes += [self.columns[field.column].theme for field in fields]
        headings: list[Value | float | None] = [
            ROW_HEADINGS[self.row_kind],
            *(attribute.name for attribute in self.attributes),
            *(field.heading for field in fields),
        ]
        body: list[list[Value | float | None]] = [
            [row.label, *row.attributes, *(self.value(number, field) for field in fields)]
            for number, row in enumerate(self.rows)
        ]
        return [themes, headings, *body]

    def to_pandas(self) -> pandas.DataFrame:
        """Return the matrix as a pandas frame, a row for each row; see ``matrix.frames``.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from qdabridge.matrix.frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """Return the matrix as a polars frame, a row for each row; see ``matrix.frames``.

        Raises:
            MissingExtra: polars is not installed.
        """
        from qdabridge.matrix.frames import to_polars

        return to_polars(self)


def _joined(words: list[Piece], origin: str) -> list[Piece]:
    if not origin:
        return words
    reference = Piece("reference", origin)
    return [*words, Piece("between", " "), reference] if words else [reference]
