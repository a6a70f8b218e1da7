"""Reading ``study.json``: decoding it piece by piece, and putting the texts back into their files.

Each source is decoded by itself, so that only what is in the model is in memory beside the bytes of the file. A name of
a stored file never leads outside the folder beside the JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import DecodeError, Raw, ValidationError

from qdabridge import safety
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.json import faults, quotes
from qdabridge.formats.json.layout import FORMAT, AnyFile, StudyFile, TextFile, folder_of
from qdabridge.formats.json.names import leads_nowhere_else, stays_inside
from qdabridge.formats.json.reshape import variants
from qdabridge.limits import DEFAULT, Limits
from qdabridge.pause import garbage_collection_paused
from qdabridge.study import model, walk
from qdabridge.study.files import Entry, Files, PathEntry
from qdabridge.study.form import Form
from qdabridge.study.model import AnySource, Note, Project
from qdabridge.study.study import Study
from qdabridge.study.text import StoredText

_HEAD = 1024
_BYTES_OF_ONE = 6
"""The most that a byte of a text takes in JSON: one that is written as \\u0001."""

_KINDS = (*model.AnySource.__args__, Note)
_IN_PIECES = variants(StudyFile, dict.fromkeys(_KINDS, Raw))[StudyFile]


def read_json(path: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Study:
    """Read a study from JSON and from the folder beside it.

    Raises:
        CannotRead: it is no JSON, no study, or something in it is wrong; the message says where.
        TooLarge: the file is larger than the limit for JSON, or a text in it than that for texts.
    """
    where = path.name
    data = _bytes_of(safety.readable(path), limits)
    _refuse_endless(data, limits, where)
    with garbage_collection_paused():
        project, form, listed, named = _decode(data, where)
    del data
    if form is not None:
        _check_name(form.project_entry, f"{where}: form.projectEntry")
    if named and not leads_nowhere_else(named):
        raise CannotRead(
            f"“{named}” is not the plain name of a folder.",
            where=f"{where}: folder",
            todo="Name a folder that lies beside the JSON.",
        )
    folder = folder_of(path, named)
    _refuse_long_texts(project, limits, where)
    texts = _take_texts(project, listed, where)
    findings = Findings()
    entries: dict[str, Entry | bytes] = {}
    for index, file in enumerate(listed):
        _check_name(file.name, f"{where}: files[{index}].name")
        if file.name in entries:
            raise CannotRead(f"The name “{file.name}” is there twice.", where=f"{where}: files[{index}].name")
        if isinstance(file, TextFile):
            entries[file.name] = StoredText(texts.pop(index), file.byte_order_mark).encoded()
        elif stored := _stored(folder, file.stored_as, f"{where}: files[{index}].storedAs"):
            entries[file.name] = stored
        else:
            findings.add(
                Finding(
                    "JSON-FILE-MISSING",
                    "error",
                    "A file of the study is not in the folder beside the JSON.",
                    where=f"{folder.name}/{file.stored_as}",
                    hint="Put the folder beside the JSON again; without it the study goes on without the file.",
                )
            )
    return Study(project, Files(entries, media=media, limits=limits), findings.all(), form)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.json:
            raise limits.refused("json", "The JSON is too large", str(path))
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise CannotRead(f"The file cannot be read ({error.strerror}).", where=str(path)) from None


def _refuse_endless(data: bytes, limits: Limits, where: str) -> None:
    """Refuse JSON in which something goes on for more than a text can take, before anything is made of it."""
    at, most = 0, _BYTES_OF_ONE * limits.text
    while len(data) - at > most:
        # Whatever is a string, or stands between two, ends at a quotation mark.
        at = data.rfind(b'"', at, at + most + 1) + 1
        if not at:
            raise limits.refused("text", "A text in the JSON is too large", where)


def _refuse_long_texts(project: Project, limits: Limits, where: str) -> None:
    for text in walk.texts(project):
        words = text.plain_text_content or ""
        if _BYTES_OF_ONE * len(words) > limits.text and len(words.encode("utf-8", "surrogatepass")) > limits.text:
            raise limits.refused("text", "A text in the JSON is too large", where)


# --- decoding ---------------------------------------------------------------------------------------------------------


def _decode(data: bytes, where: str) -> tuple[Project, Form | None, tuple[AnyFile, ...], str]:
    if FORMAT.encode() not in data[:_HEAD] and (
        fault := faults.not_utf8(data, where) or faults.wrong_file(data, where)
    ):
        # Somebody else's JSON is not decoded any further than to see that it is.
        raise fault
    pieces = _Pieces()
    try:
        opened = msgspec.json.decode(data, type=_IN_PIECES)
        project = opened.project
        values = {name: getattr(project, name) for name in Project.__struct_fields__}
        if project.sources is not None:
            values["sources"] = list(pieces.decoded(project.sources, "project.sources", AnySource, quotes.AnySource))
        if project.notes is not None:
            values["notes"] = list(pieces.decoded(project.notes, "project.notes", Note, quotes.Note))
    except ValidationError as error:
        raise faults.wrong_file(data, where) or faults.wrong_value(error, where, pieces.path) from None
    except DecodeError as error:
        raise faults.not_utf8(data, where) or faults.malformed(error, data, where) from None
    except UnicodeDecodeError as error:
        raise faults.not_utf8(data, where) or CannotRead(f"Some text is damaged ({error}).", where=where) from None
    except RecursionError:
        raise faults.too_deep(where) from None
    return Project(**values), opened.form, opened.files, opened.folder


class _Pieces:
    """Decodes sources and notes one by one, and remembers which, so that an error can be placed."""

    def __init__(self) -> None:
        self.path = ""
        self._shared: dict[str, str] = {}

    def decoded(self, pieces: list[Raw], path: str, kind: Any, kind_with_quotes: Any) -> Iterator[Any]:
        """Yield the pieces decoded; with quotes, from the first that has any."""
        plain: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)
        quoted: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind_with_quotes)
        decoder = plain
        for index, raw in enumerate(pieces):
            self.path = f"{path}[{index}]"
            try:
                found = decoder.decode(raw)
            except ValidationError as error:
                if decoder is quoted or "unknown field `quote`" not in str(error):
                    raise
                decoder = quoted
                found = decoder.decode(raw)
            if decoder is quoted:
                found = quotes.without_quotes(found)
            _share(found, self._shared)
            yield found
        self.path = ""


def _share(source: AnySource | Note, shared: dict[str, str]) -> None:
    """Keep each GUID of a user or code once in memory, and each date once in a selection: that is half of a study."""
    share = shared.setdefault
    for selection in walk.selections_of(source):
        created = selection.creation_date_time
        if (user := selection.creating_user) is not None:
            selection.creating_user = share(user, user)
        if (user := selection.modifying_user) is not None:
            selection.modifying_user = share(user, user)
        if selection.modified_date_time == created:
            selection.modified_date_time = created
        for coding in selection.codings:
            if (user := coding.creating_user) is not None:
                coding.creating_user = share(user, user)
            if coding.creation_date_time == created:
                coding.creation_date_time = created
            code = coding.code_ref.target_guid
            coding.code_ref.target_guid = share(code, code)


# --- files ------------------------------------------------------------------------------------------------------------


def _take_texts(project: Project, listed: tuple[AnyFile, ...], where: str) -> dict[int, str]:
    """Take the texts that stand for files out of the documents; return them by the file's place in the list."""
    places: dict[str, int] = {}
    for index, file in enumerate(listed):
        if isinstance(file, TextFile):
            for path in file.plain_text_paths:
                if places.setdefault(path, index) != index:
                    raise CannotRead(
                        f"Another file of the list has the plainTextPath “{path}” too.",
                        where=f"{where}: files[{index}].plainTextPaths",
                    )
    found: dict[int, str] = {}
    for document in walk.texts(project):
        place = places.get(document.plain_text_path) if document.plain_text_path is not None else None
        if place is None:
            continue
        text = document.plain_text_content
        if text is None or found.setdefault(place, text) != text:
            raise CannotRead(
                f"The plainTextContent of the document with the plainTextPath “{document.plain_text_path}” is missing."
                if text is None
                else f"Documents that share the plainTextPath “{document.plain_text_path}” differ in plainTextContent.",
                where=f"{where}: {document.name or document.guid}",
                todo="Give all documents of this path the same text.",
            )
        document.plain_text_content = None
    for index, file in enumerate(listed):
        if isinstance(file, TextFile) and index not in found:
            raise CannotRead(
                f"No document has the text of the file “{file.name}”.",
                where=f"{where}: files[{index}].plainTextPaths",
                todo="Put the document back, or take the file out of the list.",
            )
    return found


def _check_name(name: str, where: str) -> None:
    """Refuse a name that would lead out of the package when the study is written as one."""
    if not stays_inside(name):
        raise CannotRead(
            f"“{name}” is no name of a file inside a study.",
            where=where,
            todo="A name is a relative path without “..”, such as “sources/film.mp4”.",
        )


def _stored(folder: Path, name: str, where: str) -> Entry | None:
    """Return a file in the folder beside the JSON, or ``None`` where it is not there."""
    if not leads_nowhere_else(name):
        raise CannotRead(
            f"“{name}” is not the plain name of a file.", where=where, todo=f"Name a file that lies in “{folder.name}”."
        )
    # A link would lead elsewhere, and so would the folder itself if it were one.
    inside = folder.parent.resolve() / folder.name / name
    try:
        elsewhere = (folder / name).resolve() != inside
        there = inside.is_file()
    except (OSError, RuntimeError):
        elsewhere, there = True, False
    if elsewhere:
        raise CannotRead(
            f"“{name}” is a link or lies behind one; only files in the folder itself are read.",
            where=where,
            todo=f"Put the file itself into “{folder.name}”.",
        )
    return PathEntry(inside) if there else None
