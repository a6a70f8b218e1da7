"""Taguette, which exports codebooks only."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect

DIALECT = Dialect(
    name="taguette",
    title="Taguette",
    origin=r"\btaguette\b",
    facts=(
        "There are codebooks (.qdc) only, no projects.",
        "Codes are flat and named with the whole path of the tag, without colour and description.",
        "An empty Sets element, which the schema does not allow, stands at the end.",
    ),
    evidence="measured on a file that Taguette wrote, and read in its source code",
)
