"""POS-RANGE, NOTE-SOURCE-ANCHOR, TEXT-ENCODING, TEXT-MISSING: passages that mark nothing, or not what was meant."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnyText,
    AudioSource,
    Element,
    PlainTextSelection,
    Source,
    Transcript,
    VideoSource,
)
from qdabridge.study.study import Study

_HINT = "Look at the source in the program it comes from, and mark the passage again."


def out_of_range(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find passages outside their text, stretches that end before they begin, and marked texts that cannot be read."""
    uncounted = frozenset(study.form.uncounted if study.form else ())
    look = Lookup(study)
    for text, owner in texts_with_owner(study.project):
        if not _is_marked(text):
            continue
        length: int | None = None
        if text.guid not in uncounted:
            try:
                characters = study.text_of(text)
            except CannotRead as error:
                yield _not_readable(text, owner, error)
            else:
                if characters is not None:
                    length = len(characters)
                elif text.plain_text_path is None:
                    yield _not_held(text, owner)
        if isinstance(text, Transcript):
            yield from _points(text, length, owner)
        else:
            for passage in text.plain_text_selections:
                size = length
                if id(passage) in look.anchors:
                    source, counted = look.anchors[id(passage)]
                    yield _anchored(passage, owner, source)
                    words = look.text(counted)
                    size = None if words is None else len(words)
                yield from _passage(passage, owner, size)
    for source in study.project.sources or ():
        if isinstance(source, AudioSource | VideoSource):
            yield from _stretches(source)


def _is_marked(text: AnyText) -> bool:
    return bool(text.sync_points if isinstance(text, Transcript) else text.plain_text_selections)


def _passage(passage: PlainTextSelection, owner: Source, length: int | None) -> Iterator[Finding]:
    start, end = passage.start_position, passage.end_position
    if start > end:
        yield _reversed("A passage of text ends before it begins.", passage, owner, f"{start}–{end}")
    elif start < 0 or (length is not None and end > length):
        yield _outside("A passage of text reaches beyond its text.", passage, owner, f"{start}–{end}", length)


def _points(transcript: Transcript, length: int | None, owner: Source) -> Iterator[Finding]:
    for point in transcript.sync_points:
        position = point.position
        if position is not None and (position < 0 or (length is not None and position > length)):
            message = "A sync point lies beyond its transcript."
            yield _outside(message, point, owner, f"position {position}", length)


def _stretches(source: AudioSource | VideoSource) -> Iterator[Finding]:
    for stretch in source.audio_selections if isinstance(source, AudioSource) else source.video_selections:
        span = f"{stretch.begin}–{stretch.end} ms"
        if stretch.begin > stretch.end:
            yield _reversed("A stretch of sound or film ends before it begins.", stretch, source, span)
        elif stretch.begin < 0:
            yield _outside("A stretch of sound or film begins before its recording.", stretch, source, span, None)


def _reversed(message: str, element: Element, owner: Source, span: str) -> Finding:
    return Finding("POS-RANGE", "error", message, where=f"{called(element, owner)}, {span}", hint=_HINT)


def _outside(message: str, element: Element, owner: Source, span: str, length: int | None) -> Finding:
    of = "" if length is None else f" of {length}"
    return Finding("POS-RANGE", "error", message, where=f"{called(element, owner)}, {span}{of}", hint=_HINT)


def _anchored(passage: PlainTextSelection, owner: Source, source: Source) -> Finding:
    return Finding(
        "NOTE-SOURCE-ANCHOR",
        "note",
        "A selection in a note counts the text of the source that refers to the note; it is read as a remark there.",
        where=f"{called(passage, owner)}, about {called(source)}",
        hint="The standard has it count the note; programs that read it so show it in the wrong place.",
        kind="mended",
    )


def _not_readable(text: AnyText, owner: Source, error: CannotRead) -> Finding:
    return Finding(
        "TEXT-ENCODING",
        "error",
        "The text of a source or note cannot be read, nor what is coded in it.",
        where=f"{called(text, owner)}: {error.what}",
        hint=error.todo,
    )


def _not_held(text: AnyText, owner: Source) -> Finding:
    return Finding(
        "TEXT-MISSING",
        "error",
        "Passages are marked in a text that the study does not hold and says no place for.",
        where=called(text, owner),
        hint="Export the study again from the program it comes from, with its sources.",
    )
