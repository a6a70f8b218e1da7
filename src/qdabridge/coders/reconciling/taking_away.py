"""Which codings of the consensus no longer hold, and taking them out of a study that may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qdabridge.coders.agreement.disagreements import Did
from qdabridge.coders.reconciling.places import Spot, key_of
from qdabridge.coders.reconciling.standing import (
    Guids,
    codable,
    codings,
    home_of,
    selections_by_home,
    without_notes,
)
from qdabridge.coders.reconciling.wanted import Wanted
from qdabridge.study.model import (
    AnyText,
    AudioSelection,
    Coding,
    PDFSelection,
    PictureSelection,
    PlainTextSelection,
    Project,
    Selection,
    User,
    VideoSelection,
    same_guid,
)
from qdabridge.study.passages import Codable


class Leaving:
    """What leaves the study.

    Args:
        project: of the study; it is changed.
        user: who the consensus is.
        guids: of what it has.
        wanted: what is to be.
    """

    def __init__(self, project: Project, user: User, guids: Guids, wanted: Sequence[Wanted]) -> None:
        self._project = project
        self._user = same_guid(user.guid)
        self._guids = guids
        self._settled = {each.spot.id: each for each in wanted}
        places = [(each, place) for each in wanted for place in each.coded or ()]
        self._kept = {guids.coding(each.spot.id, place) for each, place in places}
        self._kept_at = {(same_guid(each.code.guid), id(home_of(place)), place.key) for each, place in places}
        self._decided: dict[tuple[str, str], list[_Box]] = {}
        for each in wanted:
            if each.coded is not None:
                key = same_guid(each.code.guid), same_guid(each.spot.document_guid)
                self._decided.setdefault(key, []).extend(_boxes(each.spot))

    def take_away(self) -> int:
        """Take away what no longer holds; return how many codings that were."""
        removed = 0
        for source in codable(self._project):
            left = tuple(each for each in source.codings if not self._goes(each, source, None))
            removed += len(source.codings) - len(left)
            source.codings = left
        for home, selections in selections_by_home(self._project):
            gone = set()
            for selection in selections:
                left = tuple(each for each in selection.codings if not self._goes(each, home, selection))
                removed += len(selection.codings) - len(left)
                if self._is_empty(selection, left):
                    gone.add(id(selection))
                selection.codings = left
            if gone:
                selections[:] = [each for each in selections if id(each) not in gone]
        return removed

    def take_away_notes(self) -> list[str]:
        """Take away the notes of remarks that are gone; return the paths of their texts."""
        silent = {self._guids.note(each.spot.id) for each in self._settled.values() if not each.remark}
        notes = self._project.notes or []
        gone = [note for note in notes if same_guid(note.guid) in silent]
        if not gone:
            return []
        guids = {same_guid(note.guid) for note in gone}
        for source in codable(self._project):
            source.note_refs = without_notes(source.note_refs, guids)
        for _, _, coding in codings(self._project):
            coding.note_refs = without_notes(coding.note_refs, guids)
        self._project.notes = [note for note in notes if same_guid(note.guid) not in guids]
        return [path for note in gone for path in (note.plain_text_path, note.rich_text_path) if path]

    # --- inside -------------------------------------------------------------------------------------------------------

    def _goes(self, coding: Coding, home: Codable | AnyText, selection: Selection | None) -> bool:
        if same_guid(coding.creating_user or "") != self._user:
            return False
        spot = self._guids.spot_of(coding.guid)
        if spot is not None:
            wanted = self._settled.get(spot)
            return wanted is not None and wanted.coded is not None and same_guid(coding.guid) not in self._kept
        # It was made before the coders changed theirs, or by somebody who worked as the consensus: the list is right.
        code = same_guid(coding.code_ref.target_guid)
        if (code, id(home), key_of(selection)) in self._kept_at:
            return False
        box = _box(selection)
        return box is not None and any(box.meets(each) for each in self._decided.get((code, same_guid(home.guid)), ()))

    def _is_empty(self, selection: Selection, left: tuple[Coding, ...]) -> bool:
        """Tell whether nothing is left of a selection that was made for the consensus."""
        spot = self._guids.spot_of(selection.guid)
        if spot is None or left:
            return False
        if selection.codings:
            return True
        wanted = self._settled.get(spot)
        # One that was made for a remark goes with it, or when there is a coding that has the remark now.
        return wanted is not None and (not wanted.remark or bool(wanted.coded))


class _Box(NamedTuple):
    """An interval of a text or a recording, or an area of a page."""

    start: int
    end: int
    low: int = 0
    high: int = 1
    page: int = 0

    def meets(self, other: _Box) -> bool:
        return (
            self.page == other.page
            and self.start < other.end
            and other.start < self.end
            and self.low < other.high
            and other.low < self.high
        )


def _boxes(spot: Spot) -> list[_Box]:
    every: tuple[Did, ...] = spot.did if isinstance(spot.did, tuple) else (spot.did,)
    if spot.axis == "area":
        return [_Box(left, right, low, high, spot.page) for did in every for left, low, right, high in did.areas]
    return [_Box(spot.start, spot.end)]


def _box(selection: Selection | None) -> _Box | None:
    match selection:
        case PlainTextSelection():
            return _Box(selection.start_position, selection.end_position)
        case AudioSelection() | VideoSelection():
            return _Box(selection.begin, selection.end)
        case PDFSelection() | PictureSelection():
            page = selection.page if isinstance(selection, PDFSelection) else 0
            (left, right), (low, high) = (
                sorted((selection.first_x, selection.second_x)),
                sorted((selection.first_y, selection.second_y)),
            )
            return _Box(left, right, low, high, page)
    return None
