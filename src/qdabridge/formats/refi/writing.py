"""Writes a study as .qdpx, .qde or .qdc: for the standard, for one tool, or in the form it was read from.

Knows the shapes that a target can have. What goes where is planned in ``plan``; the XML and the zip have modules of
their own.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO, BinaryIO, cast

from qdabridge.errors import BadRequest, CannotWrite
from qdabridge.findings import Finding
from qdabridge.formats.refi.codebook_writing import tell_what_a_codebook_leaves, write_codes
from qdabridge.formats.refi.package import PROJECT_COMPRESSION, add_entry, safe_name
from qdabridge.formats.refi.plan import SAME, Nowhere, Plan, profiles_by_name
from qdabridge.formats.refi.profile import PLAIN
from qdabridge.formats.refi.proof import Measured, expected, read_back
from qdabridge.formats.refi.relay import Relay
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import MAX_DEPTH, writing, writing_folder
from qdabridge.study import walk
from qdabridge.study.counts import code_levels
from qdabridge.study.files import Entry
from qdabridge.study.model import Project
from qdabridge.study.study import Study

_AROUND_CODES = 5
"""How many elements are around the codes or inside the last of them."""


def profiles() -> tuple[str, ...]:
    """Return the names of what a study can be written for, the standard first."""
    return (PLAIN.name, *sorted(profiles_by_name().keys() - {PLAIN.name}), SAME)


def losses(study: Study, profile: str = "standard", *, suffix: str = ".qdpx") -> list[Finding]:
    """Say what would be lost if a study were written, without writing anything.

    Args:
        study: what would be written.
        profile: as for ``write``.
        suffix: the ending of the file that would be written.

    Raises:
        BadRequest: there is no such profile.
    """
    plan = _planned(study, Path(f"study{suffix}"), profile)
    if suffix.lower() == ".qdc":
        tell_what_a_codebook_leaves(plan.original.project, plan)
        write_codes(plan, Nowhere())
    else:
        plan.write_project(Nowhere())
    return [finding for finding in plan.findings.all() if finding.kind == "loss"]


def write(study: Study, path: Path, profile: str = "standard", *, overwrite: bool = False) -> list[Finding]:
    """Write a study as .qdpx, .qde (with a sources folder beside it) or .qdc, by the path's ending.

    Args:
        study: what to write; it is not changed.
        path: the target.
        profile: ``standard``, the name of a tool's profile such as ``nvivo``, or ``same`` for the form in which the
            study was read.
        overwrite: whether an existing target may be replaced.

    Returns:
        What the target cannot hold, and what was changed to fit it.

    Raises:
        BadRequest: there is no such profile.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    plan = _planned(study, path, profile)
    shape = {".qdc": _write_codebook, ".qde": _write_folder}.get(path.suffix.lower(), _write_zip)
    try:
        with garbage_collection_paused():
            shape(plan, overwrite)
    except RecursionError:
        raise _too_deep(path) from None
    return plan.findings.all()


def _too_deep(path: Path) -> CannotWrite:
    return CannotWrite("Codes are nested too deep to be written.", where=str(path), todo="Flatten the code tree.")


def _planned(study: Study, path: Path, profile: str) -> Plan:
    if profile not in profiles():
        raise BadRequest(f"There is no profile “{profile}”.", todo=f"Choose one of: {', '.join(profiles())}.")
    if code_levels(study.project) > MAX_DEPTH - _AROUND_CODES:
        raise _too_deep(path)
    try:
        return Plan(study, path, profile)
    except RecursionError:
        raise _too_deep(path) from None


# --- the three shapes ------------------------------------------------------------------------------------------------


def _write_zip(plan: Plan, overwrite: bool) -> None:
    entries: list[tuple[str, Entry | None]] = list(plan.entries.items())
    entries.insert(plan.project_index, (plan.project_entry, None))
    with writing(plan.path, overwrite=overwrite) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=PROJECT_COMPRESSION) as archive:
            for name, entry in entries:
                if entry is not None:
                    add_entry(archive, name, entry)
                    continue
                with archive.open(name, "w", force_zip64=_is_huge(plan.project)) as out, Relay(out) as relay:
                    measured = _write_measured(plan, cast(BinaryIO, relay))
        plan.settle(measured)
        plan.read_back(stream)


def _write_measured(plan: Plan, out: BinaryIO | IO[bytes]) -> Measured:
    with plan.measured(out, "Project") as measured:
        plan.write_project(cast(BinaryIO, measured))
    return measured


def _write_folder(plan: Plan, overwrite: bool) -> None:
    """Write the .qde, and the files into the folder beside it; what else was in that folder stays.

    The folder takes its name first, when the .qde is complete and on the disk: if either fails, both are as they were.
    """
    names = []
    for name in plan.entries:
        if name.lower().startswith("sources/") and safe_name(name):
            names.append(name)
        else:
            plan.tell_left_out(name)
    with ExitStack() as targets:
        stream = targets.enter_context(writing(plan.path, overwrite=overwrite))
        folders: dict[str, Path] = {}
        for folder in sorted({name.partition("/")[0] for name in names}):
            old = plan.path.parent / folder
            temporary = folders[folder] = targets.enter_context(writing_folder(old, overwrite=overwrite))
            if old.is_dir():
                shutil.copytree(old, temporary, symlinks=True, dirs_exist_ok=True)
        plan.settle(_write_measured(plan, stream))
        for name in names:
            folder, _, rest = name.partition("/")
            target = folders[folder] / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.parent.resolve().is_relative_to(folders[folder].resolve()):
                raise CannotWrite(
                    "A link in the sources folder leads out of it.",
                    where=str(plan.path.parent / name),
                    todo="Remove the link, or write to another folder.",
                )
            target.unlink(missing_ok=True)
            with target.open("wb") as out, plan.entries[name].open() as source:
                shutil.copyfileobj(source, out, 1 << 20)
        stream.seek(0)
        read_back(stream, expected(plan.project))
        stream.seek(0, 2)
        stream.flush()
        os.fsync(stream.fileno())


def _write_codebook(plan: Plan, overwrite: bool) -> None:
    if not (plan.project.code_book and plan.project.code_book.codes):
        raise BadRequest("The study has no codes, so there is no codebook to write.", where=str(plan.path))
    tell_what_a_codebook_leaves(plan.original.project, plan)
    with writing(plan.path, overwrite=overwrite) as stream:
        with plan.measured(stream, "CodeBook") as measured:
            root = write_codes(plan, cast(BinaryIO, measured))
        plan.settle(measured)
        stream.seek(0)
        read_back(stream, expected(root))
        stream.seek(0, 2)


def _is_huge(project: Project) -> bool:
    """Tell whether the XML may pass 2 GiB, so that the zip has to be prepared for it."""
    selections = sum(1 for source in project.sources or () for _ in walk.selections_of(source))
    texts = sum(len(text.plain_text_content or "") for text in walk.texts(project))
    return selections * 1000 + texts * 4 > 1_000_000_000
