"""Where on its page an area of a PDF is, in one measure for all tools.

The standard measures from the bottom left of the page; QualCoder from the top left. The height of a page is not in the
study but in the PDF, which is not opened here.
"""

from __future__ import annotations

from typing import NamedTuple

from qdabridge.study.model import PDFSelection

_MEASURED_FROM_THE_TOP = frozenset({"qualcoder"})


class Area(NamedTuple):
    """A rectangle of a page, in PDF points from the bottom left; ``page`` is counted from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def from_the_top(tool: str) -> bool:
    """Tell whether a tool measures areas of a PDF from the top of the page."""
    return tool in _MEASURED_FROM_THE_TOP


def area_of(selection: PDFSelection, tool: str, page_height: float | None = None) -> Area | None:
    """Return the area of a selection.

    Args:
        selection: as the tool wrote it; its corners may be in any order.
        tool: the name of the dialect.
        page_height: of the page's media box, in points; only needed where the tool measures from the top.

    Returns:
        The area, or ``None`` where the height of the page would have to be known.

    >>> seen = PDFSelection(guid="A", page=0, first_x=10, first_y=20, second_x=30, second_y=50)
    >>> area_of(seen, "qualcoder", page_height=842)
    Area(page=0, left=10, bottom=792, right=30, top=822)
    """
    left, right = sorted((selection.first_x, selection.second_x))
    low, high = sorted((selection.first_y, selection.second_y))
    if not from_the_top(tool):
        return Area(selection.page, left, low, right, high)
    if page_height is None:
        return None
    return Area(selection.page, left, page_height - high, right, page_height - low)
