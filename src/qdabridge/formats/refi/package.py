"""The package of a project: a zip with a .qde and a sources folder, or the two beside each other on disk.

Opens what strangers packed, gives the files lazily, and packs anew; entries that only move from one zip to another are
copied as they are, compressed. Source: REFI-QDA 1.5, section 8. Knows nothing of what the .qde says.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, BinaryIO, cast

from qdabridge.archives import SMALL_ENTRY, ZIP_FAULTS, Checksum, open_archive, packed_bytes, refuse_ratio
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.limits import DEFAULT, Limits
from qdabridge.safety import readable
from qdabridge.study.files import Entry, Files, PathEntry

PROJECT_COMPRESSION = 1
"""How hard the .qde is compressed: level 6 would take three times the time for a sixth less."""

_PIECE = 1 << 20
_TEXT_PIECE = 1 << 16
_NOT_YET = "\ufeff\ufffd \t\r\n"
_HTML = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?:!doctype html|html|head|body)\b", re.DOTALL)
_PACKED_ALREADY = re.compile(
    r"\.(7z|aac|avi|docx|flac|gif|gz|jpe?g|m4[av]|mkv|mov|mp[34]|mpe?g|odt|ogg|png|pptx|web[mp]|wm[av]|xlsx|zip)$",
    re.IGNORECASE,
)


class Package:
    """An opened package.

    Attributes:
        open_project: opens the bytes of the .qde (or .qdc).
        project_entry: its name in the package.
        project_index: its place among the entries, from 0.
        files: all other entries.
    """

    def __init__(
        self, open_project: Callable[[], BinaryIO], files: Files, project_entry: str = "project.qde", index: int = 0
    ) -> None:
        self.open_project = open_project
        self.project_entry = project_entry
        self.project_index = index
        self.files = files


def open_package(path: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Package:
    """Open a .qdpx, a .qde with its sources folder beside it, or a .qdc.

    Raises:
        CannotRead: it is none of these, is damaged, or holds no .qde or several.
        TooLarge: it is beyond the limits.
    """
    with readable(path).open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"PK"):
        return _open_zip(path, media, limits)
    if looks_like_xml(head):
        if path.stat().st_size > limits.project:
            raise limits.refused("project", "The XML is too large", str(path))
        files = Files({} if path.suffix.lower() == ".qdc" else _beside(path), media=media, limits=limits)
        return Package(lambda: path.open("rb"), files, path.name)
    if _is_web_page(_beginning(head)):
        raise CannotRead(
            "This is a web page, not a project.",
            where=str(path),
            todo="The download went wrong (often a log-in page): download the file again while logged in.",
        )
    raise CannotRead(
        "This is no zip archive, so it cannot be a .qdpx project.",
        where=str(path),
        todo="In the program it comes from, export the project as REFI-QDA and try that file.",
    )


def looks_like_xml(head: bytes) -> bool:
    """Tell whether the first bytes of a file may be XML other than a web page."""
    text = _beginning(head)
    return text.startswith("<") and not _is_web_page(text)


def _beginning(head: bytes) -> str:
    """Return the first characters of what may be XML, from the first that is no white space, in small letters."""
    # UTF-16 needs no byte order mark where an XML declaration says it; in the tags, every other byte is then zero.
    return head.removeprefix(b"\xff\xfe").replace(b"\0", b"").decode("utf-8", "replace").lstrip(_NOT_YET).lower()


def _is_web_page(beginning: str) -> bool:
    """Tell whether it is HTML, whose elements may stand behind an XML declaration and comments."""
    return _HTML.match(beginning) is not None


# --- reading ---------------------------------------------------------------------------------------------------------


def _open_zip(path: Path, media: Path | None, limits: Limits) -> Package:
    archive = open_archive(path, limits)
    try:
        return _inside(archive, path, media, limits)
    except BaseException:
        archive.close()
        raise


def _inside(archive: zipfile.ZipFile, path: Path, media: Path | None, limits: Limits) -> Package:
    infos = [info for info in archive.infolist() if not info.filename.endswith(("/", "\\"))]
    names = _safe_names(infos, path)
    projects = [name for name in names if name.lower().endswith(".qde") and "/" not in name and not _is_beside(name)]
    if len(projects) > 1:
        raise CannotRead(
            f"The archive holds {len(projects)} projects ({_some(projects)}); it is not clear which one is meant.",
            where=str(path),
            todo="Unzip it, and open the .qde that you want.",
        )
    if not projects:
        elsewhere = [name for name in names if name.lower().endswith(".qde")]
        found = f"only {elsewhere[0]}, which lies in a folder" if elsewhere else f"but {_some(names)}"
        raise CannotRead(
            f"The archive holds no project: at its root there is no file ending in .qde, {found}.",
            where=str(path),
            todo="Export the project as REFI-QDA (.qdpx) from the program it comes from.",
        )
    entries: dict[str, Entry] = {name: ZipEntry(archive, info, path) for name, info in zip(names, infos, strict=True)}
    index = names.index(projects[0])
    project = entries.pop(projects[0])
    _refuse_large(infos[index], path, limits)
    files = Files(entries, media=media, closing=archive.close, limits=limits)
    return Package(project.open, files, projects[0], index)


def _refuse_large(info: zipfile.ZipInfo, path: Path, limits: Limits) -> None:
    if info.file_size > limits.project:
        raise limits.refused("project", f"{info.filename} is too large", str(path))
    if info.file_size > SMALL_ENTRY:
        refuse_ratio(info.file_size, info.compress_size, limits, info.filename, str(path))


def _is_beside(name: str) -> bool:
    """Tell whether an entry is what a Mac packs beside each file to remember how it looked (``._project.qde``)."""
    return name.startswith("._")


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "") if names else "nothing at all"


def _safe_names(infos: list[zipfile.ZipInfo], path: Path) -> list[str]:
    """Return the entries' names without empty steps; refuse what would mean different files to different programs."""
    seen: dict[str, None] = {}
    for info in infos:
        # Programs made for older Windows pack ``sources\ana.txt``; Python reads it so there, and nowhere else.
        written = info.filename.replace("\\", "/")
        name = written if written.startswith("/") else _without_empty_steps(written)
        if not name or name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise CannotRead(
                f"The entry {name or info.filename} leads out of the archive.",
                where=str(path),
                todo="Do not unpack this file; ask whoever sent it for a clean export.",
            )
        if name in seen:
            raise CannotRead(
                f"The archive holds {name} twice, and it is not clear which one counts.",
                where=str(path),
                todo="Export the project again.",
            )
        seen[name] = None
    return list(seen)


