"""Moves selections to the passage that they are named after, where they stand beside it.

Some tools name a selection after the text it marks. Where it marks something else, and the passage of its name is found
once nearby, the name is believed: positions are lost by a program that counts otherwise or by a text that was changed,
names are not. What stood in the file is kept beside it. Runs after positions were brought to code points.

Some tools put remarks on a source into notes whose selections count the text of the source; they are counted in it.

In ATLAS.ti's texts of PDFs positions drift by one for each page before them; there, the beginning of a name is enough.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.detection import is_quote, named_after, without_ellipsis
from qdabridge.formats.refi.texts import Texts
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnyText, Extensions, PDFSource, PlainTextSelection, Project, TextDocument
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting, Positions, StoredText

NEAR = 500
"""How far from a selection its passage is looked for, in code points."""

_LONGEST = 10_000
_SHORTEST = 3
_TELLING_BEGINNING = 20
_TRIES = 200


def anchor_by_name(
    project: Project, texts: Texts, counting: Counting, where: str, *, pages_drift: bool
) -> list[Finding]:
    """Move selections that stand beside the passage of their name, in place.

    Args:
        project: its positions in code points.
        texts: its texts.
        counting: how the file counts, so that what stood there can be kept.
        where: what to call the file in messages.
        pages_drift: whether the tool is one whose positions drift in the texts of PDFs.
    """
    findings = Findings()
    for document, of_pdf in _documents(project):
        if not any(selection.name for selection in document.plain_text_selections):
            continue
        try:
            stored = texts.of(document)
        except CannotRead:
            continue
        if stored is None:
            continue
        drifts = pages_drift and of_pdf
        positions = None
        for selection, passage in _moves(document, stored.text, drifts=drifts):
            # Made once for a text, and only where it is needed: it goes through the whole of it.
            positions = positions or _positions(stored, counting)
            findings.add(_finding(drifts, f"{where}: {document.name or document.guid}"))
            _move(selection, *passage, positions)
    return findings.all()


def anchor_in_sources(study: Study, texts: Texts) -> None:
    """Count selections that stand in a note and mean the text of a source in that text, in place.

    Whatever stands in a note was counted in the note; which of it means the source is known only now.
    """
    counting = study.form.counting if study.form else STANDARD
    notes = [note for note in study.project.notes or () if note.plain_text_selections]
    if counting == STANDARD or not notes:
        return
    anchors = Lookup(study).anchors
    counted: dict[int, Positions | None] = {}

    def positions_in(document: AnyText) -> Positions | None:
        if id(document) not in counted:
            try:
                stored = texts.of(document)
            except CannotRead:
                stored = None
            counted[id(document)] = _positions(stored, counting) if stored is not None else None
        return counted[id(document)]

    for note in notes:
        for selection in note.plain_text_selections:
            _, document = anchors.get(id(selection), (None, None))
            if document is None:
                continue
            inside, meant = positions_in(note), positions_in(document)
            if inside is None or meant is None:
                continue
            start, end = _stood(selection, inside)
            there = meant.to_codepoints(start), meant.end_to_codepoints(end)
            if there != (selection.start_position, selection.end_position):
                _move(selection, *there, inside)


def _positions(stored: StoredText, counting: Counting) -> Positions:
    return Positions(stored.text, counting, byte_order_mark=stored.byte_order_mark)


def _documents(project: Project) -> Iterator[tuple[TextDocument, bool]]:
    for source in project.sources or ():
        for document in walk.texts_of(source):
            if isinstance(document, TextDocument):
                yield document, isinstance(source, PDFSource)


def _moves(document: TextDocument, text: str, *, drifts: bool) -> Iterator[tuple[PlainTextSelection, tuple[int, int]]]:
    """Give the selections that are to be moved, and where to."""
    failures = successes = 0
    for selection in document.plain_text_selections:
        name = selection.name
        if not name:
            continue
        start, end = selection.start_position, selection.end_position
        length = end - start
        # The usual case first: the passage is the name. Names of another length are titles.
        if text.startswith(name, max(start, 0)) or abs(length - len(name)) > _leeway(name, drifts):
            continue
        if not _SHORTEST <= len(name.strip()) <= _LONGEST or not is_quote(name) or named_after(name, text, start, end):
            continue
        if failures >= _TRIES and not successes:
            # Names in this text are no quotations.
            return
        found = _found_nearby(name, text, start, end, drifts=drifts)
        if found is None:
            failures += 1
        else:
            successes += 1
            yield selection, found


def _leeway(name: str, drifts: bool) -> int:
    """Return by how much the length of a name may differ from that of its passage: white space, composed letters."""
    if drifts and without_ellipsis(name) is not None:
        return _LONGEST
    return max(5, len(name) // 5)


def _found_nearby(name: str, text: str, start: int, end: int, *, drifts: bool) -> tuple[int, int] | None:
    """Return the one passage near a selection that its name says, if there is exactly one."""
    beginning = without_ellipsis(name)
    if beginning is not None and (not drifts or len(beginning) < _TELLING_BEGINNING):
        return None
    wanted = (name if beginning is None else beginning).strip()
    first = min(max(0, start - NEAR), len(text))
    window = text[first : max(start, 0) + len(wanted) + NEAR]
    if window.count(wanted) == 1:
        at = window.index(wanted)
        passage = (at, at + len(wanted))
    else:
        folded, indexes = _folded(window)
        sought = _folded(wanted)[0].strip()
        at = folded.find(sought)
        if not sought or at < 0 or folded.find(sought, at + 1) >= 0:
            return None
        passage = (indexes[at], indexes[at + len(sought) - 1] + 1)
    moved = first + passage[0], first + passage[1]
    if beginning is not None:
        moved = moved[0], moved[0] + end - start
    if drifts and moved[0] > start:
        # Page breaks only ever push positions upwards.
        return None
    return None if moved == (start, end) else moved


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text without case, composition and shades of white space, and where each of its characters was."""
    characters: list[str] = []
    indexes: list[int] = []
    for index, character in enumerate(text):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            characters.append(" ")
            indexes.append(index)
            continue
        for part in unicodedata.normalize("NFKD", character).casefold():
            characters.append(part)
            indexes.append(index)
    return "".join(characters), indexes


def _move(selection: PlainTextSelection, start: int, end: int, positions: Positions) -> None:
    """Move a selection, keeping what stood in the file."""
    stood = dict(zip(("startPosition", "endPosition"), _stood(selection, positions), strict=True))
    if selection.extensions is None:
        selection.extensions = Extensions()
    for name, position in (("startPosition", start), ("endPosition", end)):
        selection.extensions.lexical.setdefault(name, str(stood[name]))
        selection.extensions.moved[name] = position
    selection.start_position, selection.end_position = start, end


def _stood(selection: PlainTextSelection, positions: Positions) -> tuple[int, int]:
    """Return the positions of a selection as they stood in the file."""
    return positions.from_codepoints(selection.start_position), positions.end_from_codepoints(selection.end_position)


def _finding(drifts: bool, where: str) -> Finding:
    if drifts:
        return Finding(
            "PDF-PAGE-DRIFT",
            "warning",
            "ATLAS.ti counts page breaks that are not in the text of a PDF; the selection was moved back to the "
            "passage that it is named after.",
            where=where,
            kind="mended",
        )
    return Finding(
        "NAME-REANCHOR",
        "warning",
        "A selection stood beside the passage that it is named after; it was moved there.",
        where=where,
        hint="Look whether the text was changed after it was coded.",
        kind="mended",
    )
