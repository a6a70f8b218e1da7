"""Framework summaries: what people wrote about one case under one code, and how a study keeps it.

The standard has no framework matrix. A summary is a note that holds the text, a link named ``Framework summary`` from
the case to the code with a reference to that note, and membership in a set that names the codes, sources and notes of
the matrix; a source may stand in the place of a case. How they are written is known in ``summary_writing``; of matrices
and spreadsheets neither knows anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Link, Note, same_guid
from qdabridge.study.study import Study

CellKey: TypeAlias = tuple[str, str]
"""The case or source, and the code, of a cell: their GUIDs as ``same_guid`` gives them."""

LINK_NAME = "Framework summary"
SET_NAME = "Framework matrix"


class Summary(Struct, frozen=True):
    """What stands in one cell of a framework matrix, in the researchers' words.

    Args:
        text: the words, exactly as stored.
        note_guid: the GUID of the note that holds them, as the study has it.
        author: the name of who changed it last, or wrote it; empty where the study does not say.
        modified: when it was changed last, or written, as the study has it; empty where it does not say.
    """

    text: str
    note_guid: str = ""
    author: str = ""
    modified: str = ""


def summaries_of(study: Study) -> dict[CellKey, Summary]:
    """Return every summary of a study.

    Where several links say something of one case and code, the first counts; the notes of the others stay notes. A
    summary whose text the study does not hold is none.

    Args:
        study: the study; keep it open meanwhile, the texts of notes may be in files.
    """
    if not any(link.name == LINK_NAME for link in study.project.links or ()):
        return {}
    look = Lookup(study)
    found: dict[CellKey, Summary] = {}
    for key, _, note in standing(look):
        text = text_of_note(study, note)
        if key in found or text is None:
            continue
        user = look.user(note.modifying_user or note.creating_user or "")
        found[key] = Summary(
            text=text,
            note_guid=note.guid,
            author=(user.name or user.id or "") if user is not None else "",
            modified=note.modified_date_time or note.creation_date_time or "",
        )
    return found


def text_of_note(study: Study, note: Note) -> str | None:
    """Return the text of a note, ``None`` where the study does not hold it.

    Not by the look-up, which keeps what it read and is slow for so many small texts.
    """
    try:
        return study.text_of(note)
    except CannotRead:
        return None


def standing(look: Lookup) -> Iterator[tuple[CellKey, Link, Note]]:
    """Give the links that say where a summary stands, each with the note that holds it."""
    for link in look.project.links or ():
        if link.name != LINK_NAME or not link.origin_guid or not link.target_guid:
            continue
        of, code = look.case(link.origin_guid) or look.source(link.origin_guid), look.code(link.target_guid)
        notes = (look.note(ref.target_guid) for ref in link.note_refs)
        note = next((each for each in notes if each is not None), None)
        if of is not None and code is not None and note is not None:
            yield (same_guid(of.guid), same_guid(code.guid)), link, note
