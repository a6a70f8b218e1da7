"""Writes a study as .qdpx, .qde or .qdc, for the standard or in the form it was read from.

Decides what goes where; the XML, the zip and the counting of positions have modules of their own.
"""

from __future__ import annotations

import shutil
import zipfile
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from msgspec.structs import asdict, replace

from qdabridge import __version__
from qdabridge.errors import BadRequest, CannotRead, TooLarge
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.dialects import Dialect, dialects
from qdabridge.formats.refi.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE, CodebookFile
from qdabridge.formats.refi.package import PROJECT_COMPRESSION, add_entry, safe_name
from qdabridge.formats.refi.xml_writer import CountingOf, Left, write_xml
from qdabridge.safety import writing, writing_folder
from qdabridge.study import walk
from qdabridge.study.counts import counts
from qdabridge.study.files import Entry
from qdabridge.study.form import Form
from qdabridge.study.model import AnyText, Project, Set
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting, Positions

LARGEST_ENTRY = 2_147_483_647
"""The largest file inside a package, in bytes (section 8.5)."""

SAME = "same"

_KEEP_BY_SAME = "Write with --for same to keep them."


def profiles() -> tuple[str, ...]:
    """Return the names of what a study can be written for."""
    return (*sorted(name for name, dialect in dialects().items() if dialect.writes), SAME)


