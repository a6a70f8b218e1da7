"""Looks at a deposit as an archive does, years later: is all there and as it was, and does the study still read?"""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from qdabridge.checks import check
from qdabridge.deposit.archiving.bags import PAYLOAD, faults_of
from qdabridge.deposit.archiving.contents import PROJECT
from qdabridge.errors import CannotRead, QdabridgeError
from qdabridge.findings import Finding
from qdabridge.formats.deposits import study_in
from qdabridge.limits import DEFAULT, Limits

_PIECE = 1 << 20
_DATA_PACKAGE = "datapackage.json"


def verify(deposit: Path, *, limits: Limits = DEFAULT, progress: Callable[[int], None] | None = None) -> list[Finding]:
    """Return what is wrong with a deposit; nothing where all is as it was written.

    Checksums of every file, whether one is missing or was added, whether the tables have the columns that their
    schemas name, whether the project follows the schema of REFI-QDA, and whether the study reads back.

    Args:
        deposit: the folder, or the .zip.
        limits: how large what is read may be.
        progress: told how many bytes more have been gone through.

    Raises:
        CannotRead: it is no deposit.
    """
    step = progress or (lambda _: None)
    if deposit.is_dir():
        return _verified(deposit, limits, step)
    with tempfile.TemporaryDirectory() as folder:
        return _verified(_unpacked(deposit, Path(folder), limits), limits, step)


def _verified(folder: Path, limits: Limits, step: Callable[[int], None]) -> list[Finding]:
    sentences = {
        "changed": "A file is not as it was when the deposit was made.",
        "missing": "A file of the deposit is missing.",
        "not listed": "A file is in the deposit that was not there when it was made.",
    }
    found = [
        Finding(
            "DEPOSIT-CHANGED",
            "error",
            sentences[fault.what],
            fault.path,
            "Get the deposit again from where it was kept, or ask who changed it.",
        )
        for fault in faults_of(folder, step)
    ]
    found += _tables(folder / PAYLOAD)
    project = folder / PAYLOAD / PROJECT
    try:
        found += [each for each in check(project, limits=limits) if each.severity == "error"]
        study_in(folder, limits=limits).close()
    except QdabridgeError as error:
        found.append(Finding("DEPOSIT-UNREADABLE", "error", "The study does not read back.", error.sentence()))
    return found


def _tables(data: Path) -> list[Finding]:
    """Return which tables have not the columns, or the types of values, that their schemas name."""
    try:
        package = json.loads((data / _DATA_PACKAGE).read_bytes())
        schemas = [
            (str(each["path"]), [(str(field["name"]), str(field["type"])) for field in each["schema"]["fields"]])
            for each in package["resources"]
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return [Finding("DEPOSIT-SCHEMA", "error", "The description of the tables cannot be read.", _DATA_PACKAGE)]
    return [
        Finding("DEPOSIT-SCHEMA", "error", "A table is not as its schema describes it.", f"{path}: {reason}")
        for path, fields in schemas
        if (reason := _unlike(data / PurePosixPath(path).name, fields))
    ]


def _unlike(path: Path, fields: list[tuple[str, str]]) -> str:
    """Return how a table differs from its schema; empty where it does not."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            if next(rows, []) != [name for name, _ in fields]:
                return "other columns"
            for number, row in enumerate(rows, 2):
                if len(row) != len(fields):
                    return f"row {number} has {len(row)} cells"
                for value, (name, kind) in zip(row, fields, strict=True):
                    if value and not _is(value, kind):
                        return f"row {number}, {name}: {value!r}"
    except (OSError, ValueError, csv.Error) as error:
        return str(error)
    return ""


def _is(value: str, kind: str) -> bool:
    try:
        if kind == "integer":
            int(value)
        elif kind == "number":
            float(value)
    except ValueError:
        return False
    return True


def _unpacked(deposit: Path, folder: Path, limits: Limits) -> Path:
    """Unpack a .zip, nothing of it outside the folder, and return the bag in it."""
    try:
        with zipfile.ZipFile(deposit) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > limits.entries:
                raise limits.refused("entries", "The deposit has too many files", str(deposit))
            for info in infos:
                steps = PurePosixPath(info.filename.replace("\\", "/"))
                if steps.is_absolute() or ".." in steps.parts or ":" in info.filename:
                    raise CannotRead("A file in the deposit has a name that leads out of it.", where=str(deposit))
                target = folder / steps
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as out:
                    while piece := source.read(_PIECE):
                        out.write(piece)
    except FileNotFoundError:
        raise CannotRead("There is no such deposit.", where=str(deposit), todo="Check the name.") from None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise CannotRead(
            "The deposit is damaged, or no .zip.", where=str(deposit), todo="Get it again from where it was kept."
        ) from error
    bags = [path.parent for path in (folder / "bagit.txt", *folder.glob("*/bagit.txt")) if path.is_file()]
    if not bags:
        raise CannotRead("This is no deposit: it has no bagit.txt.", where=str(deposit), todo="Name the .zip itself.")
    return bags[0]
