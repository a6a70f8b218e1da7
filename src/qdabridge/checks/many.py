"""Checks many files: finds the studies in folders, and uses every core where that is worth starting processes.

What comes out is in the order of what went in. A file that cannot be read, or that ends the process that checks it,
does not keep the others from being checked. Knows nothing of what is looked for in a study.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from qdabridge.checks import check
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.safety import is_folder

_MANY = 20
_LARGE = 4_000_000
"""Files from which on, and bytes from which on, processes are worth their start of a third of a second."""

_HEAD = 1024


class Checked(NamedTuple):
    """What became of one file.

    Args:
        path: the file.
        findings: what is wrong with it, errors first; empty where it was not read.
        unreadable: one sentence that says why it could not be read; empty where it was.
    """

    path: Path
    findings: list[Finding]
    unreadable: str = ""


def studies_in(paths: Iterable[Path]) -> tuple[list[Path], list[Checked]]:
    """Return the files that are meant by files and folders, and the folders in which there is nothing to check.

    A file is taken as it is. Of a folder it is every study in it and in the folders inside, in the order of names,
    known by the endings of the formats; other JSON is passed over, and so is what is hidden. Links to folders are not
    followed.
    """
    files: dict[Path, None] = {}
    fruitless: list[Checked] = []
    for path in paths:
        if not is_folder(path):
            files[path] = None
            continue
        found, closed = _in_folder(path)
        files |= dict.fromkeys(found)
        fruitless += closed
        if not found and not closed:
            fruitless.append(_not_read(path, "There is no study in this folder.", "Name a file, or another folder."))
    return list(files), fruitless


def check_all(
    paths: Sequence[Path],
    *,
    positions: str | None = None,
    limits: str | None = None,
    processes: int | None = None,
) -> Iterator[Checked]:
    """Check files, in turn or several at once, and give what became of each, in their order.

    Args:
        paths: the files.
        positions: how they count positions in text, as for ``check``.
        limits: how large each may be, as for ``check``.
        processes: how many to use; without it as many as there are cores, or only this one where the work is small.

    Raises:
        BadRequest: ``positions`` or ``limits`` are not understood, or a format always counts as the standard does.
    """
    wanted = min(processes if processes is not None else _worthwhile(paths), len(paths))
    if wanted <= 1:
        return (_checked(path, positions, limits) for path in paths)
    return _at_once(paths, positions, limits, wanted)


def _checked(path: Path, positions: str | None, limits: str | None) -> Checked:
    try:
        return Checked(path, check(path, positions=positions, limits=limits))
    except CannotRead as error:
        return Checked(path, [], str(error))


def _not_read(path: Path, what: str, todo: str) -> Checked:
    return Checked(path, [], str(CannotRead(what, where=str(path), todo=todo)))


# --- folders ---------------------------------------------------------------------------------------------------------


def _in_folder(folder: Path) -> tuple[list[Path], list[Checked]]:
    """Return the studies in a folder, and the folders inside that cannot be looked into."""
    from qdabridge.formats.registry import formats

    suffixes = {suffix for known in formats() for suffix in known.SUFFIXES}
    found: list[Path] = []
    closed: list[Checked] = []

    def refused(error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        where = Path(error.filename or folder)
        closed.append(
            _not_read(where, f"The folder cannot be looked into ({reason}).", "Ask its owner for permission to read.")
        )

    for inside, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(inside, name)
            if path.suffix.lower() in suffixes and not name.startswith(".") and not _is_other_json(path):
                found.append(path)
    return found, closed


def _is_other_json(path: Path) -> bool:
    """Tell whether a file is JSON that does not say, where ours does, that it is a study."""
    if path.suffix.lower() != ".json":
        return False
    try:
        with path.open("rb") as stream:
            return b'"qdabridge-study"' not in stream.read(_HEAD)
    except OSError:
        # Whoever reads it will say why that cannot be done.
        return False


# --- several at once -------------------------------------------------------------------------------------------------


def _worthwhile(paths: Sequence[Path]) -> int:
    if len(paths) < _MANY and sum(_size(path) for path in paths) < _LARGE:
        return 1
    # The cores that this process may use, which in a container are fewer than there are.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _at_once(paths: Sequence[Path], positions: str | None, limits: str | None, processes: int) -> Iterator[Checked]:
    left = list(paths)
    while left:
        done = 0
        for checked in _until_a_process_ends(left, positions, limits, processes):
            yield checked
            done += 1
        left = left[done:]
        if left:
            # A process has ended that should not have; whether this file was to blame shows when it is alone.
            yield _alone(left.pop(0), positions, limits)


def _until_a_process_ends(
    paths: Sequence[Path], positions: str | None, limits: str | None, processes: int
) -> Iterator[Checked]:
    others = set(multiprocessing.active_children())
    pool = _pool(processes)
    try:
        waiting: list[Future[Checked]] = [pool.submit(_checked, path, positions, limits) for path in paths]
        for future in waiting:
            yield future.result()
        pool.shutdown()
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()


def _alone(path: Path, positions: str | None, limits: str | None) -> Checked:
    with _pool(1) as pool:
        try:
            return pool.submit(_checked, path, positions, limits).result()
        except BrokenProcessPool:
            return _not_read(
                path,
                "The program ended while it checked this file, most likely because the memory was full.",
                "Check it on its own, on a machine with more memory.",
            )


def _pool(processes: int) -> ProcessPoolExecutor:
    # Processes that are made anew and not by forking: a thread that draws a progress bar could not be forked.
    anew = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=anew, initializer=_end_in_silence)


def _end_in_silence() -> None:
    """Let Ctrl-C end this process at once; the one that started it says so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
