"""SYNC-TIME, SYNC-ORDER, SYNC-ELSEWHERE, POS-UNKNOWN: how transcripts are tied to the time of their recordings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from qdabridge.checks.inventory import Inventory, called
from qdabridge.checks.rules.passages import empty, outside, swapped
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding
from qdabridge.study.model import (
    AudioSource,
    Source,
    SyncPoint,
    Transcript,
    TranscriptSelection,
    VideoSource,
    same_guid,
)
from qdabridge.study.study import Study


def untied(study: Study, inventory: Inventory) -> Iterator[Finding]:
    """Find sync points that tie nothing or run backwards, and passages that no sync points place."""
    for source in study.project.sources or ():
        if isinstance(source, AudioSource | VideoSource):
            for transcript in source.transcripts:
                yield from _points(transcript, source)
                yield from _passages(transcript, source, inventory)


def _points(transcript: Transcript, source: Source) -> Iterator[Finding]:
    tied: list[tuple[int, int, SyncPoint]] = []
    for point in transcript.sync_points:
        if point.time_stamp is None or point.position is None:
            yield _half(point, source)
            continue
        tied.append((point.position, point.time_stamp, point))
        if point.time_stamp < 0:
            yield outside("A sync point lies before its recording.", point, source, f"{point.time_stamp} ms")
    tied.sort(key=lambda each: each[:2])
    for (_, before, _), (_, time, point) in pairwise(tied):
        if time < before:
            yield Finding(
                "SYNC-ORDER",
                "warning",
                "A sync point is further on in the transcript than another and earlier in the recording.",
                where=f"{called(point, source)}, position {point.position} at {time} ms, before it {before} ms",
                hint="Look at the time stamps in the program that the study comes from.",
            )


def _passages(transcript: Transcript, source: Source, inventory: Inventory) -> Iterator[Finding]:
    if not transcript.transcript_selections:
        return
    own = {same_guid(point.guid): point for point in transcript.sync_points}
    for passage in transcript.transcript_selections:
        ends = (passage.from_sync_point, passage.to_sync_point)
        if not any(ends):
            yield _unplaced(passage, source)
            continue
        if not all(ends):
            yield _without_an_end(passage, source)
        for guid in ends:
            if guid and same_guid(guid) not in own and inventory.has("sync point", guid):
                yield _elsewhere(passage, source, guid)
        first, last = (own.get(same_guid(guid or "")) for guid in ends)
        if first is not None and last is not None:
            yield from _between(passage, source, first, last)


def _between(passage: TranscriptSelection, source: Source, first: SyncPoint, last: SyncPoint) -> Iterator[Finding]:
    start, end = first.position, last.position
    if start is None or end is None:
        start, end = first.time_stamp, last.time_stamp
    if first is last:
        yield empty("A passage of a transcript ends at the sync point at which it begins.", passage, source, f"{start}")
    elif start == end and first.time_stamp == last.time_stamp:
        message = "A passage of a transcript lies between sync points at one place, so that it marks nothing."
        yield empty(message, passage, source, f"{start}")
    elif start is not None and end is not None and start > end:
        yield swapped("A passage of a transcript ends before it begins.", passage, source, f"{start}–{end}")


def _half(point: SyncPoint, source: Source) -> Finding:
    lacks = "position" if point.position is None else "time"
    if point.position is None and point.time_stamp is None:
        lacks = "position and no time"
    return Finding(
        "SYNC-TIME",
        "warning",
        f"A sync point has no {lacks}, so that it ties no words to the recording.",
        where=called(point, source),
        hint="Look at the transcript in the program that the study comes from.",
    )


def _unplaced(passage: TranscriptSelection, source: Source) -> Finding:
    return Finding(
        "POS-UNKNOWN",
        "warning",
        "A passage of a transcript names no sync points, so that nobody can say where it is.",
        where=called(passage, source),
        hint="Mark the passage again in the program that the study comes from.",
    )


def _without_an_end(passage: TranscriptSelection, source: Source) -> Finding:
    return Finding(
        "POS-UNKNOWN",
        "warning",
        "A passage of a transcript names only one sync point, so that nobody can say how far it goes.",
        where=called(passage, source),
        hint="Mark the passage again in the program that the study comes from.",
    )


def _elsewhere(passage: TranscriptSelection, source: Source, guid: str) -> Finding:
    return Finding(
        "SYNC-ELSEWHERE",
        "error",
        "A passage of a transcript lies between sync points of another transcript, so that nobody can say where it is.",
        where=f"{called(passage, source)}, sync point {guid}",
        hint="Export the study again from the program it comes from; if it is still so, mark the passage again there.",
    )


RULES = (
    Rule(
        code="SYNC-TIME",
        severity="warning",
        section="REFI-QDA 1.5, 3.15",
        title="a sync point lacks its time or its position",
        about="""\
A sync point is the association of a point in time with a position in a transcript; this one lacks one of them, or
both, which the schema allows. The words around it are not tied to the recording, and ATLAS.ti wants points to have
both.""",
        find=untied,
    ),
    Rule(
        code="SYNC-ORDER",
        severity="warning",
        section="REFI-QDA 1.5, 3.15 and 3.16",
        title="the sync points of a transcript run backwards",
        about="""\
A sync point stands further on in the transcript than another and has an earlier time. A program that follows the
recording through its transcript jumps back there, and what is between two such points has no length in time. It may
be right where people speak at once. The order in which the points stand in the file does not matter.""",
        find=untied,
    ),
    Rule(
        code="SYNC-ELSEWHERE",
        severity="error",
        section="REFI-QDA 1.5, 3.15 and 10.4",
        title="a passage of a transcript lies between sync points of another",
        about="""\
A passage of a transcript begins or ends at a sync point that belongs to another transcript. A position counts the
characters of one transcript, so it cannot be said where in this one the passage is; programs lose it.""",
        find=untied,
    ),
    Rule(
        code="POS-UNKNOWN",
        severity="warning",
        section="REFI-QDA 1.5, 3.12 and 10.4",
        title="a passage of a transcript has no place",
        about="""\
A selection is an identified part of a source. A passage of a transcript lies between two sync points; this one names
none or only one, which the schema allows. Its codings count, but nobody can say what was coded, or how much.""",
        find=untied,
    ),
)
