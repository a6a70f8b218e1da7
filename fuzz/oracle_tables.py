"""Says whether qdabridge behaved on one table: read as a study, charted into the study of a team, and as what its
meeting decided. Whatever is in it, that succeeds or ends in an error of ours.
"""

from __future__ import annotations

from pathlib import Path

import qdabridge as qda
from fuzz.judging import Fault, allowed, differs, harmless
from fuzz.team import team_study
from qdabridge.coders.reconciling import Reconciled, reconcile
from qdabridge.formats.spreadsheet.charting_back import charting_of
from qdabridge.formats.spreadsheet.layouts import layouts
from qdabridge.formats.spreadsheet.remembering import remember
from qdabridge.formats.spreadsheet.sheets import open_table
from qdabridge.formats.spreadsheet.study_from_table import study_from_table

WHEN = "2026-01-02T03:04:05Z"


def judge_table(path: Path, folder: Path) -> str:
    """Use a table in every way; return in a word what became of it.

    Raises:
        Fault: a rule was broken; anything else that is raised, other than errors of ours, is a fault too.
    """
    became = [_converted(path, folder), _as_each_layout(path)]
    if path.suffix == ".xlsx":
        before = repr(team_study().project)
        became += [_charted(path, folder), _reconciled(path, folder)]
        if before != repr(team_study().project):
            raise Fault("charting or reconciling changed the study it was given")
    return "read" if "read" in became else "refused"


def _converted(path: Path, folder: Path) -> str:
    study = allowed(lambda: qda.read(path))
    if study is None:
        return "refused"
    with study:
        harmless(study.findings)
        _written(study, folder / "converted.qdpx")
        _written(study, folder / "converted.json")
    return "read"


def _as_each_layout(path: Path) -> str:
    """Read it as a table of each kind that there is, as if somebody had asked for it."""
    file = allowed(lambda: open_table(path))
    if file is None:
        return "refused"
    became = "refused"
    for layout in layouts().values():
        layout.recognises(file)
        pieces = allowed(lambda layout=layout: layout.read(file))
        if pieces is not None:
            study = allowed(lambda pieces=pieces: study_from_table(pieces, path.stem, when=WHEN))
            if study is not None:
                harmless(study.findings)
                became = "read"
    return became


def _charted(path: Path, folder: Path) -> str:
    study = team_study()
    charting = allowed(lambda: charting_of(study, path, prefer="theirs"))
    for prefer in (None, "ours"):
        other = allowed(lambda prefer=prefer: charting_of(study, path, prefer=prefer))
        if (other is None) != (charting is None):
            raise Fault("whether it can be charted depends on who is right")
    if charting is None:
        return "refused"
    harmless(charting.findings)
    charted = allowed(lambda: charting.into(study, by=None, when=WHEN))
    if charted is None:
        raise Fault("what was decided could not be charted")
    _written(charted, folder / "charted.qdpx")
    again = allowed(lambda: charting_of(charted, path, prefer="theirs"))
    if again is None or again.changes:
        raise Fault("charting again changed something")
    allowed(lambda: remember(path, charting))
    return "read"


def _reconciled(path: Path, folder: Path) -> str:
    study = team_study()
    found = allowed(lambda: reconcile(study, path, when=WHEN))
    if found is None:
        return "refused"
    harmless(found.findings)
    _written(found.study, folder / "reconciled.qdpx")
    again = allowed(lambda: reconcile(found.study, path, when=WHEN))
    if again is None or _changes(again):
        raise Fault("reconciling again changed something")
    return "read"


def _changes(found: Reconciled) -> bool:
    return bool(found.added or found.removed)


def _written(study: qda.Study, target: Path) -> None:
    """Write what was made and read it again; what we make ourselves must be sound."""
    told = allowed(lambda: qda.write(study, target))
    if told is None:
        if target.exists():
            raise Fault(f"{target.name} is there although it was not written")
        return
    harmless(told)
    with qda.read(target) as again:
        if target.suffix == ".json" and (found := differs(study.project, again.project)):
            raise Fault(f"{target.name} is not what was written: {found}")
    if target.suffix == ".qdpx":
        wrong = [each.code for each in qda.check(target) if each.severity == "error"]
        if wrong:
            raise Fault(f"{target.name} has errors: {', '.join(sorted(set(wrong)))}")
