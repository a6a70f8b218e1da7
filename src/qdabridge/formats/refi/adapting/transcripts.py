"""Transcripts as sources of their own beside the recording, with the codings, as ATLAS.ti has them."""

from __future__ import annotations

from collections.abc import Callable

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.model import (
    AnySource,
    AudioSource,
    PlainTextSelection,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
    VideoSource,
    same_guid,
)


def adapt_transcripts(draft: Draft) -> None:
    """Give every transcript that has a text a source with the same file, which takes over what is coded in it."""
    if draft.profile.placed_sync_points:
        _leave_unplaced(draft)
    if not draft.profile.transcripts_as_sources:
        return
    sources: list[AnySource] = []
    twins = points = unplaced = 0
    for source in draft.project.sources or ():
        sources.append(source)
        if not isinstance(source, AudioSource | VideoSource):
            continue
        for transcript in source.transcripts:
            text = draft.text_of(transcript)
            if text is not None and transcript.plain_text_path:
                twin, left = _twin(draft, source, transcript, len(text))
                unplaced += left
                if twin is not None:
                    sources.append(twin)
                    twins += 1
            points += _leave_points(transcript, _is_whole)
    if twins:
        draft.project.sources = sources
    title = draft.profile.title
    draft.say(
        "TRANSCRIPT-AS-SOURCE",
        f"{title} codes transcripts as sources of their own; they were added, and have the codings.",
        twins,
    )
    draft.lose("SYNC-POINT-LEFT", f"{title} refuses sync points without time or position; they were left out.", points)
    draft.lose(
        "TRANSCRIPT-PASSAGE-UNPLACED",
        f"{title} codes the text of transcripts, and it is not known where in the text these passages are.",
        unplaced,
    )


def _twin(
    draft: Draft, source: AudioSource | VideoSource, transcript: Transcript, size: int
) -> tuple[TextSource | None, int]:
    """Return the source to add, if there is none with the same file, and how many passages have no place in it."""
    for other in draft.project.sources or ():
        if isinstance(other, TextSource) and other.plain_text_path == transcript.plain_text_path:
            return None, 0
    places = {same_guid(point.guid): point.position for point in transcript.sync_points}
    taken: list[PlainTextSelection] = []
    kept: list[TranscriptSelection] = []
    for passage in transcript.transcript_selections:
        start = places.get(same_guid(passage.from_sync_point or ""))
        end = places.get(same_guid(passage.to_sync_point or ""))
        if start is None and end is None:
            kept.append(passage)
        else:
            taken.append(_as_text(passage, start or 0, size if end is None else end))
    transcript.transcript_selections = kept
    return (
        TextSource(
            guid=draft.made_guid("transcript", transcript.guid),
            name=transcript.name or f"{source.name or 'Recording'} (transcript)",
            plain_text_path=transcript.plain_text_path,
            rich_text_path=transcript.rich_text_path,
            creating_user=transcript.creating_user,
            creation_date_time=transcript.creation_date_time,
            modifying_user=transcript.modifying_user,
            modified_date_time=transcript.modified_date_time,
            plain_text_selections=taken,
        ),
        len(kept),
    )


def _as_text(passage: TranscriptSelection, start: int, end: int) -> PlainTextSelection:
    return PlainTextSelection(
        guid=passage.guid,
        name=passage.name,
        creating_user=passage.creating_user,
        creation_date_time=passage.creation_date_time,
        modifying_user=passage.modifying_user,
        modified_date_time=passage.modified_date_time,
        description=passage.description,
        note_refs=passage.note_refs,
        codings=passage.codings,
        start_position=start,
        end_position=end,
    )


def _leave_unplaced(draft: Draft) -> None:
    points = passages = 0
    for source in draft.project.sources or ():
        for transcript in source.transcripts if isinstance(source, AudioSource | VideoSource) else ():
            placed = sum(map(_has_a_place, transcript.transcript_selections))
            points += _leave_points(transcript, lambda point: point.position is not None)
            passages += placed - sum(map(_has_a_place, transcript.transcript_selections))
    title = draft.profile.title
    draft.lose(
        "SYNC-POINT-LEFT", f"{title} stops at sync points without a position in the text; they were left out.", points
    )
    draft.lose(
        "TRANSCRIPT-PASSAGE-UNPLACED",
        f"{title} codes the text of transcripts, and it is not known where in the text these passages are.",
        passages,
    )


def _has_a_place(passage: TranscriptSelection) -> bool:
    return bool(passage.from_sync_point and passage.to_sync_point)


def _is_whole(point: SyncPoint) -> bool:
    return point.time_stamp is not None and point.position is not None


def _leave_points(transcript: Transcript, fits: Callable[[SyncPoint], bool]) -> int:
    """Leave out sync points that do not fit, and say so of passages that refer to them; return how many went."""
    whole = [point for point in transcript.sync_points if fits(point)]
    left = len(transcript.sync_points) - len(whole)
    if left:
        kept = {same_guid(point.guid) for point in whole}
        for passage in transcript.transcript_selections:
            for field in ("from_sync_point", "to_sync_point"):
                guid = getattr(passage, field)
                if guid is not None and same_guid(guid) not in kept:
                    setattr(passage, field, None)
        transcript.sync_points = whole
    return left