def _without_empty_steps(name: str) -> str:
    return "/".join(step for step in name.split("/") if step not in ("", "."))


def _beside(path: Path) -> dict[str, Entry]:
    """Return the files of the sources folder beside a .qde; links that lead out of it are left out."""
    entries: dict[str, Entry] = {}
    try:
        folders = [
            found
            for found in sorted(path.parent.iterdir())
            if found.name.lower() == "sources" and found.is_dir() and not found.is_symlink()
        ]
        for folder in folders:
            root = folder.resolve()
            for found in sorted(folder.rglob("*")):
                if found.is_file() and found.resolve().is_relative_to(root):
                    entries[_utf8_name(f"{folder.name}/{found.relative_to(folder).as_posix()}", path)] = PathEntry(
                        found
                    )
    except OSError as error:
        raise CannotRead(
            f"The folder beside the project cannot be looked into ({(error.strerror or str(error)).lower()}).",
            where=str(path),
            todo="Ask its owner for permission to read.",
        ) from None
    return entries


def _utf8_name(name: str, path: Path) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode("ascii", "replace")
        raise CannotRead(
            f"The name of the file {shown} is not UTF-8.", where=str(path), todo="Rename the file and try again."
        ) from None
    return name


class ZipEntry:
    """One file inside a zip archive."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
        self.archive = archive
        self.info = info
        self._path = path

    @property
    def size(self) -> int:
        """Length in bytes, as the archive says."""
        return self.info.file_size

    def open(self) -> BinaryIO:
        """Open for reading; damage is told as ``CannotRead``.

        Raises:
            BadRequest: the study has been closed.
        """
        self._refuse_closed()
        with _told(self._path, self.info.filename):
            stream = self.archive.open(self.info)
        return cast(BinaryIO, io.BufferedReader(_Told(stream, self._path, self.info.filename), 1 << 16))

    def copy_compressed(self, target: zipfile.ZipFile, name: str) -> None:
        """Copy the entry into another archive as it is compressed here; its checksum is verified on the way.

        Raises:
            CannotRead: the entry is damaged.
            BadRequest: the study has been closed.
        """
        self._refuse_closed()
        with _told(self._path, self.info.filename):
            # What cannot be read here must not turn into something that can be read there.
            self.archive.open(self.info).close()
            copied = zipfile.ZipInfo(name, self.info.date_time)
            copied.compress_type = self.info.compress_type
            copied.external_attr = self.info.external_attr
            copied.CRC = self.info.CRC
            copied.compress_size = self.info.compress_size
            copied.file_size = self.info.file_size
            checksum = Checksum(copied.compress_type, copied.file_size)
            out = target.fp
            assert out is not None
            out.seek(target.start_dir)
            copied.header_offset = out.tell()
            out.write(copied.FileHeader())
            for piece in packed_bytes(self.archive, self.info):
                out.write(piece)
                checksum.take(piece)
            if not checksum.agrees(copied.CRC):
                raise zipfile.BadZipFile
        target.filelist.append(copied)
        target.NameToInfo[name] = copied
        target.start_dir = out.tell()
        target._didModify = True  # type: ignore[attr-defined]

    def _refuse_closed(self) -> None:
        if self.archive.fp is None:
            raise BadRequest(
                "The study has been closed, so its files are no longer there.",
                where=str(self._path),
                todo="Write it before it is closed, inside the with block.",
            )


class _told:  # noqa: N801 - reads as a verb where it is used
    """Turn what zipfile raises on damage into one sentence."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, ZIP_FAULTS):
            raise CannotRead(
                f"The entry {self._name} is damaged.",
                where=str(self._path),
                todo="Copy or download the file again; if it is still so, export the project again.",
            ) from None


