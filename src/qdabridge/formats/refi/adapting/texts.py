"""Line ends, the byte order mark, and whether a text is a file: as the tool wants it; positions follow.

Knows nothing of how positions are counted when they are written: here they are code points before and after.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from qdabridge.errors import CannotRead
from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.files import BytesEntry
from qdabridge.study.model import AnyText, Note, PDFSource, TextDocument, Transcript
from qdabridge.study.text import Counting, Positions, StoredText

Moved = Callable[[int], int]

_WIDE = re.compile("[\U00010000-\U0010ffff]")


def adapt_texts(draft: Draft) -> None:
    """Give every text the line ends and the place that the tool wants."""
    profile = draft.profile
    if profile.texts_needed:
        _give_empty_texts(draft)
    changed: dict[str, Moved] = {}
    given_ends = 0
    inline_in_pdf = {id(text) for text in _texts_of_areas(draft)}
    for document in draft.documents():
        try:
            stored = draft.study().stored_text(document)
        except CannotRead:
            continue
        if stored is None:
            continue
        name = draft.name_of(document.plain_text_path)
        if name is None:
            text, moved = with_line_ends(stored.text, profile.line_ends)
            given_ends += text != stored.text
            _move(document, moved)
            if (isinstance(document, Note) and not profile.notes_as_files) or id(document) in inline_in_pdf:
                document.plain_text_path, document.plain_text_content = None, text
                continue
            entry = BytesEntry(StoredText(text, profile.byte_order_mark).encoded())
            document.plain_text_path = draft.add_file(f"{document.guid.strip('{} ')}.txt", entry)
        elif name in changed:
            # Another element has the same file; its positions move alike.
            _move(document, changed[name])
        else:
            text, changed[name] = with_line_ends(stored.text, profile.line_ends)
            given_ends += text != stored.text
            _move(document, changed[name])
            if text != stored.text or stored.byte_order_mark != profile.byte_order_mark:
                draft.files.put(name, BytesEntry(StoredText(text, profile.byte_order_mark).encoded()))
        document.plain_text_content = None
    ends = {"lf": "LF", "crlf": "CR LF"}[profile.line_ends]
    draft.say(
        "LINE-ENDS",
        f"{profile.title} has texts whose lines end in {ends}; texts were given such ends, and what is marked in them "
        "moved along.",
        given_ends,
    )


def tell_uncertain_positions(draft: Draft) -> None:
    """Say how many passages stand behind a character of which it is not known how the tool counts it."""
    if not draft.profile.wide_characters_uncertain:
        return
    for document in draft.documents():
        if isinstance(document, Transcript) or not document.plain_text_selections:
            continue
        first = _WIDE.search(draft.text_of(document) or "")
        if first is None:
            continue
        behind = sum(selection.end_position > first.start() for selection in document.plain_text_selections)
        draft.say(
            "WIDE-CHARACTERS",
            f"It is not known how {draft.profile.title} counts emoji and other characters above U+FFFF; passages "
            "behind one may begin and end some characters too early there.",
            behind,
            severity="warning",
            kind="problem",
            where=document.name or document.guid,
            hint="Look at the first passage behind an emoji after importing.",
        )


def _give_empty_texts(draft: Draft) -> None:
    given = 0
    for document in draft.documents():
        if document.plain_text_path is None and document.plain_text_content is None and not isinstance(document, Note):
            document.plain_text_content = ""
            given += 1
    draft.say(
        "TEXT-MADE-EMPTY",
        f"{draft.profile.title} stops at a source or transcript without a plain text; an empty one was put there.",
        given,
        severity="warning",
        kind="problem",
        hint=f"Where there is a Word document, {draft.profile.title} will not have its words.",
    )


def with_line_ends(text: str, line_ends: str) -> tuple[str, Moved]:
    """Return a text with other line ends, and where each position goes.

    >>> text, moved = with_line_ends("a\\r\\nb\\n", "lf")
    >>> text, moved(3), moved(4)
    ('a\\nb\\n', 2, 3)
    >>> text, moved = with_line_ends("a\\r\\nb\\n", "crlf")
    >>> text, moved(3), moved(5)
    ('a\\r\\nb\\r\\n', 3, 6)
    """
    once = Positions(text, Counting(crlf=1))
    lf = text.replace("\r\n", "\n").replace("\r", "\n")
    if line_ends == "lf":
        return lf, once.from_codepoints
    ends = [match.start() for match in re.finditer("\n", lf)]

    def moved(position: int) -> int:
        counted = once.from_codepoints(position)
        return counted + bisect_left(ends, counted)

    return lf.replace("\n", "\r\n"), moved


def _move(document: AnyText, moved: Moved) -> None:
    if isinstance(document, TextDocument):
        for selection in document.plain_text_selections:
            selection.start_position = moved(selection.start_position)
            selection.end_position = moved(selection.end_position)
        return
    for point in document.sync_points:
        if point.position is not None:
            point.position = moved(point.position)


def _texts_of_areas(draft: Draft) -> list[AnyText]:
    """Return the few words that stand inside areas of PDFs: they need no files."""
    return [
        selection.representation
        for source in draft.project.sources or ()
        if isinstance(source, PDFSource)
        for selection in source.pdf_selections
        if selection.representation is not None
    ]
