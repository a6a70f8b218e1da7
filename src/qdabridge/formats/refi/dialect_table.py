"""Writes ``docs/dialects.md`` from the dialects, so that what the page says is what the program does.

``python -m qdabridge.formats.refi.dialect_table docs/dialects.md`` writes it; without a file name it is printed. Knows
Markdown and nothing of any tool.
"""

from __future__ import annotations

import sys
from pathlib import Path

from qdabridge.formats.refi.dialects import Dialect, dialects

_HEAD = """# What each program makes of the standard

<!-- made by `python -m qdabridge.formats.refi.dialect_table docs/dialects.md`; edit the files in
src/qdabridge/formats/refi/dialects instead -->

A file is known by what it says of its origin; where it says nothing, by its namespace or by how it is made. How a
program counts positions in text is where reading begins: the selections in the file may prove otherwise, see `info` in
[commands](commands.md). Adding a program is adding a file to `src/qdabridge/formats/refi/dialects`.

| program | known by | counts positions in | `convert --for` | how sure |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page as Markdown."""
    known = sorted(dialects().values(), key=lambda dialect: (dialect.name != "standard", dialect.title.lower()))
    rows = "".join(
        f"| [{dialect.title}](#{_anchor(dialect.title)}) | {_known_by(dialect)} | {dialect.counting.described()} "
        f"| {_written_for(dialect)} | {dialect.evidence} |\n"
        for dialect in known
    )
    sections = "".join(f"\n## {dialect.title}\n\n" + _facts(dialect) for dialect in known)
    return _HEAD + rows + sections


def _known_by(dialect: Dialect) -> str:
    ways = [
        f"origin `{dialect.origin}`" if dialect.origin else "",
        f"namespace `{dialect.namespace}`" if dialect.namespace else "",
        dialect.shape_is,
    ]
    return ", or ".join(way.replace("|", "\\|") for way in ways if way) or "–"


def _written_for(dialect: Dialect) -> str:
    return ", ".join(f"`{profile.name}`" for profile in dialect.profiles) or "–"


def _facts(dialect: Dialect) -> str:
    return "".join(f"- {fact}\n" for fact in dialect.facts)


def _anchor(title: str) -> str:
    """Return what a heading is called in a link."""
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page())
