"""What a row of the list says was decided: a coder's coding, all of it, none of it, or a new passage.

Words only; where that is in the study is known in ``places``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.formats.spreadsheet.decisions_reading import Row
from qdabridge.formats.spreadsheet.meeting_ids import MeetingCoder

Verdict: TypeAlias = Literal["coder", "all", "none", "new passage", "undecided"]

_ALL = ("both", "all")
_NONE = ("neither", "none", "nobody")
_NEW = ("new passage", "new span", "new")


class Unclear(Exception):
    """A row that cannot be understood; the message says why, in words that follow the name of the row."""


class Decision(Struct, frozen=True):
    """What was decided on one disagreement.

    Args:
        verdict: what kind of decision it is.
        coder: the number of the coder who is right, where it is a coder.
        passage: what stands in the column for new passages.
    """

    verdict: Verdict
    coder: int = -1
    passage: str = ""


class Words:
    """Understands what people choose and type, with the coders' letters and names.

    Args:
        coders: the sides of the comparison.
    """

    def __init__(self, coders: Sequence[MeetingCoder]) -> None:
        self._meant: dict[str, Decision | None] = {}
        for number, coder in enumerate(coders):
            decision = Decision("coder", number)
            self._add(f"{coder.letter}: {coder.name}", decision)
            self._add(coder.letter, decision)
            self._add(coder.name, decision)
        for words, verdict in ((_ALL, "all"), (_NONE, "none"), (_NEW, "new passage")):
            for word in words:
                self._add(word, Decision(verdict))  # type: ignore[arg-type]

    def decision(self, row: Row) -> Decision:
        """Return what a row says.

        Raises:
            Unclear: it is no decision, or contradicts itself.
        """
        if not row.decision:
            return Decision("new passage", passage=row.passage) if row.passage else Decision("undecided")
        said = _plain(row.decision)
        if said not in self._meant:
            raise Unclear(f"“{row.decision}” is no decision; choose from the list")
        decision = self._meant[said]
        if decision is None:
            raise Unclear(f"“{row.decision}” may mean two things; choose from the list")
        if decision.verdict == "new passage":
            if not row.passage:
                raise Unclear("no new passage is written beside it")
            return Decision("new passage", passage=row.passage)
        if row.passage:
            raise Unclear("another decision stands beside a new passage; choose “new passage”, or clear it")
        return decision

    def _add(self, word: str, decision: Decision) -> None:
        key = _plain(word)
        if key in self._meant and self._meant[key] != decision:
            self._meant[key] = None
        else:
            self._meant[key] = decision


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")
