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
    ),
    evidence="read in QualCoder's source code",
    profiles=(
        Profile(
            name="qualcoder",
            title="QualCoder",
            guids="lower",
            notes_as_files=True,
            cases="sources",
            types=("Text", "Float"),
            unique_names=("sources", "codes", "notes"),
            coded_is_codable=True,
            pdf_from_top=True,
            complete_dates=True,
            drops=(
                ("links", "QualCoder does not import them."),
                ("graphs", "QualCoder does not import them."),
                ("set-members", "QualCoder imports only the sources in sets."),
                ("case-members", "QualCoder imports the names of cases, not what belongs to them."),
                ("note-references", "QualCoder imports notes, not what they belong to."),
                ("wordless-pdfs", "QualCoder imports PDFs only with their text."),
                ("transcript-passages", "QualCoder begins and ends them one character late."),
            ),
        ),
    ),
)
