"""A deposit that an archive kept, as a folder or a .zip, read as the study it was made of.

What else lies in it, other rooms know.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from qdabridge.archives import ZIP_FAULTS, damaged, open_archive
from qdabridge.errors import CannotRead
from qdabridge.limits import DEFAULT, Limits
from qdabridge.safety import readable
from qdabridge.study.study import Study

NAME = "deposit"
SUFFIXES: tuple[str, ...] = ()

_STUDY = Path("data") / "study.json"
_MARK = "bagit.txt"
_PIECE = 1 << 20


def is_deposit(path: Path) -> bool:
    """Tell whether a path is a deposit: a folder with a bagit.txt, or a .zip with one."""
    try:
        if path.is_dir():
            return (path / _MARK).is_file()
        if path.suffix.lower() != ".zip" or not path.is_file():
            return False
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == _MARK and name.count("/") < 2 for name in archive.namelist())
    except (*ZIP_FAULTS, OSError):
        return False


def study_in(folder: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Study:
    """Read the study in a deposit, its files from the folder of its sources.

    Raises:
        CannotRead: the study is not there, or cannot be read, or a link leads out of the deposit.
        TooLarge: it is beyond the limits.
    """
    from qdabridge.formats.json.reader import read_json

    refuse_odd_files(folder)
    found = folder / _STUDY
    if not found.is_file():
        raise CannotRead(
            "The deposit has no data/study.json, so no study can be made of it.",
            where=str(folder),
            todo="If it has a data/study.qdpx, name that.",
        )
    return read_json(found, media=media, limits=limits)


def refuse_odd_files(folder: Path) -> None:
    """See that all in a folder is files and folders inside it.

    Raises:
        CannotRead: a link leads out of it, or something is neither a file nor a folder, which may be read without end.
    """
    inside = folder.resolve()
    for path in folder.rglob("*"):
        try:
            leads = path.resolve()
        except (OSError, RuntimeError):
            leads = Path()
        if not leads.is_relative_to(inside) or (leads.exists() and not leads.is_file() and not leads.is_dir()):
            raise CannotRead(
                "Something in the deposit is a link that leads out of it, or no file.",
                where=str(path),
                todo="Ask whoever sent the deposit for the file itself.",
            )


def read(path: Path, *, media: Path | None = None, limits: Limits = DEFAULT) -> Study:
    """Read the study in a deposit; see ``study_in``. What was packed in a .zip lies unpacked until it is closed."""
    if path.is_dir():
        return study_in(path, media=media, limits=limits)
    room = tempfile.TemporaryDirectory(prefix="qdabridge-")
    try:
        study = study_in(unpacked(path, Path(room.name), limits), media=media, limits=limits)
    except BaseException:
        room.cleanup()
        raise
    entries = {name: study.files.entry(name) for name in study.files}
    return Study(study.project, study.files.replaced_by(entries, closing=room.cleanup), study.findings, study.form)


def unpacked(deposit: Path, folder: Path, limits: Limits = DEFAULT) -> Path:
    """Unpack a .zip, nothing of it outside the folder, and return the bag in it.

    Raises:
        CannotRead: it is no deposit, damaged, or would write outside the folder.
        TooLarge: it is beyond the limits.
    """
    try:
        with open_archive(readable(deposit), limits) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                inside = PurePosixPath(info.filename.replace("\\", "/"))
                if inside.is_absolute() or ".." in inside.parts or ":" in info.filename:
                    raise CannotRead("A file in the deposit has a name that leads out of it.", where=str(deposit))
                target = folder / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("xb") as out:
                    shutil.copyfileobj(source, out, _PIECE)
    except CannotRead:
        raise
    except ZIP_FAULTS:
        raise damaged(deposit) from None
    except OSError as error:
        raise CannotRead(
            f"The deposit cannot be unpacked ({(error.strerror or str(error)).lower()}).",
            where=str(deposit),
            todo="Unpack it yourself, and name the folder.",
        ) from None
    bags = [mark.parent for mark in (folder / _MARK, *folder.glob(f"*/{_MARK}")) if mark.is_file()]
    if not bags:
        raise CannotRead("This is no deposit: it has no bagit.txt.", where=str(deposit), todo="Name the .zip itself.")
    return bags[0]
