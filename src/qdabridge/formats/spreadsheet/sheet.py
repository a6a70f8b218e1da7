"""One sheet of a workbook as XML, row by row. Source: ECMA-376 part 1, section 18.3.

It knows what a sheet is; what is in the cells, and what a matrix is, it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from qdabridge.formats.spreadsheet.styles import BANDED_NUMBER, RULED_NUMBER, Style, Styles

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_LINKS = 65_000
"""A sheet with more than 65,530 links is repaired by Excel (Excel specifications and limits)."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_A4, _A3 = 9, 8


class ColumnSetup(Struct, frozen=True):
    """A column: how wide it is, in characters; ``style`` is the look of cells that are still empty.

    Columns that are grouped can be folded away with one click.
    """

    width: float
    style: Style | None = None
    is_hidden: bool = False
    is_grouped: bool = False


class Choice(Struct, frozen=True):
    """Cells that take one of several texts, offered in a list; whoever types something else is told.

    Args:
        cells: the range.
        offered: the range that holds the texts, with its sheet, such as ``'Lists'!$B$1:$B$5``.
        told: what whoever types something else is told.
    """

    cells: str
    offered: str
    told: str


class Setup(Struct, frozen=True, kw_only=True):
    """All that is to be known of a sheet before its rows.

    Args:
        columns: from the left.
        frozen: how many rows and columns stay in sight.
        filtered: the range, headings included, that people filter and sort.
        without_button: columns of that range, from 0, that have no button to filter by.
        banded: the range with a tint on every other row and lines around cells, whatever is sorted or hidden.
        bars: a range of numbers with a bar in each cell.
        heat: ranges, separated by spaces, of numbers that are the darker the greater; each has a scale.
        graded: ranges, separated by spaces, of figures from 0 (red) to 1 (green).
        choices: cells that offer a list.
        title_rows, title_columns: the first and last that are printed on each page.
        color: of the tab, ``RRGGBB``.
        right_to_left: whether column A is on the right.
        portrait: whether pages stand upright; large_paper: whether they are A3.
    """

    columns: tuple[ColumnSetup, ...] = ()
    frozen: tuple[int, int] = (0, 0)
    filtered: str = ""
    without_button: tuple[int, ...] = ()
    banded: str = ""
    bars: str = ""
    heat: tuple[str, ...] = ()
    graded: str = ""
    choices: tuple[Choice, ...] = ()
    title_rows: tuple[int, int] | None = None
    title_columns: tuple[str, str] | None = None
    color: str = ""
    right_to_left: bool = False
    portrait: bool = False
    large_paper: bool = False


