"""Brings the positions of a whole study from a tool's counting to the model's, once, after reading.

Knows which elements count characters of which text; how to convert is in ``study.text``.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.texts import Texts
from qdabridge.study import walk
from qdabridge.study.model import AnyText, Element, Extensions, Project, Transcript
from qdabridge.study.text import STANDARD, Counting, Positions


class Converted(NamedTuple):
    """What came of converting: findings, and the GUIDs of texts whose positions stand as in the file."""

    findings: list[Finding]
    uncounted: tuple[str, ...]


def to_codepoints(project: Project, texts: Texts, counting: Counting, where: str) -> Converted:
    """Convert every position in a project, in place, from a counting to code points."""
    if counting == STANDARD:
        return Converted([], ())
    findings = Findings()
    uncounted = []
    beside_unread = _beside_unread(project, texts)
    for document in walk.texts(project):
        # A text's last position may be inclusive; from here on none is.
        counted = _positions_in(document, int(counting.inclusive))
        if not counted:
            continue
        try:
            stored = None if document.guid in beside_unread else texts.of(document)
            hint = "Put the text back into the package and read it again."
        except CannotRead as error:
            stored, hint = None, error.sentence()
        if stored is None:
            uncounted.append(document.guid)
            if counting.unit == STANDARD.unit and not counting.inclusive:
                # Only line ends would count otherwise, and nothing says that there are such.
                continue
            findings.add(
                Finding(
                    "POSITIONS-UNCONVERTED",
                    "error",
                    "The text of a source is not there or cannot be read, so its positions could not be brought to "
                    "code points and stand as in the file.",
                    where=f"{where}: {document.name or document.guid}",
                    hint=hint,
                )
            )
            continue
        positions = Positions(stored.text, counting, byte_order_mark=stored.byte_order_mark)
        if positions.same:
            continue
        converted, inside = positions.all_to_codepoints(counted)
        for index in inside:
            _remember(document, index, counted[index], int(counting.inclusive))
            findings.add(
                Finding(
                    "POSITION-INSIDE-CHARACTER",
                    "warning",
                    "A selection begins or ends inside a character; it was moved to the character's beginning.",
                    where=f"{where}: {document.name or document.guid}",
                    kind="mended",
                )
            )
        _put(document, converted)
    return Converted(findings.all(), tuple(uncounted))


def holds_positions(document: AnyText) -> bool:
    """Tell whether anything counts the characters of a text."""
    if isinstance(document, Transcript):
        return any(point.position is not None for point in document.sync_points)
    return bool(document.plain_text_selections)


def _beside_unread(project: Project, texts: Texts) -> set[str]:
    """Return the GUIDs that a text that cannot be read shares with another.

    What could not be converted is remembered by GUID, so that what shares one has to stand as in the file, too.
    """
    times = Counter(document.guid for document in walk.texts(project))
    if times.total() == len(times):
        return set()
    return {
        document.guid
        for document in walk.texts(project)
        if times[document.guid] > 1 and holds_positions(document) and not _is_there(document, texts)
    }


def _is_there(document: AnyText, texts: Texts) -> bool:
    try:
        return texts.of(document) is not None
    except CannotRead:
        return False


def _positions_in(document: AnyText, last: int) -> list[int]:
    """Return every position that counts characters of a text, in the order in which ``_put`` takes them.

    ``last`` is added to the end of each selection.
    """
    if isinstance(document, Transcript):
        return [point.position for point in document.sync_points if point.position is not None]
    return [
        position
        for selection in document.plain_text_selections
        for position in (selection.start_position, selection.end_position + last)
    ]


def _put(document: AnyText, positions: list[int]) -> None:
    if isinstance(document, Transcript):
        points = (point for point in document.sync_points if point.position is not None)
        for point, position in zip(points, positions, strict=True):
            point.position = position
        return
    for selection, start, end in zip(document.plain_text_selections, positions[::2], positions[1::2], strict=True):
        selection.start_position = start
        selection.end_position = end


def _remember(document: AnyText, index: int, counted: int, last: int) -> None:
    """Keep what stood for a position that had to be moved, so that the file can be written back as it came."""
    element: Element
    if isinstance(document, Transcript):
        element = [point for point in document.sync_points if point.position is not None][index]
        name = "position"
    else:
        element = document.plain_text_selections[index // 2]
        name = ("startPosition", "endPosition")[index % 2]
        counted -= index % 2 * last
    if element.extensions is None:
        element.extensions = Extensions()
    element.extensions.lexical.setdefault(name, str(counted))
