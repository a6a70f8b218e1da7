"""qc (qualitative-coding), a command-line tool that codes whole lines."""

from __future__ import annotations

import re

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.study.model import Project, TextDocument


def _selections_are_lines(project: Project) -> bool:
    texts = (source for source in project.sources or () if isinstance(source, TextDocument))
    first = next((selection for text in texts for selection in text.plain_text_selections[:1]), None)
    return first is not None and re.fullmatch(r"line:\d+", first.name or "") is not None


DIALECT = Dialect(
    name="qc",
    title="qc (qualitative-coding)",
    origin=r"^qc\b|\bqualitative[- ]coding\b",
    shape=_selections_are_lines,
    shape_is="selections named “line:N”",
    facts=(
        "A selection is a whole line with its line end, and is named “line:N”.",
        "There is no XML declaration.",
        "GUIDs have digits only.",
    ),
    evidence="measured on a file that qc wrote (336 of 336 selections), and read in its source code",
)
