"""The standard as it is written: REFI-QDA 1.5, and what qdabridge itself writes."""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect

DIALECT = Dialect(name="standard", title="REFI-QDA 1.5", origin=r"^qdabridge\b", writes=True)
