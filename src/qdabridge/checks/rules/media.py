"""PDF-PAGE, PDF-AREA, PICTURE-REGION, MEDIA-TIME, MEDIA-UNREAD: what is marked in media against the media themselves.

Pictures and recordings are measured by ``formats.media``, which needs the extra ``qdabridge[media]``;
without it each kind of media is said to be skipped (RULE-SKIPPED). Only files are opened in which something is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from qdabridge.checks.inventory import Inventory, called
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding, Severity
from qdabridge.formats.media import Box, Gauge, Length, Pages, Picture, Unknown, Why, available
from qdabridge.study.files import Entry
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    FileSource,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    SyncPoint,
    VideoSelection,
    VideoSource,
)
from qdabridge.study.study import Study

Recording: TypeAlias = AudioSource | VideoSource
Marked: TypeAlias = PDFSource | PictureSource | AudioSource | VideoSource

_POINTS = 1.0
"""By how much an area may reach over the edge of its page: coordinates are whole numbers, pages are not."""
_PIXELS = 1
_MILLISECONDS = 1000
"""By how much a stretch may go on after its recording: players and programs round to whole seconds."""
_GUESSED = 0.05
"""By which part more, where the length had to be guessed."""

_LOOK = "Look at the source in the program it comes from, and mark it again."


def outside(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find areas, regions and times outside the page, picture or recording that they are marked in."""
    gauge = Gauge() if available() else None
    for source in study.project.sources or ():
        if not isinstance(source, Marked) or source.path is None or not _is_marked(source):
            continue
        entry = study.files.locate(source.path)
        if entry is None:
            yield from _outside_of_any(source)
            continue
        yield from _skipped(source) if gauge is None else _compared(source, entry, gauge)


def _is_marked(source: Marked) -> bool:
    if isinstance(source, PDFSource):
        return bool(source.pdf_selections)
    if isinstance(source, PictureSource):
        return bool(source.picture_selections)
    return bool(_stretches(source)) or any(transcript.sync_points for transcript in source.transcripts)


def _stretches(source: Recording) -> list[AudioSelection] | list[VideoSelection]:
    return source.audio_selections if isinstance(source, AudioSource) else source.video_selections


def _compared(source: Marked, entry: Entry, gauge: Gauge) -> Iterator[Finding]:
    if isinstance(source, PDFSource):
        pages = gauge.pages(entry, {area.page for area in source.pdf_selections})
        yield from _unread(source, pages) if isinstance(pages, Unknown) else _in_pdf(source, pages)
    elif isinstance(source, PictureSource):
        picture = gauge.picture(entry)
        yield from _unread(source, picture) if isinstance(picture, Unknown) else _in_picture(source, picture)
    else:
        length = gauge.length(entry)
        yield from _unread(source, length) if isinstance(length, Unknown) else _in_recording(source, length)


def _outside_of_any(source: Marked) -> Iterator[Finding]:
    """Find areas and regions that lie outside whatever the file is like, where it is not there."""
    if isinstance(source, PDFSource):
        for area in source.pdf_selections:
            if area.page < 0:
                where = f"{called(area, source)}, page {area.page} counted from 0"
                yield _found("PDF-PAGE", "error", "An area is marked on a page before the first.", where, _LOOK)
    elif isinstance(source, PictureSource):
        for region in source.picture_selections:
            if max(region.first_x, region.second_x) < 0 or max(region.first_y, region.second_y) < 0:
                message = "A region lies outside its picture, so that it marks nothing."
                yield _found("PICTURE-REGION", "error", message, f"{called(region, source)}, {_corners(region)}", _LOOK)


# --- PDFs ------------------------------------------------------------------------------------------------------------


def _in_pdf(source: PDFSource, pages: Pages) -> Iterator[Finding]:
    for area in source.pdf_selections:
        box = pages.boxes.get(area.page)
        if box is None:
            yield _found(
                "PDF-PAGE",
                "error",
                "An area is marked on a page that the PDF does not have.",
                f"{called(area, source)}, page {area.page} counted from 0, of {pages.count} in all",
                "Look at it in the program it comes from; if that counts from 1, all areas lie a page too far on.",
            )
        else:
            yield from _on_page(area, source, box)


