"""Writing ``study.json`` and the folder beside it: a source at a time, and nothing half-written.

The JSON is complete and on the disk before the folder takes its place, and it takes its own place last. The study in
memory is never changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import copyfileobj, rmtree
from typing import Any, Literal

import msgspec
from msgspec.structs import fields, replace

from qdabridge import safety
from qdabridge.errors import CannotRead, CannotWrite, TargetExists
from qdabridge.findings import Finding
from qdabridge.formats.json import quotes as quoting
from qdabridge.formats.json.inlining import Inlining, with_texts
from qdabridge.formats.json.layout import FORMAT, VERSION, AnyFile, StoredFile, TextFile, folder_of
from qdabridge.formats.json.names import SafeNames, same_name, stays_inside
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnyText, Note, Project, TextDocument
from qdabridge.study.study import Study

_INDENT = 2
_TOGETHER = 200
"""Small things, such as links, that are encoded at once; sources and notes can be large and are encoded one by one."""

_COPIED_AT_ONCE = 1 << 20
_LEFT_BY_THE_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class Beside(msgspec.Struct, frozen=True):
    """Where the files beside the JSON go.

    Args:
        folder: what their folder is called; after the JSON where it is empty.
        names: a file's name in the study → the name wanted for it in the folder; made safe, and different from others.
    """

    folder: str = ""
    names: Mapping[str, str] = {}


USUAL = Beside()


def write_json(
    study: Study, path: Path, *, overwrite: bool, quotes: bool, beside: Beside = USUAL
) -> tuple[list[Finding], dict[str, str]]:
    """Write a study as JSON and its other files into the folder beside it.

    Returns:
        What is worth telling; and, for each file in the folder, its name in the study and its name there.

    Raises:
        TargetExists: the file or the folder exists, or the folder to be replaced holds what is not of the old study.
        CannotWrite: the disk is full or read-only, or the folder is missing.
        CannotRead: a file of the study cannot be read.
    """
    folder = folder_of(path, beside.folder)
    page = _Page(study, beside, quotes=quotes)
    with safety.writing(path, overwrite=overwrite) as out:
        for piece in page.pieces():
            out.write(piece)
        old_folder = overwrite and (folder.exists() or folder.is_symlink())
        may_replace = old_folder and _is_all_of_the_old_study(folder, path)
        if page.stored and old_folder and not may_replace:
            raise TargetExists(
                "The folder beside the JSON holds something that is not of the study to be replaced.",
                where=str(folder),
                todo="Move it away, or choose another name.",
            )
        if page.stored:
            with safety.writing_folder(folder, overwrite=overwrite) as inside:
                for name, stored_as in page.stored:
                    _copy(study, name, inside / stored_as)
                out.flush()
                os.fsync(out.fileno())
    if may_replace and not page.stored:
        rmtree(folder, ignore_errors=True)
    return page.findings(), dict(page.stored)


class _Page:
    """The JSON of one study, in pieces.

    Attributes:
        stored: the files to store beside it, as name in the study and name in the folder; known when all is written.
    """

    def __init__(self, study: Study, beside: Beside, *, quotes: bool) -> None:
        self._beside = beside
        self.stored: list[tuple[str, str]] = []
        self._study = study
        self._quotes = quotes
        self._inlining = Inlining(study)
        self._look = Lookup(study)
        self._names = SafeNames()

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the file; the texts are asked for as their turn comes."""
        yield from _object(self._members(), 0)
        yield b"\n"

    def findings(self) -> list[Finding]:
        """Return what was noticed."""
        return self._inlining.findings()

    def _members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        yield "format", [_encoded(FORMAT)]
        yield "version", [_encoded(VERSION)]
        if self._study.form is not None:
            _check_name(self._study.form.project_entry)
            yield "form", [_indented(self._study.form, 1)]
        if self._beside.folder:
            yield "folder", [_encoded(self._beside.folder)]
        yield "project", _object(self._members_of_project(), 1)
        # Only now is it known which files stand in a document.
        if listed := [self._listed(name) for name in self._study.files]:
            yield "files", _list(_batches(listed), 1)

    def _members_of_project(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        project = self._study.project
        for field in fields(Project):
            value = getattr(project, field.name)
            if value == field.default:
                continue
            if field.name in ("sources", "notes"):
                pieces = _list(([with_texts(source, self._shown)] for source in value), 2)
            elif isinstance(value, list):
                pieces = _list(_batches(value), 2)
            else:
                pieces = iter([_indented(value, 2)])
            yield field.encode_name, pieces

    def _shown(self, document: AnyText) -> AnyText:
        """Return a document as it stands in the JSON: with its text and, where asked for, its quotes."""
        text = self._inlining.text_for(document)
        shown = document if text is None else replace(document, plain_text_content=text)
        if not self._quotes:
            return shown
        if text is None:
            text = self._text_of(document)
        if text is None:
            return shown
        quoted = quoting.quoted_selections(shown, text, self._counted_elsewhere(document))
        if isinstance(shown, TextDocument):
            return replace(shown, plain_text_selections=quoted)
        return replace(shown, transcript_selections=quoted)

    def _counted_elsewhere(self, document: AnyText) -> dict[int, str | None]:
        """Return the text of the source for each selection of a note that counts it; QualCoder's remarks do."""
        if not isinstance(document, Note):
            return {}
        anchors = self._look.anchors
        selections = (id(selection) for selection in document.plain_text_selections)
        return {selection: self._look.text(anchors[selection][1]) for selection in selections if selection in anchors}

    def _text_of(self, document: AnyText) -> str | None:
        try:
            return self._study.text_of(document)
        except CannotRead:
            # It is told, and kept, as a file that is not UTF-8.
            return None

    def _listed(self, name: str) -> AnyFile:
        _check_name(name)
        if paths := self._inlining.paths_of(name):
            mark = self._inlining.has_byte_order_mark(name)
            return TextFile(name=name, plain_text_paths=paths, byte_order_mark=mark)
        stored_as = self._names.name_for(self._beside.names.get(name, name))
        self.stored.append((name, stored_as))
        return StoredFile(name=name, stored_as=stored_as)


# --- JSON in pieces ---------------------------------------------------------------------------------------------------


def _object(members: Iterable[tuple[str, Iterable[bytes]]], depth: int) -> Iterator[bytes]:
    yield b"{"
    for index, (name, pieces) in enumerate(members):
        yield (b"," if index else b"") + _new_line(depth + 1) + _encoded(name) + b": "
        yield from pieces
    yield _new_line(depth) + b"}"


def _list(batches: Iterable[Sequence[Any]], depth: int) -> Iterator[bytes]:
    yield b"["
    written = False
    for batch in batches:
        pieces = _indented(batch, depth)
        yield (b"," if written else b"") + pieces.removeprefix(b"[").removesuffix(_new_line(depth) + b"]")
        written = True
    yield (_new_line(depth) if written else b"") + b"]"


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _TOGETHER):
        yield items[start : start + _TOGETHER]


