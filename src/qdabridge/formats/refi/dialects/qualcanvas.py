"""QualCanvas, a program for the browser, by its source code."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.study.text import Counting

DIALECT = Dialect(
    name="qualcanvas",
    title="QualCanvas",
    origin=r"\bqualcanvas\b",
    counting=Counting(unit="utf16"),
    facts=("Positions are those of JavaScript strings, which are UTF-16 units.",),
    evidence="read in QualCanvas's source code",
)