class _Told(io.RawIOBase):
    """A stream out of a zip archive that tells of damage in one sentence."""

    def __init__(self, stream: IO[bytes], path: Path, name: str) -> None:
        self._stream = stream
        self._guard = _told(path, name)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        with self._guard:
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        # Without it, whole files would come in pieces of 8 kB; asked for all at once, zipfile would unpack whatever is
        # there, even far more than the archive says.
        with self._guard:
            return b"".join(iter(lambda: self._stream.read(_TEXT_PIECE), b""))

    def close(self) -> None:
        self._stream.close()
        super().close()


# --- writing ---------------------------------------------------------------------------------------------------------


def add_entry(target: zipfile.ZipFile, name: str, entry: Entry) -> None:
    """Put a file into an archive, a piece at a time; one that is in a zip already is not compressed again."""
    if isinstance(entry, ZipEntry):
        entry.copy_compressed(target, name)
        return
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if _PACKED_ALREADY.search(name) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.file_size = entry.size
    with target.open(info, "w") as out, entry.open() as stream:
        shutil.copyfileobj(stream, out, _PIECE)


def safe_name(name: str) -> bool:
    """Tell whether a name may stand in a package: relative, no way out, no drive, no empty step."""
    return not re.search(r"[\\:\x00]|(^|/)\.{0,2}(/|$)", name)