def _on_page(area: PDFSelection, source: PDFSource, box: Box) -> Iterator[Finding]:
    # From the corner of the media box, as the standard has it, or in the PDF's own measure; from the bottom or the top.
    left, right = min(0.0, box.left), max(box.right, box.right - box.left)
    bottom, top = min(0.0, box.bottom), max(box.top, box.top - box.bottom)
    if box.turned % 180:
        # Programs that show the page turned may measure it turned.
        left = bottom = min(left, bottom)
        right = top = max(right, top)
    over = _over_the_edge(area, (left, bottom, right, top), _POINTS)
    if over is not None:
        yield _found(
            "PDF-AREA",
            over,
            "An area of a PDF lies outside its page, so that it marks nothing."
            if over == "error"
            else "An area of a PDF reaches over the edge of its page.",
            f"{called(area, source)}, {_corners(area)}, page of {right - left:g} × {top - bottom:g} points",
            _LOOK,
        )


# --- pictures --------------------------------------------------------------------------------------------------------


def _in_picture(source: PictureSource, picture: Picture) -> Iterator[Finding]:
    stored = (picture.width, picture.height)
    width, height = reversed(stored) if picture.on_its_side else stored
    for region in source.picture_selections:
        over = _over_the_edge(region, (0, 0, width, height), _PIXELS)
        if over is None:
            continue
        if picture.on_its_side and _over_the_edge(region, (0, 0, *stored), _PIXELS) is None:
            over, message = "warning", "A region fits only the picture as stored, not as its metadata have it turned."
        elif over == "error":
            message = "A region lies outside its picture, so that it marks nothing."
        else:
            message = "A region reaches over the edge of its picture."
        where = f"{called(region, source)}, {_corners(region)}, picture of {width} × {height} pixels"
        yield _found("PICTURE-REGION", over, message, where, _LOOK)


def _over_the_edge(
    area: PDFSelection | PictureSelection, within: tuple[float, float, float, float], leeway: float
) -> Severity | None:
    """Return an error for what lies outside as a whole, a warning for what only reaches over the edge."""
    x, y, far_x, far_y = area.first_x, area.first_y, area.second_x, area.second_y
    if x > far_x:
        x, far_x = far_x, x
    if y > far_y:
        y, far_y = far_y, y
    left, bottom, right, top = within
    if left - leeway <= x and far_x <= right + leeway and bottom - leeway <= y and far_y <= top + leeway:
        return None
    return "error" if far_x <= left or x >= right or far_y <= bottom or y >= top else "warning"


def _corners(area: PDFSelection | PictureSelection) -> str:
    return f"{area.first_x},{area.first_y}–{area.second_x},{area.second_y}"


# --- recordings ------------------------------------------------------------------------------------------------------


def _in_recording(source: Recording, length: Length) -> Iterator[Finding]:
    end = length.milliseconds
    latest = end + _MILLISECONDS + (0 if length.exact else round(end * _GUESSED))
    long = f"recording of {'' if length.exact else 'about '}{end} ms"
    for stretch in _stretches(source):
        if max(stretch.begin, stretch.end) <= latest:
            continue
        nothing = min(stretch.begin, stretch.end) > latest
        yield _found(
            "MEDIA-TIME",
            "error" if nothing else "warning",
            "A stretch of sound or film begins after the end of its recording, so that it marks nothing."
            if nothing
            else "A stretch of sound or film goes on after the end of its recording.",
            f"{called(stretch, source)}, {stretch.begin}–{stretch.end} ms, {long}",
            _LOOK,
        )
    for transcript in source.transcripts:
        for point in transcript.sync_points:
            if point.time_stamp is not None and point.time_stamp > latest:
                yield _late(point, source, long)


def _late(point: SyncPoint, source: Recording, long: str) -> Finding:
    return _found(
        "MEDIA-TIME",
        "error",
        "A sync point of a transcript lies after the end of its recording.",
        f"{called(point, source)}, {point.time_stamp} ms, {long}",
        "Look whether this is the recording that was transcribed.",
    )


# --- what could not be compared --------------------------------------------------------------------------------------

