"""Comments: within the length that the tool reads, and as notes where the tool has notes for them."""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.files import BytesEntry
from qdabridge.study.model import Link, Note, NoteRef, PlainTextSelection, Selection
from qdabridge.study.text import StoredText


def adapt_comments(draft: Draft) -> None:
    """Give every comment of a passage the form in which the tool reads it."""
    if draft.profile.annotations_as_notes:
        _annotations_as_notes(draft)
    if draft.profile.comment_limit:
        _continue_long_ones(draft, draft.profile.comment_limit)


def adapt_notes(draft: Draft) -> None:
    """Put the text of every note into a file, where the tool reads only those."""
    if not draft.profile.notes_as_files:
        return
    for note in draft.project.notes or ():
        if note.plain_text_content is None and not note.plain_text_path:
            _write(draft, note, "")


def split_comment(comment: str, limit: int) -> tuple[str, str]:
    """Return a comment in two parts, the first within a limit in UTF-16 units, parted between words if possible.

    >>> split_comment("one two three", 9)
    ('one two ', 'three')
    """
    used = cut = 0
    for character in comment:
        used += 2 if ord(character) > 0xFFFF else 1
        if used > limit:
            break
        cut += 1
    else:
        return comment, ""
    between = max(comment.rfind(space, cut // 2, cut) for space in " \n\t") + 1
    return comment[: between or cut], comment[between or cut :]


def _continue_long_ones(draft: Draft, limit: int) -> None:
    notes: list[Note] = []
    for selection in draft.selections():
        head, rest = split_comment(selection.description or "", limit)
        if not rest:
            continue
        note = _note_by(draft, selection, "rest of comment")
        note.name = f"Comment, continued ({len(notes) + 1})"
        note.plain_text_content = rest
        selection.description = head
        selection.note_refs += (NoteRef(target_guid=note.guid),)
        notes.append(note)
    _add(draft, notes)
    draft.say(
        "COMMENT-CONTINUED",
        f"{draft.profile.title} reads the first {limit} characters of a comment; the rest was put into a note.",
        len(notes),
    )


def _annotations_as_notes(draft: Draft) -> None:
    notes, links = [], []
    for selection in draft.selections():
        if not isinstance(selection, PlainTextSelection) or selection.codings or not selection.description:
            continue
        note = _note_by(draft, selection, "annotation")
        note.name = ""
        note.plain_text_content = selection.description
        _write(draft, note, selection.description)
        selection.description = None
        links.append(
            Link(
                guid=draft.made_guid("annotation link", selection.guid),
                direction="OneWay",
                origin_guid=note.guid,
                target_guid=selection.guid,
            )
        )
        notes.append(note)
    _add(draft, notes)
    if links:
        draft.project.links = [*(draft.project.links or ()), *links]
    draft.say(
        "COMMENT-AS-NOTE",
        f"{draft.profile.title} has the comment of a passage without codings as a note that is linked to it.",
        len(notes),
    )


def _note_by(draft: Draft, selection: Selection, what: str) -> Note:
    return Note(
        guid=draft.made_guid(what, selection.guid),
        creating_user=selection.creating_user,
        creation_date_time=selection.creation_date_time,
    )


def _write(draft: Draft, note: Note, text: str) -> None:
    ends = "\r\n" if draft.profile.line_ends == "crlf" else "\n"
    stored = StoredText(text.replace("\r\n", "\n").replace("\n", ends), draft.profile.byte_order_mark)
    note.plain_text_path = draft.add_file(f"{note.guid}.txt", BytesEntry(stored.encoded()))
    note.plain_text_content = None


def _add(draft: Draft, notes: list[Note]) -> None:
    if notes:
        draft.project.notes = [*(draft.project.notes or ()), *notes]
