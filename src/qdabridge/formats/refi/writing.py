"""Writes a study as .qdpx, .qde or .qdc: for the standard, for one tool, or in the form it was read from.

Decides what goes where. What a tool wants is said in its dialect and done in ``adapting``; the XML, the zip, counting
positions and proving what was written have modules of their own.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from msgspec.structs import asdict, replace

from qdabridge import __version__
from qdabridge.errors import BadRequest, CannotRead, CannotWrite
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.dialects import dialects
from qdabridge.formats.refi.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE, CodebookFile
from qdabridge.formats.refi.package import PROJECT_COMPRESSION, ZipEntry, add_entry, safe_name
from qdabridge.formats.refi.positions import holds_positions
from qdabridge.formats.refi.profile import PLAIN, Profile
from qdabridge.formats.refi.proof import Measured, drain, expected, our_fault, read_back, same_passages
from qdabridge.formats.refi.relay import Relay
from qdabridge.formats.refi.verdict import KINDS
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.formats.refi.xml_writer import CountingOf, Left, is_address, is_name, write_xml
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import MAX_DEPTH, writing, writing_folder
from qdabridge.study import areas, walk
from qdabridge.study.counts import code_levels, counts
from qdabridge.study.files import Entry, Files
from qdabridge.study.form import Form
from qdabridge.study.model import AnyText, Project, Set
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting, Positions

LARGEST_ENTRY = 2_147_483_647
"""The largest file inside a package, in bytes (section 8.5)."""

SAME = "same"

_AROUND_CODES = 5
"""How many elements are around the codes or inside the last of them."""

_KEEP_BY_SAME = "Write with --for same to keep them."


def profiles() -> tuple[str, ...]:
    """Return the names of what a study can be written for, the standard first."""
    return (PLAIN.name, *sorted(_profiles().keys() - {PLAIN.name}), SAME)


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
        _tell_what_a_codebook_leaves(plan.original.project, plan)
        _write_codes(plan, _Nowhere())
    else:
        plan.write_project(_Nowhere())
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


@cache
def _profiles() -> dict[str, Profile]:
    return {profile.name: profile for dialect in dialects().values() for profile in dialect.profiles}


def _planned(study: Study, path: Path, profile: str) -> _Plan:
    if profile not in profiles():
        raise BadRequest(f"There is no profile “{profile}”.", todo=f"Choose one of: {', '.join(profiles())}.")
    if code_levels(study.project) > MAX_DEPTH - _AROUND_CODES:
        raise _too_deep(path)
    try:
        return _Plan(study, path, profile)
    except RecursionError:
        raise _too_deep(path) from None


def _refuse_unusable(form: Form, files: Files, path: Path) -> None:
    """Refuse a form that no file was read in, which may come out of somebody's JSON."""
    entry = form.project_entry
    usable = (
        (not form.prefix or is_name(form.prefix))
        and is_address(form.namespace)
        and entry.lower().endswith((".qde", ".qdc"))
        and safe_name(entry)
        and "/" not in entry
        and entry not in files
        and all(safe_name(name) or _is_odd_but_inside(name) for name in files)
    )
    if not usable:
        raise BadRequest(
            "What the study says of the file it came from cannot be so.",
            where=str(path),
            todo="Write it for another profile (--for standard).",
        )


def _is_odd_but_inside(name: str) -> bool:
    """Tell whether a name has a colon, which some systems cannot have, but leads nowhere."""
    return safe_name(name.replace(":", "_")) and ":" not in name.partition("/")[0]


class _Nowhere(io.RawIOBase, BinaryIO):
    """A stream that forgets what is written to it."""

    def write(self, data: object) -> int:
        return len(cast(bytes, data))


