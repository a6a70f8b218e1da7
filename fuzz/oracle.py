"""Says whether qdabridge behaved on one file: whatever the file is, all ways of using it succeed or end in an error of
ours, and what was read comes back when it is written. Tables have an oracle of their own.
"""

from __future__ import annotations

import re
from pathlib import Path

import qdabridge as qda
from fuzz.judging import Fault, allowed, differs, harmless
from fuzz.mutating_tables import is_table
from fuzz.oracle_tables import judge_table
from fuzz.originals import original_of
from qdabridge.coders.agreement import Unit
from qdabridge.findings import has_errors

__all__ = ["Fault", "judge", "suffix_of"]

_OUT_OF_ORDER = "ORDER"
_STRANGERS = re.compile(r"^[.\w]*\.extensions\.(nodes|containers)\b")
"""What is written stands in the standard's order, so that what was repeated or strange may stand elsewhere."""

_UNITS: tuple[Unit, ...] = ("characters", "sources", "cells", "seconds", "area")


def suffix_of(data: bytes) -> str:
    """Return the ending that a file of these bytes is given."""
    if is_table(data):
        if not data.startswith(b"PK"):
            return ".csv"
        return ".docx" if b"word/document.xml" in data else ".ods" if b"opendocument" in data else ".xlsx"
    if data.startswith(b"PK"):
        return ".qdpx"
    if data.lstrip()[:1] in (b"{", b"["):
        return ".json"
    return ".qdc" if b"CodeBook" in data and b"Project " not in data else ".qde"


def judge(data: bytes, folder: Path) -> str:
    """Use a file in every way, in an empty folder; return in a word what became of it.

    Raises:
        Fault: a rule was broken; anything else that is raised, other than errors of ours, is a fault too.
    """
    path = folder / f"in{suffix_of(data)}"
    path.write_bytes(data)
    if is_table(data):
        return judge_table(path, folder)
    found = allowed(lambda: qda.check(path))
    if found is not None:
        harmless(found)
    study = allowed(lambda: qda.read(path))
    if (study is None) != (found is None):
        raise Fault("check and read do not agree whether it can be read")
    if study is None:
        return "refused"
    with study:
        harmless(study.findings)
        allowed(lambda: qda.framework_matrix(study))
        if path.suffix != ".json":
            _comes_back(study, folder / f"same{path.suffix}", "same")
        _comes_back(study, folder / "all.json", "standard")
        for profile in ("standard", "nvivo", "maxqda", "atlasti", "qualcoder"):
            target = folder / f"{profile}.qdpx"
            if allowed(lambda profile=profile, target=target: qda.write(study, target, profile)) is not None:
                with qda.read(target):
                    pass
        _mended(study, folder)
        _joined(study, folder, hash_of(data), sound=not has_errors(found or []))
    return "read"


def hash_of(data: bytes) -> int:
    """Return a number that is the same for the same bytes in every run."""
    return sum(data[:: max(1, len(data) // 64)])


def _comes_back(study: qda.Study, target: Path, profile: str) -> None:
    told = allowed(lambda: qda.write(study, target, profile))
    if told is None:
        if target.exists():
            raise Fault(f"{target.name} is there although it was not written")
        return
    harmless(told)
    lost = [finding for finding in told if finding.kind == "loss" or finding.severity == "error"]
    with qda.read(target) as again:
        if lost or target.suffix == ".qdc" or any(finding.code == "SAME-UNKNOWN" for finding in told):
            return
        found = differs(study.project, again.project)
        mended = {finding.code for finding in study.findings}
        if found and not (_OUT_OF_ORDER in mended and _STRANGERS.search(found)):
            raise Fault(f"{target.name} is not what was written: {found}")
        left_out = {finding.where for finding in told if finding.code == "EXTRA-ENTRY"}
        if target.suffix == ".qdpx" and len(again.files) != len(study.files) - len(left_out & set(study.files)):
            raise Fault(f"{target.name} has {len(again.files)} files, not {len(study.files)}")


def _mended(study: qda.Study, folder: Path) -> None:
    """Mend it; what was mended is written and read, and nothing of it is to be mended once more."""
    before = repr(study.project)
    repaired = allowed(lambda: qda.repair(study))
    if repr(study.project) != before:
        raise Fault("repair changed the study it was given")
    if repaired is None:
        return
    harmless([*repaired.mended, *repaired.left])
    again = qda.repair(repaired.study)
    if again.mended:
        raise Fault(f"mended twice: {', '.join(sorted({each.code for each in again.mended}))}")
    target = folder / "mended.qdpx"
    if allowed(lambda: qda.write(repaired.study, target)) is not None:
        with qda.read(target):
            pass


def _joined(study: qda.Study, folder: Path, number: int, *, sound: bool) -> None:
    """Compare it with what it was made from, and merge the two, in this order or the other.

    Merging a copy once more brings nothing new; that is held only of sound studies, because where two things have one
    GUID nobody can say which is meant.
    """
    original = original_of(study)
    before = repr(study.project), repr(original.project)
    pair = (study, original) if number % 2 else (original, study)
    merged = allowed(lambda: qda.merge(*pair))
    allowed(lambda: qda.agree(*pair, unit=_UNITS[number % len(_UNITS)], draws=10, single_sources=True))
    allowed(lambda: qda.disagreements(*pair, single_sources=True))
    if (repr(study.project), repr(original.project)) != before:
        raise Fault("merging or comparing changed a study it was given")
    if merged is None:
        return
    harmless(list(merged.findings))
    target = folder / "merged.qdpx"
    if allowed(lambda: qda.write(merged.study, target)) is not None:
        with qda.read(target):
            pass
    if not sound:
        return
    twice = allowed(lambda: qda.merge(merged.study, pair[1]))
    if twice is not None and (more := [f"{row.new[1]} {row.kind}" for row in twice.rows if row.new[1]]):
        raise Fault(f"merged again, a copy brought something new: {', '.join(more)}")
