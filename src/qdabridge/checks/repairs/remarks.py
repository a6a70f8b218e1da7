"""NOTE-SOURCE-ANCHOR: remarks whose selections stand in a note and count the text of a source."""

from __future__ import annotations

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import NoteRef, TextDocument, same_guid


def mend_remarks(mending: Mending) -> None:
    """Put every such selection into the text that it counts, with a pointer to its note."""
    notes = [note for note in mending.project.notes or () if note.plain_text_selections]
    anchors = Lookup(mending.study()).anchors if notes else {}
    for note in notes:
        kept = []
        for passage in note.plain_text_selections:
            source, text = anchors.get(id(passage), (None, None))
            if source is None or not isinstance(text, TextDocument):
                kept.append(passage)
                continue
            text.plain_text_selections = [*text.plain_text_selections, passage]
            passage.note_refs += (NoteRef(target_guid=note.guid),)
            here = same_guid(note.guid)
            # The remark is about the passage and no longer about all of the source.
            source.note_refs = tuple(ref for ref in source.note_refs if same_guid(ref.target_guid) != here)
            message = (
                "A selection in a note counted the text of a source; it stands in the source now and names the note."
            )
            mending.say("NOTE-SOURCE-ANCHOR", message, f"{called(passage, note)}, about {called(source)}")
        note.plain_text_selections = kept


MENDS = (
    Mend(
        code="NOTE-SOURCE-ANCHOR",
        title="a selection in a note counts the text of a source",
        does="The selection is put into the source, with a pointer to its note.",
        step=mend_remarks,
    ),
)
