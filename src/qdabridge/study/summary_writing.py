"""Writing framework summaries into a study, changing them and taking them away; the given study stays as it is.

How a study keeps them is said in ``summaries``. GUIDs follow from those of case and code, so that whoever charts the
same again makes nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from qdabridge.errors import NotInStudy
from qdabridge.study import walk
from qdabridge.study.files import Files
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnySource,
    Case,
    Code,
    CodeRef,
    Link,
    Note,
    NoteRef,
    PlainTextSelection,
    Project,
    Set,
    SourceRef,
    User,
    same_guid,
)
from qdabridge.study.study import Study
from qdabridge.study.summaries import LINK_NAME, SET_NAME, CellKey, standing, text_of_note
from qdabridge.study.text import StoredText

_OURS = uuid5(NAMESPACE_URL, "urn:qdabridge:summaries")


def chart(study: Study, changes: Mapping[CellKey, str], *, by: User | None, when: str) -> Study:
    """Return a study with summaries written, changed and, where the new text is empty, taken away.

    A summary that already says the same is left alone, and without changes the study itself comes back. Passages that
    are coded in the note of a summary move with the words around them. A note that is coded or referred to elsewhere
    stays when its summary is taken away.

    Args:
        study: the study; it is not changed, and the new one shares its files: keep it open.
        changes: what each cell is to say.
        by: who wrote it; added to the users of the study if not among them.
        when: the date and time of the change, as ``2024-09-11T09:40:00Z``.

    Raises:
        NotInStudy: the study has no such case, source or code.
    """
    charting = _Charting(study, by, when)
    for key, text in changes.items():
        charting.take(key, text)
    return charting.finished()


def user_called(study: Study, name: str) -> User:
    """Return the user with a name or id, or a new one of that name who is not yet in the study."""
    users = study.project.users or ()
    for said in ("name", "id"):
        for user in users:
            if getattr(user, said) == name:
                return user
    return User(guid=_made("user", name), name=name)


def now() -> str:
    """Return the date and time as REFI-QDA has it, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Charting:
    """A study in which summaries are being changed; lists of the project are copied when something in them changes."""

    def __init__(self, study: Study, by: User | None, when: str) -> None:
        self._study = study
        self._look = Lookup(study)
        self._by = by
        self._when = when
        self._at: dict[CellKey, tuple[Link, Note]] = {}
        for key, link, note in standing(self._look):
            self._at.setdefault(key, (link, note))
        self._notes: dict[int, Note | None] = {}  # by the identity of the old note: the new one, or none
        self._links_gone: set[int] = set()
        self._new_notes: list[Note] = []
        self._new_links: list[Link] = []
        self._files: dict[str, bytes] = {}
        self._files_gone: set[str] = set()
        self._mentioned: frozenset[str] | None = None
        self._charted: dict[CellKey, str] = {}
        self._unlinked: set[str] = set()

    def take(self, key: CellKey, text: str) -> None:
        """Let one cell say something else."""
        at = self._at.get(key)
        if at is None:
            if text:
                self._write(key, text)
        elif not text:
            self._remove(*at)
        elif text_of_note(self._study, at[1]) != text:
            self._change(at[1], text)
            self._charted[key] = at[1].guid

    def finished(self) -> Study:
        """Return the new study."""
        if not (self._notes or self._links_gone or self._new_links):
            return self._study
        old = self._study.project
        notes = [self._notes.get(id(note), note) for note in old.notes or ()]
        links = [link for link in old.links or () if id(link) not in self._links_gone]
        project = replace(
            old,
            notes=[*(note for note in notes if note is not None), *self._new_notes],
            links=[*links, *self._new_links],
            sets=self._sets(),
            users=self._users(),
            modified_date_time=self._when,
            modifying_user_guid=self._by.guid if self._by is not None else None,
        )
        return Study(project, self._all_files(), self._study.findings, self._study.form)

    # --- one summary --------------------------------------------------------------------------------------------------

    def _write(self, key: CellKey, text: str) -> None:
        of, code = self._row(key[0]), self._code(key[1])
        by = self._by.guid if self._by is not None else None
        # A note that an earlier link led to may still be there, as where another tool dropped the links.
        note = self._look.note(_made("note", *key))
        if note is not None:
            self._change(note, text)
        else:
            note = Note(
                guid=_made("note", *key),
                name=f"Summary: {of.name or of.guid} – {' / '.join(self._look.names_to(code))}",
                plain_text_content=text,
                creating_user=by,
                creation_date_time=self._when,
                modifying_user=by,
                modified_date_time=self._when,
            )
            self._new_notes.append(note)
        link = Link(
            guid=_made("link", *key),
            name=LINK_NAME,
            direction="OneWay",
            origin_guid=of.guid,
            target_guid=code.guid,
            note_refs=(NoteRef(target_guid=note.guid),),
        )
        self._new_links.append(link)
        self._charted[key] = note.guid

    def _change(self, note: Note, text: str) -> None:
        old = text_of_note(self._study, note) or ""
        changed = replace(
            note,
            plain_text_selections=[_moved(each, old, text) for each in note.plain_text_selections],
            modifying_user=self._by.guid if self._by is not None else None,
            modified_date_time=self._when,
        )
        files = self._study.files
        name = files.find(note.plain_text_path) if note.plain_text_path else None
        if name is not None:
            self._files[name] = StoredText(text).encoded()
        else:
            changed.plain_text_path, changed.plain_text_content = None, text
        if note.rich_text_path:
            # It says what the summary said before.
            changed.rich_text_path = None
            if (formatted := files.find(note.rich_text_path)) is not None:
                self._files_gone.add(formatted)
        self._notes[id(note)] = changed

    def _remove(self, link: Link, note: Note) -> None:
        self._links_gone.add(id(link))
        self._unlinked.add(same_guid(note.guid))
        coded = note.codings or any(selection.codings for selection in note.plain_text_selections)
        if coded or same_guid(note.guid) in self._mentions():
            return
        self._notes[id(note)] = None
        for path in (note.plain_text_path, note.rich_text_path):
            if path and (name := self._study.files.find(path)) is not None:
                self._files_gone.add(name)

    def _mentions(self) -> frozenset[str]:
        """Return the notes that something else than a summary's link refers to."""
        if self._mentioned is None:
            self._mentioned = frozenset(map(same_guid, _notes_mentioned(self._study.project, self._at.values())))
        return self._mentioned

    def _row(self, guid: str) -> Case | AnySource:
        found = self._look.case(guid) or self._look.source(guid)
        if found is None:
            raise NotInStudy(f"The study has no case or source {guid}.")
        return found

    def _code(self, guid: str) -> Code:
        found = self._look.code(guid)
        if found is None:
            raise NotInStudy(f"The study has no code {guid}.")
        return found

    # --- what holds them together -------------------------------------------------------------------------------------

    def _users(self) -> list[User] | None:
        users = self._study.project.users
        if self._by is None or self._look.user(self._by.guid) is not None:
            return users
        return [*(users or ()), self._by]

    def _sets(self) -> list[Set]:
        sets = list(self._study.project.sets or ())
        number = next((n for n, each in enumerate(sets) if _is_ours(each)), None)
        ours = sets[number] if number is not None else Set(guid=_made("set"), name=SET_NAME)
        codes, sources, notes = [], [], []
        for (row, code), note in self._charted.items():
            codes.append(self._code(code).guid)
            of = self._row(row)
            sources += [each.guid for each in self._look.sources_of(of)] if isinstance(of, Case) else [of.guid]
            notes.append(note)
        kept = [ref.target_guid for ref in ours.member_notes if same_guid(ref.target_guid) not in self._unlinked]
        # Memos that a case refers to are no sources.
        sources = [guid for guid in sources if self._look.source(guid) is not None]
        ours = replace(
            ours,
            member_codes=(*ours.member_codes, *map(_code_ref, _new(codes, ours.member_codes))),
            member_sources=(*ours.member_sources, *map(_source_ref, _new(sources, ours.member_sources))),
            member_notes=tuple(NoteRef(target_guid=guid) for guid in (*kept, *_new(notes, ours.member_notes))),
        )
        if number is not None:
            sets[number] = ours
        elif self._charted:
            sets.append(ours)
        return sets

    def _all_files(self) -> Files:
        if not (self._files or self._files_gone):
            return self._study.files
        return self._study.files.changed(self._files, without=self._files_gone)


