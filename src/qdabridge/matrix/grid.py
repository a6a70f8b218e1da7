"""What a framework matrix is: rows, columns, and in each cell the quotes that were coded there.

Plain typed data that knows neither the study it was made from, except by GUIDs, nor any spreadsheet. The method is
Ritchie and Spencer's: cases down, themes across.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.findings import Finding
from qdabridge.study.lookup import PATH_SEPARATOR
from qdabridge.study.overlap import Span
from qdabridge.study.values import Value

RowKind: TypeAlias = Literal["cases", "sources"]

ROW_HEADINGS: dict[RowKind, str] = {"cases": "Case", "sources": "Source"}


class Attribute(Struct, frozen=True):
    """A variable that has a column of its own; ``type_of_variable`` is the standard's word, such as ``Integer``."""

    guid: str
    name: str
    type_of_variable: str


class Column(Struct, frozen=True):
    """A code.

    Args:
        guid: the code's GUID, as the study has it.
        path: the names from the theme down to the code.
        color: the code's colour, ``#rgb`` or ``#rrggbb``.
        theme_guid, theme_color: of the theme, the first level, which may be the code itself.
    """

    guid: str
    path: tuple[str, ...]
    color: str | None
    theme_guid: str
    theme_color: str | None

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
    """A case or a source.

    Args:
        guid: its GUID, as the study has it.
        label: its name; where it has none, one that tells it from the others.
        attributes: its values, in the order of the matrix's attributes; several of one variable joined by ``; ``.
    """

    guid: str
    label: str
    attributes: tuple[Value | None, ...] = ()


class Quote(Struct, frozen=True, gc=False):
    """What one or more people coded at one place.

    Args:
        text: the words, exactly as stored; empty where the place is not made of words.
        source: the name of the source.
        place: where in it, for people: ``l. 12–15``, ``p. 2, area 10,20–200,300``, ``0:12–0:34``, ``whole source``.
        lines: the first and last line, counted from 1, where it is in a text.
        coders: short names of those who coded it.
        codings: the GUIDs of the codings it comes from, as the study has them.
        source_guid: the GUID of the source; empty where a case itself is coded.
        caption: how the coder named or described a place without words.
    """

    text: str
    source: str
    place: str
    lines: Span | None = None
    coders: tuple[str, ...] = ()
    codings: tuple[str, ...] = ()
    source_guid: str = ""
    caption: str = ""

    def cited(self) -> str:
        """Return the quote with where it comes from.

        >>> Quote("I waited six weeks.", "Ana", "l. 12–15", coders=("NS",)).cited()
        '“I waited six weeks.” [Ana, l. 12–15, NS]'
        """
        origin = f"[{', '.join(part for part in (self.source, self.place, *self.coders) if part)}]"
        words = self.text.strip()
        if words:
            return f"“{words}” {origin}"
        return f"{self.caption} {origin}" if self.caption else origin


class Cell(Struct):
    """What is known of one row under one code; the quotes stand in the order of sources and places."""

    quotes: list[Quote] = []

    def text(self) -> str:
        """Return everything as text: a paragraph for each quote, a blank line between them."""
        return "\n\n".join([quote.cited() for quote in self.quotes])


class Matrix(Struct, kw_only=True):
    """A framework matrix.

    Args:
        name: the name of the study.
        row_kind: what a row is.
        cells: (row, column), both counted from 0 → what is there; empty cells are left out.
        findings: what the matrix could not take in.
    """

    name: str
    row_kind: RowKind
    attributes: list[Attribute] = []
    columns: list[Column] = []
    rows: list[Row] = []
    cells: dict[tuple[int, int], Cell] = {}
    findings: list[Finding] = []

    def to_rows(self) -> list[list[Value | None]]:
        """Return the matrix as plain rows, the first two of them headings: themes, then codes.

        Every column is named in full, so a theme is repeated over each of its codes; empty cells are ``None``.
        """
        themes: list[Value | None] = ["", *("" for _ in self.attributes), *(column.theme for column in self.columns)]
        headings: list[Value | None] = [
            ROW_HEADINGS[self.row_kind],
            *(attribute.name for attribute in self.attributes),
            *(column.heading for column in self.columns),
        ]
        body: list[list[Value | None]] = []
        for number, row in enumerate(self.rows):
            found = (self.cells.get((number, column)) for column in range(len(self.columns)))
            body.append([row.label, *row.attributes, *(cell.text() if cell is not None else None for cell in found)])
        return [themes, headings, *body]