@cache
def letters(number: int) -> str:
    """Return the name of a column, counted from 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


class Sheet:
    """A sheet in the making."""

    def __init__(self, write: Callable[[str], None], setup: Setup, styles: Styles, *, is_selected: bool) -> None:
        self._write = write
        self._setup = setup
        self._letters = [letters(number) for number in range(len(setup.columns))]
        self._links: list[str] = []
        self.links_refused = 0
        """How many links there was no room for."""
        write(_beginning(setup, styles, is_selected=is_selected))

    def row(self, number: int, cells: Iterable[str], *, height: float | None = None, is_hidden: bool = False) -> None:
        """Write a row.

        Args:
            number: from 1; greater than the one before.
            cells: as ``Cells`` makes them, from column A on; an empty one is "".
            height: in points. It is where a spreadsheet program begins: rows grow when people write into them.
        """
        high = f' ht="{height:g}"' if height is not None else ""
        hidden = ' hidden="1"' if is_hidden else ""
        filled = [f'<c r="{letter}{number}"{cell}' for letter, cell in zip(self._letters, cells, strict=False) if cell]
        self._write(f'<row r="{number}"{high}{hidden}>{"".join(filled)}</row>')

    def link(self, place: str, target: str) -> None:
        """Let a cell, or all of a range, lead to another place in the workbook, such as ``'Quotes'!A7``."""
        if len(self._links) >= MOST_LINKS:
            self.links_refused += 1
            return
        self._links.append(f'<hyperlink ref="{place}" location={quoteattr(target)}/>')

    def finish(self) -> None:
        """Write what follows the rows."""
        setup, write = self._setup, self._write
        write("</sheetData>")
        if setup.filtered:
            no_button = "".join(f'<filterColumn colId="{each}" hiddenButton="1"/>' for each in setup.without_button)
            write(f'<autoFilter ref="{setup.filtered}">{no_button}</autoFilter>')
        if setup.bars:
            write(
                f'<conditionalFormatting sqref="{setup.bars}"><cfRule type="dataBar" priority="1"><dataBar>'
                '<cfvo type="num" val="0"/><cfvo type="max"/><color rgb="FFC9D8EA"/></dataBar></cfRule>'
                "</conditionalFormatting>"
            )
        for number, range_ in enumerate(setup.heat, 2):
            write(
                f'<conditionalFormatting sqref="{range_}"><cfRule type="colorScale" priority="{number}"><colorScale>'
                '<cfvo type="num" val="0"/><cfvo type="max"/><color rgb="FFFFFFFF"/><color rgb="FF6FA8D6"/>'
                "</colorScale></cfRule></conditionalFormatting>"
            )
        if setup.graded:
            write(
                f'<conditionalFormatting sqref="{setup.graded}"><cfRule type="colorScale" priority="97"><colorScale>'
                '<cfvo type="num" val="0"/><cfvo type="num" val="0.5"/><cfvo type="num" val="1"/>'
                '<color rgb="FFE8A39A"/><color rgb="FFFBF1CC"/><color rgb="FF9CCFA6"/>'
                "</colorScale></cfRule></conditionalFormatting>"
            )
        if setup.banded:
            write(
                f'<conditionalFormatting sqref="{setup.banded}">'
                f'<cfRule type="expression" dxfId="{BANDED_NUMBER}" priority="98">'
                "<formula>MOD(ROW(),2)=1</formula></cfRule>"
                f'<cfRule type="expression" dxfId="{RULED_NUMBER}" priority="99"><formula>TRUE</formula></cfRule>'
                "</conditionalFormatting>"
            )
        if setup.choices:
            offered = "".join(map(_choice, setup.choices))
            write(f'<dataValidations count="{len(setup.choices)}">{offered}</dataValidations>')
        if self._links:
            write(f"<hyperlinks>{''.join(self._links)}</hyperlinks>")
        write('<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.7" header="0.3" footer="0.3"/>')
        orientation = "portrait" if setup.portrait else "landscape"
        paper = _A3 if setup.large_paper else _A4
        write(
            f'<pageSetup paperSize="{paper}" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;L&amp;8&amp;A&amp;R&amp;8&amp;P / &amp;N</oddFooter>"
            "</headerFooter></worksheet>"
        )


def _beginning(setup: Setup, styles: Styles, *, is_selected: bool) -> str:
    tab = f'<tabColor rgb="FF{setup.color}"/>' if setup.color else ""
    turned = ' rightToLeft="1"' if setup.right_to_left else ""
    selected = ' tabSelected="1"' if is_selected else ""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{column.width:g}" customWidth="1"'
        f"{f' style={chr(34)}{styles.number(column.style)}{chr(34)}' if column.style is not None else ''}"
        f"{_HIDDEN if column.is_hidden else ''}{_GROUPED if column.is_grouped else ''}/>"
        for number, column in enumerate(setup.columns, 1)
    )
    outlined = ' outlineLevelCol="1"' if any(column.is_grouped for column in setup.columns) else ""
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr>{tab}<outlinePr summaryRight="0"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0"{turned}{selected} workbookViewId="0">'
        f"{_pane(*setup.frozen)}</sheetView></sheetViews>"
        f'<sheetFormatPr defaultRowHeight="15"{outlined}/>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _choice(choice: Choice) -> str:
    return (
        '<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="Not in the list" '
        f'error={quoteattr(choice.told)} sqref="{choice.cells}"><formula1>{escape(choice.offered)}</formula1>'
        "</dataValidation>"
    )


_HIDDEN = ' hidden="1"'
_GROUPED = ' outlineLevel="1"'


def _pane(rows: int, columns: int) -> str:
    if not rows and not columns:
        return ""
    active = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    split = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
    cell = f"{letters(columns)}{rows + 1}"
    return (
        f'<pane{split} topLeftCell="{cell}" activePane="{active}" state="frozen"/>'
        f'<selection pane="{active}" activeCell="{cell}" sqref="{cell}"/>'
    )
