"""POS-SWAP, POS-RANGE, POS-EMPTY, RECT-SWAP: passages, stretches and regions that can mark only one thing.

Where the numbers alone do not say what was marked, the name of a passage does if it is the words; otherwise it is left.
"""

from __future__ import annotations

from qdabridge.checks.inventory import called, texts_with_owner
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, forget_spelling
from qdabridge.formats.refi.detection import is_quote
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    Element,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Source,
    TextDocument,
    Transcript,
    VideoSelection,
    VideoSource,
    same_guid,
)

_SHORTEST = 3
"""How long a name has to be to say by itself which words were marked."""


def mend_passages(mending: Mending) -> None:
    """Turn round what ends before it begins, and give passages their words where only one end is wrong."""
    look = Lookup(mending.study())
    uncounted = frozenset(mending.form.uncounted if mending.form else ())
    for text, owner in texts_with_owner(mending.project):
        if not isinstance(text, TextDocument):
            continue
        odd = [each for each in text.plain_text_selections if not 0 <= each.start_position < each.end_position]
        words: str | None = None
        if text.guid not in uncounted and text.plain_text_selections:
            words = mending.text_of(text)
        if words is not None:
            odd += [each for each in text.plain_text_selections if each.end_position > len(words) > each.start_position]
        for passage in odd:
            if id(passage) not in look.anchors:
                _mend_passage(mending, passage, owner, words)


def mend_stretches(mending: Mending) -> None:
    """Turn round stretches of recordings and transcripts that end before they begin, and regions of pictures."""
    for source in mending.project.sources or ():
        if isinstance(source, AudioSource):
            for sound in source.audio_selections:
                _mend_stretch(mending, sound, source)
        elif isinstance(source, VideoSource):
            for film in source.video_selections:
                _mend_stretch(mending, film, source)
        elif isinstance(source, PictureSource):
            for region in source.picture_selections:
                _mend_region(mending, region, source)
        if isinstance(source, AudioSource | VideoSource):
            for transcript in source.transcripts:
                _mend_transcript(mending, transcript, source)


def _mend_passage(mending: Mending, passage: PlainTextSelection, owner: Source, words: str | None) -> None:
    start, end = passage.start_position, passage.end_position
    where = f"{called(passage, owner)}, {start}–{end}"
    # Whether a passage beyond its text was only turned round nobody can say.
    if 0 <= end < start and (words is None or start <= len(words)):
        _put(passage, end, start)
        mending.say("POS-SWAP", _TURNED, where)
        return
    name = passage.name or ""
    if words is None or start < 0 or not is_quote(name) or len(name) < _SHORTEST or not words.startswith(name, start):
        return
    if start == end:
        _put(passage, start, start + len(name))
        message = "A passage had no length, and what it is named after begins where it stands; it marks these words."
        mending.say("POS-EMPTY", message, f"{where} → {start}–{start + len(name)}")
    elif end > len(words) and start + len(name) == len(words):
        _put(passage, start, len(words))
        message = "A passage went beyond its text, and its name goes to the end of the text; it ends there."
        mending.say("POS-RANGE", message, f"{where} → {start}–{len(words)}")


def _put(passage: PlainTextSelection, start: int, end: int) -> None:
    passage.start_position, passage.end_position = start, end
    forget_spelling(passage, "startPosition", "endPosition")


def _mend_stretch(mending: Mending, stretch: AudioSelection | VideoSelection, source: Source) -> None:
    if 0 <= stretch.end < stretch.begin:
        mending.say("POS-SWAP", _TURNED, f"{called(stretch, source)}, {stretch.begin}–{stretch.end} ms")
        stretch.begin, stretch.end = stretch.end, stretch.begin
        forget_spelling(stretch, "begin", "end")


def _mend_transcript(mending: Mending, transcript: Transcript, source: Source) -> None:
    points = {same_guid(point.guid): point for point in transcript.sync_points}
    for passage in transcript.transcript_selections:
        first, last = (points.get(same_guid(guid or "")) for guid in (passage.from_sync_point, passage.to_sync_point))
        if first is None or last is None:
            continue
        start, end = first.position, last.position
        if start is None or end is None:
            start, end = first.time_stamp, last.time_stamp
        if start is not None and end is not None and start > end:
            passage.from_sync_point, passage.to_sync_point = passage.to_sync_point, passage.from_sync_point
            mending.say("POS-SWAP", _TURNED, f"{called(passage, source)}, {start}–{end}")


def _mend_region(mending: Mending, region: PictureSelection, source: Element) -> None:
    if region.first_x <= region.second_x and region.first_y <= region.second_y:
        return
    corners = f"{region.first_x},{region.first_y}–{region.second_x},{region.second_y}"
    region.first_x, region.second_x = sorted((region.first_x, region.second_x))
    region.first_y, region.second_y = sorted((region.first_y, region.second_y))
    forget_spelling(region, "firstX", "firstY", "secondX", "secondY")
    message = "The corners of a region of a picture were exchanged; its upper left comes first now."
    mending.say("RECT-SWAP", message, f"{called(region, source)}, {corners}")


_TURNED = "A passage or stretch ended before it began; beginning and end were exchanged."

MENDS = (
    Mend(
        code="POS-SWAP",
        title="a passage or stretch ends before it begins",
        does="Beginning and end are exchanged.",
        leaves="One that lies outside its text as well.",
        step=mend_passages,
    ),
    Mend(
        code="POS-RANGE",
        title="a passage or stretch lies outside its text or recording",
        does="A passage ends where its text does if it is named after its words and they go so far.",
        leaves="All others: often the text is another one than was coded.",
        step=mend_passages,
    ),
    Mend(
        code="POS-EMPTY",
        title="a selection has no extent",
        does="A passage that stands just before the words it is named after marks these words.",
        leaves="All others: they may be meant as points.",
        step=mend_passages,
    ),
    Mend(
        code="RECT-SWAP",
        title="the corners of a region of a picture are exchanged",
        does="The upper left corner comes first.",
        step=mend_stretches,
    ),
)
