"""A matrix as a Word document: for each theme a heading and a table, on landscape pages, with headings on every page.

Tables have a few columns only, so that they can be read; a theme with more has several, one after the other. What is
in Hebrew, Arabic and the like runs from right to left: text by text, and the tables where cases and codes are named so.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from qdabridge.findings import Finding
from qdabridge.formats.tables.presenting import TITLES, Text, by_theme, cell_at, color_of, is_number, shown
from qdabridge.matrix.direction import is_right_to_left, runs_right_to_left
from qdabridge.matrix.grid import ROW_HEADINGS, Field, Matrix, Piece
from qdabridge.safety import writing

COLUMNS_ON_A_PAGE = 5
"""How many columns stand beside the names of the rows."""

_NAMES = 0.16
_GREY = "E8E8E8"
_POINTS = 9


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a matrix as .docx.

    Returns:
        What the matrix itself could not take in, and what the document cannot hold.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    document = _Document(matrix)
    with writing(path, overwrite=overwrite) as stream:
        document.fill()
        document.save(stream)
    return [*matrix.findings, *document.text.findings()]


class _Document:
    """A document in the making."""

    def __init__(self, matrix: Matrix) -> None:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm, Pt

        self.text = Text()
        self._matrix = matrix
        self._right_to_left = runs_right_to_left(matrix)
        self._document = Document()
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
        self._width = section.page_width - section.left_margin - section.right_margin
        style = self._document.styles["Normal"]
        style.font.size = Pt(_POINTS)
        style.paragraph_format.space_after = Pt(3)
        properties = self._document.core_properties
        properties.title = self.text.fit(matrix.name)[:255]
        properties.author = "qdabridge"
        properties.comments = ""

    def save(self, stream: Any) -> None:
        self._document.save(stream)

    def fill(self) -> None:
        matrix = self._matrix
        self._heading(f"{TITLES[matrix.kind]}: {matrix.name}", level=1)
        for sentence in matrix.filters:
            self._document.add_paragraph(self.text.fit(sentence))
        if matrix.attributes:
            self._heading("Attributes", level=2)
            for start in range(0, len(matrix.attributes), COLUMNS_ON_A_PAGE):
                if start:
                    # Tables with nothing between them become one in Word.
                    self._document.add_paragraph()
                self._attributes(start, start + COLUMNS_ON_A_PAGE)
        for theme, fields in by_theme(matrix, COLUMNS_ON_A_PAGE):
            self._heading(theme, level=2)
            self._theme(fields)

    def _heading(self, text: str, *, level: int) -> None:
        fit = self.text.fit(text)
        _direct(self._document.add_heading(fit, level=level), fit)

    # --- tables -------------------------------------------------------------------------------------------------------

    def _attributes(self, start: int, end: int) -> None:
        attributes = self._matrix.attributes[start:end]
        table = self._table([(each.name, None) for each in attributes])
        for row in self._matrix.rows:
            first, *others = table.add_row().cells
            self._write_label(first, row.label)
            for cell, value in zip(others, row.attributes[start:end], strict=True):
                self._write(cell, shown(value), row.label, right=is_number(value))

    def _theme(self, fields: list[Field]) -> None:
        columns = self._matrix.columns
        table = self._table([(field.heading, columns[field.column].color) for field in fields])
        for number, row in enumerate(self._matrix.rows):
            first, *others = table.add_row().cells
            self._write_label(first, row.label)
            for cell, field in zip(others, fields, strict=True):
                there = cell_at(self._matrix, number, field)
                if there is not None:
                    self._write_pieces(cell, list(there.pieces(self._matrix.wording, case=row.label)), row.label)
                elif field.measure is not None:
                    value = self._matrix.value(number, field)
                    self._write(cell, shown(value), row.label, right=is_number(value))

    def _table(self, headings: list[tuple[str, str | None]]) -> Any:
        """Return a table with its headings, which Word repeats on every page."""
        from docx.enum.table import WD_TABLE_DIRECTION

        table = self._document.add_table(rows=1, cols=1 + len(headings))
        table.style = "Table Grid"
        table.autofit = False
        if self._right_to_left:
            table.table_direction = WD_TABLE_DIRECTION.RTL
        names = int(self._width * _NAMES)
        widths = [names, *[(self._width - names) // len(headings)] * len(headings)]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        row = table.rows[0]
        _repeat(row)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
        for cell, (text, color) in zip(
            row.cells, [(ROW_HEADINGS[self._matrix.row_kind], None), *headings], strict=True
        ):
            self._write(cell, text, "headings", bold=True)
            _shade(cell, color_of(color))
        return table

    # --- cells --------------------------------------------------------------------------------------------------------

    def _write_label(self, cell: Any, label: str) -> None:
        self._write(cell, label, label, bold=True)

    def _write(self, cell: Any, text: str, where: str, *, bold: bool = False, right: bool = False) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = cell.paragraphs[0]
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if text:
            _add(paragraph, self.text.fit(text, where), bold=bold)
            _direct(paragraph, text)

    def _write_pieces(self, cell: Any, pieces: list[Piece], where: str) -> None:
        """Write the words of a cell, a paragraph for each blank line."""
        paragraph, said = cell.paragraphs[0], ""
        # Pieces that look alike are one run: runs are what makes a document slow to write and to open.
        for (bold, italic), alike in groupby(pieces, _look):
            whole = self.text.fit("".join(piece.text for piece in alike), where)
            for number, text in enumerate(whole.split("\n\n")):
                if number:
                    _direct(paragraph, said)
                    paragraph, said = cell.add_paragraph(), ""
                if text:
                    _add(paragraph, text, bold=bold, italic=italic)
                    said += text
        _direct(paragraph, said)


def _add(paragraph: Any, text: str, *, bold: bool = False, italic: bool = False) -> None:
    """Add text to a paragraph; Word keeps the looks of text that runs from right to left apart from those of other."""
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if is_right_to_left(text):
        run.font.rtl, run.font.cs_bold, run.font.cs_italic = True, bold or None, italic or None


def _direct(paragraph: Any, text: str) -> None:
    """Let a paragraph begin on the right if its text does."""
    if is_right_to_left(text):
        from docx.oxml import OxmlElement

        # Nothing but a style can be there, which the schema wants before it: numbers, which are aligned, are no text.
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))


def _look(piece: Piece) -> tuple[bool, bool]:
    """Tell whether a piece is bold, and whether it is italic."""
    return piece.kind == "summary", piece.kind in ("reference", "before", "after")


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _shade(cell: Any, color: str | None) -> None:
    """Give a heading a grey ground, and a line of the code's colour under it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    if color is not None:
        borders, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
        digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
        for name, value in (("w:val", "single"), ("w:sz", "24"), ("w:color", digits.upper())):
            line.set(qn(name), value)
        borders.append(line)
        properties.append(borders)
    ground = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _GREY)):
        ground.set(qn(name), value)
    properties.append(ground)