class _Plan:
    """What is written where: names, texts, counting; and what is found on the way."""

    def __init__(self, study: Study, path: Path, profile: str) -> None:
        self.original = self.study = study
        self.path = path
        self.findings = Findings()
        self.form = self._form(profile)
        self.profile = _profiles().get(profile, PLAIN)
        if self.form is None:
            self.study = self._fit(_codes_alone(study) if path.suffix.lower() == ".qdc" else study)
        self.entries: dict[str, Entry] = {}
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
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
        _refuse_unusable(form, self.study.files, self.path)
        return form

    def _fit(self, study: Study) -> Study:
        """Return the study as the profile wants it, with us as its origin: programs go by it when reading positions."""
        from_the_top = study.form is not None and areas.from_the_top(study.form.tool)
        remarks = any(note.plain_text_selections for note in study.project.notes or ())
        if not self.profile.adapts and not (from_the_top or remarks):
            return Study(replace(study.project, origin=f"qdabridge {__version__}"), study.files, form=study.form)
        # Imported when it is needed: the standard's form does without.
        from qdabridge.formats.refi.adapting import adapted

        fit = adapted(study, self.profile)
        for finding in fit.findings:
            self.findings.add(finding)
        return fit.study

    @property
    def project(self) -> Project:
        return self.study.project

    @property
    def project_entry(self) -> str:
        return self.form.project_entry if self.form else "project.qde"

    @property
    def project_index(self) -> int:
        return self.form.project_index if self.form else 0

    def write_project(self, stream: BinaryIO) -> None:
        """Write the XML of the project into a stream."""
        form = self.form
        left = write_xml(
            self.project,
            stream,
            namespace=form.namespace if form else PROJECT_NAMESPACE,
            prefix=form.prefix if form else "",
            namespace_was=self.study.form.namespace if self.study.form else "",
            before=form.before if form else self._provenance(),
            after=self.study.form.after if self.study.form else (),
            counting_of=self._counting_of(),
            reference_of=None if form else self._reference_of,
            strict=form is None,
        )
        self.tell_left(left)

    def _provenance(self) -> tuple[str, ...]:
        """Return a comment that says where the study came from, since ``origin`` no longer does."""
        origin = self.original.project.origin
        if not origin or origin.startswith("qdabridge "):
            return self.study.form.before if self.study.form else ()
        kept = self.study.form.before if self.study.form else ()
        told = re.sub(r"-(?=-)", "- ", origin)
        return (*kept, f"<!-- written by qdabridge {__version__} from a project of {told} -->")

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
            (
                "VALUE-LEFT",
                "Numbers or truth values are spelled in a way that cannot be read, such as 4,5 for a whole number; "
                "they were left out.",
                "Write with --for same to keep them, or mend them with `qdabridge repair`.",
                left.values,
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
        referred = {files.find(reference) for reference in walk.references(self.project)}
        for name in files:
            folder, _, rest = name.partition("/")
            if name not in referred and (folder.lower() != "sources" or not rest):
                self.tell_left_out(name)
                continue
            placed = self._names[name] = self._free_name(PurePosixPath(name).name)
            self.entries[f"sources/{placed}"] = files.entry(name)

    def tell_left_out(self, name: str) -> None:
        self.findings.add(
            Finding(
                "EXTRA-ENTRY",
                "warning",
                f"The package held {name}, which the target has no place for; it was left out.",
                where=name,
                hint=_KEEP_BY_SAME,
                kind="loss",
            )
        )

    def _free_name(self, wanted: str) -> str:
        """Return a name that no other entry has and that every system can have; most often the one wanted."""
        tidy = re.sub(r"[\\:\x00]", "_", wanted)
        name = tidy
        while name.casefold() in self._taken:
            number = self._numbers[tidy] = self._numbers.get(tidy, 1) + 1
            name = f"{PurePosixPath(tidy).stem}-{number}{PurePosixPath(tidy).suffix}"
        self._taken.add(name.casefold())
        return name

    def _reference_of(self, reference: str) -> str:
        """Return a path as the standard writes it: ``internal://`` and the entry's name; others as they are."""
        name = self.study.files.find(reference)
        if name is None or name not in self._names:
            return reference
        return f"internal://{self._names[name]}"

    # Positions -------------------------------------------------------------------

    def _counting_of(self) -> CountingOf | None:
        self._tell_unconverted()
        counting = self.form.counting if self.form else self.profile.counting
        if counting == STANDARD:
            return None
        uncounted = set(self.form.uncounted) if self.form else set()
        return lambda document: None if document.guid in uncounted else self._positions(document, counting)

    def _positions(self, document: AnyText, counting: Counting) -> Positions | None:
        try:
            stored = self.study.stored_text(document)
        except CannotRead:
            stored = None
        if stored is None:
            if holds_positions(document):
                self.findings.add(
                    Finding(
                        "POSITIONS-UNCONVERTED",
                        "error",
                        "A text is not there or cannot be read, so the positions in it could not be counted as the "
                        "target counts them; they were written in code points.",
                        where=document.name or document.guid,
                        hint="Put the text back (--media names the folder of one outside) and write again.",
                    )
                )
            return None
        positions = Positions(stored.text, counting, byte_order_mark=stored.byte_order_mark)
        return None if positions.same else positions

    def _tell_unconverted(self) -> None:
        """Say that positions which could not be brought to code points are passed off as such."""
        form = self.original.form
        if self.form is None and form is not None and form.uncounted:
            self.findings.add(
                Finding(
                    "POSITIONS-UNCONVERTED",
                    "error",
                    "The text of a source was not there when the study was read, so its positions are written as they "
                    f"stood, counted in {form.counting.described()}.",
                    where=form.uncounted[0],
                    hint="Put the text back into the first file, and read and write it again.",
                    count=len(form.uncounted),
                )
            )

    # Proof -----------------------------------------------------------------------

    def measured(self, stream: BinaryIO | IO[bytes], root: str) -> Measured:
        """Return a stream that has what is written measured by the schema, unless it is to be as it came."""
        return Measured(stream, None if self.form else KINDS[root])

    def settle(self, measured: Measured) -> None:
        """Decide what it means that a file does not follow the schema.

        Raises:
            CannotWrite: it is our fault.
        """
        if not measured.reason:
            return
        if self.profile.adapts and not self._was_invalid():
            raise our_fault(measured.reason)
        self.findings.add(
            Finding(
                "SCHEMA-INVALID",
                "warning",
                f"The study does not follow the schema, so the file does not either: {measured.reason}",
                where=str(self.path),
                hint="Some programs refuse such a file; `qdabridge check` says where and why.",
            )
        )

    def _was_invalid(self) -> bool:
        """Tell whether the study, with nothing changed for a tool, would not follow the schema either."""
        with Measured(_Nowhere(), KINDS["Project"]) as stream:
            write_xml(self.original.project, cast(BinaryIO, stream), namespace=PROJECT_NAMESPACE, strict=True)
        return bool(stream.reason)

    def read_back(self, stream: BinaryIO | IO[bytes]) -> None:
        """Read the project in a package that is written but has no name yet, and see that all is there."""
        with zipfile.ZipFile(stream) as archive:
            with archive.open(self.project_entry) as project:
                if self.form is None and not self.profile.adapts:
                    # The schema has seen these very bytes while they were written; the archive's checksum proves them.
                    drain(project)
                else:
                    read_back(project, expected(self.project))
            if not self.profile.adapts:
                return
            again = read_xml(lambda: cast(BinaryIO, archive.open(self.project_entry)), self.path.name).root
            assert isinstance(again, Project)
            entries = {
                info.filename: ZipEntry(archive, info, self.path)
                for info in archive.infolist()
                if info.filename != self.project_entry
            }
            same_passages(self.study, again, Study(again, Files(entries)), self.profile.counting)


# --- the three shapes ------------------------------------------------------------------------------------------------


def _write_zip(plan: _Plan, overwrite: bool) -> None:
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


def _write_measured(plan: _Plan, out: BinaryIO | IO[bytes]) -> Measured:
    with plan.measured(out, "Project") as measured:
        plan.write_project(cast(BinaryIO, measured))
    return measured


def _write_folder(plan: _Plan, overwrite: bool) -> None:
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


def _write_codebook(plan: _Plan, overwrite: bool) -> None:
    if not (plan.project.code_book and plan.project.code_book.codes):
        raise BadRequest("The study has no codes, so there is no codebook to write.", where=str(plan.path))
    _tell_what_a_codebook_leaves(plan.original.project, plan)
    with writing(plan.path, overwrite=overwrite) as stream:
        with plan.measured(stream, "CodeBook") as measured:
            root = _write_codes(plan, cast(BinaryIO, measured))
        plan.settle(measured)
        stream.seek(0)
        read_back(stream, expected(root))
        stream.seek(0, 2)


def _write_codes(plan: _Plan, stream: BinaryIO) -> CodebookFile:
    """Write the codes of a study and its sets of codes into a stream, and return them as they stand there."""
    form, project = plan.form, plan.project
    root = CodebookFile(
        # A codebook has no positions, so its origin says where it is from rather than how to count.
        origin=plan.original.project.origin,
        codes=project.code_book.codes if project.code_book else [],
        sets=_sets_of_codes(project),
        extensions=project.extensions if form else None,
    )
    left = write_xml(
        root,
        stream,
        namespace=form.namespace if form else CODEBOOK_NAMESPACE,
        prefix=form.prefix if form else "",
        namespace_was=plan.original.form.namespace if plan.original.form else "",
        before=form.before if form else (),
        after=form.after if form else (),
        strict=form is None,
    )
    plan.tell_left(left)
    return root


def _codes_alone(study: Study) -> Study:
    """Return what of a study a codebook can hold, so that nothing else is made fit for a tool, or missed."""
    project = study.project
    kept = Project(
        name=project.name,
        origin=project.origin,
        code_book=project.code_book,
        sets=project.sets,
        extensions=project.extensions,
    )
    return Study(kept, form=study.form)


def _sets_of_codes(project: Project) -> list[Set] | None:
    """Return the sets as a codebook can hold them: those that have codes, or were in a codebook before."""
    if project.sets is None:
        return None
    kept = [
        member for member in project.sets if member.member_codes or not (member.member_sources or member.member_notes)
    ]
    # A container that stood there empty, as in Taguette, is kept; the standard's form leaves it out.
    return kept if kept or not project.sets else None


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
    members = sum(len(kept.member_sources) + len(kept.member_notes) for kept in project.sets or ())
    if members:
        plan.findings.add(
            Finding(
                "CODEBOOK-SETS",
                "warning",
                "Sets hold sources or notes, which a codebook cannot hold; they were left out of the sets.",
                where=str(plan.path),
                kind="loss",
                count=members,
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
    selections = sum(1 for source in project.sources or () for _ in walk.selections_of(source))
    texts = sum(len(text.plain_text_content or "") for text in walk.texts(project))
    return selections * 1000 + texts * 4 > 1_000_000_000
