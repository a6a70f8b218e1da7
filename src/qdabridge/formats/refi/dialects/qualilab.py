"""QualiLab, a program for the browser, by its source code."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect

DIALECT = Dialect(
    name="qualilab",
    title="QualiLab",
    origin=r"\bqualilab\b",
    facts=(
        "Until June 2026 positions counted UTF-16 units, since then code points.",
        "Older versions put SourceRef before VariableValue in a case and wrote empty containers, against the schema.",
        "Creation dates have milliseconds or an offset.",
    ),
    evidence="read in QualiLab's source code and its history",
)