def _indented(value: object, depth: int) -> bytes:
    """Return the JSON of something that stands at this depth; a line end is never inside a string."""
    return msgspec.json.format(_encoded(value), indent=_INDENT).replace(b"\n", _new_line(depth))


def _encoded(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        raise CannotWrite(
            "The study holds text that is not Unicode (half of a surrogate pair).", todo="Correct the text first."
        ) from None
    except ValueError as error:
        raise CannotWrite(f"A number of the study cannot be written ({error}).") from None
    except RecursionError:
        raise CannotWrite("The codes are nested deeper than can be written.") from None


def _new_line(depth: int) -> bytes:
    return b"\n" + b" " * (_INDENT * depth)


# --- the folder beside it ---------------------------------------------------------------------------------------------


def _check_name(name: str) -> None:
    """Refuse what the reader would refuse."""
    if not stays_inside(name):
        raise CannotWrite(f"The file “{name}” has a name that leads out of the study.", todo="Rename it first.")


def _copy(study: Study, name: str, target: Path) -> None:
    try:
        stream = study.files.open(name)
    except OSError as error:
        raise CannotRead(f"The file “{name}” of the study cannot be read ({error.strerror}).") from None
    with stream, target.open("xb") as out:
        copyfileobj(stream, out, _COPIED_AT_ONCE)
        out.flush()
        os.fsync(out.fileno())


def _is_all_of_the_old_study(folder: Path, path: Path) -> bool:
    """Tell whether a folder holds nothing but what the JSON beside it lists: only then may it be replaced with it."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    try:
        listing = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=_Listing)
    except (OSError, ValueError, RecursionError):
        return False
    ours = {same_name(file.stored_as) for file in listing.files if isinstance(file, StoredFile)}
    return all(
        (same_name(entry.name) in ours and not entry.is_dir()) or entry.name.lower() in _LEFT_BY_THE_SYSTEM
        for entry in folder.iterdir()
    )


class _Listing(msgspec.Struct):
    """The part of a JSON file that lists its files; the rest is passed over."""

    format: Literal["qdabridge-study"]
    files: tuple[AnyFile, ...] = ()
