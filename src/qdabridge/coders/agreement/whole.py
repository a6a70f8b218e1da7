"""Figures that are not sums of counts: alphas of segments, MAXQDA's segments, and every two of many coders.

They go through what was gathered once more, theme by theme, where a tally no longer knows the passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.coders.agreement.counting import Stretched
from qdabridge.coders.agreement.measures import Figure
from qdabridge.coders.agreement.people import Chosen
from qdabridge.coders.agreement.segments import Passages, kappa_of_segments, matched, share_found
from qdabridge.coders.agreement.spans import Gathered
from qdabridge.coders.agreement.tables import CodeEntry, Line, tables
from qdabridge.coders.agreement.unitizing import Continuum, Edge, code_of, edges, labelled, segments
from qdabridge.coders.agreement.units import Tally, tally

ALL = "all codes"
"""What stands for the whole where others stand for themes."""


class Unitizing(Struct, frozen=True, rename="camel"):
    """Krippendorff's alphas of a theme, or of all codes.

    Args:
        name: of the theme; ``all codes`` for the whole.
        u: same passages with the same codes.
        binary: same passages, whatever the code (ATLAS.ti's alpha-binary).
        cu: same codes where both coded (ATLAS.ti's cu-alpha, the theme being the semantic domain).
        across: for the whole, the same themes where both coded (ATLAS.ti's Cu-alpha); ``None`` for a theme.
    """

    name: str
    u: Figure
    binary: Figure
    cu: Figure
    across: Figure | None = None


class Segmented(Struct, frozen=True, rename="camel"):
    """Agreement on passages, of two coders.

    Args:
        name: of the theme; ``all codes`` for the whole.
        marked: how many passages each coder marked.
        found: of how many of them the other marked the same.
        share: how many of all were found, as a fraction (Holsti's formula on passages).
        kappa: MAXQDA's, after Brennan and Prediger.
    """

    name: str
    marked: tuple[int, int]
    found: tuple[int, int]
    share: Figure
    kappa: Figure


def unitizing(
    gathered: Gathered, chosen: Chosen, themes: Mapping[int, str], sources: set[int]
) -> tuple[Unitizing, ...]:
    """Return the alphas of every theme and of the whole; in texts only.

    Args:
        gathered: what everybody coded.
        chosen: who the coders are.
        themes: the codes that count, and the theme of each.
        sources: those that count.
    """
    coders = len(chosen.coders)
    by_theme = {theme: Continuum(coders) for theme in themes.values()}
    whole, across = Continuum(coders), Continuum(coders)
    of_code, of_theme = labelled({code: code for code in themes}), labelled(themes)
    within = {theme: labelled({code: code for code in themes if themes[code] == theme}) for theme in by_theme}
    for size, by_coder in _text_marks(gathered, chosen, themes, sources):
        every = [edges(those, size) for those in by_coder]
        whole.add([segments(those, of_code) for those in every], size)
        across.add([segments(those, of_theme) for those in every], size)
        parted = [_by_theme(those, themes) for those in every]
        for theme, continuum in by_theme.items():
            continuum.add([segments(those[theme], within[theme]) for those in parted], size)
    found = []
    for theme, continuum in by_theme.items():
        alphas = continuum.alphas()
        found.append(Unitizing(theme, alphas.u, alphas.binary, alphas.cu))
    alphas = whole.alphas()
    return (*found, Unitizing(ALL, alphas.u, alphas.binary, alphas.cu, across.alphas().cu))


def segmented(
    gathered: Gathered, chosen: Chosen, themes: Mapping[int, str], sources: set[int], overlap: float
) -> tuple[Segmented, ...]:
    """Return the agreement of two coders on passages of texts and recordings."""
    by_theme: dict[str, Passages] = dict.fromkeys(themes.values(), Passages())
    for (code, source), by_axis in gathered.marks.items():
        if code not in themes or source not in sources:
            continue
        for axis, by_person in by_axis.items():
            if gathered.axes[axis].kind == "area":
                continue
            spans: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
            for person, those in by_person.items():
                coder = chosen.of_person.get(person)
                if coder is not None:
                    spans[coder].extend([(each.start, each.end) for each in those if not each.timed])
            by_theme[themes[code]] += matched(*spans, overlap)
    whole = sum(by_theme.values(), Passages())
    numbers = {theme: sum(each == theme for each in themes.values()) for theme in by_theme}
    return tuple(
        Segmented(name, each.marked, each.found, share_found(each), kappa_of_segments(each, codes))
        for name, each, codes in (
            *((theme, each, numbers[theme]) for theme, each in by_theme.items()),
            (ALL, whole, len(themes)),
        )
    )


def pairs_of(
    gathered: Gathered,
    chosen: Chosen,
    counted: Tally,
    codes: Sequence[tuple[int, CodeEntry]],
    fields: Sequence[int],
    *,
    aggregate: bool,
) -> tuple[Line, ...]:
    """Return the whole for every two coders, where there are more than two."""
    if len(chosen.coders) < 3:
        return ()
    found = []
    for one, other in combinations(range(len(chosen.coders)), 2):
        people = {
            person: (one, other).index(coder) for person, coder in chosen.of_person.items() if coder in (one, other)
        }
        pair = Chosen((chosen.coders[one], chosen.coders[other]), people)
        names = [each.name for each in pair.coders]
        again = tally(gathered, pair, counted.unit, aggregate=aggregate)
        found.append(replace(tables(again, codes, fields, names, 0, 0).whole, name=" – ".join(names)))
    return tuple(found)


def _by_theme(marked: Iterable[Edge], themes: Mapping[int, str]) -> dict[str, list[Edge]]:
    """Part the beginnings and ends of passages by the theme of their code."""
    found: dict[str, list[Edge]] = {theme: [] for theme in themes.values()}
    of_code = {code: found[theme] for code, theme in themes.items()}
    for edge in marked:
        of_code[code_of(edge)].append(edge)
    return found


def _text_marks(
    gathered: Gathered, chosen: Chosen, themes: Mapping[int, str], sources: set[int]
) -> Iterator[tuple[int, list[list[tuple[int, Sequence[Stretched]]]]]]:
    """Give of each text its length, and of each coder what was marked with which code."""
    at: dict[int, list[list[tuple[int, Sequence[Stretched]]]]] = {
        number: [[] for _ in chosen.coders]
        for number, axis in enumerate(gathered.axes)
        if axis.kind == "text" and axis.source in sources
    }
    for (code, source), by_axis in gathered.marks.items():
        if code in themes and source in sources:
            for number, by_person in by_axis.items():
                for person, those in by_person.items():
                    coder = chosen.of_person.get(person)
                    if coder is not None and number in at:
                        at[number][coder].append((code, those))
    wholes: dict[int, list[tuple[int, int]]] = {}
    for (code, source), people in gathered.whole.items():
        if code in themes:
            coders = {chosen.of_person[person] for person in people if person in chosen.of_person}
            wholes.setdefault(source, []).extend((code, coder) for coder in coders)
    for number, by_coder in at.items():
        size = gathered.length_of(gathered.axes[number]) or 0
        for code, coder in wholes.get(gathered.axes[number].source, ()):
            by_coder[coder].append((code, [(0, size)]))
        yield size, by_coder
