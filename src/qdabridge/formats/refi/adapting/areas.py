"""Rectangles in pictures and PDFs with their corners in order: the first is the one nearer to where measuring begins.

Transana exchanges the upper and lower edge in pictures; who computes a height from them gets less than nothing.
"""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.model import PDFSelection, PictureSelection


def adapt_areas(draft: Draft) -> None:
    """Put the corners of every rectangle in order (sections 10.3, PDFs from below; 10.4, pictures from above)."""
    turned = 0
    for area in draft.selections():
        if not isinstance(area, PictureSelection | PDFSelection):
            continue
        if area.first_x > area.second_x or area.first_y > area.second_y:
            area.first_x, area.second_x = sorted((area.first_x, area.second_x))
            area.first_y, area.second_y = sorted((area.first_y, area.second_y))
            turned += 1
    draft.say(
        "AREA-TURNED",
        f"{draft.profile.title} is given the corners of an area in order; they were exchanged.",
        turned,
    )
