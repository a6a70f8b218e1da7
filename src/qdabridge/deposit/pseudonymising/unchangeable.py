"""What pseudonymising cannot change: pages, pictures, recordings; named, and left out where that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from msgspec.structs import replace

from qdabridge.deposit.pseudonymising.documents import pictures_in
from qdabridge.deposit.pseudonymising.texts import Untouched
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.study.files import Files
from qdabridge.study.model import FileSource, same_guid
from qdabridge.study.study import Study

_KINDS = {
    **dict.fromkeys((".pdf",), "PDF pages"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"), "Pictures"),
    **dict.fromkeys((".mp3", ".wav", ".m4a", ".ogg", ".flac", ".wma", ".amr", ".aac", ".aif", ".aiff"), "Recordings"),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mkv", ".wmv", ".m4v", ".webm", ".mpg"), "Films"),
}
_STUB = "[The file was left out, because names in it could not be changed.]"


def unchangeable(study: Study, untouched: Iterable[Untouched]) -> list[Finding]:
    """Return what may still name somebody: a finding for each kind of file, with how many there are.

    Args:
        study: the result of pseudonymising.
        untouched: the files that could not be changed.
    """
    found = Findings()
    for each in untouched:
        if each.why == "not UTF-8":
            sentence = "Texts that are not UTF-8 are as they were, and may name somebody."
            hint = "Mend them first: `qdabridge repair --encoding`."
        elif each.why == "damaged":
            sentence, hint = "Damaged documents are as they were, and may name somebody.", "Save them anew first."
        else:
            kind = _KINDS.get(PurePosixPath(each.file).suffix.lower(), "Files that are not text")
            sentence = f"{kind} cannot be changed, and may name or show somebody."
            hint = "Look through them, or leave them out: --drop-unchangeable."
        found.add(Finding("UNCHANGEABLE", "warning", sentence, each.file, hint))
    for name in study.files:
        if not name.lower().endswith(".docx"):
            continue
        try:
            inside = pictures_in(study.files.read(name))
        except CannotRead:
            continue
        for part in inside:
            found.add(
                Finding(
                    "UNCHANGEABLE",
                    "warning",
                    "Pictures and other files inside Word documents cannot be changed, and may name or show somebody.",
                    f"{name}: {part}",
                    "Look through them, and take out of the documents what must not be seen.",
                )
            )
    return found.all()


def without_unchangeable(study: Study, untouched: Iterable[Untouched]) -> tuple[Study, list[Finding]]:
    """Return a study without the files that could not be changed, and what was left out.

    Their sources stay, with texts, transcripts, selections and codings, and say in their description that the file was
    left out. Close the study that was given after this one.
    """
    gone = {each.file: each for each in untouched}
    if not gone:
        return study, []
    of = {same_guid(guid) for each in gone.values() for guid in each.sources}
    project = study.project
    sources = project.sources and [
        _stub(source, study.files, gone) if same_guid(source.guid) in of else source for source in project.sources
    ]
    notes = project.notes and [
        _stub(note, study.files, gone) if same_guid(note.guid) in of else note for note in project.notes
    ]
    kept = study.files.changed({}, without=gone)
    found = Findings()
    for name in gone:
        found.add(
            Finding(
                "LEFT-OUT",
                "warning",
                "A file that could not be changed was left out; what was coded in it stays, and its source says so.",
                name,
                kind="loss",
            )
        )
    return Study(replace(project, sources=sources, notes=notes), kept, form=study.form), found.all()


def _stub(element: Any, files: Files, gone: dict[str, Untouched]) -> Any:
    """Return a source or note whose files are gone: without paths to what is inside, and with a word about it."""
    changes: dict[str, Any] = {}
    reference = getattr(element, "path", None)
    if reference and files.find(reference) in gone:
        # The schema's rules want a path; it now says that the file is outside.
        changes["path"] = f"relative:///{PurePosixPath(reference).name}"
    reference = getattr(element, "rich_text_path", None)
    if reference and files.find(reference) in gone:
        changes["rich_text_path"] = None
    if isinstance(element, FileSource):
        changes["current_path"] = None
    for field in ("representation", "text_description"):
        inner = getattr(element, field, None)
        if inner is not None and inner.rich_text_path and files.find(inner.rich_text_path) in gone:
            changes[field] = replace(inner, rich_text_path=None)
    if getattr(element, "transcripts", None):
        changes["transcripts"] = [
            replace(each, rich_text_path=None)
            if each.rich_text_path and files.find(each.rich_text_path) in gone
            else each
            for each in element.transcripts
        ]
    said = getattr(element, "description", None)
    changes["description"] = f"{said}\n{_STUB}" if said else _STUB
    return replace(element, **changes)
