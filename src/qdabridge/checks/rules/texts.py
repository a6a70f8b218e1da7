"""TEXT-MISSING, TEXT-BOTH: where the words of a text are said to be."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.rules.rule import Rule
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.study.model import AnyText, Transcript
from qdabridge.study.study import Study
from qdabridge.study.text import decode


def misplaced(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find texts that are nowhere, and those that are in two places."""
    for text, owner in texts_with_owner(study.project):
        where = called(text, owner)
        if text.plain_text_content is not None and text.plain_text_path is not None:
            yield _both(study, text, where)
        elif text.plain_text_content is None and text.plain_text_path is None:
            yield from _nowhere(text, where)


def _nowhere(text: AnyText, where: str) -> Iterator[Finding]:
    if is_marked(text):
        yield Finding(
            "TEXT-MISSING",
            "error",
            "Passages are marked in a text that the study does not hold and says no place for.",
            where=where,
            hint="Export the study again from the program it comes from, with its sources.",
        )
    elif text.rich_text_path is not None:
        yield Finding(
            "TEXT-MISSING",
            "warning",
            "A formatted document has no plain text beside it; programs that read only plain text show nothing.",
            where=where,
            hint="Nothing is marked in it; add it as UTF-8 text in the program that the study comes from.",
        )
    elif not _says_something_else(text):
        yield Finding(
            "TEXT-MISSING",
            "warning",
            "A text has neither words nor a file, so that it is empty in every program.",
            where=where,
            hint="Look whether it is empty in the program that the study comes from, too.",
        )


def _says_something_else(text: AnyText) -> bool:
    """Tell whether a text without words is there for its comment, or for the recording that it times."""
    return bool(text.description) or (isinstance(text, Transcript) and bool(text.sync_points))


def is_marked(text: AnyText) -> bool:
    """Tell whether something counts the characters of a text."""
    if isinstance(text, Transcript):
        return any(point.position is not None for point in text.sync_points)
    return bool(text.plain_text_selections)


def _both(study: Study, text: AnyText, where: str) -> Finding:
    same = _in_file(study, text)
    if same is None or same == text.plain_text_content:
        return Finding(
            "TEXT-BOTH",
            "note",
            "A text is inside the project and in a file as well, where the standard wants one of them.",
            where=where,
            hint="Write the study anew; the file is kept.",
        )
    return Finding(
        "TEXT-BOTH",
        "warning",
        "A text is inside the project and in a file as well, and they differ; the file is taken.",
        where=where,
        hint="Compare the two in the program that the study comes from, and keep the one that was coded.",
    )


def _in_file(study: Study, text: AnyText) -> str | None:
    """Return the text in the file, or ``None`` where there is none that can be read."""
    entry = study.files.locate(text.plain_text_path or "")
    if entry is None:
        return None
    try:
        with entry.open() as stream:
            return decode(stream.read()).text
    except (CannotRead, OSError, UnicodeDecodeError):
        return None


RULES = (
    Rule(
        code="TEXT-MISSING",
        severity="error",
        section="REFI-QDA 1.5, 5.3 (TextSourceType) and 9.1.3",
        title="a text is neither in the project nor in a file",
        about="""\
The schema says in a comment, which no program checks: either PlainTextContent or plainTextPath must be filled. Here
neither is. An error where passages are marked in the text: nobody can say what they say. A warning where nothing is
marked and there is not even a comment, and where there is a formatted document without the plain text that should
accompany it. Export the study again, with its sources.""",
        find=misplaced,
    ),
    Rule(
        code="TEXT-BOTH",
        severity="warning",
        section="REFI-QDA 1.5, 5.3 (TextSourceType)",
        title="a text is inside the project and in a file as well",
        about="""\
Either PlainTextContent or plainTextPath must be filled, not both. A note where they say the same or the file is not
there; a warning where they differ, because programs disagree which of them was coded. Here the file is taken.""",
        mended=(
            "Where both say the same, or the file is not there, one is left out. Where they differ, a person has "
            "to choose."
        ),
        find=misplaced,
    ),
)
