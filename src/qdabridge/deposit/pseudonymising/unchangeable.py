"""What pseudonymising cannot change: pages, pictures, recordings; named, and left out where that is asked for.

Where a file is left out, its source stays with texts, transcripts, selections and codings. A page or picture as large
takes the place of one, so that what is marked in it stays where it was; recordings have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, TypeVar

from msgspec.structs import replace

from qdabridge.deposit.pseudonymising.inside_documents import files_inside, without_pictures
from qdabridge.deposit.pseudonymising.stubs import A4, WORDS, is_stub, pdf_stub, png_stub
from qdabridge.deposit.pseudonymising.texts import Untouched
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.media import Box, Gauge, Pages, Picture
from qdabridge.study import walk
from qdabridge.study.files import Files
from qdabridge.study.model import (
    AnySource,
    Element,
    FileSource,
    Note,
    PDFSource,
    PictureSource,
    TextDocument,
    Transcript,
)
from qdabridge.study.study import Study

_Changed = TypeVar("_Changed", bound=Element)

_KINDS = {
    **dict.fromkeys((".pdf",), "PDF pages"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".svg"), "Pictures"),
    **dict.fromkeys((".mp3", ".wav", ".m4a", ".ogg", ".flac", ".wma", ".amr", ".aac", ".aif", ".aiff"), "Recordings"),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mkv", ".wmv", ".m4v", ".webm", ".mpg", ".mpeg", ".3gp"), "Films"),
    **dict.fromkeys((".doc", ".rtf", ".odt", ".pages"), "Formatted texts other than .docx"),
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".sav", ".db"), "Tables and presentations"),
}
_BY_BEGINNING = (
    (b"%PDF", "PDF pages"),
    (b"\x89PNG", "Pictures"),
    (b"\xff\xd8\xff", "Pictures"),
    (b"GIF8", "Pictures"),
    (b"RIFF", "Recordings"),
    (b"ID3", "Recordings"),
    (b"OggS", "Recordings"),
    (b"{\\rtf", "Formatted texts other than .docx"),
)
_STUB = f"[{WORDS}]"
_WORD = (".docx", ".docm", ".dotx", ".dotm")
_HEAD = 512
_MOST_PAGES = 10_000
_LEAST_PICTURE = (640, 480)
_AWAY = "absolute:///left-out/"
"""Where the path of a recording leads that was left out: nowhere. The standard wants one."""


def unchangeable(study: Study, untouched: Iterable[Untouched]) -> list[Finding]:
    """Return what may still name somebody: a finding for each kind of file, with how many there are.

    Args:
        study: the result of pseudonymising.
        untouched: the files that could not be changed.
    """
    found = Findings()
    for each in untouched:
        if _is_stub(study.files, each.file):
            continue
        if each.why == "not UTF-8":
            sentence = "Texts that are not UTF-8 are as they were, and may name somebody."
            hint = "Mend them first: `qdabridge repair --encoding`."
        elif each.why == "damaged":
            sentence = "Documents that are damaged, encrypted or far too large are as they were, and may name somebody."
            hint = "Save them anew first."
        else:
            sentence = f"{_kind_of(study.files, each.file)} cannot be changed, and may name or show somebody."
            hint = "Look through them, or leave them out: --drop-unchangeable."
        found.add(Finding("UNCHANGEABLE", "warning", sentence, each.file, hint))
    for name in _word_documents(study.files):
        for part in _pictures_of(study.files, name):
            found.add(
                Finding(
                    "UNCHANGEABLE",
                    "warning",
                    "Pictures and other files inside Word documents cannot be changed, and may name or show somebody.",
                    f"{name}: {part}",
                    "Look through them, or leave them out: --drop-unchangeable.",
                )
            )
    for reference in dict.fromkeys(walk.references(study.project)):
        if reference and study.files.find(reference) is None and not reference.startswith(_AWAY):
            found.add(
                Finding(
                    "UNCHANGEABLE",
                    "warning",
                    "Files that lie outside the study were not looked at, and may name or show somebody.",
                    reference,
                    "Do not give them away with the study before you have looked through them.",
                )
            )
    return found.all()


def without_unchangeable(study: Study, untouched: Iterable[Untouched]) -> tuple[Study, list[Finding]]:
    """Return a study without the files that could not be changed, and what was left out.

    Their sources stay, and say in their description that the file was left out. Close the study that was given after
    this one.

    Raises:
        BadRequest: the text of a source is not UTF-8; without it nothing that is coded in it could be read.
    """
    gone = {each.file for each in untouched}
    _refuse_to_lose_texts(study, gone)
    found = Findings()
    put: dict[str, bytes] = {}
    for name in _word_documents(study.files):
        if name in gone:
            continue
        new = without_pictures(study.files.read(name)) if _pictures_of(study.files, name) else None
        if new is not None:
            put[name] = new
            found.add(_left_out("Pictures and other files inside a Word document were left out.", name))
    away = _LeavingOut(study, gone)
    project = study.project
    sources = project.sources and [away.source(source) for source in project.sources]
    notes = project.notes and [away.note(note) for note in project.notes]
    for name in away.order:
        sentence = "A file that could not be changed was left out; what was coded in it stays, and its source says so."
        found.add(_left_out(sentence, name))
    if not gone and not put:
        return study, []
    files = study.files.changed(put | away.put, without=gone - away.put.keys())
    return Study(replace(project, sources=sources, notes=notes), files, form=study.form), found.all()


class _LeavingOut:
    """The way of some files out of a study.

    Args:
        study: the study.
        gone: the names of the files.

    Attributes:
        put: what stands in the place of some of them, by name.
        order: the names in the order of the package.
    """

    def __init__(self, study: Study, gone: set[str]) -> None:
        self.put: dict[str, bytes] = {}
        self.order = [name for name in study.files if name in gone]
        self._files = study.files
        self._gone = gone
        self._gauge = Gauge()
        self._renamed: dict[str, str] = {}

    def source(self, source: AnySource) -> AnySource:
        """Return a source without what is left out."""
        again = self._without_rich_text(source)
        if isinstance(source, FileSource) and self._is_gone(source.path):
            name = self._files.find(source.path or "") or ""
            if isinstance(source, PDFSource):
                self.put.setdefault(name, pdf_stub(self._pages(source, name)))
                path = source.path
            elif isinstance(source, PictureSource):
                path = self._picture(source, name)
            else:
                path = f"{_AWAY}{PurePosixPath(name).name}"
            again = replace(again, path=path, current_path=None)
        return again if again is source else _saying_so(again)

    def note(self, note: Note) -> Note:
        """Return a note without what is left out."""
        again = self._without_rich_text(note)
        return again if again is note else _saying_so(again)

    def _is_gone(self, reference: str | None) -> bool:
        return bool(reference) and self._files.find(reference or "") in self._gone

    def _without_rich_text(self, element: _Changed) -> _Changed:
        """Return a source, note or text without formatted texts that are gone, in its own texts too."""
        changes: dict[str, Any] = {}
        if isinstance(element, TextDocument | Transcript) and self._is_gone(element.rich_text_path):
            changes["rich_text_path"] = None
            if element.plain_text_path is None and element.plain_text_content is None:
                changes["plain_text_content"] = _STUB
        for field in ("representation", "text_description"):
            inner = getattr(element, field, None)
            if inner is not None and (again := self._without_rich_text(inner)) is not inner:
                changes[field] = again
        for field in ("transcripts", "pdf_selections"):
            inside = getattr(element, field, None) or []
            new = [self._without_rich_text(each) for each in inside]
            if any(one is not other for one, other in zip(inside, new, strict=True)):
                changes[field] = new
        return replace(element, **changes) if changes else element

    def _pages(self, source: PDFSource, name: str) -> list[Box]:
        """Return how large the pages are; as many A4 as something is marked on, where nobody knows."""
        marked = max((selection.page for selection in source.pdf_selections), default=0) + 1
        entry = self._files.entry(name)
        told = self._gauge.pages(entry, set(range(_MOST_PAGES)))
        if not isinstance(told, Pages):
            return [A4] * min(max(marked, 1), _MOST_PAGES)
        count = min(max(told.count, marked, 1), _MOST_PAGES)
        return [told.boxes.get(number, A4) for number in range(count)]

    def _picture(self, source: PictureSource, name: str) -> str:
        """Put a grey picture in the place of one, and return the path to it."""
        told = self._gauge.picture(self._files.entry(name))
        if isinstance(told, Picture):
            sides = (told.height, told.width) if told.on_its_side else (told.width, told.height)
        else:
            wide = [max(each.first_x, each.second_x) for each in source.picture_selections]
            high = [max(each.first_y, each.second_y) for each in source.picture_selections]
            sides = max([_LEAST_PICTURE[0], *wide]), max([_LEAST_PICTURE[1], *high])
        if name not in self._renamed:
            self._renamed[name] = self._free_name(name)
            self.put[self._renamed[name]] = png_stub(*sides)
        old, new = PurePosixPath(name).name, PurePosixPath(self._renamed[name]).name
        path = source.path or ""
        return path if old == new else f"{path[: len(path) - len(old)]}{new}"

    def _free_name(self, name: str) -> str:
        if name.lower().endswith(".png"):
            return name
        path, number = PurePosixPath(name).with_suffix(".png"), 1
        new = str(path)
        while self._files.find(new) is not None or new in self.put:
            number += 1
            new = str(path.with_name(f"{path.stem}-{number}.png"))
        return new


def _saying_so(element: _Changed) -> _Changed:
    said = getattr(element, "description", None)
    return replace(element, description=f"{said}\n{_STUB}" if said else _STUB)


def _refuse_to_lose_texts(study: Study, gone: set[str]) -> None:
    for source in (*(study.project.sources or ()), *(study.project.notes or ())):
        for text in walk.texts_of(source):
            if text.plain_text_path is not None and study.files.find(text.plain_text_path) in gone:
                raise BadRequest(
                    "A text is not UTF-8, so names in it were not found, and without it no coding in it can be read.",
                    where=text.name or source.name or text.guid,
                    todo="Mend the study first: `qdabridge repair --encoding`.",
                )


def _is_stub(files: Files, name: str) -> bool:
    with files.open(name) as stream:
        return is_stub(stream.read(_HEAD))


def _word_documents(files: Files) -> list[str]:
    return [name for name in files if name.lower().endswith(_WORD)]


def _pictures_of(files: Files, name: str) -> list[str]:
    try:
        return files_inside(files.read(name))
    except CannotRead:
        # A damaged one is among those that could not be changed.
        return []


def _kind_of(files: Files, name: str) -> str:
    """Return what kind of files one is of, in words that begin a sentence."""
    kind = _KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is not None:
        return kind
    with files.open(name) as stream:
        head = stream.read(_HEAD)
    return next((each for beginning, each in _BY_BEGINNING if head.startswith(beginning)), "Files that are not text")


def _left_out(sentence: str, where: str) -> Finding:
    return Finding("LEFT-OUT", "warning", sentence, where, kind="loss")
