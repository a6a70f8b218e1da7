"""PATH-MISSING: sources whose file is not there."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.rules.texts import is_marked
from qdabridge.findings import Finding, Severity, by_severity
from qdabridge.study.files import split_reference
from qdabridge.study.model import AnyText, AudioSource, FileSource, VideoSource
from qdabridge.study.study import Study

_RECORDING_OUTSIDE = "A recording is kept outside the package."
_OTHER_OUTSIDE = "A text, picture or PDF is kept outside the package, where the standard allows only recordings."
_NO_FILES = {
    "qde": (
        "The folder “sources” is not beside this .qde, so that none of the study's texts, pictures and recordings are "
        "there.",
        "Put the folder beside it again, or take the .qdpx that the .qde was taken from.",
    ),
    "qdpx": (
        "The package holds nothing but the project: none of the study's texts, pictures and recordings are there.",
        "Export the study again with its sources, or put their folder, “sources”, into the package.",
    ),
}
"""What is said where no file is there at all, by the form of the study, and what to do."""


def missing(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find documents and media that the study names and does not hold; media kept outside on purpose are only noted."""
    found = _missing(study)
    if study.form is None or study.form.format not in _NO_FILES or len(study.files):
        yield from found
        return
    inside: list[Finding] = []
    for finding in found:
        if finding.message in (_RECORDING_OUTSIDE, _OTHER_OUTSIDE):
            yield finding
        else:
            inside.append(finding)
    if inside:
        yield _all_missing(study.form.format, inside)


def _missing(study: Study) -> Iterator[Finding]:
    for source in study.project.sources or ():
        if isinstance(source, FileSource) and _is_missing(study, source.path):
            message = "The file of a source is not there."
            if not isinstance(source, AudioSource | VideoSource):
                yield _told(called(source), source.path, message)
            # Of a path that is relative to nothing PATH-BASE says so, and more.
            elif study.project.base_path or split_reference(source.path or "")[0] != "relative":
                yield _told(called(source), source.path, message, outside=(_RECORDING_OUTSIDE, "note"))
    for text, owner in texts_with_owner(study.project):
        yield from _of_text(study, text, called(text, owner))


def _all_missing(form: str, each: list[Finding]) -> Finding:
    """Say once that no file is there at all, however many are named."""
    message, hint = _NO_FILES[form]
    worst = by_severity(each)[0]
    files = "1 file is named" if len(each) == 1 else f"{len(each):,} files are named"
    return Finding("PATH-MISSING", worst.severity, message, f"{files}, such as that of {worst.where}", hint)


def _of_text(study: Study, text: AnyText, where: str) -> Iterator[Finding]:
    no_plain = _is_missing(study, text.plain_text_path)
    has_words = text.plain_text_content is not None or (text.plain_text_path is not None and not no_plain)
    severity: Severity = "warning" if has_words else "error"
    if no_plain:
        is_lost = not has_words and is_marked(text)
        message = "The text of a source or note is not there, so that what is coded in it cannot be read."
        if has_words:
            message = "The text of a source or note is not there as a file, only inside the project."
        yield _told(where, text.plain_text_path, message, severity, (_OTHER_OUTSIDE, "error" if is_lost else "warning"))
    if _is_missing(study, text.rich_text_path):
        message = "The document of a source or note is not there"
        message += "; its plain text is." if has_words else ", nor is its plain text."
        yield _told(where, text.rich_text_path, message, severity)


def _is_missing(study: Study, reference: str | None) -> bool:
    """Tell whether a path leads to no file; where there is no path, nothing is missing."""
    return reference is not None and study.files.locate(reference) is None


def _told(
    where: str,
    reference: str | None,
    message: str,
    severity: Severity = "error",
    outside: tuple[str, Severity] = (_OTHER_OUTSIDE, "warning"),
) -> Finding:
    """Return the finding for a file that is not there; ``outside`` is what is said where its path leads outside."""
    place = f"{where}, {reference or 'an empty path'}"
    if split_reference(reference or "")[0] in ("relative", "absolute"):
        return Finding(
            "PATH-MISSING",
            outside[1],
            outside[0],
            where=place,
            hint="Pass it on together with the study; whoever reads the study says in which folder it is.",
        )
    return Finding(
        "PATH-MISSING",
        severity,
        message,
        where=place,
        hint="Put the file into the package's sources folder under this name, or export the study again.",
    )


RULES = (
    Rule(
        code="PATH-MISSING",
        severity="error",
        section="REFI-QDA 1.5, 8.3",
        title="a source names a file that is not there",
        about="""\
A source names a file that is not in the package. A warning where the words are there all the same: a formatted
document beside its plain text, or a text that is also inside the project; a warning, too, for a text, picture or PDF
that is kept outside the package (`relative://`, `absolute://`), which the standard allows for recordings only; where
something is marked in such a text and its words are nowhere else, that is an error again. A note for a recording that
is kept outside. Put the file into the package's sources folder, or export the study again with its sources. Where no
file is there at all, such as beside a `.qde` that was taken out of its package, that is said once and not of each.""",
        find=missing,
    ),
)
