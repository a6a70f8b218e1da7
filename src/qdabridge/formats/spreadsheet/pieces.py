"""What a layout reads out of a table: quotes, cases, codes and summaries, by name and not yet a study.

Names are as the table has them. A code is named by its path from the top, one name a level. It knows neither layouts
nor the model.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, field

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.sheets import Cell

CodePath: TypeAlias = tuple[str, ...]


class Coded(Struct, kw_only=True):
    """A passage with the codes on it; the same passage may come again with other codes or by another coder.

    Args:
        at: where it stands in the table, for people (``sheet.place(…)``).
        source: the name of the source, without folders; empty where the table does not say.
        folder: the folders or document group that the source is in.
        quote: the words of the passage; ``None`` where the table does not have them, as for a part of a picture.
        codes: the codes on it; none for a passage that is only marked or remarked upon.
        coder: who coded it, as the table has it.
        date: when it was coded, as the cell holds it; text is understood later, in one way for the whole table.
        name: what the passage is called, where it has a name of its own.
        memo: what was written about it; empty where nothing was.
        case: the case it belongs to, where the table says so.
        start: the first character (code points from 0) in the source, where the table has true positions.
        end: the end, exclusive.
        paragraphs: first and last paragraph, counted from 1, where the table has these; helps to find the passage.
        number: the number that the passage has in its program; tells passages with the same words apart.
    """

    at: str
    source: str
    folder: str = ""
    quote: str | None = None
    codes: tuple[CodePath, ...] = ()
    coder: str = ""
    date: Cell = None
    name: str = ""
    memo: str = ""
    case: str = ""
    start: int | None = None
    end: int | None = None
    paragraphs: tuple[int, int] | None = None
    number: str = ""


class CaseRow(Struct, kw_only=True):
    """A case (participant, unit) and the values of its attributes.

    Args:
        at: where it stands.
        name: the case.
        values: attribute → value as the cell holds it; empty cells may be left out or be ``None``.
        sources: the sources that are the case's, by name; one of the case's own name is its own without being named.
        description: what was written about it.
        codes: the codes that it is coded with as a whole.
    """

    at: str
    name: str
    values: dict[str, Cell] = {}
    sources: tuple[str, ...] = ()
    description: str = ""
    codes: tuple[CodePath, ...] = ()


class SourceRow(Struct, kw_only=True):
    """A source and the values of its attributes, where the table is about sources.

    Args:
        at: where it stands.
        name: the source, without folders.
        folder: the folders or document group that it is in.
        values: attribute → value as the cell holds it.
        memo: what was written about it.
    """

    at: str
    name: str
    folder: str = ""
    values: dict[str, Cell] = {}
    memo: str = ""


class CodeRow(Struct, kw_only=True):
    """A code of a codebook. Codes above it need no row of their own.

    Args:
        at: where it stands.
        path: its names from the top.
        description: its definition or memo; empty where there is none.
        color: as ``#rrggbb``; empty where there is none.
        is_codable: whether passages can be coded with it; false for folders and categories.
        groups: the code groups that it is in; each becomes a set.
    """

    at: str
    path: CodePath
    description: str = ""
    color: str = ""
    is_codable: bool = True
    groups: tuple[str, ...] = ()


class Charted(Struct, kw_only=True):
    """The summary in one cell of a framework matrix.

    Args:
        at: where it stands.
        case: the row: a case, or a source where ``of_source``.
        code: the column.
        text: the words, without what the program puts around them; never empty.
        of_source: whether the row is a source (a document) and not a case.
    """

    at: str
    case: str
    code: CodePath
    text: str
    of_source: bool = False


class Pieces(Struct, kw_only=True):
    """All that a layout read. Order counts: codes, cases and sources of the study come in the order of their rows.

    Args:
        coded: passages.
        cases: cases with attributes.
        sources: sources with attributes.
        codes: codes of a codebook or over the columns of a matrix.
        charted: summaries.
        attributes: attributes in the order of their columns, those without any value too.
        found: what the table has and a study cannot carry (``loss``), and what was odd; see ``lost``.
    """

    coded: list[Coded] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    sources: list[SourceRow] = field(default_factory=list)
    codes: list[CodeRow] = field(default_factory=list)
    charted: list[Charted] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    found: Findings = field(default_factory=Findings)

    def lost(self, what: str, where: str = "", hint: str = "") -> None:
        """Say of something in the table that a study does not carry it.

        Args:
            what: one sentence in the user's words, the same for all places, such as “The weight of a coded segment is
                not carried.”
            where: the column or the cell.
            hint: what to do about it.
        """
        self.found.add(Finding("TABLE-NOT-CARRIED", "note", what, where, hint, kind="loss"))

    def odd(self, what: str, where: str = "", hint: str = "") -> None:
        """Say of something in the table that somebody should look at it; worded as for ``lost``."""
        self.found.add(Finding("TABLE-ODD", "warning", what, where, hint))
