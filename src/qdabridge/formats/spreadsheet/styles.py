"""How cells look, and the part of a workbook that lists it: each look once, cells name it by number.

Source: ECMA-376 part 1, section 18.8. This module knows nothing of what is in the cells.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

FONT = "Calibri"
SIZE = 10.0
QUIET = "5F6B7A"
"""The ink of what is there to be looked up, not to be read first: references, notes, hints."""
SOFT = "3F4A57"
LINK = "1F5FA8"
LINES = "D5DAE0"
BAND = "F5F7FA"

_FIRST_OWN_FORMAT = 164
_USUAL_SIZE = 11.0  # Widths of columns are counted in digits of it.


class Style(NamedTuple):
    """What makes one cell look other than another; colours are ``RRGGBB``, empty for the usual ones.

    Args:
        fill, ink: of the cell and of its text.
        wrap: whether long text goes on in the next line.
        across: whether it is centred between left and right.
        to_the_right: whether it stands on the right, with a little room behind it.
        low, middle: whether it stands at the bottom, or half way up; else at the top.
        prefixed: whether a spreadsheet must not take the text for a formula when somebody edits it.
        rotated: whether the text runs upwards.
    """

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    size: float = SIZE
    ink: str = ""
    fill: str = ""
    boxed: bool = False
    wrap: bool = True
    across: bool = False
    to_the_right: bool = False
    low: bool = False
    middle: bool = False
    indent: int = 0
    rotated: bool = False
    number_format: str = ""
    right_to_left: bool = False
    prefixed: bool = False


PLAIN = Style()


class Styles:
    """The looks of a workbook."""

    def __init__(self) -> None:
        self._numbers: dict[Style, int] = {Style(size=_USUAL_SIZE, wrap=False, low=True): 0}

    def number(self, style: Style) -> int:
        """Return the number by which cells name a look."""
        number = self._numbers.get(style)
        if number is None:
            number = self._numbers[style] = len(self._numbers)
        return number

    def xml(self) -> str:
        """Return the part of the workbook."""
        fonts, fills, borders, formats = _Listed(), _Listed(), _Listed(), _Listed()
        fills.number(_NO_FILL)
        # The standard keeps the first two fills for itself.
        fills.number('<fill><patternFill patternType="gray125"/></fill>')
        borders.number(_border(boxed=False))
        looks = []
        for style in self._numbers:
            number = _FIRST_OWN_FORMAT + formats.number(style.number_format) if style.number_format else 0
            looks.append(
                f'<xf numFmtId="{number}" fontId="{fonts.number(_font(style))}" fillId="{fills.number(_fill(style))}" '
                f'borderId="{borders.number(_border(boxed=style.boxed))}" xfId="0" applyNumberFormat="1" applyFont="1" '
                f'applyFill="1" applyBorder="1" applyAlignment="1"{_PREFIXED if style.prefixed else ""}>'
                f"{_alignment(style)}</xf>"
            )
        numbered = [
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
            for number, code in enumerate(formats.all(), _FIRST_OWN_FORMAT)
        ]
        return (
            '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + (_counted("numFmts", numbered) if numbered else "")
            + _counted("fonts", fonts.all())
            + _counted("fills", fills.all())
            + _counted("borders", borders.all())
            + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            + _counted("cellXfs", looks)
            + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            + f'<dxfs count="2">{_BANDED}{_RULED}</dxfs></styleSheet>'
        )


RULED_NUMBER, BANDED_NUMBER = 1, 0
"""The numbers of the two looks that a rule gives to whole tables: every other row tinted, and lines between rows."""

_NO_FILL = '<fill><patternFill patternType="none"/></fill>'
_PREFIXED = ' quotePrefix="1"'
_SIDES = "".join(f'<{side} style="thin"><color rgb="FF{LINES}"/></{side}>' for side in ("left", "right"))
_ENDS = "".join(f'<{side} style="thin"><color rgb="FF{LINES}"/></{side}>' for side in ("top", "bottom"))
_RULES = f"<border>{_SIDES}{_ENDS}</border>"
# LibreOffice follows the first rule that holds and no other, so the tint brings the lines along.
_BANDED = (
    f'<dxf><fill><patternFill patternType="solid"><fgColor rgb="FF{BAND}"/><bgColor rgb="FF{BAND}"/>'
    f"</patternFill></fill>{_RULES}</dxf>"
)
_RULED = f"<dxf>{_RULES}</dxf>"


class _Listed:
    """Things that are listed once and named by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, thing: str) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def all(self) -> list[str]:
        return list(self._numbers)


def _counted(name: str, things: list[str]) -> str:
    return f'<{name} count="{len(things)}">{"".join(things)}</{name}>'


def _font(style: Style) -> str:
    marks = f"{'<b/>' if style.bold else ''}{'<i/>' if style.italic else ''}{'<u/>' if style.underlined else ''}"
    ink = f'<color rgb="FF{style.ink}"/>' if style.ink else ""
    return f'<font>{marks}<sz val="{style.size:g}"/>{ink}<name val="{FONT}"/><family val="2"/></font>'


def _fill(style: Style) -> str:
    if not style.fill:
        return _NO_FILL
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{style.fill}"/></patternFill></fill>'


def _border(*, boxed: bool) -> str:
    return f"<border>{_SIDES}{_ENDS}<diagonal/></border>" if boxed else "<border/>"


def _alignment(style: Style) -> str:
    said = "" if style.low else f' vertical="{"center" if style.middle else "top"}"'
    if style.across:
        said += ' horizontal="center"'
    elif style.to_the_right:
        said += ' horizontal="right" indent="1"'
    elif style.right_to_left:
        said += ' horizontal="right"'
    elif style.indent:
        said += ' horizontal="left"'
    said += f' indent="{style.indent}"' if style.indent else ""
    said += ' wrapText="1"' if style.wrap else ""
    said += ' readingOrder="2"' if style.right_to_left else ""
    said += ' textRotation="90"' if style.rotated else ""
    return f"<alignment{said}/>"
