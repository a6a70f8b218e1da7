"""Cells as XML that hold exactly what they are given: text stays text, numbers numbers, dates dates.

What a cell cannot hold is said, and kept for a sheet of its own. A cell is the XML behind its address, so that one that
stands in many rows is made once. Source: ECMA-376 part 1, section 18.3.1.4. Of matrices this module knows only what
kinds of words stand in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet import cell_text
from qdabridge.formats.spreadsheet.styles import FONT, QUIET, SIZE, SOFT, Style, Styles
from qdabridge.matrix import Piece
from qdabridge.matrix.direction import is_right_to_left
from qdabridge.study.values import Value

CONTINUED_SHEET = "Continued"

_EXACT_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900.
_DAY_ZERO = date(1899, 12, 30)
_SECONDS = 86_400


def run_look(ink: str, marks: str = "") -> str:
    """Return how a piece of a text looks: its ink, and marks such as ``<b/>``."""
    return f'<rPr>{marks}<sz val="{SIZE:g}"/><color rgb="FF{ink}"/><rFont val="{FONT}"/><family val="2"/></rPr>'


_QUIETLY = run_look(QUIET)
_ASIDE = run_look(QUIET, "<i/>")
_SOFTLY = run_look(SOFT)
_LOOKS = {"line": _QUIETLY, "before": _QUIETLY, "after": _QUIETLY, "reference": _ASIDE}
"""How pieces of a text look that do not look as their cell does."""
_LOOKS_BELOW_A_SUMMARY = _LOOKS | {"words": _SOFTLY, "between": _SOFTLY}
"""The same where quotes are what a summary rests on."""


class At(NamedTuple):
    """Where a cell is: its row and column in words, and the place that leads back to it, ``'Framework'!C4``.

    ``part`` is what of that it holds, if not all: what is told of row and column holds for their parts. ``quotes`` is
    the place where its quotes stand one by one.
    """

    row: str
    column: str
    place: str
    part: str = ""
    quotes: str = ""

    def __str__(self) -> str:
        return f"{self.row}, {self.column}" if self.row and self.column else self.row or self.column


class Continued(NamedTuple):
    """A text that its cell does not hold, in pieces that cells hold."""

    at: At
    pieces: list[str]


class Cells:
    """Makes the cells of a workbook."""

    def __init__(self, styles: Styles, findings: Findings) -> None:
        self._styles = styles
        self._findings = findings
        self._known: dict[Style, int] = {}
        self._told: set[tuple[str, str]] = set()
        self._row_of_text: dict[str, int] = {}
        self._row_of_place: dict[str, int] = {}
        self._next_row = 2
        self.continued: list[Continued] = []
        """What is to stand on the sheet ``CONTINUED_SHEET``, from row 2 on."""

    def text(self, text: str, style: Style, at: At) -> str:
        """Return a cell for a text, whatever it begins with and however long it is."""
        if not text:
            return self.blank(style)
        shown, signs = cell_text.presentable(text)
        if signs:
            self._tell_signs(at, signs)
        if not cell_text.fits(shown):
            shown = cell_text.beginning(shown, self._continue(shown, at))
        return self.said(shown, style)

    def words(self, pieces: Sequence[Piece], style: Style, at: At) -> str:
        """Return a cell for a text in pieces, each of which looks as what it is."""
        looks = _LOOKS_BELOW_A_SUMMARY if pieces and pieces[0].kind in ("summary", "line") else _LOOKS
        return self.runs([(looks.get(kind, ""), text) for kind, text in pieces], style, at)

    def runs(self, pieces: Iterable[tuple[str, str]], style: Style, at: At) -> str:
        """Return a cell for a text in pieces, each behind its look: what ``run_look`` gives, or "" for the cell's."""
        shown: list[tuple[str, str]] = []
        signs = 0
        for look, text in pieces:
            piece, signs_here = cell_text.presentable(text)
            signs += signs_here
            if shown and shown[-1][0] == look:
                shown[-1] = look, shown[-1][1] + piece
            else:
                shown.append((look, piece))
        if signs:
            self._tell_signs(at, signs)
        whole = "".join([text for _, text in shown])
        if not cell_text.fits(whole):
            tail = self._continue(whole, at)
            kept = len(cell_text.beginning(whole, tail)) - len(tail)
            shown = [*_first(shown, kept), (_QUIETLY, tail)]
        number = self._number(_as_it_reads(style, whole))
        runs = "".join([f'<r>{look}<t xml:space="preserve">{_escaped(text)}</t></r>' for look, text in shown])
        return f' s="{number}" t="inlineStr"><is>{runs}</is></c>'

    def value(self, value: Value | float | None, style: Style, at: At) -> str:
        """Return a cell for a value of any type; nothing for none."""
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            return self.text(value, style, at)
        if isinstance(value, bool):
            # Excel shows the words whatever the format; LibreOffice would show 1 and 0.
            number = self._number(style._replace(number_format='"TRUE";"TRUE";"FALSE"', across=True))
            return f' s="{number}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, float):
            return self.number(value, style)
        if isinstance(value, int | Decimal):
            # A spreadsheet computes with 15 digits and would quietly drop the rest.
            exact = (
                len(Decimal(value).normalize().as_tuple().digits) <= _EXACT_DIGITS and abs(value) < 10**_EXACT_DIGITS
            )
            return self.number(value, _at_the_end(style)) if exact else self.text(str(value), style, at)
        return self._day_or_moment(value, style, at)

    def number(self, value: float | Decimal, style: Style) -> str:
        """Return a cell for a number that a spreadsheet can hold."""
        return f' s="{self._number(style)}"><v>{value}</v></c>'

    def said(self, shown: str, style: Style) -> str:
        """Return a cell for a text that fits and has no control characters."""
        number = self._number(_as_it_reads(style, shown))
        return f' s="{number}" t="inlineStr"><is><t xml:space="preserve">{_escaped(shown)}</t></is></c>'

    def blank(self, style: Style) -> str:
        """Return an empty cell with a look."""
        return f' s="{self._number(style)}"/>'

    def row_continued(self, place: str) -> int | None:
        """Return in which row of ``CONTINUED_SHEET`` the text of a cell begins; ``None`` if the cell holds it."""
        return self._row_of_place.get(place)

    def _number(self, style: Style) -> int:
        number = self._known.get(style)
        if number is None:
            number = self._known[style] = self._styles.number(style)
        return number

    def _continue(self, text: str, at: At) -> str:
        """Keep a text for the other sheet, once wherever it stands; return what its cell says of that."""
        row = self._row_of_text.get(text)
        if row is None:
            pieces = cell_text.pieces(text)
            self.continued.append(Continued(at, pieces))
            row = self._row_of_text[text] = self._next_row
            self._next_row += len(pieces)
            self._findings.add(
                Finding(
                    "CELL-CONTINUED",
                    "note",
                    f"A cell holds at most {cell_text.LIMIT:,} characters; longer ones stand in full on the sheet "
                    f"“{CONTINUED_SHEET}”, and the cell says in which row.",
                    where=str(at),
                )
            )
        self._row_of_place[at.place] = row
        # Said in words and not by a link: LibreOffice shows linked text on one line, which nobody could read.
        return f"\n\n… continues on sheet ‘{CONTINUED_SHEET}’, row {row}"

    def _tell_signs(self, at: At, count: int) -> None:
        # What stands on several sheets is told once.
        if (at.row, at.column) in self._told:
            return
        self._told.add((at.row, at.column))
        self._findings.add(
            Finding(
                "CONTROL-CHARACTERS",
                "warning",
                "Control characters, which a workbook cannot hold, are shown by signs such as ␇ or �.",
                where=str(at),
                kind="loss",
                count=count,
            )
        )

    def _day_or_moment(self, value: date | datetime, style: Style, at: At) -> str:
        moment = value if isinstance(value, datetime) else None
        day = moment.date() if moment is not None else value
        if day < _FIRST_DAY:
            return self.text(value.isoformat(), style, at)
        if moment is None:
            return self.number((day - _DAY_ZERO).days, _at_the_end(style)._replace(number_format="yyyy-mm-dd"))
        shown = "yyyy-mm-dd hh:mm:ss.000" if moment.microsecond else "yyyy-mm-dd hh:mm:ss"
        if (offset := moment.utcoffset()) is not None:
            # A workbook knows no time zones: the clock stays as it was, and the zone is part of how it is shown.
            zone = moment.strftime("%z") if offset else "Z"
            shown += f'" {zone[:3]}:{zone[3:]}"' if offset else f'"{zone}"'
        return self.number(serial(moment), _at_the_end(style)._replace(number_format=shown))


def serial(moment: datetime) -> float:
    """Return a moment as a spreadsheet counts it: days since 30 December 1899, by its own clock."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1_000_000
    return (moment.date() - _DAY_ZERO).days + seconds / _SECONDS


def _at_the_end(style: Style) -> Style:
    return style if style.across else style._replace(to_the_right=True)


def _as_it_reads(style: Style, shown: str) -> Style:
    """Return a look with what the text itself asks for."""
    prefixed, right_to_left = cell_text.looks_like_formula(shown), is_right_to_left(shown)
    if not (prefixed or right_to_left):
        return style
    return style._replace(prefixed=prefixed, right_to_left=right_to_left)


def _first(shown: Iterable[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """Return the first so many characters of a text in pieces."""
    found: list[tuple[str, str]] = []
    for look, text in shown:
        if length <= 0:
            break
        found.append((look, text[:length]))
        length -= len(text)
    return found


def _escaped(text: str) -> str:
    text = cell_text.escaped(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
