"""Where selections and codings stand in a study that is being changed: the lists, and what names their elements.

The GUID of whatever is made for a place of the list begins with a half that says which place it is, and ends with one
that says what it is and where. So it is found again, even where it was decided otherwise meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from qdabridge.coders.reconciling.places import Place
from qdabridge.study import walk
from qdabridge.study.model import (
    AnyText,
    AudioSource,
    Coding,
    NoteRef,
    PDFSource,
    PictureSource,
    Project,
    Selection,
    TextDocument,
    Transcript,
    User,
    VideoSource,
    same_guid,
)
from qdabridge.study.passages import Codable

OURS = uuid5(NAMESPACE_URL, "urn:qdabridge:consensus")

_HALF = 18


class Guids:
    """Makes the GUIDs of what the consensus has at the places of a list.

    Args:
        user: who the consensus is.
        ids: of all places, decided or not.
    """

    def __init__(self, user: User, ids: Iterable[str]) -> None:
        self._maker = uuid5(OURS, same_guid(user.guid))
        self._ids = {self._half(each): each for each in ids}

    def coding(self, spot: str, place: Place) -> str:
        """Return the GUID of the coding at a place."""
        return self._of(spot, "coding", place)

    def selection(self, spot: str, place: Place) -> str:
        """Return the GUID of the selection that is coded."""
        return self._of(spot, "selection", place)

    def remark(self, spot: str, place: Place) -> str:
        """Return the GUID of the selection that is remarked upon, and not coded."""
        return self._of(spot, "remark", place)

    def note(self, spot: str) -> str:
        """Return the GUID of the note with the remark."""
        return self._half(spot) + str(uuid5(self._maker, f"{spot} note"))[_HALF:]

    def spot_of(self, guid: str) -> str | None:
        """Return the id of the place of the list that something was made for, if it was."""
        return self._ids.get(same_guid(guid)[:_HALF])

    def _half(self, spot: str) -> str:
        return str(uuid5(self._maker, spot))[:_HALF]

    def _of(self, spot: str, kind: str, place: Place) -> str:
        where = f"{same_guid(home_of(place).guid)} {place.key}"
        return self._half(spot) + str(uuid5(self._maker, f"{spot} {kind} {where}"))[_HALF:]


def home_of(place: Place) -> Codable | AnyText:
    """Return what a place is in: the text, or the source where it is no text."""
    return place.document if place.document is not None and place.selection is not None else place.source


def codable(project: Project) -> Iterator[Codable]:
    """Give every source and note."""
    return chain(project.sources or (), project.notes or ())


def selections_by_home(project: Project) -> Iterator[tuple[Codable | AnyText, list[Any]]]:
    """Give every list of selections, with the text or source that it is of."""
    for source in codable(project):
        for home in {id(each): each for each in (source, *walk.texts_of(source))}.values():
            yield home, selections_of(home)


def selections_of(home: Codable | AnyText) -> list[Any]:
    """Return the list of the selections of a text, or of a source that is none."""
    match home:
        case TextDocument():
            return home.plain_text_selections
        case Transcript():
            return home.transcript_selections
        case PictureSource():
            return home.picture_selections
        case PDFSource():
            return home.pdf_selections
        case AudioSource():
            return home.audio_selections
        case VideoSource():
            return home.video_selections
    raise AssertionError(type(home))


def codings(project: Project) -> Iterator[tuple[Codable | AnyText, Selection | None, Coding]]:
    """Give every coding with the text or source and the selection that it is of; without one, of the whole source."""
    for source in codable(project):
        for coding in source.codings:
            yield source, None, coding
    for home, selections in selections_by_home(project):
        for selection in selections:
            for coding in selection.codings:
                yield home, selection, coding


def with_note(refs: tuple[NoteRef, ...], guid: str) -> tuple[NoteRef, ...]:
    """Return references to notes with one more, if it is not among them."""
    if any(same_guid(ref.target_guid) == guid for ref in refs):
        return refs
    return (*refs, NoteRef(target_guid=guid))


def without_notes(refs: tuple[NoteRef, ...], guids: set[str]) -> tuple[NoteRef, ...]:
    """Return references to notes without those to some."""
    return tuple(ref for ref in refs if same_guid(ref.target_guid) not in guids) if refs else refs
