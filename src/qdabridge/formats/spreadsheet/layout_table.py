"""Keeps the table of layouts in ``docs/spreadsheets.md`` as the layouts are.

``python -m qdabridge.formats.spreadsheet.layout_table docs/spreadsheets.md`` writes it anew; without a file name it is
printed. Knows Markdown and nothing of any layout.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from qdabridge.formats.spreadsheet.layouts import Layout, layouts

_COMMAND = "python -m qdabridge.formats.spreadsheet.layout_table docs/spreadsheets.md"
_BEGIN = f"<!-- the table is made by `{_COMMAND}` from src/qdabridge/formats/spreadsheet/layouts -->"
_END = "<!-- end of the table -->"
_HEAD = "| program | table | `--layout` | known by | what a study gets | how sure |\n|---|---|---|---|---|---|\n"


def table() -> str:
    """Return the table as Markdown, the programs in the order of the alphabet, what is made by hand last."""
    known = sorted(layouts().values(), key=lambda layout: (not layout.program, layout.program.lower(), layout.name))
    return _HEAD + "".join(map(_row, known))


def with_table(page: str) -> str:
    """Return a page with the table as it is now, between the two comments that mark its place.

    Raises:
        ValueError: the page has no place for it.
    """
    place = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    if not place.search(page):
        raise ValueError(f"The page has no place for the table, which begins with {_BEGIN}")
    return place.sub(lambda _: f"{_BEGIN}\n\n{table()}\n{_END}", page)


def _row(layout: Layout) -> str:
    cells = [
        layout.program or "made by hand",
        layout.title,
        f"`{layout.name}`",
        layout.looks_for,
        layout.gives,
        layout.evidence,
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    if sys.argv[1:]:
        target = Path(sys.argv[1])
        target.write_text(with_table(target.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(table())
