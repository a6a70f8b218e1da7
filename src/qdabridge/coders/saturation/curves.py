"""How codes come in, interview by interview, and when a run of them says nothing new.

It counts codes and knows neither in which order interviews come nor how the result is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.matrix.rows import Unit
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code

Outcome: TypeAlias = Literal["reached", "not reached", "too few", "empty base"]

BASE, RUN, THRESHOLD = 4, 2, 0.05
"""What the authors start from: a base of four interviews, runs of two, at most five percent new."""

_BASES, _RUNS, _THRESHOLDS = (4, 5, 6), (2, 3), (0.05, 0.0)


class Setting(Struct, frozen=True, rename="camel"):
    """How saturation is judged.

    Args:
        base: how many of the first interviews are the base; the codes in them are what new ones are measured by.
        run: how many interviews are looked at together.
        threshold: the share of new codes, of those of the base, up to which a run counts as saying nothing new.
    """

    base: int = BASE
    run: int = RUN
    threshold: float = THRESHOLD


class Step(Struct, frozen=True, rename="camel"):
    """One interview: a case, or a source.

    Args:
        name, guid: what it is called in the study.
        codes: how many codes it has.
        new: the paths of those that no interview before it has, in the order of the codebook.
        total: how many codes it and all before it have.
        expected: how many codes as many interviews have on average, if they come in any order.
    """

    name: str
    guid: str
    codes: int
    new: tuple[str, ...]
    total: int
    expected: float


class Run(Struct, frozen=True, rename="camel"):
    """Some interviews one after the other; runs overlap, each begins one later than the one before.

    Args:
        first, last: the interviews of the run, counted from 1.
        new: how many codes are new in it.
        share: that as a part of the codes of the base.
        saturated: whether it is at most the threshold.
    """

    first: int
    last: int
    new: int
    share: float
    saturated: bool


class Curve(Struct, frozen=True, rename="camel"):
    """How codes come in, of the whole study or of one theme.

    Args:
        theme: the name of the theme; empty for the whole.
        steps: the interviews in their order.
        base_codes: how many codes the base has.
        runs: the runs after the base.
        outcome: whether saturation was reached, or why that cannot be said.
        reached: after how many interviews, the run not counted; ``None`` where it was not reached.
        notation: the same as it is reported, ``6+2``: six interviews, and two that confirm it; empty where it was not.
    """

    theme: str
    steps: tuple[Step, ...]
    base_codes: int
    runs: tuple[Run, ...]
    outcome: Outcome
    reached: int | None
    notation: str


class Variant(Struct, frozen=True, rename="camel"):
    """What another choice of base, run and threshold comes to; ``notation`` is empty where it is not reached."""

    base: int
    run: int
    threshold: float
    notation: str


class Counted:
    """What counts as one code: each by itself, or those further down as the code above them on some level."""

    def __init__(self, look: Lookup, codes: Iterable[Code], level: int | None) -> None:
        self._look = look
        self._order = {id(code): number for number, code in enumerate(look.codes)}
        self._themes: dict[int, Code] = {}
        self._stands_for: dict[int, Code] = {}
        for code in codes:
            line = self._line_up(code)
            counts_as = code if level is None or len(line) <= level else line[-level]
            self._stands_for[id(code)] = counts_as
            self._themes[id(counts_as)] = line[-1]

    @property
    def themes(self) -> list[Code]:
        """The themes, in the order of the codebook."""
        themes = {id(theme): theme for theme in self._themes.values()}
        return [themes[key] for key in sorted(themes, key=self._order.__getitem__)]

    def those_of(self, codes: Iterable[Code]) -> dict[int, Code]:
        """Return the different codes among these that count, by identity, in the order of the codebook."""
        found = {}
        for code in codes:
            if (counts_as := self._stands_for.get(id(code))) is not None:
                found[id(counts_as)] = counts_as
        return {key: found[key] for key in sorted(found, key=self._order.__getitem__)}

    def path_of(self, code: Code) -> str:
        """Return the path of a code."""
        return self._look.path_of(code)

    def theme_of(self, code: Code) -> Code:
        """Return the theme that a code is in."""
        return self._themes[id(code)]

    def _line_up(self, code: Code) -> list[Code]:
        line = [code]
        while (above := self._look.parent(line[-1])) is not None:
            line.append(above)
        return line


class Curves:
    """The curves of a study.

    Args:
        counted: what counts as one code.
        units: the interviews in their order.
        codes: the codes of each, by identity.
        setting: how saturation is judged.
    """

    def __init__(
        self, counted: Counted, units: Sequence[Unit], codes: Sequence[dict[int, Code]], setting: Setting
    ) -> None:
        self._counted = counted
        self._units = units
        self._codes = codes
        self._setting = setting

    def of_all(self) -> Curve:
        """Return how all codes come in."""
        return self._curve("", self._codes)

    def of_themes(self) -> tuple[Curve, ...]:
        """Return how the codes of each theme come in, in the order of the codebook."""
        by_theme: dict[int, list[dict[int, Code]]] = {}
        for place, codes in enumerate(self._codes):
            for key, code in codes.items():
                rows = by_theme.setdefault(id(self._counted.theme_of(code)), [{} for _ in self._codes])
                rows[place][key] = code
        return tuple(
            self._curve(theme.name, by_theme[id(theme)]) for theme in self._counted.themes if id(theme) in by_theme
        )

    def _curve(self, theme: str, codes: Sequence[dict[int, Code]]) -> Curve:
        seen: set[int] = set()
        steps = []
        expected = _in_any_order(codes)
        for unit, own, on_average in zip(self._units, codes, expected, strict=True):
            new = tuple(self._counted.path_of(code) for key, code in own.items() if key not in seen)
            seen.update(own)
            steps.append(Step(unit.label, unit.of.guid, len(own), new, len(seen), round(on_average, 4)))
        return _judged(theme, tuple(steps), self._setting)


def _judged(theme: str, steps: tuple[Step, ...], setting: Setting) -> Curve:
    new = [len(step.new) for step in steps]
    base_codes = sum(new[: setting.base])
    runs = tuple(_runs(new, base_codes, setting)) if base_codes else ()
    reached = next((run.first - 1 for run in runs if run.saturated), None)
    outcome: Outcome = "reached" if reached is not None else "not reached"
    if len(steps) < setting.base + setting.run:
        outcome = "too few"
    elif not base_codes:
        outcome = "empty base"
    return Curve(theme, steps, base_codes, runs, outcome, reached, _notation(reached, setting.run))


def _runs(new: Sequence[int], base_codes: int, setting: Setting) -> Iterable[Run]:
    for start in range(setting.base, len(new) - setting.run + 1):
        found = sum(new[start : start + setting.run])
        share = found / base_codes
        yield Run(start + 1, start + setting.run, found, share, share <= setting.threshold)


def _notation(reached: int | None, run: int) -> str:
    return "" if reached is None else f"{reached}+{run}"


def variants(steps: tuple[Step, ...]) -> tuple[Variant, ...]:
    """Return what the choices come to that the authors tried."""
    return tuple(
        Variant(base, run, threshold, _judged("", steps, Setting(base, run, threshold)).notation)
        for threshold in _THRESHOLDS
        for run in _RUNS
        for base in _BASES
    )


def _in_any_order(codes: Sequence[dict[int, Code]]) -> list[float]:
    """Return how many codes 1, 2 … interviews have on average over all orders.

    A code that m of n interviews have is missing from k of them with the probability C(n-m, k) / C(n, k), which is
    built up factor by factor.
    """
    many = len(codes)
    having = Counter(Counter(key for own in codes for key in own).values())
    expected = [0.0] * many
    for in_how_many, how_often in having.items():
        missing = 1.0
        for k in range(1, many + 1):
            missing *= max(0, many - in_how_many - k + 1) / (many - k + 1)
            expected[k - 1] += how_often * (1 - missing)
    return expected
