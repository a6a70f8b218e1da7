"""Magnolia, by its source code."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect

DIALECT = Dialect(
    name="magnolia",
    title="Magnolia",
    origin=r"\bmagnolia\b",
    facts=(
        "Files named magnolia-….json lie in the package besides what the standard has.",
        "In a set, MemberSource stands before MemberCode, against the schema.",
    ),
    evidence="read in Magnolia's source code",
)
