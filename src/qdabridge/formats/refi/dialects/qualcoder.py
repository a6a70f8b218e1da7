"""QualCoder, by its source code."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.formats.refi.profile import Profile
from qdabridge.study.model import Project
from qdabridge.study.text import Counting


def _is_named_like_its_folder(project: Project) -> bool:
    return project.name.endswith(".qda")


DIALECT = Dialect(
    name="qualcoder",
    title="QualCoder",
    origin=r"\bqualcoder\b",
    shape=_is_named_like_its_folder,
    shape_is="a project named after a folder that ends in .qda",
    counting=Counting(crlf=1),
    facts=(
        "Texts begin with a byte order mark, which is not counted; a line end counts as one, CR LF too.",
        "Each coding has a selection of its own, named with the quoted text; the coder stands at the selection.",
        "A case refers to its files by the GUID in the file's name, not by that of the source.",
        "Rectangles in a PDF are measured from the top of the page, and Representation stands before them.",
        "An annotation is a note with selections that count the text of the source which refers to it.",
        "creatingUser and sync points may be empty; dates are local time, labelled as UTC.",
        "The folder was named Sources until the middle of 2026.",
        "Reading, it takes what is coded with a code that has a case's GUID for the case's; memos and remarks are "
        "Descriptions, and a code that refers to a note is dropped with its codings.",
        "Its import ends at a sync point without a position that is referred to, and at a text without a file.",
    ),
    evidence="read in QualCoder's source code",
    profiles=(
        Profile(
            name="qualcoder",
            title="QualCoder",
            guids="lower",
            notes_as_files=True,
            notes_in_place="all",
            cases="codes and sources",
            types=("Text", "Float"),
            unique_names=("sources", "codes", "notes", "cases", "variables"),
            codable="used",
            pdf_from_top=True,
            placed_sync_points=True,
            texts_needed=True,
            complete_dates=True,
            drops=(
                ("links", "QualCoder does not import them."),
                ("graphs", "QualCoder does not import them."),
                ("set-members", "QualCoder imports only the sources in sets."),
                ("wordless-case-members", "QualCoder imports what belongs to a case only where it is text."),
                ("case-codes", "QualCoder has no codes of cases."),
                ("coding-notes", "QualCoder imports notes, not which coding or note they belong to."),
                ("note-passages", "QualCoder has no passages of notes."),
                ("wordless-pdfs", "QualCoder imports PDFs only with their text."),
                ("pdf-areas", "the versions of QualCoder that could be looked at import only the words of PDFs."),
                ("transcript-passages", "QualCoder begins and ends them one character late."),
            ),
        ),
    ),
)
