"""POS-RANGE, POS-SWAP, POS-EMPTY, RECT-SWAP: stretches of recordings and areas of pictures and pages.

Whether they lie inside the picture, page or recording is not known here: that takes opening the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called
from qdabridge.checks.rules.passages import empty, outside, swapped
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    VideoSelection,
    VideoSource,
)
from qdabridge.study.study import Study


def misplaced(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find stretches and areas that are turned round or have no extent, and stretches that begin before 0."""
    for source in study.project.sources or ():
        if isinstance(source, AudioSource):
            for sound in source.audio_selections:
                yield from _stretch(sound, source)
        elif isinstance(source, VideoSource):
            for film in source.video_selections:
                yield from _stretch(film, source)
        elif isinstance(source, PDFSource):
            for part in source.pdf_selections:
                yield from _flat(part, source)
        elif isinstance(source, PictureSource):
            for region in source.picture_selections:
                yield from _flat(region, source)
                yield from _turned(region, source)


def _stretch(stretch: AudioSelection | VideoSelection, source: AudioSource | VideoSource) -> Iterator[Finding]:
    if 0 <= stretch.begin < stretch.end:
        return
    span = f"{stretch.begin}–{stretch.end} ms"
    if min(stretch.begin, stretch.end) < 0:
        yield outside("A stretch of sound or film begins before its recording.", stretch, source, span)
    elif stretch.begin > stretch.end:
        yield swapped("A stretch of sound or film ends before it begins.", stretch, source, span)
    else:
        yield empty("A stretch of sound or film has no length, so that it marks nothing.", stretch, source, span)


def _flat(area: PDFSelection | PictureSelection, source: PDFSource | PictureSource) -> Iterator[Finding]:
    if area.first_x == area.second_x or area.first_y == area.second_y:
        yield empty("An area has no width or no height, so that it marks nothing.", area, source, _corners(area))


def _turned(region: PictureSelection, source: PictureSource) -> Iterator[Finding]:
    if region.first_x > region.second_x or region.first_y > region.second_y:
        yield Finding(
            "RECT-SWAP",
            "warning",
            "The corners of a region of a picture are not its upper left and its lower right.",
            where=f"{called(region, source)}, {_corners(region)}",
            hint="The region is the same whichever corners name it; write the study anew for programs that mind.",
        )


def _corners(area: PDFSelection | PictureSelection) -> str:
    return f"{area.first_x},{area.first_y}–{area.second_x},{area.second_y}"


RULES = (
    Rule(
        code="RECT-SWAP",
        severity="warning",
        section="REFI-QDA 1.5, 10.4",
        title="the corners of a region of a picture are exchanged",
        about="""\
A selection of a still image names its upper-left and lower-right corner, in pixels from the top left; here they are
two other corners, or the wrong way round (Transana writes them so). Which region is meant is clear all the same, but
programs that take width and height from the corners get negative ones. For areas of a PDF the standard does not say
which corners are named.""",
        mended="The upper left corner comes first.",
        find=misplaced,
    ),
)
