"""Remarks whose selections stand in a note and count the text of a source, as QualCoder and Quirkos write them.

Others take a selection in a note for a passage of the note, so it is put where it belongs: into the source.
"""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Link, NoteRef, TextDocument, same_guid


def adapt_remarks(draft: Draft) -> None:
    """Put every such selection into the text that it counts, tied to its note in the tool's way."""
    anchors = Lookup(draft.study()).anchors
    links: list[Link] = []
    moved = 0
    for note in draft.project.notes or ():
        kept = []
        for selection in note.plain_text_selections:
            source, text = anchors.get(id(selection), (None, None))
            if source is None or not isinstance(text, TextDocument):
                kept.append(selection)
                continue
            moved += 1
            text.plain_text_selections = [*text.plain_text_selections, selection]
            selection.creating_user = selection.creating_user or note.creating_user or note.modifying_user
            if draft.profile.annotations_as_notes:
                guid = draft.made_guid("annotation link", selection.guid)
                links.append(Link(guid=guid, direction="OneWay", origin_guid=note.guid, target_guid=selection.guid))
            else:
                selection.note_refs += (NoteRef(target_guid=note.guid),)
            here = same_guid(note.guid)
            source.note_refs = tuple(ref for ref in source.note_refs if same_guid(ref.target_guid) != here)
        note.plain_text_selections = kept
    if links:
        draft.project.links = [*(draft.project.links or ()), *links]
    draft.say(
        "REMARK-AT-PASSAGE",
        f"{draft.profile.title} looks for a remark at the passage that it is about; selections that counted the text "
        "of a source in a note were put into the source.",
        moved,
    )
