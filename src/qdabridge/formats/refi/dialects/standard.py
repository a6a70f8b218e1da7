"""The standard as it is written: REFI-QDA 1.5, and what qdabridge itself writes."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.formats.refi.profile import PLAIN

DIALECT = Dialect(
    name="standard",
    title="REFI-QDA 1.5",
    origin=r"^qdabridge\b(?! \S+ for )",
    facts=("Positions are code points from 0 (section 10.2); the end is exclusive, as every large tool has it.",),
    evidence="the published standard and its schemas",
    profiles=(PLAIN,),
)
