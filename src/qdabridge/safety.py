"""Touching the outside world without harm: looking at input before it is opened, and writing so that nothing breaks.

What is written goes to a temporary file beside the target and takes its name only when it is complete and on the disk;
whatever fails before leaves the old target as it was. This module knows nothing of studies or formats.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from qdabridge.errors import CannotRead, CannotWrite, NotFound, QdabridgeError, TargetExists, TooLarge

MAX_DEPTH = 250
"""How deep XML elements may be nested; real codebooks have fewer than ten levels."""


def too_deep(where: str) -> TooLarge:
    """Return the error for XML that is nested deeper than ``MAX_DEPTH``."""
    return TooLarge(
        f"Elements are nested more than {MAX_DEPTH} deep, which no real study needs.",
        where=where,
        todo="Ask whoever sent the file where it comes from.",
    )


def is_there(path: Path) -> bool:
    """Tell whether something has this name; what cannot be looked at is not, and whoever opens it says why."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Tell whether this is a folder; what cannot be looked at is none, and whoever opens it says why."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two names mean one file, through links or in other letters; what is not there is no other's."""
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except (OSError, RuntimeError, ValueError):
        return one == other


def readable(path: Path) -> Path:
    """Return the path if it is a file that can be read and is not empty.

    Raises:
        NotFound: there is nothing there.
        CannotRead: it is a folder, empty, or may not be read.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise NotFound("There is no such file.", where=str(path), todo="Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        raise CannotRead(
            f"The file cannot be looked at ({_reason(error)}).",
            where=str(path),
            todo="Check the name, and whether you may enter the folder.",
        ) from None
    if stat.S_ISDIR(status.st_mode):
        raise CannotRead("This is a folder, not a file.", where=str(path), todo="Name the file inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise CannotRead("This is not an ordinary file.", where=str(path), todo="Copy it to an ordinary file first.")
    if status.st_size == 0:
        raise CannotRead("The file is empty.", where=str(path), todo="Export or copy it again.")
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise CannotRead(
            f"The file may not be read ({_reason(error)}).",
            where=str(path),
            todo="Ask its owner for permission to read.",
        ) from None


def doctype_refused(where: str) -> CannotRead:
    """Return the error for XML with a DOCTYPE: entities are never declared, let alone expanded."""
    return CannotRead(
        "The XML has a DOCTYPE, which no REFI-QDA program writes and which can hide files or bombs.",
        where=where,
        todo="If you trust the file, delete the DOCTYPE with a text editor.",
    )


def check_target(path: Path, *, overwrite: bool) -> None:
    """Refuse what cannot be written to, as far as that can be told at once.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the folder is missing, or this is no name of a file, or too long for one.
    """
    if "\0" in str(path):
        raise CannotWrite("This cannot be the name of a file.", where=repr(str(path)), todo="Choose another name.")
    with _said_in_words(path):
        if not path.parent.is_dir():
            raise CannotWrite("The folder to write into does not exist.", where=str(path.parent), todo="Make it first.")
        if (path.is_symlink() or path.exists()) and not overwrite:
            raise _exists(path)


@contextlib.contextmanager
def writing(path: Path, *, overwrite: bool, mode: int | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing that takes the place of the target only when the block ends well.

    Args:
        path: the target.
        overwrite: whether an existing target may be replaced.
        mode: its permissions; without it those of the file that is replaced, or of any new file.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the folder is missing or read-only, the disk is full, or the target is a folder.
    """
    with _said_in_words(path):
        check_target(path, overwrite=overwrite)
        if path.is_dir():
            raise CannotWrite("The target is a folder.", where=str(path), todo="Name a file inside it.")
        handle, name = tempfile.mkstemp(prefix=".qdabridge-", suffix=path.suffix, dir=path.parent)
    temporary = Path(name)
    try:
        with _said_in_words(path):
            with os.fdopen(handle, "w+b") as stream:
                yield cast(BinaryIO, stream)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(_usual_mode(path) if mode is None else mode)
            if not overwrite and path.exists():
                raise _exists(path)
            temporary.replace(path)
            _sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def writing_folder(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Make a folder that takes the place of the target only when the block ends well.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the parent folder is missing or read-only, or the disk is full.
    """
    with _said_in_words(path):
        check_target(path, overwrite=overwrite)
        if path.exists() and (path.is_symlink() or not path.is_dir()):
            raise CannotWrite(
                "A file or a link stands where a folder is to be made.", where=str(path), todo="Move it away first."
            )
        temporary = Path(tempfile.mkdtemp(prefix=".qdabridge-", dir=path.parent))
    old: Path | None = None
    try:
        with _said_in_words(path):
            yield temporary
            temporary.chmod(0o777 & ~_umask())
            if path.exists():
                if not overwrite:
                    raise _exists(path)
                old = Path(tempfile.mkdtemp(prefix=".qdabridge-old-", dir=path.parent))
            try:
                if old is not None:
                    path.replace(old / path.name)
                temporary.replace(path)
            except BaseException:
                # Whoever stops the run between the two has the old one back.
                if old is not None and not is_there(path):
                    (old / path.name).replace(path)
                raise
            _sync_folder(path.parent)
    finally:
        _remove_folder(temporary)
        # What could not be put back is not taken away.
        if old is not None and is_there(path):
            _remove_folder(old)


def _exists(path: Path) -> TargetExists:
    return TargetExists(
        "The target exists and was left as it is.",
        where=str(path),
        todo="Choose another name, or allow overwriting (--force).",
    )


@contextlib.contextmanager
def _said_in_words(path: Path) -> Iterator[None]:
    """Turn what the system says about writing into one sentence; our own errors pass."""
    try:
        yield
    except QdabridgeError:
        raise
    except OSError as error:
        todo = {
            errno.ENOSPC: "Free some space or write to another disk.",
            errno.EDQUOT: "Free some space or write to another disk.",
            errno.EROFS: "Write to another folder.",
            errno.EACCES: "Write to a folder of your own.",
            errno.EPERM: "Write to a folder of your own.",
            errno.ENAMETOOLONG: "Choose a shorter name.",
        }.get(error.errno or 0, "Try another folder.")
        raise CannotWrite(
            f"It could not be written ({_reason(error)}); nothing was changed.", where=str(path), todo=todo
        ) from error


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).strip().lower()


def _usual_mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those that a new file would have."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _remove_folder(folder: Path) -> None:
    """Remove a folder of ours, parts of which may have been copied from something read-only."""
    for inside, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            Path(inside).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename lasting where the system allows it; elsewhere it is lasting enough."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
