"""Charting a workbook into a study: from the sheets that people left to the new study.

It joins reading the workbook with deciding, and says in words where neither cases nor codes were found. How a workbook
is read is known in ``matrix_reading``, which cell is whose and what is decided in ``matrix``.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet import hidden_ids
from qdabridge.formats.spreadsheet.matrix_reading import Written, read_sheets
from qdabridge.limits import DEFAULT, Limits
from qdabridge.matrix.called import Names
from qdabridge.matrix.charting import Charting, Side, decide
from qdabridge.matrix.placing import Proposal, Sheet, Stray, placed
from qdabridge.study.lookup import Lookup
from qdabridge.study.study import Study
from qdabridge.study.summaries import summaries_of
from qdabridge.study.summary_writing import now, user_called

NO_RECORD = "CHART-NO-RECORD"
"""The code of the finding that a workbook has no record of what the study said."""

_NO_RECORD = Finding(
    NO_RECORD,
    "note",
    "The workbook does not say what the study said when it was made, so whatever differs from a summary in the study "
    "is a conflict, and empty cells take nothing away.",
)


class Charted(Struct, frozen=True):
    """A study with the summaries of a workbook.

    Args:
        study: the new one, over the files of the old one, which must stay open; the old one itself where nothing is
            new.
        charting: what was charted, what is in conflict and was left as the study has it, and what was passed over.
    """

    study: Study
    charting: Charting


def chart(
    study: Study,
    path: str | Path,
    *,
    prefer: Side | None = None,
    coder: str | None = None,
    when: str | None = None,
    limits: Limits = DEFAULT,
) -> Charted:
    """Chart the summaries in a workbook into a study.

    Charted again, it gives nothing new. What was changed in both places is a conflict and stays as the study has it.

    Args:
        study: the study that the workbook was made from; it is not changed.
        path: an .xlsx or .xlsm: a framework matrix of ours as people left it, or any sheet with codes over cases.
        prefer: which side is right where both changed: ``ours`` is the study, ``theirs`` the workbook.
        coder: who wrote the summaries: the name of a user of the study, or of a new one.
        when: the date and time of what is written, as ``2024-09-11T09:40:00Z``; by default now.
        limits: how large the workbook may be.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
        BadRequest: there is no framework matrix of this study in it, or one whose cells hold no summaries.
    """
    found = charting_of(study, Path(path), prefer=prefer, limits=limits)
    by = user_called(study, coder) if coder else None
    return Charted(found.into(study, by=by, when=when or now()), found)


def charting_of(study: Study, path: Path, *, prefer: Side | None = None, limits: Limits = DEFAULT) -> Charting:
    """Compare the summaries in a workbook with those of a study, and say what there is to chart.

    Args:
        study: the study; it is not changed.
        path: an .xlsx or .xlsm: a framework matrix of ours as people left it, or any sheet with codes over cases.
        prefer: which side is right where both changed: ``ours`` is the study, ``theirs`` the workbook.
        limits: how large the workbook may be.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
        BadRequest: there is no framework matrix of this study in it, or one whose cells hold no summaries.
    """
    names = Names(Lookup(study))
    written = read_sheets(path, limits)
    hidden = written.hidden
    if hidden is not None and "summary" not in hidden.holds:
        raise BadRequest(
            "The cells of this workbook hold no summaries, so there is nothing to chart.",
            where=str(path),
            todo="Make one to write in: qdabridge matrix STUDY OUT.xlsx --cells summary,quotes.",
        )
    proposals: list[Proposal] = []
    strays: list[Stray] = []
    findings = Findings()
    if hidden is None:
        findings.add(_NO_RECORD)
    found = False
    for sheet in written.sheets:
        there = placed(sheet, names)
        if there is None:
            if sheet.mark is not None:
                _tell_other_study(findings, sheet)
            continue
        found = True
        _tell_by_name(findings, sheet)
        proposals += there.proposals
        strays += there.strays
    if not found:
        raise _nothing_found(path, names, written)
    decided = decide(
        summaries_of(study),
        proposals,
        names,
        recorded=hidden.record if hidden is not None else None,
        fingerprint=hidden_ids.fingerprint,
        prefer=prefer,
    )
    return replace(decided, strays=strays, findings=[*findings.all(), *decided.findings])


def _tell_by_name(findings: Findings, sheet: Sheet) -> None:
    if sheet.mark is None:
        findings.add(
            Finding(
                "CHART-BY-NAME",
                "note",
                "A sheet has no hidden ids, so its cases and codes were found by their names.",
                where=sheet.name,
            )
        )


def _tell_other_study(findings: Findings, sheet: Sheet) -> None:
    findings.add(
        Finding(
            "CHART-OTHER-STUDY",
            "warning",
            "None of the cases or none of the codes of a sheet is in the study; it was passed over.",
            where=sheet.name,
            hint="Chart it into the study that it was made from.",
        )
    )


def _nothing_found(path: Path, names: Names, written: Written) -> BadRequest:
    codes, rows = names.examples()
    if any(sheet.mark is not None for sheet in written.sheets):
        said = f" “{written.hidden.study}”" if written.hidden is not None and written.hidden.study else ""
        return BadRequest(
            f"The workbook was made from another study{said}: none of its cases or none of its codes is in this one.",
            where=str(path),
            todo="Chart it into the study that it was made from.",
        )
    return BadRequest(
        f"No sheet is a framework matrix of this study: none has hidden ids, and none has codes such as "
        f"{codes or 'none'} over columns and cases or sources such as {rows or 'none'} beside rows.",
        where=str(path),
        todo="Write them as the study does, codes with their path where a name is not the only one.",
    )
