"""What people wrote about passages, and about codes, sources, cases and the whole study, however their tool keeps it.

A remark may be the Description of a selection (MAXQDA, ATLAS.ti), a note that the selection or coding refers to, a note
that a link leads from (NVivo), or a note that is referred to by a source and whose selections count the text of that
source (QualCoder, Quirkos). This module asks the look-ups for what is where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from qdabridge.study.model import (
    AnyText,
    Authored,
    Case,
    Code,
    Element,
    Note,
    PDFSource,
    PlainTextSelection,
    Project,
    Selection,
    Set,
    Source,
    TextDocument,
    User,
    same_guid,
)
from qdabridge.study.passages import Codable, Reference, places_in
from qdabridge.study.quotations import selections_together
from qdabridge.study.walk import texts_of

if TYPE_CHECKING:
    from qdabridge.study.lookup import Lookup

NO_CODE = Code(guid="", name="")
"""What a reference is coded with where nobody coded it."""

Anchors: TypeAlias = dict[int, tuple[Codable, AnyText]]
"""The selections, by identity, that stand in a note and count the text of a source: the source and that text."""

_NOTES_COUNT_THE_SOURCE = frozenset({"qualcoder", "quirkos"})
_DESCRIPTIONS_ARE_MEMOS = frozenset({"maxqda", "qualcoder"})


class Annotation(Struct, frozen=True, gc=False):
    """What somebody wrote about one passage, or about how it is coded.

    Args:
        text: what was written; ``None`` where the text of the note is not there.
        user: who wrote it.
        passage: what it is about; where it is about a coding, ``passage.coding`` is that.
        note: the note that holds the text; ``None`` where it is a Description.
    """

    text: str | None
    user: User | None
    passage: Reference
    note: Note | None = None


class Memo(Struct, frozen=True, gc=False):
    """What somebody wrote about a code, a source, a case, the study …; ``note`` is ``None`` for a Description."""

    text: str | None
    user: User | None = None
    note: Note | None = None


# --- passages --------------------------------------------------------------------------------------------------------


def annotations_in(look: Lookup) -> Iterator[Annotation]:
    """Give what was written about passages, source by source, notes last; what stands there twice, once."""
    anchored: dict[int, list[tuple[Note, PlainTextSelection]]] = {}
    for note in look.project.notes or ():
        for selection in note.plain_text_selections:
            if (anchor := look.anchors.get(id(selection))) is not None:
                anchored.setdefault(id(anchor[0]), []).append((note, selection))
    for source in chain(look.project.sources or (), look.project.notes or ()):
        found = list(_standing_in(look, source))
        for note, selection in anchored.get(id(source), ()):
            passage = Reference(NO_CODE, None, source, look.anchors[id(selection)][1], selection)
            found.append(_by_note(look, note, passage, selection))
        yield from _each_once(source, found) if len(found) > 1 else found


def _standing_in(look: Lookup, source: Codable) -> Iterator[Annotation]:
    for document, selection, codings in places_in(source):
        if selection is not None:
            where, counted = look.anchors.get(id(selection), (source, document))
            passage = Reference(NO_CODE, None, where, counted, selection)
            if (text := selection.description) is not None and text.strip():
                yield Annotation(text, _author(look, selection), passage)
            for note in _notes_on(look, selection) if selection.note_refs or look.linked_notes else ():
                yield _by_note(look, note, passage, selection)
        for coding in codings:
            for ref in coding.note_refs:
                if (about := look.note(ref.target_guid)) is not None:
                    code = look.code(coding.code_ref.target_guid) or NO_CODE
                    user = look.user(coding.creating_user or "") or (selection and _author(look, selection)) or None
                    passage = Reference(code, coding, source, document, selection, user)
                    yield _by_note(look, about, passage, selection)


def _by_note(look: Lookup, note: Note, passage: Reference, selection: Selection | None) -> Annotation:
    user = _author(look, note) or passage.user or (_author(look, selection) if selection is not None else None)
    return Annotation(_text(look, note), user, passage, note)


def _each_once(source: Codable, found: Iterable[Annotation]) -> Iterator[Annotation]:
    """Leave out what was said before of the same passage, as where ATLAS.ti has it as an area and as words."""
    leads = {
        id(place.selection): id(together[0].selection) for together in selections_together(source) for place in together
    }
    said: set[object] = set()
    for each in found:
        where = leads.get(id(each.passage.selection), id(each.passage.selection))
        about = same_guid(each.passage.code.guid)
        key = where, about, id(each.note) if each.note is not None else (each.text, id(each.user))
        if key not in said:
            said.add(key)
            yield each


def anchored_in_sources(look: Lookup) -> Anchors:
    """Return the selections in notes that count the text of the source that refers to the note.

    QualCoder and Quirkos write remarks so. Of other tools it is believed where the selections of a note reach beyond
    the note's own text. A selection that is coded stands where the standard says, in the note.
    """
    found: Anchors = {}
    for source in look.project.sources or ():
        text = _main_text(source)
        for ref in source.note_refs if text is not None else ():
            note = look.note(ref.target_guid)
            uncoded = [each for each in note.plain_text_selections if not each.codings] if note is not None else []
            if note is None or text is None or not uncoded:
                continue
            if look.tool in _NOTES_COUNT_THE_SOURCE or _reaches_beyond(look.text(note), uncoded):
                found.update((id(selection), (source, text)) for selection in uncoded)
    return found


def _reaches_beyond(text: str | None, selections: Iterable[PlainTextSelection]) -> bool:
    return text is not None and any(selection.end_position > len(text) for selection in selections)


def _main_text(source: Codable) -> AnyText | None:
    """Return the text that a passage of a source is counted in."""
    if isinstance(source, TextDocument):
        return source
    return source.representation if isinstance(source, PDFSource) else next(texts_of(source), None)


# --- everything else -------------------------------------------------------------------------------------------------


def memos_of(look: Lookup, element: Element) -> list[Memo]:
    """Return the memos of an element, as ``Lookup.memos_of`` says."""
    found = list(_notes_on(look, element))
    if isinstance(element, Case):
        twin = look.code(element.guid)
        found += _notes_on(look, twin) if twin is not None else ()
    anchored = {id(note) for note in found if any(id(each) in look.anchors for each in note.plain_text_selections)}
    notes = {id(note): note for note in found if id(note) not in anchored}.values()
    memos = [Memo(_text(look, note), _author(look, note), note) for note in notes]
    description = getattr(element, "description", None)
    if description and description.strip() and _is_memo(look, element):
        memos.insert(0, Memo(description, _author(look, element) if isinstance(element, Authored) else None))
    return memos


def notes_linked(project: Project) -> dict[str, list[str]]:
    """Return the GUIDs of the notes that links tie to an element, by the GUID of the element.

    NVivo links from the note; a link may be drawn the other way as well. One between two notes is no memo.
    """
    notes = {same_guid(note.guid) for note in project.notes or ()}
    found: dict[str, list[str]] = {}
    for link in project.links or ():
        origin, target = same_guid(link.origin_guid or ""), same_guid(link.target_guid or "")
        if (origin in notes) != (target in notes):
            note, element = (origin, target) if origin in notes else (target, origin)
            found.setdefault(element, []).append(note)
    return found


def _notes_on(look: Lookup, element: Element) -> Iterator[Note]:
    """Give the notes that an element refers to or that are linked to it, each once."""
    refs: Iterable[str] = (ref.target_guid for ref in getattr(element, "note_refs", ()))
    guid = getattr(element, "guid", None)
    linked = look.linked_notes.get(same_guid(guid), ()) if guid and look.linked_notes else ()
    given: set[int] = set()
    for each in chain(refs, linked):
        note = look.note(each)
        if note is not None and note is not element and id(note) not in given:
            given.add(id(note))
            yield note


def _is_memo(look: Lookup, element: Element) -> bool:
    """Tell whether a Description is what people wrote in the course of the work, rather than what a thing is."""
    if isinstance(element, Selection):
        return True
    return look.tool in _DESCRIPTIONS_ARE_MEMOS and isinstance(element, Code | Case | Source | Set | Project)


def _author(look: Lookup, element: Authored) -> User | None:
    # Quirkos says only who changed a thing last.
    return look.user(element.creating_user or element.modifying_user or "")


def _text(look: Lookup, note: Note) -> str | None:
    """Return the text of a note; where it has none, what stands in its Description."""
    text = look.text(note)
    return text if text or not note.description else note.description