def _made(*parts: str) -> str:
    return str(uuid5(_OURS, "\n".join(parts)))


def _is_ours(group: Set) -> bool:
    return same_guid(group.guid) == _made("set") or group.name == SET_NAME


def _moved(selection: PlainTextSelection, old: str, new: str) -> PlainTextSelection:
    """Return a selection where its words are now; what lies in the part that was rewritten covers all of that part."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    start, end = selection.start_position, selection.end_position
    later = len(new) - len(old)
    return replace(
        selection,
        start_position=start if start <= head else start + later if start >= len(old) - tail else head,
        end_position=end + later if end >= len(old) - tail else end if end <= head else len(new) - tail,
    )


def _notes_mentioned(project: Project, summaries: Iterable[tuple[Link, Note]]) -> Iterator[str]:
    """Give the GUIDs of the notes that elements other than these links refer to."""
    links = {id(link) for link, _ in summaries}
    documents: list[AnySource | Note] = [*(project.sources or ()), *(project.notes or ())]
    others = (link for link in project.links or () if id(link) not in links)
    for refs in (
        project.note_refs,
        *(code.note_refs for code in walk.codes(project)),
        *(document.note_refs for document in documents),
        *(link.note_refs for link in others),
    ):
        yield from (ref.target_guid for ref in refs)
    for document in documents:
        for coding in document.codings:
            yield from (ref.target_guid for ref in coding.note_refs)
        for selection in walk.selections_of(document):
            for refs in (selection.note_refs, *(coding.note_refs for coding in selection.codings)):
                yield from (ref.target_guid for ref in refs)
    for other in project.sets or ():
        if not _is_ours(other):
            yield from (ref.target_guid for ref in other.member_notes)
    for graph in project.graphs or ():
        yield from (vertex.represented_guid for vertex in graph.vertices if vertex.represented_guid)


def _new(guids: Iterable[str], known: Iterable[CodeRef | SourceRef | NoteRef]) -> list[str]:
    """Return those that are not known yet, each once."""
    seen = {same_guid(ref.target_guid) for ref in known}
    return list({same_guid(guid): guid for guid in guids if same_guid(guid) not in seen}.values())


def _code_ref(guid: str) -> CodeRef:
    return CodeRef(target_guid=guid)


def _source_ref(guid: str) -> SourceRef:
    return SourceRef(target_guid=guid)
