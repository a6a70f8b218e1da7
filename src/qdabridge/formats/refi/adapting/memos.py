"""What people wrote about a code, source or passage, put where the tool looks for it: into the thing's Description.

MAXQDA and ATLAS.ti have remarks on passages there. QualCoder has one memo for each thing: it takes a code that refers
to a note for none, and a note that a source refers to for a remark without a place; both would be gone. Knows nothing
of selections that stand in notes (``remarks``).
"""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    Authored,
    Code,
    Note,
    NoteRef,
    PDFSource,
    PictureSelection,
    Project,
    Selection,
    Vertex,
    same_guid,
)

_APART = "\n\n"

_Holder = Project | Code | Authored


def adapt_memos(draft: Draft) -> None:
    """Copy notes into the Description of what they are about, as far as the tool wants it; their pointers go."""
    {"none": _nothing, "remarks": _remarks_in_place, "all": _all_in_place}[draft.profile.notes_in_place](draft)


def _nothing(_: Draft) -> None:
    return None


def _all_in_place(draft: Draft) -> None:
    """Put every note in place, since QualCoder loses what is tied to a note."""
    moving = _Moving(draft)
    for holder in _holders(draft.project):
        moving.put(holder, moving.notes_about(holder))
        moving.count_dangling(holder)
        holder.note_refs = ()
    moving.leave_what_is_said()
    _where_it_is_looked_for(draft)
    title = draft.profile.title
    draft.say(
        "MEMO-IN-PLACE",
        f"{title} has one memo for each thing and none in notes that belong to it; the text of such notes was put into "
        "the Description of what they are about.",
        moving.told,
    )
    draft.lose(
        "MEMO-UNREAD",
        f"{title} loses codes and notes that are tied together, so they were parted; these notes or their texts are "
        "not there, so that nothing says what they were about.",
        moving.unread,
    )


def _remarks_in_place(draft: Draft) -> None:
    """Put notes without a name, which say one thing about one passage, in place; memos have names and stay."""
    moving = _Moving(draft)
    for holder in _holders(draft.project):
        if isinstance(holder, Selection) and not holder.codings:
            put = moving.put(holder, [note for note in moving.notes_about(holder) if not note.name])
            holder.note_refs = tuple(ref for ref in holder.note_refs if same_guid(ref.target_guid) not in put)
    moving.leave_what_is_said()
    draft.say(
        "MEMO-IN-PLACE",
        f"{draft.profile.title} has a remark on a passage as the passage's comment; the text of notes without a name "
        "was put there.",
        moving.told,
    )


class _Moving:
    """Puts notes into Descriptions and remembers what is then said twice."""

    def __init__(self, draft: Draft) -> None:
        self.told = self.unread = 0
        self._draft = draft
        self._look = Lookup(draft.study())
        self._taken: dict[int, Note] = {}
        self._links: set[tuple[str, str]] = set()

    def notes_about(self, holder: _Holder) -> list[Note]:
        """Return the notes that a thing refers to or that are linked to it, each once."""
        refs = (ref.target_guid for ref in holder.note_refs)
        notes = (self._look.note(guid) for guid in (*refs, *self._linked(holder)))
        return list({id(note): note for note in notes if note is not None}.values())

    def put(self, holder: _Holder, notes: list[Note]) -> set[str]:
        """Put the text of notes into a Description; return the GUIDs of those that have one."""
        put: set[str] = set()
        for note in notes:
            text = self._look.text(note) or note.description
            if not text or not text.strip():
                self.unread += 1
                continue
            self.told += 1
            put.add(same_guid(note.guid))
            self._taken[id(note)] = note
            holder.description = _with(holder.description, text)
            if isinstance(holder, Selection) and not holder.codings:
                # The remark is all that the selection is there for: whoever wrote it made it.
                holder.creating_user = note.creating_user or note.modifying_user or holder.creating_user
                holder.creation_date_time = note.creation_date_time or holder.creation_date_time
        own = same_guid(getattr(holder, "guid", ""))
        self._links.update((guid, own) for guid in self._linked(holder) if guid in put)
        return put

    def count_dangling(self, holder: _Holder) -> None:
        """Count the pointers to notes that the study does not have."""
        self.unread += sum(self._look.note(ref.target_guid) is None for ref in holder.note_refs)

    def leave_what_is_said(self) -> None:
        """Leave out links that said what a note is about, and notes that have no name and nothing else to say."""
        _leave_links(self._draft, self._links)
        _leave_nameless(self._draft, self._taken)

    def _linked(self, holder: _Holder) -> list[str]:
        own = same_guid(getattr(holder, "guid", ""))
        return self._look.linked_notes.get(own, []) if own else []


