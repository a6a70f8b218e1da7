"""A study as a package that an archive can keep: it needs none of us to be read.

>>> import qdabridge as qda
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     archived = qda.archive(qda.Study(qda.Project(name="Clinic")), Path(folder) / "deposit")
...     (archived.path / "data" / "README.md").is_file(), "the licence" in archived.unanswered
(True, True)
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from qdabridge.checks import check
from qdabridge.deposit.archiving.bags import PAYLOAD, Member, finish_bag, measured_file, members_of
from qdabridge.deposit.archiving.contents import PROJECT, Contents
from qdabridge.deposit.archiving.crate import NAME as CRATE
from qdabridge.deposit.archiving.crate import crate
from qdabridge.deposit.archiving.datapackage import data_package
from qdabridge.deposit.archiving.describing import Described
from qdabridge.deposit.archiving.gathering import gathered
from qdabridge.deposit.archiving.keys import refuse_key, refuse_keys
from qdabridge.deposit.archiving.metadata import Answers, Extent, datacite, ddi_codebook, findings_on, unanswered
from qdabridge.deposit.archiving.readme import NAME as README
from qdabridge.deposit.archiving.readme import OUTSIDE, readme
from qdabridge.deposit.archiving.scrubbing import scrubbed
from qdabridge.errors import BadRequest, CannotWrite, TargetExists
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.sheets.separated import fields_of_any_length
from qdabridge.safety import is_folder, is_there, readable, writing, writing_folder
from qdabridge.study.counts import counts, sources_by_kind
from qdabridge.study.study import Study

__all__ = ["Archived", "archive"]

DATA_PACKAGE = "datapackage.json"
_METADATA = "metadata"
_INSIDE = "deposit"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_COMPRESSED = frozenset({".csv", ".html", ".json", ".md", ".qdc", ".toml", ".txt", ".xml"})
_PIECE = 1 << 20
_ROOM = 1.1
"""How much more room is asked for than the files take: tables, texts and the page tables of the disk."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many bytes of it are done, and how many there are."""


class Archived(Struct, frozen=True):
    """What came of archiving.

    Args:
        path: the folder or the .zip.
        files: how many files the payload has.
        size: bytes of the payload.
        findings: what was found, changed and lost; what was scrubbed; which answers are missing.
        unanswered: what archives will ask for and nobody has answered, in words.
    """

    path: Path
    files: int
    size: int
    findings: tuple[Finding, ...]
    unanswered: tuple[str, ...]


