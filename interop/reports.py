"""Whether sarif-tools, which others wrote, finds in our SARIF report what `check` found.

Writes a specimen of every rule, lets `qdabridge check` report on them, and lets sarif-tools turn the report into CSV,
in the environment of the peers. Compared are severity, rule, file and line of every finding.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fixtures.rules.make import write_all
from interop.comparing import SHOWN
from qdabridge.checks.many import Checked, check_all

TIME_LIMIT = 100
"""Seconds that sarif-tools may take."""

_NO_LINE = 1
"""What sarif-tools shows where a report has no line."""


class Told(NamedTuple):
    """A finding, as far as both tell it."""

    severity: str
    code: str
    file: str
    line: int


class Compared(NamedTuple):
    """What was compared, and what is only in one of the two."""

    studies: int
    findings: int
    differences: list[str]


def compared_reports(python: Path, scratch: Path) -> Compared:
    """Write the report, have it read, and compare.

    Args:
        python: the interpreter that has sarif-tools.
        scratch: an empty folder.
    """
    studies = write_all(scratch / "studies")
    # As a bare file besides, since only there a line can be told.
    bare = scratch / "studies" / "bare.qde"
    bare.write_text('<Project xmlns="urn:QDA-XML:project:1.0"\nname="Bare"\n><Cases/></Project>', encoding="utf-8")
    report, table = scratch / "report.sarif", scratch / "report.csv"
    _run([sys.executable, "-m", "qdabridge", "check", "studies", "--sarif", report.name], scratch, may_end_with=(1,))
    _run([str(python), "-m", "sarif", "csv", "--output", table.name, report.name], scratch)
    theirs = _as_they_say(table)
    ours = _as_we_say(check_all([*studies, bare], processes=1))
    return Compared(len(studies) + 1, ours.total(), differences_between(ours, theirs))


def differences_between(ours: Counter[Told], theirs: Counter[Told]) -> list[str]:
    """Say in words what is in only one of the two."""
    lines = [f"not found: {' '.join(map(str, told))}" for told in (ours - theirs).elements()]
    lines += [f"only found: {' '.join(map(str, told))}" for told in (theirs - ours).elements()]
    return lines[:SHOWN] + ([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])


def _as_we_say(checked: Iterable[Checked]) -> Counter[Told]:
    told: Counter[Told] = Counter()
    for one in checked:
        for finding in one.findings:
            before, _, after = finding.where.partition(": line ")
            is_bare = one.path.suffix == ".qde" and after and before == one.path.name
            line = int(after.partition(",")[0]) if is_bare else _NO_LINE
            told[Told(finding.severity, finding.code, f"studies/{one.path.name}", line)] += 1
    return told


def _as_they_say(table: Path) -> Counter[Told]:
    with table.open(encoding="utf-8", newline="") as stream:
        return Counter(
            Told(row["Severity"], row["Code"], row["Location"], int(row["Line"])) for row in csv.DictReader(stream)
        )


def _run(command: list[str], folder: Path, *, may_end_with: tuple[int, ...] = ()) -> None:
    """Run a program.

    Raises:
        subprocess.SubprocessError: it failed, or took too long.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
    if done.returncode not in (0, *may_end_with):
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
