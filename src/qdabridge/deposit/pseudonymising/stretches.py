"""Where the sync points of a transcript go when names in it are replaced, and the stretches between them.

It knows transcripts, and nothing of names.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from qdabridge.deposit.pseudonymising.texts import Moved
from qdabridge.study.model import SyncPoint, Transcript, same_guid


def move_points(transcript: Transcript, again: Transcript, moved: Moved | None) -> None:
    """Move the sync points; a stretch that ends at one inside a name grows to cover the name whole.

    Where another stretch begins at that very point, it gets a twin behind the name.
    """
    if moved is None or not moved.matches:
        return
    begins = {same_guid(each.from_sync_point) for each in transcript.transcript_selections if each.from_sync_point}
    ends = {same_guid(each.to_sync_point) for each in transcript.transcript_selections if each.to_sync_point}
    twins: dict[str, SyncPoint] = {}
    points: list[SyncPoint] = []
    for point in again.sync_points:
        points.append(point)
        if point.position is None:
            continue
        start, end = moved.replacing.start(point.position), moved.replacing.end(point.position)
        guid = same_guid(point.guid)
        if start == end or guid not in ends:
            point.position = start
        elif guid not in begins:
            point.position = end
        else:
            point.position = start
            twin = SyncPoint(guid=_twin_of(point.guid), time_stamp=point.time_stamp, position=end)
            twins[guid] = twin
            points.append(twin)
    again.sync_points = points
    for selection in again.transcript_selections:
        twin_point = twins.get(same_guid(selection.to_sync_point)) if selection.to_sync_point else None
        if twin_point is not None:
            selection.to_sync_point = twin_point.guid


def _twin_of(guid: str) -> str:
    """Return the GUID of the twin of a sync point: the same one always has the same."""
    return str(uuid5(NAMESPACE_URL, f"urn:qdabridge:behind-a-name:{same_guid(guid)}"))