def archive(
    study: Study,
    target: Path,
    *,
    answers: Answers | None = None,
    log: Path | None = None,
    private: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Archived:
    """Write a study as a deposit: open files, described, with checksums.

    Nothing has the target's name before it is whole. The same study gives the same bytes: the one moment that files
    name is that of ``SOURCE_DATE_EPOCH``, or that of the last change of the study.

    Args:
        study: what to archive; it is not changed. Keep it open.
        target: a folder that is empty or not there yet, or a file that ends in .zip.
        answers: what the archive asks (``study.toml``); what is missing is listed.
        log: the log of pseudonymising, which is put beside the rest.
        private: whether names of coders, paths of machines and marks in files are kept.
        overwrite: whether an existing target may be replaced; of folders, only a deposit.
        progress: told how far it is.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: there is no room for it, or it could not be written; an old one is as it was.
        BadRequest: a key of pseudonyms is among the files, or the log is no table.
        CannotRead: the log is not there, or may not be read.
    """
    overwrite = _may_be_replaced(target, overwrite=overwrite)
    study, brought = gathered(study)
    refuse_keys(study)
    if log is not None:
        _refuse_no_log(log)
        refuse_key(log)
    told = progress or (lambda what, done, total: None)
    size = sum(study.files.entry(name).size for name in study.files)
    zipped = target.suffix.lower() == ".zip"
    _ask_for_room(target, size * (4 if zipped else 2))
    if not private:
        told("looking into files", 0, 0)
    kept, removed = (study, []) if private else scrubbed(study)
    asked = answers or Answers(title=study.project.name, abstract=study.project.description or "")
    with _folder_for(target, zipped=zipped, overwrite=overwrite) as folder:
        bag = _Bag(kept, folder, asked, _moment(study), [*brought, *removed, *findings_on(asked)], told)
        payload = bag.write(log)
        if zipped:
            _zip(folder, target, overwrite=overwrite, told=told)
    return Archived(
        target,
        len(payload),
        sum(each.size for each in payload),
        tuple(bag.findings),
        tuple(unanswered(asked)),
    )


class _Bag:
    """The making of one deposit, in the order in which its parts need each other."""

    def __init__(
        self, study: Study, folder: Path, answers: Answers, made: datetime, found: list[Finding], told: Progress
    ) -> None:
        self._study = study
        self._folder = folder
        self._data = folder / PAYLOAD
        self._answers = answers
        self._made = made
        self._found = found
        self._told = told
        self.findings: list[Finding] = []

    def write(self, log: Path | None) -> list[Member]:
        """Write the whole bag, and return the files of its payload."""
        self._data.mkdir()
        contents = Contents(self._study, self._data, self._made, self._told)
        contents.write(log)
        self._told("checking", 0, 0)
        contents.write_findings([*self._found, *check(self._data / PROJECT)])
        self.findings = contents.findings.all()
        extent = self._extent()
        self._write_metadata(extent)
        described = [
            Described(README, "this text"),
            *contents.described,
            Described(f"{_METADATA}/", "the study described for archives: DDI-Codebook 2.5 and DataCite"),
            Described(DATA_PACKAGE, "the tables described for programs", "Frictionless Data Package."),
            Described(CRATE, "all files described for programs", "RO-Crate 1.3."),
        ]
        lost = [(contents.lost_in.get(each.code, ""), each) for each in self.findings if each.kind == "loss"]
        name = self._study.project.name
        text = readme(name, self._answers, extent, described, lost)
        self._put(README, text)
        step = self._stepping("describing", self._data)
        measured = {each.path.removeprefix(f"{PAYLOAD}/"): each for each in members_of(self._data, step)}
        self._put_json(DATA_PACKAGE, data_package(self._data, described, measured, self._answers, name))
        files = [Member(path, each.size, each.sums) for path, each in measured.items()]
        files.append(measured_file(self._data / DATA_PACKAGE, DATA_PACKAGE, step))
        about = f"A qualitative study: {extent.sources}."
        self._put_json(CRATE, crate(described, files, self._answers, name=name, about=about, made=self._made))
        said = {"External-Description": self._answers.title or name, "Bag-Software-Agent": "qdabridge"}
        step = self._stepping("measuring", self._data)
        return finish_bag(self._folder, said, {README: OUTSIDE}, step)

    def _extent(self) -> Extent:
        project = self._study.project
        found = counts(project)
        kinds = sources_by_kind(project)
        called = [
            (kind.__name__.removesuffix("Source").replace("Text", "text").replace("Picture", "picture"), number)
            for kind, number in kinds.items()
        ]
        files = [path for path in self._data.rglob("*") if path.is_file()]
        return Extent(
            cases=found.cases,
            sources=", ".join(f"{number} {_plural(kind, number)}" for kind, number in called if number),
            codes=found.codes,
            codings=found.codings,
            coders=len(project.users or ()),
            files=len(files),
            size=sum(path.stat().st_size for path in files),
        )

    def _write_metadata(self, extent: Extent) -> None:
        (self._data / _METADATA).mkdir()
        (self._data / _METADATA / "ddi-codebook.xml").write_bytes(ddi_codebook(self._answers, extent))
        self._put_json(f"{_METADATA}/datacite.json", datacite(self._answers, extent))

    def _put(self, name: str, text: str) -> None:
        (self._data / name).write_bytes(text.encode("utf-8", "replace"))

    def _put_json(self, name: str, value: dict[str, Any]) -> None:
        self._put(name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def _stepping(self, what: str, folder: Path) -> Callable[[int], None]:
        total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        done = 0

        def step(more: int) -> None:
            nonlocal done
            done += more
            self._told(what, done, total)

        return step


def _plural(kind: str, number: int) -> str:
    words = {"Audio": "audio recording", "Video": "film"}
    word = words.get(kind, kind)
    return word if number == 1 else f"{word}s"


def _moment(study: Study) -> datetime:
    """Return the one moment that files may name: that of the build, or that of the last change of the study."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if given.isdigit():
        return datetime.fromtimestamp(int(given), UTC)
    project = study.project
    for said in (project.modified_date_time, project.creation_date_time):
        try:
            found = datetime.fromisoformat(said or "")
        except ValueError:
            continue
        if found.year >= _LONG_AGO[0]:
            return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return datetime(*_LONG_AGO, tzinfo=UTC)


def _ask_for_room(target: Path, size: int) -> None:
    """Raise CannotWrite where the disk has no room."""
    if not is_folder(target.parent):
        raise CannotWrite("The folder to write into does not exist.", where=str(target.parent), todo="Make it first.")
    free = shutil.disk_usage(target.parent).free
    needed = int(size * _ROOM) + (1 << 24)
    if free < needed:
        raise CannotWrite(
            f"There is no room for the deposit: it needs about {_megabytes(needed)}, and {_megabytes(free)} are free.",
            where=str(target.parent),
            todo="Free some space, or write to another disk.",
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"


@contextmanager
def _folder_for(target: Path, *, zipped: bool, overwrite: bool) -> Iterator[Path]:
    """Give an empty folder that takes the target's name when the block ends well, or one that a .zip is made of."""
    if not zipped:
        with writing_folder(target, overwrite=overwrite) as folder:
            yield folder
        return
    if is_there(target) and not overwrite:
        # Said before hours of work, not after.
        with writing(target, overwrite=False):
            pass
    with tempfile.TemporaryDirectory(prefix=".qdabridge-", dir=target.parent) as name:
        # Called the same whatever the .zip is called, so that the bytes are the same.
        folder = Path(name) / _INSIDE
        folder.mkdir()
        yield folder


def _refuse_no_log(path: Path) -> None:
    """Raise BadRequest where the log is no table as ``pseudonymise`` writes it, such as a workbook by another name."""
    try:
        with readable(path).open(encoding="utf-8-sig", newline="") as stream, fields_of_any_length():
            for _ in csv.reader(stream):
                pass
    except (UnicodeDecodeError, csv.Error):
        raise BadRequest(
            "The log is no table in UTF-8 with commas.",
            where=str(path),
            todo="Give the log as .csv; `qdabridge pseudonymise --log` writes one.",
        ) from None


def _may_be_replaced(target: Path, *, overwrite: bool) -> bool:
    """Tell whether a target may be replaced: of folders an empty one, and a deposit where that was asked for.

    Raises:
        TargetExists: there is something else in it.
    """
    if not is_folder(target) or target.is_symlink():
        return overwrite
    if not any(target.iterdir()):
        return True
    if overwrite and (target / "bagit.txt").is_file() and (target / PAYLOAD / PROJECT).is_file():
        return True
    raise TargetExists(
        "The folder for the deposit is not empty.",
        where=str(target),
        todo="Name a new one; with --force an older deposit is replaced, and nothing else is.",
    )


def _zip(folder: Path, target: Path, *, overwrite: bool, told: Progress) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    total, done = sum(path.stat().st_size for path in files), 0
    with writing(target, overwrite=overwrite) as stream, zipfile.ZipFile(stream, "w") as out:
        for path in files:
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _LONG_AGO)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if path.suffix.lower() in _COMPRESSED else zipfile.ZIP_STORED
            info.file_size = path.stat().st_size
            with path.open("rb") as source, out.open(info, "w", force_zip64=info.file_size > 1 << 30) as copy:
                while piece := source.read(_PIECE):
                    copy.write(piece)
                    done += len(piece)
                    told("packing", done, total)
