"""eQc, which takes the standard's "last character" at its word: the end of a selection is inclusive."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.study.text import Counting

DIALECT = Dialect(
    name="eqc",
    title="eQc",
    origin=r"\beqc\b",
    namespace=r"urn:QDA-XML:project:2\.0",
    counting=Counting(inclusive=True),
    facts=(
        "The end of a selection is the last character that belongs to it, not the one after.",
        "Older versions used the namespace project:2.0.",
    ),
    evidence="read in eQc's source code",
)
