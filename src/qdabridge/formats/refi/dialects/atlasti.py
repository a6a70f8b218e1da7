"""ATLAS.ti for Windows and Mac, 8.4 to 26, by the standard's annex A.2, a real file and what other programs handle."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.formats.refi.profile import Profile
from qdabridge.study.model import Project, same_guid
from qdabridge.study.text import Counting

_SYSTEM_USER = "c32a2bd5-537f-4838-8b17-df9efbafdf4b"


def _has_the_system_user(project: Project) -> bool:
    return any(same_guid(user.guid) == _SYSTEM_USER for user in project.users or ())


DIALECT = Dialect(
    name="atlasti",
    title="ATLAS.ti",
    origin=r"\batlas\.ti\b",
    shape=_has_the_system_user,
    shape_is="the user “ATLAS.ti” with the GUID that it has in every export",
    counting=Counting(crlf=1),
    pages_drift=True,
    facts=(
        "From version 23 the project in the package is named after the study, not project.qde.",
        "Windows writes CR LF into texts and counts it as one.",
        "A quotation has one selection with all its codings; the name is the quoted text, cut with “…”, or a title.",
        "A quotation in a PDF is a PDFSelection and a PlainTextSelection with one GUID; over several pages there are "
        "several PDFSelections.",
        "On the Mac, positions in the text of a PDF drift upwards by one for each page before them.",
        "On the Mac, names are decomposed Unicode (NFD) where the texts are composed (NFC).",
        "There are no cases: groups of documents and of codes are sets, such as “gender: male”.",
        "A transcript is there again as a TextSource with the same file, and that one carries the codings.",
        "A quotation's comment is the Description of its selection.",
        "Codebooks may use the namespace codebook:0:4.",
    ),
    evidence="the standard's annex A.2, a file that ATLAS.ti 23.2 wrote, and programs tested against 26; how it counts "
    "emoji is unknown",
    profiles=(
        Profile(
            name="atlasti",
            title="ATLAS.ti",
            guids="upper",
            unique_guids=True,
            cases="sets",
            notes_in_place="remarks",
            types=("Text",),
            unique_names=("sources", "codes", "notes"),
            capital_colors=True,
            pdf_text_alone=True,
            transcripts_as_sources=True,
            wide_characters_uncertain=True,
            drops=(
                ("case-passages", "ATLAS.ti groups whole documents."),
                ("case-codes", "ATLAS.ti has no cases that could have them."),
                ("loose-shapes", "ATLAS.ti imports only those that stand for something."),
            ),
        ),
    ),
)
