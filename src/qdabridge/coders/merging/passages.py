"""Joining the selections and codings of one text or picture: the same place, person and code is the same coding.

A GUID counts first, where it means the same; programs that make new GUIDs with every export are met by what is coded.
What stands twice in one copy stands twice afterwards, and not three times. It knows nothing of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from qdabridge.coders.merging.fields import join_authored, join_dates, joined_pointers
from qdabridge.coders.merging.joint import Arrival
from qdabridge.study.model import (
    AudioSelection,
    Coding,
    PDFSelection,
    PictureSelection,
    PlainTextSelection,
    Selection,
    TranscriptSelection,
    VideoSelection,
    same_guid,
)

Place: TypeAlias = tuple[Any, ...]
"""Where in its text or picture a selection is; the whole of it is an empty place."""

_WHERE: dict[type[Selection], tuple[str, ...]] = {
    PlainTextSelection: ("start_position", "end_position"),
    PictureSelection: ("first_x", "first_y", "second_x", "second_y"),
    PDFSelection: ("page", "first_x", "first_y", "second_x", "second_y"),
    AudioSelection: ("begin", "end"),
    VideoSelection: ("begin", "end"),
    TranscriptSelection: ("from_sync_point", "to_sync_point"),
}


def join_selections(
    arrival: Arrival, ours: list[Any], theirs: Sequence[Any], where: str
) -> list[tuple[Selection, Selection]]:
    """Take the selections of a copy into those that are there.

    Args:
        arrival: the copy.
        ours: the selections that are there; new ones are added.
        theirs: those of the copy, in the same text or picture, their positions counted in what was kept.
        where: the GUID of that text or picture.

    Returns:
        The pairs of ours and theirs that are the same.
    """
    pairs = _same_selections(ours, theirs)
    known = _Codings(arrival, _standing(ours), _standing(theirs))
    taken = {id(each) for each in pairs.values()}
    bare = _bare(each for each in ours if id(each) not in taken)
    same: list[tuple[Selection, Selection]] = []
    for each in theirs:
        home = pairs.get(id(each)) or _home(each, known.homes_of(each.codings), bare)
        rest = known.left_of(each.codings)
        if home is None:
            _add_selection(arrival, ours, each, rest, where)
            continue
        same.append((home, each))
        arrival.is_now(each, home)
        _keep_author(home, each)
        join_authored(arrival, home, each)
        home.codings = (*home.codings, *_settled(arrival, rest, home, each, where))
    return same


def join_codings(arrival: Arrival, ours: Any, theirs: Any, where: str) -> None:
    """Take the codings of a whole source into those that are there."""
    if theirs.codings:
        rest = _Codings(arrival, [((), None, ours.codings)], [((), None, theirs.codings)]).left_of(theirs.codings)
        ours.codings = (*ours.codings, *_settled(arrival, rest, None, None, where))


def place_of(selection: Selection) -> Place:
    """Return where a selection is."""
    fields = _WHERE[type(selection)]
    return (type(selection).__name__, *(getattr(selection, field) for field in fields))


# --- which is which --------------------------------------------------------------------------------------------------


def _same_selections(ours: Iterable[Any], theirs: Iterable[Any]) -> dict[int, Any]:
    """Return ours for each of theirs that has the GUID of it and is in its place."""
    there: dict[tuple[str, Place], list[Any]] = {}
    for each in reversed(list(ours)):
        there.setdefault((same_guid(each.guid), place_of(each)), []).append(each)
    pairs: dict[int, Any] = {}
    for each in theirs:
        waiting = there.get((same_guid(each.guid), place_of(each)))
        if waiting:
            pairs[id(each)] = waiting.pop()
    return pairs


_Standing: TypeAlias = tuple[Place, Selection | None, Sequence[Coding]]
"""Codings, and where they stand."""


def _standing(selections: Iterable[Any]) -> list[_Standing]:
    return [(place_of(each), each, each.codings) for each in selections if each.codings]


class _Codings:
    """Which codings of a copy are there already: each is the same as one of ours at most."""

    def __init__(self, arrival: Arrival, ours: Iterable[_Standing], theirs: Sequence[_Standing]) -> None:
        self._homes: dict[int, Selection | None] = {}
        there: dict[Place, dict[int, tuple[Coding, Selection | None]]] = {}
        by_guid: dict[Place, tuple[Coding, Selection | None]] = {}
        for place, selection, codings in ours:
            for coding in codings:
                meaning = _meaning(place, selection, coding)
                there.setdefault(meaning, {})[id(coding)] = coding, selection
                by_guid.setdefault((*meaning, same_guid(coding.guid)), (coding, selection))
        waiting: list[tuple[Coding, Place]] = []
        for place, selection, codings in theirs:
            for coding in codings:
                meaning = _meaning(place, selection, coding)
                same = by_guid.pop((*meaning, same_guid(coding.guid)), None)
                if same is None:
                    waiting.append((coding, meaning))
                    continue
                del there[meaning][id(same[0])]
                self._pair(arrival, *same, coding)
        for coding, meaning in waiting:
            if free := there.get(meaning):
                self._pair(arrival, *free.pop(next(iter(free))), coding)

    def _pair(self, arrival: Arrival, ours: Coding, home: Selection | None, theirs: Coding) -> None:
        self._homes[id(theirs)] = home
        arrival.is_now(theirs, ours)
        join_dates(ours, theirs)
        ours.note_refs = joined_pointers(ours.note_refs, theirs.note_refs)

    def left_of(self, codings: Iterable[Coding]) -> list[Coding]:
        """Return the codings of a copy that are not there yet."""
        return [coding for coding in codings if id(coding) not in self._homes]

    def homes_of(self, codings: Iterable[Coding]) -> list[Selection]:
        """Return the selections that codings of a copy were found in."""
        found = [self._homes.get(id(coding)) for coding in codings]
        return [each for each in found if each is not None]


def _meaning(place: Place, selection: Selection | None, coding: Coding) -> Place:
    return (*place, same_guid(coding.code_ref.target_guid), same_guid(_author(selection, coding) or ""))


def _author(selection: Selection | None, coding: Coding) -> str | None:
    return coding.creating_user or (selection.creating_user if selection is not None else None)


def _bare(ours: Iterable[Any]) -> dict[Place, list[Any]]:
    """Return the selections that nobody coded, by place, person and what is said of them."""
    found: dict[Place, list[Any]] = {}
    for each in ours:
        if not each.codings:
            found.setdefault(_bare_meaning(each), []).append(each)
    return found


def _bare_meaning(selection: Selection) -> Place:
    by = same_guid(selection.creating_user or "")
    return (*place_of(selection), by, selection.name or "", selection.description or "")


def _home(theirs: Selection, homes: Iterable[Any], bare: dict[Place, list[Any]]) -> Any | None:
    """Return the selection of ours that one of a copy is, though its GUID is another."""
    for home in homes:
        # Two remarks on one passage are two.
        if not home.description or not theirs.description or home.description == theirs.description:
            return home
    waiting = bare.get(_bare_meaning(theirs)) if not theirs.codings else None
    return waiting.pop(0) if waiting else None


# --- what is new -----------------------------------------------------------------------------------------------------


def _add_selection(arrival: Arrival, ours: list[Any], theirs: Any, codings: list[Coding], where: str) -> None:
    if theirs.codings and not codings and not (theirs.description or theirs.note_refs):
        # All that it says is there, in several selections.
        return
    arrival.settle(theirs, f"{where} {place_of(theirs)}")
    theirs.codings = _settled(arrival, codings, theirs, theirs, where)
    arrival.joint.came_from(theirs, arrival.copy)
    ours.append(theirs)


def _settled(
    arrival: Arrival, codings: Iterable[Coding], home: Selection | None, selection: Selection | None, where: str
) -> tuple[Coding, ...]:
    """Return new codings with GUIDs of their own; each still says who made it."""
    settled = []
    for coding in codings:
        by = _author(selection, coding)
        if by != (_author(home, coding)):
            coding.creating_user = by
        arrival.settle(coding, f"{where} {_meaning(place_of(home) if home is not None else (), home, coding)}")
        settled.append(coding)
    return tuple(settled)


def _keep_author(home: Selection, theirs: Selection) -> None:
    """Say who made a selection where nothing says so, unless its codings would become that person's too."""
    if home.creating_user is None and all(coding.creating_user for coding in home.codings):
        home.creating_user = theirs.creating_user
