"""Looks at a deposit as an archive does, years later: is all there and as it was, and does the study still read?"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from qdabridge.checks import check
from qdabridge.deposit.archiving.bags import PAYLOAD, faults_of
from qdabridge.deposit.archiving.contents import PROJECT
from qdabridge.errors import QdabridgeError
from qdabridge.findings import Finding
from qdabridge.formats.deposits import refuse_odd_files, study_in, unpacked
from qdabridge.formats.spreadsheet.sheets.separated import fields_of_any_length
from qdabridge.limits import DEFAULT, Limits
from qdabridge.safety import is_folder

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
        CannotRead: it is no deposit, or a link leads out of it.
    """
    step = progress or (lambda _: None)
    if is_folder(deposit):
        return _verified(deposit, limits, step)
    with tempfile.TemporaryDirectory() as folder:
        return _verified(unpacked(deposit, Path(folder), limits), limits, step)


def _verified(folder: Path, limits: Limits, step: Callable[[int], None]) -> list[Finding]:
    refuse_odd_files(folder)
    sentences = {
        "changed": "A file is not as it was when the deposit was made.",
        "missing": "A file of the deposit is missing.",
        "closed": "A folder of the deposit may not be entered, so that nobody can say what is in it.",
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
        with path.open(encoding="utf-8-sig", newline="") as stream, fields_of_any_length():
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