def memo_links(project: Project) -> set[int]:
    """Return the links, by identity, that tie a note to something whose Description can say what the note says."""
    notes = {same_guid(note.guid) for note in project.notes or ()}
    things = {same_guid(guid) for holder in _holders(project) if (guid := getattr(holder, "guid", None))}
    found = set()
    for link in project.links or ():
        origin, target = same_guid(link.origin_guid or ""), same_guid(link.target_guid or "")
        if (origin in notes and target in things) or (target in notes and origin in things):
            found.add(id(link))
    return found


def _holders(project: Project) -> Iterator[_Holder]:
    yield project
    yield from walk.codes(project)
    for source in project.sources or ():
        yield source
        for text in walk.texts_of(source):
            if text is not source:
                yield text
        yield from walk.selections_of(source)


def _with(description: str | None, text: str) -> str:
    text = text.replace("\r\n", "\n").strip("\n")
    if not description or not description.strip():
        return text
    return description if text in description else description + _APART + text


def _leave_links(draft: Draft, used: set[tuple[str, str]]) -> None:
    if not used:
        return
    kept = []
    for link in draft.project.links or ():
        origin, target = same_guid(link.origin_guid or ""), same_guid(link.target_guid or "")
        if (origin, target) not in used and (target, origin) not in used:
            kept.append(link)
    draft.project.links = kept or None


def _leave_nameless(draft: Draft, taken: dict[int, Note]) -> None:
    """Leave out notes without a name that said one thing about one passage, unless something else refers to them."""
    project = draft.project
    referred = {same_guid(ref.target_guid) for group in project.sets or () for ref in group.member_notes}
    referred |= {same_guid(ref.target_guid) for ref in _remaining_refs(draft)}
    referred |= {
        same_guid(guid) for link in project.links or () for guid in (link.origin_guid, link.target_guid) if guid
    }
    for graph in project.graphs or ():
        shapes: list[Vertex] = list(graph.vertices)
        referred |= {same_guid(shape.represented_guid) for shape in shapes if shape.represented_guid}
    gone = [
        note
        for note in project.notes or ()
        if id(note) in taken
        and not note.name
        and same_guid(note.guid) not in referred
        and not (note.plain_text_selections or note.codings or note.variable_values)
    ]
    if not gone:
        return
    files = {
        name for note in gone for path in (note.plain_text_path, note.rich_text_path) if (name := draft.name_of(path))
    }
    without = {id(note) for note in gone}
    project.notes = [note for note in project.notes or () if id(note) not in without] or None
    draft.leave_files(files)


def _remaining_refs(draft: Draft) -> Iterator[NoteRef]:
    project = draft.project
    for link in project.links or ():
        yield from link.note_refs
    for source in (*(project.sources or ()), *(project.notes or ())):
        for coding in source.codings:
            yield from coding.note_refs
        for selection in walk.selections_of(source):
            for coding in selection.codings:
                yield from coding.note_refs
    for note in project.notes or ():
        yield from note.note_refs


def _where_it_is_looked_for(draft: Draft) -> None:
    """Say it where QualCoder looks: of a PDF in its text, of an area of a picture in the name."""
    for source in draft.project.sources or ():
        if isinstance(source, PDFSource) and source.representation is not None:
            source.representation.description = source.representation.description or source.description
    differing = 0
    for selection in draft.selections():
        if isinstance(selection, PictureSelection) and (selection.description or "").strip():
            selection.name = selection.name or selection.description
            differing += selection.name != selection.description
    draft.lose(
        "PICTURE-COMMENT-UNREAD",
        f"{draft.profile.title} reads the name of an area of a picture as its comment; these have a name as well as "
        "a comment.",
        differing,
    )
