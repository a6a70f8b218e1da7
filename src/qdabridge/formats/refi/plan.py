"""Plans how a study is written: under which names its files, how its positions are counted, and what is proved of it.

What a tool wants is said in its dialect and done in ``adapting``; which shape the target has, ``writing`` knows.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from msgspec.structs import replace

from qdabridge import __version__
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.dialects import dialects
from qdabridge.formats.refi.grammar import PROJECT_NAMESPACE, is_a_version
from qdabridge.formats.refi.package import ZipEntry, safe_name
from qdabridge.formats.refi.positions import holds_positions
from qdabridge.formats.refi.profile import PLAIN, Profile
from qdabridge.formats.refi.proof import Measured, drain, expected, our_fault, read_back, same_passages
from qdabridge.formats.refi.verdict import KINDS
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.formats.refi.xml_text import is_address, is_name
from qdabridge.formats.refi.xml_writer import CountingOf, Left, write_xml
from qdabridge.study import areas, walk
from qdabridge.study.files import Entry, Files
from qdabridge.study.form import Form
from qdabridge.study.model import AnyText, Project
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting, Positions

LARGEST_ENTRY = 2_147_483_647
"""The largest file inside a package, in bytes (section 8.5)."""

SAME = "same"
"""What is asked for instead of a profile where a study is to be written in the form in which it was read."""

KEEP_BY_SAME = "Write with --for same to keep them."


@cache
def profiles_by_name() -> dict[str, Profile]:
    """Return all profiles of all dialects."""
    return {profile.name: profile for dialect in dialects().values() for profile in dialect.profiles}


class Plan:
    """What is written where: names, texts, counting; and what is found on the way."""

    def __init__(self, study: Study, path: Path, profile: str) -> None:
        self.original = self.study = study
        self.path = path
        self.findings = Findings()
        self.form = self._form(profile)
        self.profile = profiles_by_name().get(profile, PLAIN)
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
        """What is written, as the target wants it."""
        return self.study.project

    @property
    def project_entry(self) -> str:
        """The name of the project among the files of the package."""
        return self.form.project_entry if self.form else "project.qde"

    @property
    def project_index(self) -> int:
        """How many files stand before the project in the package."""
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
                KEEP_BY_SAME,
                left.attributes,
            ),
            (
                "FOREIGN-LEFT",
                "The file had elements that the standard does not know, or that could not be understood; they were "
                "left out.",
                KEEP_BY_SAME,
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
        """Say that a file of the package has no place in the target."""
        self.findings.add(
            Finding(
                "EXTRA-ENTRY",
                "warning",
                f"The package held {name}, which the target has no place for; it was left out.",
                where=name,
                hint=KEEP_BY_SAME,
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
        with Measured(Nowhere(), KINDS["Project"]) as stream:
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


class Nowhere(io.RawIOBase, BinaryIO):
    """A stream that forgets what is written to it."""

    def write(self, data: object) -> int:
        """Forget some bytes, and say how many."""
        return len(cast(bytes, data))


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


def _refuse_unusable(form: Form, files: Files, path: Path) -> None:
    """Refuse a form that no file was read in, which may come out of somebody's JSON."""
    entry = form.project_entry
    usable = (
        (not form.prefix or is_name(form.prefix))
        and is_address(form.namespace)
        and is_a_version(form.namespace)
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
