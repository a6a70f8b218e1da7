"""The study that a changed study was made from, as far as its name tells: for comparing and merging the two."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import qdabridge as qda
from fixtures.dialects.make import SPECIMENS
from fuzz.team import team_study

_LARGEST = 60_000


def original_of(study: qda.Study) -> qda.Study:
    """Return the specimen of the same name and program, or else the team's study."""
    project = study.project
    known = _originals()
    return known.get((project.name, project.origin)) or known.get((project.name, None)) or team_study()


@cache
def _originals() -> dict[tuple[str | None, str | None], qda.Study]:
    # They stay open as long as the process lives, and so does the folder.
    inside = tempfile.mkdtemp(prefix="qdabridge-fuzz-originals-")
    found: dict[tuple[str | None, str | None], qda.Study] = {}
    for name, make in SPECIMENS.items():
        data = make()
        if len(data) > _LARGEST:
            continue
        path = Path(inside) / name
        path.write_bytes(data)
        study = qda.read(path)
        found.setdefault((study.project.name, study.project.origin), study)
        found.setdefault((study.project.name, None), study)
    return found
