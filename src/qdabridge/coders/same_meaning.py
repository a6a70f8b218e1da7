"""Copies from several programs, brought to what the first would mean by them, before they are joined or compared.

The merged study is read as one of the first copy's program: areas of a PDF that another measures from the top of the
page, cases that name files and remarks that stand in notes would mean something else there. What a copy holds is not
known here.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from qdabridge.findings import Finding
from qdabridge.formats.refi.adapting import adapted
from qdabridge.formats.refi.adapting.draft import copied
from qdabridge.formats.refi.adapting.pdf import measured_from_top
from qdabridge.formats.refi.dialects import dialects
from qdabridge.formats.refi.profile import PLAIN
from qdabridge.study.model import Project
from qdabridge.study.study import Study


def tool_of(study: Study) -> str:
    """Return the name of the dialect that a study is read in."""
    return study.form.tool if study.form is not None else "standard"


def own_projects(studies: Sequence[Study], labels: Sequence[str]) -> tuple[list[Project], list[Finding]]:
    """Return projects of their own that all mean what they mean in the first copy's program, and what was changed.

    Copies of one program stay as they are. Where several programs are met, the first copy is brought to the standard's
    form too, but for its areas: what it has in its program's form would not be known in another copy's.

    Args:
        studies: the copies, the one that leads first; they are not changed.
        labels: what they are called in what is told.
    """
    tools = [tool_of(study) for study in studies]
    if len(set(tools)) == 1:
        return [copied(study.project) for study in studies], []
    known = dialects().get(tools[0])
    profile = replace(PLAIN, title=known.title if known else tools[0], pdf_from_top=measured_from_top(studies[0]))
    made = [adapted(study, profile) for study in studies]
    told = [
        replace(each, where=f"{label}: {each.where}" if each.where else label)
        for label, one in zip(labels, made, strict=True)
        for each in one.findings
    ]
    # The origin says how areas and positions count, and that stays the first copy's.
    made[0].study.project.origin = studies[0].project.origin
    return [one.study.project for one in made], told
