"""MAXQDA 2020 to 24, by a file of version 24.7 without codings and by templates made after its exports."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.formats.refi.profile import Profile
from qdabridge.study.model import Project, TextDocument
from qdabridge.study.text import Counting


def _selections_are_named_after_positions(project: Project) -> bool:
    texts = (source for source in project.sources or () if isinstance(source, TextDocument))
    first = next((selection for text in texts for selection in text.plain_text_selections[:1]), None)
    return first is not None and first.name == f"{first.start_position},{first.end_position}"


DIALECT = Dialect(
    name="maxqda",
    title="MAXQDA",
    origin=r"\bmaxqda\b",
    shape=_selections_are_named_after_positions,
    shape_is="selections named after their positions, such as “12,34”",
    counting=Counting(crlf=1),
    facts=(
        "Texts are .txt only, UTF-8 with LF; sources are named without their ending.",
        "Each coding has a selection of its own, named after its positions, such as “12,34”.",
        "A memo in a text is a selection without coding, with a Description.",
        "Variables of a document stand at the source, and again in a nameless case that refers to it.",
        "Sound recordings are VideoSources with a path that ends in .m4a.",
        "Document groups are sets; GUIDs are in capitals; only some elements have users and dates.",
    ),
    evidence="one file that MAXQDA 24.7 wrote, and third-party templates; how it counts emoji is unknown",
    profiles=(
        Profile(
            name="maxqda",
            title="MAXQDA",
            guids="upper",
            rich_text="left",
            comment_limit=511,
            notes_in_place="remarks",
            cases="sources",
            unique_names=("sources",),
            names_without_ending=True,
            codable="all",
            wide_characters_uncertain=True,
        ),
    ),
)
