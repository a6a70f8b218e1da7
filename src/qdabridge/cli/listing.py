"""Findings as a person reads them: a table, a few lines, or JSON. It knows nothing of how they came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qdabridge.cli.streams import shown
from qdabridge.findings import Finding, by_severity

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_LINES = 12
_MESSAGES = 5
"""How many different messages of one code are shown; of the others it is said how many there are."""


def table(findings: Iterable[Finding], *, inside: str = "") -> Table:
    """Return a table, the worst first, what has one code together: severity, code, how often; what, where, what to do.

    Args:
        findings: what was found in one study.
        inside: the name of the file, which places need not repeat where it stands above the table.
    """
    found = _empty_table("severity", "code", "count", "what, where, what to do")
    for code, group in _by_code(findings).items():
        above: Finding | None = None
        # One more takes no more room than saying that there is one more.
        most = _MESSAGES if len(group) > _MESSAGES + 1 else len(group)
        for finding in group[:most]:
            found.add_row(
                _severity(finding) if above is None or above.severity != finding.severity else "",
                _plain(code) if above is None else "",
                f"{finding.count:,}",
                _told(finding, inside, with_hint=above is None or above.hint != finding.hint),
            )
            above = finding
        if group[most:]:
            more, times = len(group) - most, sum(finding.count for finding in group[most:])
            found.add_row(
                "", "", f"{times:,}", f"… and {more:,} more messages of {shown(code)}; --json lists them all."
            )
    return found


def table_of_codes(findings: Iterable[tuple[str, Finding]]) -> Table:
    """Return a table of all files together: severity, code, how often, and in how many files.

    Args:
        findings: the name of a file, and something that was found in it.
    """
    files: dict[tuple[str, str], set[str]] = {}
    times: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Finding] = {}
    for file, finding in findings:
        key = (finding.severity, finding.code)
        first.setdefault(key, finding)
        times[key] += finding.count
        files.setdefault(key, set()).add(file)
    found = _empty_table("severity", "code", "count", "files")
    for finding in by_severity(first.values()):
        key = (finding.severity, finding.code)
        found.add_row(_severity(finding), _plain(finding.code), f"{times[key]:,}", f"{len(files[key]):,}")
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


def as_json(finding: Finding) -> dict[str, str | int | tuple[str, ...]]:
    """Return a finding as a JSON object with all of its fields, empty ones too."""
    return {field: getattr(finding, field) for field in Finding.__struct_fields__}


def _by_code(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings of each code, the worst first in each, and the codes in the order of their worst."""
    groups: dict[str, list[Finding]] = {}
    for finding in by_severity(findings):
        groups.setdefault(finding.code, []).append(finding)
    return groups


def _empty_table(*columns: str) -> Table:
    from rich.table import Table

    empty = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for name in columns:
        if name == columns[-1]:
            empty.add_column(name, overflow="fold")
        else:
            empty.add_column(name, no_wrap=True, justify="right" if name == "count" else "left")
    return empty


def _severity(finding: Finding) -> Text:
    from rich.text import Text

    return Text(finding.severity, style=_COLOURS[finding.severity])


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(shown(text))


def _told(finding: Finding, inside: str, *, with_hint: bool) -> Text:
    """Return what is so, the places that are known, how many there are besides, and what to do."""
    told = _plain(finding.message)
    if finding.kind != "problem":
        told.append(f" ({finding.kind})")
    places = [place.removeprefix(f"{inside}: ") for place in finding.places or (finding.where,) if place]
    for number, place in enumerate(places):
        told.append(f"\n{'  and: ' if number else 'where: '}{shown(place)}", style="dim")
    if len(places) > 1 and finding.count > len(places):
        told.append(f"\n  and {finding.count - len(places):,} more", style="dim")
    if finding.hint and with_hint:
        told.append(f"\nto do: {shown(finding.hint)}")
    return told


def _line(finding: Finding) -> str:
    name = finding.severity if finding.kind == "problem" else finding.kind
    times = f" ({finding.count:,} ×)" if finding.count > 1 and not finding.says_count else ""
    where = f" [{shown(finding.where)}]" if finding.where else ""
    hint = f" {shown(finding.hint)}" if finding.hint else ""
    return f"  {name}: {shown(finding.message)}{times}{where}{hint}"
