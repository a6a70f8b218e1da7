"""The history of the analytic framework: where each code stood in each version of a study, and how much it was used."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from qdabridge.coders.comparing.coding import CodingChanges
from qdabridge.coders.comparing.pairing import Pairing
from qdabridge.study.model import Code


class Past(Struct, frozen=True, rename="camel"):
    """A code in one version: its path, and how many codings it has there."""

    path: str
    codings: int


class CodeHistory(Struct, frozen=True, rename="camel"):
    """One code in all versions; ``None`` where a version does not have it."""

    versions: tuple[Past | None, ...]

    @property
    def changed(self) -> bool:
        """Whether it came, went, or has another path."""
        return len({past.path if past is not None else None for past in self.versions}) > 1


def history(pairings: Sequence[Pairing], codings: Sequence[CodingChanges]) -> tuple[CodeHistory, ...]:
    """Return each code in all versions, as the last version orders them; those that are gone come after.

    Args:
        pairings: each version with the next.
        codings: what became of the codings, of the same.
    """
    lines: list[list[Past | None]] = []
    at: dict[int, list[Past | None]] = {}
    for step, (pairing, coding) in enumerate(zip(pairings, codings, strict=True)):
        for pair in pairing.codes:
            counts = coding.counts(pairing.number(pair.there))
            line = at.get(id(pair.before)) if pair.before is not None and step else None
            if line is None:
                line = [None] * step
                line.append(_past(pairing, 0, pair.before, counts[0]))
                lines.append(line)
            line.append(_past(pairing, 1, pair.after, counts[1]))
            if pair.after is not None:
                at[id(pair.after)] = line
        for line in lines:
            line += [None] * (step + 2 - len(line))
    order = {id(at[id(code)]): place for place, code in enumerate(pairings[-1].looks[1].themes)}
    lines.sort(key=lambda line: order.get(id(line), len(order)))
    return tuple(CodeHistory(tuple(line)) for line in lines)


def _past(pairing: Pairing, side: int, code: Code | None, codings: int) -> Past | None:
    return Past(pairing.looks[side].path_of(code), codings) if code is not None else None
