"""Bringing a study to what a meeting decided: codings of a user who is the consensus, and notes with the remarks.

Whatever somebody else coded is left alone. What a decision means is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from qdabridge.coders.reconciling.places import Place, key_of
from qdabridge.coders.reconciling.standing import (
    OURS,
    Guids,
    codable,
    codings,
    home_of,
    selections_of,
    with_note,
)
from qdabridge.coders.reconciling.taking_away import Leaving
from qdabridge.coders.reconciling.wanted import Wanted
from qdabridge.study.files import Files
from qdabridge.study.model import (
    CodeRef,
    Coding,
    Note,
    NoteRef,
    PDFSelection,
    Project,
    Selection,
    User,
    same_guid,
)
from qdabridge.study.study import Study


def consensus_user(project: Project, name: str) -> User:
    """Return the user of a name, or a new one who is not yet in the study."""
    known = (user for user in project.users or () if name in (user.name, user.id))
    return next(known, None) or User(guid=str(uuid5(OURS, name)), name=name)


class Consensus:
    """The consensus in one study.

    Args:
        study: it is changed.
        user: who the consensus is.
        when: the date and time of what is made.
        ids: of all places, decided or not.
    """

    def __init__(self, study: Study, user: User, when: str, ids: Iterable[str]) -> None:
        self._study = study
        self._project = study.project
        self._user = user
        self._when = when
        self._guids = Guids(user, ids)
        self._codings: dict[str, Coding] = {}
        self._of_spot: dict[str, list[Coding]] = {}
        self._at: dict[tuple[str, int, str], Coding] = {}
        self._notes: dict[str, Note] = {}
        self._paths_gone: list[str] = []
        self.added = 0
        """How many codings were made."""
        self.removed = 0
        """How many of the consensus were taken away."""

    def settle(self, wanted: Sequence[Wanted]) -> None:
        """Bring the study to what is wanted; what no longer holds goes before anything is made."""
        leaving = Leaving(self._project, self._user, self._guids, wanted)
        self.removed = leaving.take_away()
        self._paths_gone += leaving.take_away_notes()
        self._index()
        for each in wanted:
            self._put(each)
        users = self._project.users or []
        if (self.added or self._notes) and all(same_guid(each.guid) != same_guid(self._user.guid) for each in users):
            self._project.users = [*users, self._user]

    def files(self) -> Files:
        """Return the files of the study, without those of notes that say something else now."""
        files = self._study.files
        gone = {name for path in self._paths_gone if (name := files.find(path)) is not None}
        return files.changed({}, without=gone) if gone else files

    # --- inside -------------------------------------------------------------------------------------------------------

    def _index(self) -> None:
        self._notes = {same_guid(note.guid): note for note in self._project.notes or ()}
        for home, selection, coding in codings(self._project):
            if same_guid(coding.creating_user or "") == same_guid(self._user.guid):
                self._codings[same_guid(coding.guid)] = coding
                self._at[same_guid(coding.code_ref.target_guid), id(home), key_of(selection)] = coding
                spot = self._guids.spot_of(coding.guid)
                if spot is not None:
                    self._of_spot.setdefault(spot, []).append(coding)

    def _put(self, wanted: Wanted) -> None:
        if wanted.coded is None:
            coded = self._of_spot.get(wanted.spot.id, [])
        else:
            coded = [self._coded(wanted, place) for place in wanted.coded]
        if wanted.remark:
            self._remark(wanted, coded)

    def _coded(self, wanted: Wanted, place: Place) -> Coding:
        """Return the coding at a place, made if it is not there yet."""
        guid = self._guids.coding(wanted.spot.id, place)
        at = (same_guid(wanted.code.guid), id(home_of(place)), place.key)
        there = self._codings.get(guid) or self._at.get(at)
        if there is not None:
            return there
        coding = Coding(
            guid=guid,
            creating_user=self._user.guid,
            creation_date_time=self._when,
            code_ref=CodeRef(target_guid=wanted.code.guid),
        )
        if place.selection is None:
            place.source.codings = (*place.source.codings, coding)
        else:
            self._made(place, place.selection, self._guids.selection(wanted.spot.id, place)).codings = (coding,)
        self._codings[guid] = self._at[at] = coding
        self.added += 1
        return coding

    def _remark(self, wanted: Wanted, coded: Sequence[Coding]) -> None:
        guid = self._guids.note(wanted.spot.id)
        self._write_note(guid, wanted)
        for coding in coded:
            coding.note_refs = with_note(coding.note_refs, guid)
        if coded:
            return
        if wanted.at is None or wanted.at.selection is None:
            source = next(
                each for each in codable(self._project) if same_guid(each.guid) == same_guid(wanted.spot.source_guid)
            )
            source.note_refs = with_note(source.note_refs, guid)
            return
        made = self._guids.remark(wanted.spot.id, wanted.at)
        if all(same_guid(each.guid) != made for each in selections_of(home_of(wanted.at))):
            self._made(wanted.at, wanted.at.selection, made).note_refs = (NoteRef(target_guid=guid),)

    def _write_note(self, guid: str, wanted: Wanted) -> None:
        there = self._notes.get(guid)
        if there is None:
            there = self._notes[guid] = Note(
                guid=guid,
                name=wanted.title,
                plain_text_content=wanted.remark,
                creating_user=self._user.guid,
                creation_date_time=self._when,
            )
            self._project.notes = [*(self._project.notes or ()), there]
        elif (self._study.text_of(there) or "").strip() != wanted.remark:
            self._paths_gone += [path for path in (there.plain_text_path, there.rich_text_path) if path]
            there.plain_text_path, there.rich_text_path = None, None
            there.plain_text_content = wanted.remark
            there.modifying_user, there.modified_date_time = self._user.guid, self._when

    def _made(self, place: Place, selection: Selection, guid: str) -> Selection:
        """Put a selection where it belongs, with nothing on it yet."""
        selection.guid = guid
        selection.creating_user, selection.creation_date_time = self._user.guid, self._when
        if isinstance(selection, PDFSelection) and selection.representation is not None:
            selection.representation.guid = str(uuid5(UUID(guid), "representation"))
        selections_of(home_of(place)).append(selection)
        return selection
