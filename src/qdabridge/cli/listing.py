"""Findings as a person reads them: a table, a few lines, or JSON. It knows nothing of how they came about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qdabridge.cli.streams import shown
from qdabridge.findings import Finding, by_severity

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_LINES = 12


def table(findings: Iterable[Finding]) -> Table:
    """Return a table, the worst first: severity, code, how often; then what, where and what to do below each other."""
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    found.add_column("severity", no_wrap=True)
    found.add_column("code", no_wrap=True)
    found.add_column("count", justify="right", no_wrap=True)
    found.add_column("what, where, what to do", overflow="fold")
    for finding in by_severity(findings):
        told = Text(shown(finding.message))
        if finding.kind != "problem":
            told.append(f" ({finding.kind})")
        if finding.where:
            told.append(f"\nwhere: {shown(finding.where)}", style="dim")
        if finding.hint:
            told.append(f"\nto do: {shown(finding.hint)}")
        severity = Text(finding.severity, style=_COLOURS[finding.severity])
        found.add_row(severity, Text(shown(finding.code)), Text(f"{finding.count:,}"), told)
    return found


def lines(findings: Sequence[Finding]) -> list[str]:
    """Return one line a finding, the worst first; where there are very many, the rest as a number."""
    told = [_line(finding) for finding in by_severity(findings)]
    if len(told) > _LINES:
        more = len(told) - _LINES
        told[_LINES:] = [f"  … and {more} more kinds of findings; `qdabridge check` lists those of a study."]
    return told


def totals(findings: Sequence[Finding]) -> str:
    """Return how much of each severity there is, in words."""
    if not findings:
        return "nothing is wrong"
    sums = tally(findings)
    return ", ".join(f"{sums[kind]:,} {kind if sums[kind] == 1 else kind + 's'}" for kind in sums if sums[kind])


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how often each severity was found, places counted, not kinds."""
    sums = {"error": 0, "warning": 0, "note": 0}
    for finding in findings:
        sums[finding.severity] += finding.count
    return sums


def as_json(finding: Finding) -> dict[str, str | int]:
    """Return a finding as a JSON object with all of its fields, empty ones too."""
    return {field: getattr(finding, field) for field in Finding.__struct_fields__}


def _line(finding: Finding) -> str:
    name = finding.severity if finding.kind == "problem" else finding.kind
    said = finding.message.startswith(f"{finding.count:,} ")
    times = f" ({finding.count:,} ×)" if finding.count > 1 and not said else ""
    where = f" [{shown(finding.where)}]" if finding.where else ""
    hint = f" {shown(finding.hint)}" if finding.hint else ""
    return f"  {name}: {shown(finding.message)}{times}{where}{hint}"
