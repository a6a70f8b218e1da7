"""Quirkos, second-hand: what QualCoder's importer handles specially."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect

DIALECT = Dialect(
    name="quirkos",
    title="Quirkos",
    origin=r"\bquirkos\b",
    facts=(
        "A note that a source refers to has its text inline, and its selections count the text of that source.",
        "Variables of a document stand in a nameless case that refers to it.",
        "Sources have a modifying user and date, and no creating ones.",
    ),
    evidence="second-hand, from another program's importer; how it counts is unknown",
)