def write(study: Study, path: Path, profile: str = "standard", *, overwrite: bool = False) -> list[Finding]:
    """Write a study as .qdpx, .qde (with a sources folder beside it) or .qdc, by the path's ending.

    Args:
        study: what to write; it is not changed.
        path: the target.
        profile: ``standard``, or ``same`` for the form in which the study was read.
        overwrite: whether an existing target may be replaced.

    Returns:
        What the target cannot hold, and what was changed to fit it.

    Raises:
        BadRequest: there is no such profile.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    if profile not in profiles():
        raise BadRequest(f"There is no profile “{profile}”.", todo=f"Choose one of: {', '.join(profiles())}.")
    plan = _Plan(study, path, profile)
    try:
        {".qdc": _write_codebook, ".qde": _write_folder}.get(path.suffix.lower(), _write_zip)(plan, overwrite)
    except RecursionError:
        raise TooLarge(
            "Codes are nested too deep to be written.", where=str(path), todo="Flatten the code tree."
        ) from None
    return plan.findings.all()


class _Plan:
    """What is written where: names, texts, counting; and what is found on the way."""

    def __init__(self, study: Study, path: Path, profile: str) -> None:
        self.study = study
        self.path = path
        self.findings = Findings()
        self.form = self._form(profile)
        self.dialect: Dialect = dialects()["standard" if profile == SAME else profile]
        self.entries: dict[str, Entry] = {}
        self._names: dict[str, str] = {}
        if path.suffix.lower() != ".qdc":
            self._place_entries()

    def _form(self, profile: str) -> Form | None:
        """Return the form to keep, or None for the standard's."""
        if profile != SAME:
            return None
        form = self.study.form
        kind = "qdc" if self.path.suffix.lower() == ".qdc" else "qde"
        if form is None or (form.format == "qdc") != (kind == "qdc"):
            self.findings.add(
                Finding(
                    "SAME-UNKNOWN",
                    "note",
                    "The study did not come from a file of this kind, so it is written as the standard says.",
                    where=str(self.path),
                )
            )
            return None
        return form

    @property
    def project_entry(self) -> str:
        return self.form.project_entry if self.form else self.dialect.project_entry

    @property
    def project_index(self) -> int:
        return self.form.project_index if self.form else 0

    def write_project(self, stream: BinaryIO) -> None:
        """Write the XML of the project into a stream."""
        form = self.form
        left = write_xml(
            self.study.project if form else self._as_ours(self.study.project),
            stream,
            namespace=form.namespace if form else PROJECT_NAMESPACE,
            prefix=form.prefix if form else "",
            namespace_was=self.study.form.namespace if self.study.form else "",
            before=form.before if form else self._provenance(),
            after=form.after if form else (),
            counting_of=self._counting_of(),
            reference_of=None if form else self._reference_of,
            strict=form is None,
        )
        self.tell_left(left)

    def _as_ours(self, project: Project) -> Project:
        """Return the project with us as its origin: programs, ours too, go by it when they read positions."""
        return replace(project, origin=f"qdabridge {__version__}")

    def _provenance(self) -> tuple[str, ...]:
        """Return a comment that says where the study came from, since ``origin`` no longer does."""
        origin = self.study.project.origin
        if not origin or origin.startswith("qdabridge "):
            return self.study.form.before if self.study.form else ()
        return (f"<!-- written by qdabridge {__version__} from a project of {origin.replace('--', '- -')} -->",)

    def tell_left(self, left: Left) -> None:
        """Say what the XML could not hold."""
        for code, message, hint, count in (
            (
                "XML-CHARACTER",
                "XML cannot hold control characters; each was replaced by U+FFFD (�).",
                "",
                left.characters,
            ),
            (
                "FOREIGN-LEFT",
                "The file had attributes that the standard does not know; they were left out.",
                _KEEP_BY_SAME,
                left.attributes,
            ),
            (
                "FOREIGN-LEFT",
                "The file had elements that the standard does not know, or that could not be understood; they were "
                "left out.",
                _KEEP_BY_SAME,
                left.nodes,
            ),
        ):
            if count:
                self.findings.add(Finding(code, "warning", message, str(self.path), hint, "loss", count))

    # Files -----------------------------------------------------------------------

    def _place_entries(self) -> None:
        files = self.study.files
        if self.form is not None:
            self.entries = {name: files.entry(name) for name in files}
        else:
            self._place_as_standard()
        for name, entry in self.entries.items():
            if entry.size > LARGEST_ENTRY:
                self.findings.add(
                    Finding(
                        "ENTRY-TOO-LARGE",
                        "warning",
                        "A file inside the package is larger than 2,147,483,647 bytes, the most that the standard "
                        "allows; some programs will not open it.",
                        where=name,
                        hint="Keep it beside the project as external media.",
                    )
                )

    def _place_as_standard(self) -> None:
        """Put every source file flat into ``sources/`` (section 8.1), byte for byte."""
        files = self.study.files
        for name in files:
            folder, _, rest = name.partition("/")
            if folder.lower() != "sources" or not rest:
                if files.entry(name).size:
                    self.findings.add(
                        Finding(
                            "EXTRA-ENTRY",
                            "warning",
                            "The package held a file that the standard has no place for; it was left out.",
                            where=name,
                            hint=_KEEP_BY_SAME,
                            kind="loss",
                        )
                    )
                continue
            placed = self._free_name(PurePosixPath(rest).name)
            self._names[name] = placed
            self.entries[f"{self.dialect.sources_folder}/{placed}"] = files.entry(name)

    def _free_name(self, wanted: str) -> str:
        taken = {name.casefold() for name in self._names.values()}
        name, number = wanted, 1
        while name.casefold() in taken or not safe_name(name):
            number += 1
            name = f"{PurePosixPath(wanted).stem or 'file'}-{number}{PurePosixPath(wanted).suffix}"
        return name

    def _reference_of(self, reference: str) -> str:
        """Return a path as the standard writes it: ``internal://`` and the entry's name; others as they are."""
        name = self.study.files.find(reference)
        if name is None or name not in self._names:
            return reference
        return f"internal://{self._names[name]}"

    # Positions -------------------------------------------------------------------

    def _counting_of(self) -> CountingOf | None:
        if self.form is not None:
            counting, uncounted = self.form.counting, set(self.form.uncounted)
            if counting == STANDARD:
                return None
            return lambda document: None if document.guid in uncounted else self._positions(document, counting)
        return None

    def _positions(self, document: AnyText, counting: Counting) -> Positions | None:
        try:
            text = self.study.text_of(document)
        except CannotRead:
            return None
        if text is None:
            return None
        positions = Positions(text, counting)
        return None if positions.same else positions


