"""Brings the positions of a whole study from a tool's counting to the model's, once, after reading.

Knows which elements count characters of which text; how to convert is in ``study.text``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.study import walk
from qdabridge.study.model import AnyText, Element, Extensions, Transcript
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting, Positions


class Converted(NamedTuple):
    """What came of converting: findings, and the GUIDs of texts whose positions stand as in the file."""

    findings: list[Finding]
    uncounted: tuple[str, ...]


def to_codepoints(study: Study, counting: Counting, where: str) -> Converted:
    """Convert every position in the study, in place, from a counting to code points."""
    if counting == STANDARD:
        return Converted([], ())
    findings = Findings()
    uncounted = []
    for document in walk.texts(study.project):
        if not any(True for _ in _positions_in(document)):
            continue
        try:
            text = study.text_of(document)
            hint = "Put the text back into the package and read it again."
        except CannotRead as error:
            text, hint = None, error.sentence()
        if text is None:
            uncounted.append(document.guid)
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
        positions = Positions(text, counting)
        if not positions.same:
            _convert(document, positions, findings, where)
    return Converted(findings.all(), tuple(uncounted))


def _positions_in(document: AnyText) -> Iterator[tuple[Element, str, str]]:
    """Give each element that holds a position, the field, and how the standard spells it."""
    if isinstance(document, Transcript):
        for point in document.sync_points:
            if point.position is not None:
                yield point, "position", "position"
        return
    for selection in document.plain_text_selections:
        yield selection, "start_position", "startPosition"
        yield selection, "end_position", "endPosition"


def _convert(document: AnyText, positions: Positions, findings: Findings, where: str) -> None:
    for element, field, name in _positions_in(document):
        counted: int = getattr(element, field)
        position = positions.to_codepoints(counted)
        if positions.from_codepoints(position) != counted:
            # Inside a character: remember what stood there, so that the file can be written back as it came.
            if element.extensions is None:
                element.extensions = Extensions()
            element.extensions.lexical.setdefault(name, str(counted))
            findings.add(
                Finding(
                    "POSITION-INSIDE-CHARACTER",
                    "warning",
                    "A selection begins or ends inside a character; it was moved to the character's beginning.",
                    where=f"{where}: {document.name or document.guid}",
                    kind="mended",
                )
            )
        setattr(element, field, position)