_WHY: dict[Why, tuple[Severity, str, str]] = {
    "damaged": (
        "warning",
        "A file in which something is marked cannot be opened; it may be damaged.",
        "Look at the source in the program it comes from; if it opens there, put the file there again and export anew.",
    ),
    "locked": (
        "note",
        "A PDF is locked with a password, so what is marked in it was not compared with its pages.",
        "Passwords do not belong into a study; whoever opens the PDF has to know it.",
    ),
    "format": (
        "note",
        "How long a recording is cannot be told from this kind of file, so times in it were not compared with it.",
        "Play it and look whether the last stretch is there, or save it as .mp4 or .m4a, as the standard advises.",
    ),
    "unpacking": (
        "note",
        "A large file is compressed, so what is marked in it was not compared with it.",
        "Write the study anew: qdabridge convert keeps recordings uncompressed.",
    ),
    "effort": (
        "note",
        "Measuring a file would have taken too long, so what is marked in it was not compared with it.",
        "Open it in another program and look whether what is marked is there.",
    ),
}


def _unread(source: FileSource, unknown: Unknown) -> Iterator[Finding]:
    severity, message, hint = _WHY[unknown.why]
    yield _found("MEDIA-UNREAD", severity, message, f"{called(source)}, {source.path}", hint)


def _skipped(source: Marked) -> Iterator[Finding]:
    if isinstance(source, PDFSource):
        message = "Areas of PDFs were not compared with the pages, since what reads PDFs is not installed."
    elif isinstance(source, PictureSource):
        message = "Regions of pictures were not compared with the pictures, since what reads them is not installed."
    else:
        message = "Times in recordings were not compared with their lengths, since what reads them is not installed."
    yield Finding(
        "RULE-SKIPPED",
        "note",
        message,
        where=f"{called(source)}, {source.path}",
        hint="Install it with: pip install 'qdabridge[media]'.",
    )


def _found(code: str, severity: Severity, message: str, where: str, hint: str) -> Finding:
    return Finding(code, severity, message, where=where, hint=hint)


RULES = (
    Rule(
        code="PDF-PAGE",
        severity="error",
        section="REFI-QDA 1.5, 10.3",
        title="an area is marked on a page that the PDF does not have",
        about="""\
An area of a PDF names the number of its page, and the PDF ends before it. The standard does not say where pages
begin; every program known counts from 0. Where one counts from 1, the last page seems not to be there, and all other
areas lie a page too far on. Otherwise the PDF is another one than was coded.""",
        find=outside,
        needs="media",
    ),
    Rule(
        code="PDF-AREA",
        severity="error",
        section="REFI-QDA 1.5, 10.3",
        title="an area of a PDF lies outside its page",
        about="""\
An area is given in PDF points from the bottom left of the page's media box. An error where it lies outside as a whole
and marks nothing; a warning where it reaches over the edge by more than a point. Whether it is measured from the
bottom, or from the top as QualCoder does, makes no difference here.""",
        find=outside,
        needs="media",
    ),
    Rule(
        code="PICTURE-REGION",
        severity="error",
        section="REFI-QDA 1.5, 9.1.5 and 10.4",
        title="a region lies outside its picture",
        about="""\
A region of a picture is given in pixels from the top left of the picture as it is shown, turned as its metadata have
it. An error where it lies outside as a whole; a warning where it reaches over the edge, or fits only the picture
before it is turned: programs that turn it show another place.""",
        find=outside,
        needs="media",
    ),
    Rule(
        code="MEDIA-TIME",
        severity="error",
        section="REFI-QDA 1.5, 10.4",
        title="a time lies after the end of its recording",
        about="""\
Stretches of sound and film, and sync points of transcripts, are given in milliseconds from the start of the media
file. An error where a stretch begins, or a sync point lies, more than a second after its end; a warning where a
stretch only goes on after it. Where the length of an .mp3 has to be guessed, a twentieth more is let pass. Often the
recording was cut, or is another than was coded.""",
        find=outside,
        needs="media",
    ),
    Rule(
        code="MEDIA-UNREAD",
        severity="warning",
        section="REFI-QDA 1.5, 9.1.4, 9.1.5 and 9.1.6",
        title="a file in which something is marked could not be measured",
        about="""\
A warning where a picture, PDF or recording in which something is marked cannot be opened. A note where it is sound as
far as can be seen and only nothing can be said of it: a PDF with a password, a recording of a format whose length is
not known (.mkv, .avi, .mpg), more than 256 MB that would have to be unpacked, or a file that takes more than a second
to measure, after which no other of the study is measured.""",
        find=outside,
        needs="media",
    ),
)
