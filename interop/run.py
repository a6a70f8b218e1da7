"""Write studies for every tool, read them with libraries that others wrote, and compare what is coded.

    python -m interop.run

The studies are the demo study and a specimen of every dialect. Then a report of `check` is read with a program that
others wrote (``reports``). Prints what was compared; the exit status is 1 where a reader finds something else than we
wrote, 2 where the readers could not be installed. What each reader can tell is in README.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import qdabridge as qda
from benchmarks.peers import python_of_peers
from fixtures.dialects.make import SPECIMENS
from interop.comparing import Quote, Said, Written, differences_in, folded
from interop.readers import READERS
from interop.reports import Compared, compared_reports
from qdabridge.formats.refi.dialects import dialects
from qdabridge.formats.refi.grammar import PROJECT_NAMESPACE
from qdabridge.formats.refi.profile import Profile
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code, TextSource, Transcript, same_guid
from qdabridge.study.passages import Reference

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
TIME_LIMIT = 100
"""Seconds that one reader may take for the studies in one form."""


class Row(NamedTuple):
    """What one reader made of the studies in one form."""

    profile: str
    reader: str
    compared: str
    studies: int
    quotes: int
    differences: list[str]


def main() -> int:
    """Write, read, compare, print; return the exit status."""
    try:
        python = python_of_peers()
    except (OSError, subprocess.CalledProcessError) as error:
        said = error.stderr.decode(errors="replace") if isinstance(error, subprocess.CalledProcessError) else str(error)
        reason = (said.strip().splitlines() or ["pip said nothing"])[-1]
        print(f"The other readers could not be installed: {reason}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        originals = _originals(Path(scratch, "originals"))
        for profile in (each for dialect in dialects().values() for each in dialect.profiles):
            folder = Path(scratch, profile.name)
            folder.mkdir()
            expected = {original.stem + ".qdpx": _written(original, folder, profile.name) for original in originals}
            rows += [_compared(python, reader, profile, folder, expected) for reader in READERS]
        reports = _compared_reports(python, Path(scratch))
    _show(rows)
    print(
        f"\nreport of check on {reports.studies} studies, read with sarif-tools: "
        f"{reports.findings} findings, {'differs' if reports.differences else 'agree'}"
    )
    for difference in reports.differences:
        print(f"sarif-tools: {difference!r}"[:300])
    return int(bool(reports.differences) or any(row.differences for row in rows))


# --- ours -----------------------------------------------------------------------------------------------------------


def _originals(folder: Path) -> list[Path]:
    """Return the studies that have quotes: the demo study and the specimens of projects, in a folder."""
    folder.mkdir()
    found = [DEMO]
    for name, make in SPECIMENS.items():
        if not name.endswith(".qdc"):
            # A bare project and a package may be of one dialect.
            path = folder / name.replace(".qde", "-bare.qde")
            path.write_bytes(make())
            found.append(path)
    return found


def _written(original: Path, folder: Path, profile: str) -> Written:
    """Write a study for a tool and return what is in it."""
    target = folder / f"{original.stem}.qdpx"
    with qda.read(original) as study:
        qda.write(study, target, profile)
        look = Lookup(study)
        references = [each for each in look.references() if each.selection is not None and not look.is_case(each.code)]
        in_texts = [each for each in references if isinstance(each.source, TextSource)]
        spoken = [each for each in references if isinstance(each.document, Transcript)]
        unsigned = [each for each in in_texts if each.coding is not None and not each.coding.creating_user]
        quotes, in_transcripts, unsigned_quotes = (
            Counter(_quote(look, reference) for reference in some) for some in (in_texts, spoken, unsigned)
        )
        case_codes = frozenset(_path(look, code) for code in look.codes if look.is_case(code))
    return Written(quotes, in_transcripts, unsigned_quotes, _cases_in(target), case_codes)


def _quote(look: Lookup, reference: Reference) -> Quote:
    coder = reference.user.name if reference.user else None
    return Quote(folded(look.text_of(reference)), _path(look, reference.code), coder or "")


def _path(look: Lookup, code: Code) -> str:
    return "/".join(look.names_to(code))


def _cases_in(study: Path) -> frozenset[str]:
    with zipfile.ZipFile(study) as archive:
        project = ElementTree.fromstring(archive.read("project.qde"))
    return frozenset(same_guid(case.get("guid", "")) for case in project.iter(f"{{{PROJECT_NAMESPACE}}}Case"))


# --- theirs ---------------------------------------------------------------------------------------------------------


def _compared_reports(python: Path, scratch: Path) -> Compared:
    folder = scratch / "reports"
    folder.mkdir()
    try:
        return compared_reports(python, folder)
    except subprocess.TimeoutExpired as error:
        return Compared(0, 0, [f"took more than {error.timeout:g} seconds"])
    except subprocess.CalledProcessError as error:
        return Compared(0, 0, [f"does not run: {(str(error.stderr).strip().splitlines() or ['it said nothing'])[-1]}"])


def _compared(python: Path, reader: str, profile: Profile, folder: Path, expected: dict[str, Written]) -> Row:
    unit = profile.counting.unit
    with_words = unit == "codepoint" or reader == "pyrefiqda"
    said = _read(python, reader, folder, unit)
    differences = []
    for name, ours in expected.items():
        theirs = said.get(name, "was not read")
        if isinstance(theirs, str):
            differences.append(f"{name}: {theirs}")
            continue
        differences += [f"{name}: {each}" for each in differences_in(ours, theirs, profile, reader, with_words)]
    quotes = sum(ours.quotes.total() for ours in expected.values())
    compared = "words, codes, coders" if with_words else "codes, coders"
    return Row(profile.name, reader, compared, len(expected), quotes, differences)


def _read(python: Path, reader: str, folder: Path, unit: str) -> dict[str, Said | str]:
    command = [str(python), "-m", "interop.readers", reader, str(folder), "--unit", unit]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIME_LIMIT, check=True)
    except subprocess.TimeoutExpired:
        return dict.fromkeys((path.name for path in folder.glob("*.qdpx")), f"took more than {TIME_LIMIT} seconds")
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return dict.fromkeys((path.name for path in folder.glob("*.qdpx")), f"{reader} does not run: {last}")
    said: dict[str, Said | str] = json.loads(done.stdout)
    return said


# --- the table ------------------------------------------------------------------------------------------------------


def _show(rows: list[Row]) -> None:
    lines = [("written for", "read with", "compared", "studies", "quotes", "result")]
    for row in rows:
        result = f"{len(row.differences)} differences" if row.differences else "agree"
        lines.append((row.profile, row.reader, row.compared, str(row.studies), str(row.quotes), result))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    for row in rows:
        for difference in row.differences:
            print(f"{row.profile}, {row.reader}: {difference!r}"[:300])


if __name__ == "__main__":
    sys.exit(main())
