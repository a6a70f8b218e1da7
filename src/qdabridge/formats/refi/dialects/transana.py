"""Transana 3.x, by the standard's annex A.3, which has no texts."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect

DIALECT = Dialect(
    name="transana",
    title="Transana",
    origin=r"\btransana\b",
    namespace=r"urn:QDA-XML:project:0:10",
    facts=(
        "The namespace is project:0:10, of a draft of the standard.",
        "MemberSource has guid instead of targetGUID, and MemberNote has the GUID as its text.",
        "Sets have a creating user, which the schema does not allow; NoteRef stands before SyncPoint in a Transcript.",
        "Several PictureSources share one file, and rectangles in pictures have their upper and lower edge swapped.",
        "Libraries are sets, groups of keywords are codes that cannot be used for coding; dates have no time zone.",
    ),
    evidence="the standard's annex A.3, which has no texts: how it counts is unknown",
)