# --- the three shapes ------------------------------------------------------------------------------------------------


def _write_zip(plan: _Plan, overwrite: bool) -> None:
    entries: list[tuple[str, Entry | None]] = list(plan.entries.items())
    entries.insert(plan.project_index, (plan.project_entry, None))
    with (
        writing(plan.path, overwrite=overwrite) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=PROJECT_COMPRESSION) as archive,
    ):
        for name, entry in entries:
            if entry is not None:
                add_entry(archive, name, entry)
                continue
            with archive.open(name, "w", force_zip64=_is_huge(plan.study.project)) as out:
                plan.write_project(cast(BinaryIO, out))


def _write_folder(plan: _Plan, overwrite: bool) -> None:
    """Write the .qde, and the files into the folder beside it; what else was in that folder stays.

    The .qde takes its name first: if that fails, the folder is not touched.
    """
    names = [name for name in plan.entries if "/" in name and safe_name(name)]
    with ExitStack() as targets:
        folders: dict[str, Path] = {}
        for folder in sorted({name.partition("/")[0] for name in names}):
            old = plan.path.parent / folder
            temporary = folders[folder] = targets.enter_context(writing_folder(old, overwrite=overwrite))
            if old.is_dir():
                shutil.copytree(old, temporary, symlinks=True, dirs_exist_ok=True)
        stream = targets.enter_context(writing(plan.path, overwrite=overwrite))
        plan.write_project(stream)
        for name in names:
            folder, _, rest = name.partition("/")
            target = folders[folder] / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            with target.open("wb") as out, plan.entries[name].open() as source:
                shutil.copyfileobj(source, out, 1 << 20)


def _write_codebook(plan: _Plan, overwrite: bool) -> None:
    project = plan.study.project
    _tell_what_a_codebook_leaves(project, plan)
    book = project.code_book
    root = CodebookFile(
        origin=project.origin,
        codes=book.codes if book else [],
        sets=_sets_of_codes(project),
        extensions=project.extensions if plan.form else None,
    )
    form = plan.form
    with writing(plan.path, overwrite=overwrite) as stream:
        left = write_xml(
            root,
            stream,
            namespace=form.namespace if form else CODEBOOK_NAMESPACE,
            prefix=form.prefix if form else "",
            namespace_was=plan.study.form.namespace if plan.study.form else "",
            before=form.before if form else (),
            after=form.after if form else (),
            strict=form is None,
        )
        plan.tell_left(left)


def _sets_of_codes(project: Project) -> list[Set] | None:
    """Return the sets as a codebook can hold them: those that have codes, or were in a codebook before."""
    if project.sets is None:
        return None
    kept = [
        member for member in project.sets if member.member_codes or not (member.member_sources or member.member_notes)
    ]
    return kept or None


def _tell_what_a_codebook_leaves(project: Project, plan: _Plan) -> None:
    left = {name: count for name, count in asdict(counts(project)).items() if name not in ("codes", "sets") and count}
    if left:
        plan.findings.add(
            Finding(
                "CODEBOOK-ONLY",
                "warning",
                "A .qdc codebook holds codes and sets of codes only; left out: "
                + ", ".join(f"{count} {name}" for name, count in left.items())
                + ".",
                where=str(plan.path),
                hint="Write a .qdpx to keep the whole study.",
                kind="loss",
            )
        )
    memos = sum(len(code.note_refs) for code in walk.codes(project))
    if memos:
        plan.findings.add(
            Finding(
                "CODEBOOK-NO-NOTES",
                "warning",
                "Codes point to notes, which a codebook cannot hold; the pointers were left out.",
                where=str(plan.path),
                kind="loss",
                count=memos,
            )
        )


def _is_huge(project: Project) -> bool:
    """Tell whether the XML may pass 2 GiB, so that the zip has to be prepared for it."""
    return sum(1 for source in project.sources or () for _ in walk.selections_of(source)) > 1_000_000
