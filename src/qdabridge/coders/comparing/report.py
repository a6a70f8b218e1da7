"""What changed between versions, as a page of Markdown to keep with a study: the history, then each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from qdabridge.coders.comparing import Comparison, Step
from qdabridge.coders.comparing.change import Change, Thing
from qdabridge.coders.comparing.history import Past
from qdabridge.formats.tables.markdown import escaped

HEADINGS: dict[Thing, str] = {
    "study": "The study",
    "code": "Codes",
    "coding": "Codings",
    "user": "People",
    "source": "Sources",
    "annotation": "Remarks on passages",
    "variable": "Variables",
    "case": "Cases",
    "note": "Notes",
    "summary": "Framework summaries",
    "link": "Links",
    "set": "Sets",
    "graph": "Drawings",
}
"""What the kinds of things are called where several stand together."""


def markdown(comparison: Comparison) -> str:
    """Return a comparison as Markdown with tables as GitHub and pandoc read them."""
    return "\n".join(_lines(comparison)).rstrip("\n") + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    labels = [escaped(version.label) for version in comparison.versions]
    yield f"# What changed: {' → '.join(labels)}"
    yield ""
    yield from _counts(comparison, labels)
    if len(comparison.versions) > 2:
        yield from _history(comparison, labels)
    for step in comparison.steps:
        yield from _step(step)


def _counts(comparison: Comparison, labels: list[str]) -> Iterator[str]:
    yield _line(["", *labels])
    yield _line(["---", *["---:"] * len(labels)])
    for name in comparison.versions[0].counts.__struct_fields__:
        yield _line([name, *(f"{getattr(version.counts, name):,}" for version in comparison.versions)])
    yield ""


def _history(comparison: Comparison, labels: list[str]) -> Iterator[str]:
    yield "## The history of the codes"
    yield ""
    yield _line(labels)
    yield _line(["---"] * len(labels))
    for code in comparison.codes:
        yield _line([_past(past) for past in code.versions])
    yield ""


def _past(past: Past | None) -> str:
    return f"{escaped(past.path)} ({past.codings:,})" if past is not None else ""


def _step(step: Step) -> Iterator[str]:
    yield f"## {escaped(step.before)} → {escaped(step.after)}"
    yield ""
    if not step.changes:
        yield "Nothing changed."
        yield ""
    for thing, changes in groupby(step.changes, lambda change: change.thing):
        yield f"### {HEADINGS[thing]}"
        yield ""
        yield from _table(changes)
    yield "### Codings by person"
    yield ""
    yield _line(["", "before", "after", "added", "gone", "changed"])
    yield _line(["---", *["---:"] * 5])
    for tally in step.codings:
        numbers = (tally.before, tally.after, tally.added, tally.gone, tally.changed)
        yield _line([escaped(tally.by), *(f"{number:,}" for number in numbers)])
    yield ""


def _table(changes: Iterable[Change]) -> Iterator[str]:
    yield _line(["name", "change"])
    yield _line(["---", "---"])
    for change in changes:
        yield _line([escaped(change.name), _said(change)])
    yield ""


def _said(change: Change) -> str:
    """Return what changed; words that are gone are struck out, new ones bold."""
    if not change.words:
        return escaped(change.in_words())
    signs = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}
    words = "".join(signs[piece.kind].format(escaped(piece.text)) for piece in change.words)
    return f"{escaped(change.what)}: {words}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
