"""The names of codes that ATLAS.ti writes into one cell: on a line each, or with semicolons or commas between them.

Names may hold commas themselves. What tells where one ends are names that are known, longest first, and the number of
codes, which a column of its own has. It knows no layout.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

_SEPARATORS = (";", ",")
_ROUNDS = 5
_PARTS_AT_MOST = 40
_PARTS_OF_A_NAME = 8
_TOO_MANY = 10**9

_Cost = tuple[int, int, int]


class Joined:
    """Divides the cells of one table.

    Args:
        cells: all of them, each with the number of names in it where the table says that.
        known: names that are known from elsewhere, such as a codebook in the same workbook.
    """

    def __init__(self, cells: Iterable[tuple[str, int | None]], known: Iterable[str] = ()) -> None:
        each = list(dict.fromkeys(cells))
        self.separator = _separator(each)
        self._known = {*filter(None, (_one(name) for name in known))}
        self._learn(each)
        self._told: dict[tuple[str, int | None], tuple[tuple[str, ...], bool]] = {}

    def names(self, cell: str, count: int | None = None) -> tuple[tuple[str, ...], bool]:
        """Return the names in a cell, and whether it is sure where each of them ends."""
        told = self._told.get((cell, count))
        if told is None:
            told = self._told[cell, count] = self._names(cell, count)
        return told

    def _names(self, cell: str, count: int | None) -> tuple[tuple[str, ...], bool]:
        parts = self._parts(cell)
        if not parts:
            return (), True
        if self.separator == "\n" or len(parts) == count:
            return tuple(parts), True
        if count == 1 or len(parts) == 1 or _one(cell) in self._known:
            return (_one(cell),), True
        divided = self._divided(parts, count)
        if divided is None and count is not None:
            divided = self._divided(parts, None)
        if divided is None:
            return tuple(parts), False
        return divided

    def _learn(self, cells: list[tuple[str, int | None]]) -> None:
        """Learn names from the cells in which there is no doubt, and with these from others."""
        left = [(cell, count) for cell, count in cells if cell.strip()]
        for _ in range(_ROUNDS):
            before = len(self._known)
            doubtful = []
            for cell, count in left:
                names, sure = self._names(cell, count)
                if sure:
                    self._known.update(names)
                else:
                    doubtful.append((cell, count))
            left = doubtful
            if not left or len(self._known) == before:
                return

    def _parts(self, cell: str) -> list[str]:
        return [part for part in (_one(part) for part in cell.split(self.separator)) if part]

    def _divided(self, parts: list[str], count: int | None) -> tuple[tuple[str, ...], bool] | None:
        """Return the parts put together to names: as few names as can be that are not known, then as few as can be.

        Where the number of names is said, there are as many, and a name that is not known may hold the separator.
        """
        if len(parts) > _PARTS_AT_MOST or (count is not None and not 0 < count <= len(parts)):
            return None
        between = f"{self.separator} "
        known = [
            [
                between.join(parts[at:end]) in self._known
                for end in range(at + 1, min(at + _PARTS_OF_A_NAME, len(parts)) + 1)
            ]
            for at in range(len(parts))
        ]

        @cache
        def best(at: int, left: int) -> tuple[_Cost, int, int]:
            """Return the cost from a part on, where the first name ends, and how many ways cost as little."""
            if at == len(parts):
                return ((0, 0, 0), at, 1) if left <= 0 else ((_TOO_MANY, 0, 0), at, 0)
            if left == 0 and count is not None:
                return (_TOO_MANY, 0, 0), at, 0
            found: tuple[_Cost, int, int] = ((_TOO_MANY, 0, 0), at, 0)
            for length, is_known in enumerate(known[at], 1):
                if not is_known and length > 1 and count is None:
                    continue
                rest, _, ways = best(at + length, left - 1 if count is not None else 0)
                cost = (rest[0] + (not is_known), rest[1] + (0 if is_known else length - 1), rest[2] + 1)
                if rest[0] < _TOO_MANY and (not found[2] or cost <= found[0]):
                    same = found[2] if cost == found[0] else 0
                    found = cost, at + length, min(ways + same, 2)
            return found

        total, _, ways = best(0, count or 0)
        if not ways:
            return None
        names, at, left = [], 0, count or 0
        while at < len(parts):
            _, end, _ = best(at, left)
            names.append(between.join(parts[at:end]))
            at, left = end, left - 1 if count is not None else 0
        # Without their number, parts that are no known names may be two names or the halves of one.
        unsure = ways > 1 or (total[0] > 0 and count is None) or (total[0] > 1 and total[1] > 0)
        return tuple(names), not unsure


def _separator(cells: list[tuple[str, int | None]]) -> str:
    """Return what stands between names: line ends where there are any, else what fits the numbers best."""
    texts = [cell.strip() for cell, _ in cells]
    if any("\n" in text for text in texts):
        return "\n"
    counted = [(text, count) for text, (_, count) in zip(texts, cells, strict=True) if text and count is not None]

    def misfit(sign: str) -> tuple[int, int]:
        """Return how many names are missing, which cannot be, and how many parts too many, as signs in names make."""
        parts = [text.count(sign) + 1 - count for text, count in counted]
        return sum(-part for part in parts if part < 0), sum(part for part in parts if part > 0)

    if counted:
        return min(_SEPARATORS, key=misfit)
    return ";" if any(";" in text for text in texts) else ","


def _one(name: str) -> str:
    return " ".join(name.split())
