"""What cases refer to: sources by their own GUIDs, where QualCoder has the GUID in the name of the source's file.

Files get other names when a study is written, so that nobody could tell afterwards what was meant.
"""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.lookup import Lookup


def adapt_references(draft: Draft) -> None:
    """Let every case refer to its sources themselves."""
    look = Lookup(draft.study())
    changed = 0
    for case in draft.project.cases or ():
        for ref in case.source_refs:
            if look.source(ref.target_guid) is not None:
                continue
            meant = look.source_meant(ref.target_guid)
            if meant is not None and meant.guid != ref.target_guid and look.note(ref.target_guid) is None:
                ref.target_guid = meant.guid
                changed += 1
    draft.say(
        "CASE-REFERENCE",
        "Cases named the files of their sources and now name the sources, so that every program finds them.",
        changed,
    )
