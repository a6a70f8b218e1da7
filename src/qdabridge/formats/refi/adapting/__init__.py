"""Makes a study fit for one tool, on a copy: one concern a file, each a step that says what it changed or lost.

A profile (``formats.refi.profile``) says what the tool wants. How XML and zips are written is not known here.
"""

from __future__ import annotations

from typing import NamedTuple

from qdabridge import __version__
from qdabridge.findings import Finding
from qdabridge.formats.refi.adapting.areas import adapt_areas
from qdabridge.formats.refi.adapting.authors import adapt_authors
from qdabridge.formats.refi.adapting.cases import adapt_cases
from qdabridge.formats.refi.adapting.codes import adapt_codes
from qdabridge.formats.refi.adapting.comments import adapt_comments, adapt_notes
from qdabridge.formats.refi.adapting.dates import adapt_dates
from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.formats.refi.adapting.files import bring_inside, name_by_guid
from qdabridge.formats.refi.adapting.guids import adapt_guids
from qdabridge.formats.refi.adapting.losses import tell_drops
from qdabridge.formats.refi.adapting.memos import adapt_memos
from qdabridge.formats.refi.adapting.names import adapt_names
from qdabridge.formats.refi.adapting.pdf import adapt_pdfs
from qdabridge.formats.refi.adapting.references import adapt_references
from qdabridge.formats.refi.adapting.remarks import adapt_remarks
from qdabridge.formats.refi.adapting.richtext import adapt_rich_texts
from qdabridge.formats.refi.adapting.selections import adapt_selections
from qdabridge.formats.refi.adapting.texts import adapt_texts, tell_uncertain_positions
from qdabridge.formats.refi.adapting.transcripts import adapt_transcripts
from qdabridge.formats.refi.adapting.variables import adapt_variables
from qdabridge.formats.refi.profile import Profile
from qdabridge.study.study import Study

_STEPS = (
    # Counted before anything is added that the tool then drops.
    tell_drops,
    adapt_references,
    bring_inside,
    adapt_remarks,
    adapt_memos,
    adapt_texts,
    tell_uncertain_positions,
    adapt_areas,
    adapt_pdfs,
    adapt_transcripts,
    adapt_selections,
    adapt_cases,
    adapt_variables,
    adapt_comments,
    adapt_notes,
    adapt_codes,
    adapt_names,
    adapt_dates,
    adapt_authors,
    # What refers by GUID, and is named after one, comes when all GUIDs are there.
    adapt_guids,
    adapt_rich_texts,
    name_by_guid,
)


# What is only understood because it is known which tool wrote it; the standard's form names another origin.
_STANDARD_STEPS = (adapt_references, adapt_remarks, adapt_pdfs)


class Adapted(NamedTuple):
    """A study as a tool wants it, and what was changed or lost on the way."""

    study: Study
    findings: list[Finding]


def adapted(study: Study, profile: Profile) -> Adapted:
    """Return a study made fit for a tool; the one given is not changed.

    The copy names us as its origin, and the tool that it is for: programs, ours too, go by it when they read positions.
    """
    draft = Draft(study, profile)
    for step in _STEPS if profile.adapts else _STANDARD_STEPS:
        step(draft)
    draft.project.origin = f"qdabridge {__version__}" + (f" for {profile.title}" if profile.adapts else "")
    return Adapted(draft.study(), draft.findings.all())
