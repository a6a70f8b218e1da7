"""Who and when: coders at codings and, for tools that stop where they are missing, at selections; dates everywhere."""

from __future__ import annotations

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.model import AudioSource, Authored, Selection, VideoSource


def adapt_authors(draft: Draft) -> None:
    """Give codings their coder; where the tool needs it, give all that people make a maker and a date."""
    for selection in draft.selections():
        for coding in selection.codings:
            # QualCoder says who coded at the selection; others look for it at the coding.
            coding.creating_user = coding.creating_user or selection.creating_user
        if selection.codings and not selection.modifying_user:
            # All codings of a selection are by one person by now.
            selection.creating_user = selection.creating_user or selection.codings[0].creating_user
    if not draft.profile.complete_dates:
        return
    for selection in draft.selections():
        if selection.codings:
            first = selection.codings[0]
            selection.creating_user = first.creating_user or selection.creating_user
            selection.creation_date_time = selection.creation_date_time or first.creation_date_time
    made: list[Authored] = [*draft.selections(), *(draft.project.sources or ()), *(draft.project.notes or ())]
    for source in draft.project.sources or ():
        if isinstance(source, AudioSource | VideoSource):
            made += source.transcripts
    someone, date = draft.someone(), draft.date()
    undated = unsigned = 0
    for element in made:
        if someone and not (element.creating_user or element.modifying_user):
            unsigned += isinstance(element, Selection)
            element.creating_user = someone
        element.creating_user = element.creating_user or element.modifying_user
        if not element.creation_date_time:
            element.creation_date_time = element.modified_date_time or date
            undated += 1
        for coding in getattr(element, "codings", ()):
            coding.creating_user = coding.creating_user or element.creating_user
            coding.creation_date_time = coding.creation_date_time or element.creation_date_time
    draft.say(
        "DATE-MADE",
        f"{draft.profile.title} does not import what has no date; that of the project stands for missing ones.",
        undated,
    )
    draft.say(
        "CODER-MADE",
        f"{draft.profile.title} wants to know who marked a passage; where nothing says so, one person of the project "
        "is named, who need not have been it.",
        unsigned,
        severity="warning",
        kind="problem",
    )
