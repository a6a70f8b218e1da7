"""A matrix as one web page: no other files, no scripts, nothing from elsewhere.

A table that is too wide for landscape paper is printed row by row, each with a list of what it holds.

Every name and every word is escaped, colours are taken only where they are written as colours, and the page forbids
itself to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.tables.presenting import TITLES, Shown, Text, cell_at, color_of, is_number, shown
from qdabridge.matrix.direction import runs_right_to_left
from qdabridge.matrix.grid import QUOTES_LINE, ROW_HEADINGS, Cell, Field, Matrix, Quote
from qdabridge.safety import writing
from qdabridge.study.lookup import PATH_SEPARATOR

_STYLE = """
:root { color-scheme: light; }
body { margin: 1.5rem; color: #1c1c1c; background: #fff; }
body { font: 14px/1.45 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { margin: 0 0 .3rem; font-size: 1.4rem; }
p.about, ul.filters { margin: 0 0 1rem; color: #555; }
div.scroll { overflow: auto; max-height: 88vh; border: 1px solid #bbb; }
table { border-collapse: separate; border-spacing: 0; }
th, td { padding: .4rem .55rem; border: 0 solid #ccc; border-width: 0 1px 1px 0; }
th, td { vertical-align: top; text-align: start; }
th { background: #eef1f4; }
thead { position: sticky; top: 0; z-index: 2; }
thead th { border-bottom: 4px solid #ccc; }
tbody th, thead th.row { position: sticky; inset-inline-start: 0; z-index: 1; background: #f7f8fa; }
tbody tr:nth-child(even) td { background: #fafbfc; }
td.words { min-width: 16rem; max-width: 34rem; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
td p { margin: 0 0 .55rem; white-space: pre-wrap; overflow-wrap: anywhere; }
td p:last-child { margin-bottom: 0; }
p.summary { font-weight: 500; }
hr { border: 0; border-top: 1px dotted #888; }
cite { color: #555; white-space: normal; }
span.around { color: #777; }
@media print {
  @page { size: landscape; margin: 12mm; }
  body { margin: 0; font-size: 8pt; }
  div.scroll { overflow: visible; max-height: none; border-width: 1px 0 0 1px; }
  div.scroll:has(.wide) { border: 0; }
  thead, tbody th, thead th.row { position: static; }
  thead { display: table-header-group; }
  th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  td.words { min-width: 0; max-width: none; }
  .wide, .wide tbody, .wide tr, .wide tbody th, .wide td { display: block; border: 0; padding: 0; background: none; }
  .wide thead, .wide td.empty { display: none; }
  .wide tbody th { margin: 1.2rem 0 .3rem; border-bottom: 1px solid #888; font-size: 1.3em; break-after: avoid; }
  .wide td, .wide td.words, .wide td.number { margin: 0 0 .4rem; max-width: 60rem; text-align: start; }
  .wide td::before { content: attr(data-heading) "  "; color: #333; font-weight: bold; }
}
"""

_COLUMNS_ACROSS_A_PAGE = 8
_NUMBERS_ACROSS_A_PAGE = 16


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a matrix as an HTML page.

    Returns:
        What the matrix itself could not take in, and what the page cannot hold.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    page = _Page(matrix)
    with writing(path, overwrite=overwrite) as stream:
        for line in page.lines():
            stream.write(f"{line}\n".encode())
    return [*matrix.findings, *page.text.findings()]


class _Page:
    def __init__(self, matrix: Matrix) -> None:
        self.text = Text()
        self._matrix = matrix
        self._fields = matrix.fields()

    def lines(self) -> Iterator[str]:
        matrix = self._matrix
        title = f"{TITLES[matrix.kind]}: {matrix.name}"
        yield "<!DOCTYPE html>"
        yield '<html lang="en"><head><meta charset="utf-8">'
        yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{self._escaped(title)}</title><style>{_STYLE}</style></head><body>"
        yield f'<h1 dir="auto">{self._escaped(title)}</h1>'
        yield f'<p class="about">{len(matrix.rows):,} rows, {len(matrix.columns):,} columns</p>'
        if matrix.filters:
            yield f'<ul class="filters">{"".join(f"<li>{self._escaped(each)}</li>" for each in matrix.filters)}</ul>'
        yield f'<div class="scroll"{self._turned()}><table{self._wide()}><thead>'
        yield from self._headings()
        yield "</thead><tbody>"
        for number in range(len(matrix.rows)):
            yield self._row(number)
        yield "</tbody></table></div></body></html>"

    def _wide(self) -> str:
        """Return the class of a table too wide for paper: there each row is printed as a list of what it holds."""
        across = len(self._matrix.attributes) + len(self._fields)
        most = _COLUMNS_ACROSS_A_PAGE if self._matrix.holds_words else _NUMBERS_ACROSS_A_PAGE
        return ' class="wide"' if across > most else ""

    def _turned(self) -> str:
        """Return what makes a table begin on the right, where cases and codes are named in Hebrew, Arabic …"""
        return ' dir="rtl"' if runs_right_to_left(self._matrix) else ""

    def _headings(self) -> Iterator[str]:
        """The heading rows: themes over codes; a code without a theme of its own stands over both."""
        columns = self._matrix.columns
        first = f'<th class="row" rowspan="2" scope="col">{ROW_HEADINGS[self._matrix.row_kind]}</th>'
        first += "".join(
            f'<th rowspan="2" scope="col" dir="auto">{self._escaped(each.name)}</th>'
            for each in self._matrix.attributes
        )
        above, below = [], []
        for _, group in groupby(self._fields, lambda field: columns[field.column].theme_guid):
            fields = list(group)
            theme = columns[fields[0].column]
            if len(fields) == 1 and len(theme.path) == 1:
                above.append(self._heading(fields[0].heading, theme.color, 'rowspan="2" scope="col"'))
                continue
            above.append(self._heading(theme.theme, theme.theme_color, f'colspan="{len(fields)}" scope="colgroup"'))
            below += [self._heading(each.heading, columns[each.column].color, 'scope="col"') for each in fields]
        yield f"<tr>{first}{''.join(above)}</tr>"
        yield f"<tr>{''.join(below)}</tr>"

    def _heading(self, text: str, color: str | None, attributes: str) -> str:
        known = color_of(color)
        style = f' style="border-bottom-color: {known}"' if known else ""
        return f'<th {attributes} dir="auto"{style}>{self._escaped(text)}</th>'

    def _row(self, number: int) -> str:
        row = self._matrix.rows[number]
        cells = [f'<th scope="row" dir="auto">{self._escaped(row.label)}</th>']
        for attribute, value in zip(self._matrix.attributes, row.attributes, strict=True):
            cells.append(self._value(value, row.label, attribute.name))
        cells += [self._cell(number, field) for field in self._fields]
        return f"<tr>{''.join(cells)}</tr>"

    def _value(self, value: Shown, where: str, heading: str) -> str:
        kind = ' class="number"' if is_number(value) else ' dir="auto"'
        if value in (None, "", 0) and not isinstance(value, bool):
            kind = ' class="number empty"' if is_number(value) else ' class="empty"'
        return f'<td{kind} data-heading="{self._escaped(heading)}">{self._escaped(shown(value), where)}</td>'

    def _cell(self, row: int, field: Field) -> str:
        label = self._matrix.rows[row].label
        path = self._matrix.columns[field.column].path
        heading = field.heading if len(path) == 1 else f"{path[0]}{PATH_SEPARATOR}{field.heading}"
        if field.measure is not None:
            return self._value(self._matrix.value(row, field), label, heading)
        cell = cell_at(self._matrix, row, field)
        if cell is None:
            return '<td class="words empty"></td>'
        return f'<td class="words" data-heading="{self._escaped(heading)}">{self._words(cell, label)}</td>'

    def _words(self, cell: Cell, label: str) -> str:
        said = []
        if cell.summary is not None and cell.summary.text:
            said.append(f'<p class="summary" dir="auto">{self._escaped(cell.summary.text, label)}</p>')
            said += [f'<hr title="{escape(QUOTES_LINE)}">'] if cell.quotes else []
        return "".join([*said, *(self._quote(quote, label) for quote in cell.quotes)])

    def _quote(self, quote: Quote, label: str) -> str:
        said = []
        for piece in quote.pieces(self._matrix.wording, case=label):
            text = self._escaped(piece.text, label)
            if piece.kind == "reference":
                text = f"<cite>{text}</cite>"
            elif piece.kind in ("before", "after"):
                text = f'<span class="around">{text}</span>'
            said.append(text)
        return f'<p dir="auto">{"".join(said)}</p>'

    def _escaped(self, text: str, where: str = "") -> str:
        return escape(self.text.fit(text, where))
