"""The log of pseudonymising, which goes beside the result: what kinds of names, how often, where, by whom, when.

It never says an original.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from qdabridge import __version__
from qdabridge.deposit.pseudonymising.tally import Done
from qdabridge.formats.exports.table_file import check_ending, write_table

HEADINGS = ("when", "by", "with", "kind", "pseudonym", "place", "where", "count")

_ENDINGS = (".csv", ".xlsx", ".txt", ".jsonl")


def check_log(path: Path) -> None:
    """Raise BadRequest unless a log can be written to a file of this name."""
    check_ending(path, _ENDINGS)


def write_log(path: Path, done: Sequence[Done], *, by: str = "", overwrite: bool = False) -> None:
    """Write the log as a table: a row for each pseudonym in each place.

    Args:
        path: the target; .csv, or any other ending of a table.
        done: what was replaced.
        by: who did it.
        overwrite: whether an existing target may be replaced.

    Raises:
        BadRequest: the path has another ending.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: it could not be written; an old one is as it was.
    """
    when = _now().date().isoformat()
    program = f"qdabridge {__version__}"
    rows = [(when, by, program, each.kind, each.replace, each.place, each.where, each.count) for each in done]
    write_table(path, "Pseudonymisation", HEADINGS, rows, overwrite=overwrite)


def _now() -> datetime:
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    return datetime.fromtimestamp(int(given), UTC) if given.isdigit() else datetime.now(UTC)
