"""Saturation as a picture for a paper: how codes come in, and how much of what each run says is new.

It needs matplotlib, which is an extra, and draws what ``saturation`` counted; it counts nothing itself.
"""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdabridge.coders.saturation import Curve, Saturation
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.safety import writing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import Locator

ENDINGS = (".svg", ".pdf", ".png")

_INCHES_WIDE, _INCHES_HIGH = 7.0, 4.8
_DOTS_AN_INCH = 300
# Blue and orange are told apart by everybody, and in grey print by how dark they are.
_LINE, _BARS, _RUNS, _QUIET = "#1B4F8A", "#A9C7E6", "#C4621A", "#6B6B6B"
_MOST_NAMES = 40
_LONGEST_NAME = 22
_ORDERS = {"file": "the study", "name": "their names", "date": "their dates"}
# The first is matplotlib's own; the others, where they are installed, have what it lacks.
_FONTS = (
    "DejaVu Sans",
    "Noto Sans",
    "Segoe UI",
    "Arial Unicode MS",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "PingFang SC",
    "Hiragino Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Thai",
)
_SETTINGS: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    # Names of people and codes are no formulas.
    "text.parse_math": False,
    # The same study makes the same file.
    "svg.hashsalt": "qdabridge",
}


def write_plot(found: Saturation, path: Path, *, theme: str | None = None, overwrite: bool = False) -> list[Finding]:
    """Draw the curve of the whole study, or of one theme, into a file.

    Args:
        found: what was counted.
        path: the target, ``.svg``, ``.pdf`` or ``.png``; it takes its name only when it is complete.
        theme: the name of a theme instead of the whole.
        overwrite: whether an existing target may be replaced.

    Returns:
        What the picture cannot show.

    Raises:
        BadRequest: matplotlib is not installed, the ending is not known, or there is no such theme.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    kind = checked_ending(path)
    curve = _curve_of(found, theme)
    with _settings(), writing(path, overwrite=overwrite) as stream, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
        _figure(found, curve).savefig(stream, format=kind, dpi=_DOTS_AN_INCH, metadata=undated)
    return _told([str(each.message) for each in warned])


def _told(warned: list[str]) -> list[Finding]:
    missing = sorted({each for each in warned if each.startswith("Glyph")})
    if not missing:
        return []
    return [
        Finding(
            "SATURATION-LETTERS",
            "warning",
            "Letters for which no font is installed stand as boxes in the picture.",
            hint="Install a font that has them, such as Noto Sans.",
            kind="loss",
            count=len(missing),
        )
    ]


def checked_ending(path: Path) -> str:
    """Return the kind of picture that a path asks for.

    Raises:
        BadRequest: it asks for none that can be drawn.
    """
    if path.suffix.lower() not in ENDINGS:
        raise BadRequest(
            "A picture cannot be drawn into a file of this name.",
            where=str(path),
            todo=f"Give it a name that ends in {', '.join(ENDINGS)}.",
        )
    return path.suffix.lower()[1:]


def _settings() -> AbstractContextManager[None]:
    try:
        from matplotlib import font_manager, rc_context
    except ImportError as error:
        raise BadRequest(
            "A picture needs matplotlib, which is not installed.", todo="pip install 'qdabridge[plot]'"
        ) from error
    installed = set(font_manager.get_font_names())
    return rc_context({**_SETTINGS, "font.family": [name for name in _FONTS if name in installed]})


def _curve_of(found: Saturation, theme: str | None) -> Curve:
    if theme is None:
        return found.whole
    for curve in found.themes:
        if curve.theme == theme:
            return curve
    names = ", ".join(curve.theme for curve in found.themes)
    raise BadRequest(f"There is no curve of a theme “{theme}”.", todo=f"There are those of {names}.")


# --- drawing ---------------------------------------------------------------------------------------------------------


def _figure(found: Saturation, curve: Curve) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_INCHES_WIDE, _INCHES_HIGH), layout="constrained")
    if not curve.runs:
        _draw_codes(figure.add_subplot(), found, curve)
        _name_units(figure.axes[0], found, curve)
        return figure
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
    _draw_codes(above, found, curve)
    _draw_runs(below, found, curve)
    _name_units(below, found, curve)
    return figure


def _draw_codes(axes: Axes, found: Saturation, curve: Curve) -> None:
    at = range(1, len(curve.steps) + 1)
    bars = axes.bar(at, [len(step.new) for step in curve.steps], width=0.6, color=_BARS, label="new codes")
    # Where all codes are new, the number stands at the axis already and would be under the line.
    numbers = [str(len(step.new)) if len(step.new) < step.total else "" for step in curve.steps]
    axes.bar_label(bars, labels=numbers, color=_QUIET, fontsize=7, padding=1)
    axes.plot(at, [step.total for step in curve.steps], color=_LINE, marker="o", markersize=4, label="codes in all")
    axes.plot(
        at,
        [step.expected for step in curve.steps],
        color=_QUIET,
        linestyle=":",
        label=f"in all, if {found.by}s came in any order",
    )
    _shade_base(axes, found, curve)
    _mark_saturation(axes, curve)
    if curve.reached is not None:
        axes.text(
            curve.reached + 0.5,
            1.0,
            f"saturation at {curve.notation}",
            color=_RUNS,
            ha="center",
            va="bottom",
            transform=axes.get_xaxis_transform(),
        )
    axes.set_ylabel(f"codes of {curve.theme}" if curve.theme else "codes")
    axes.set_ylim(bottom=0, top=max(curve.steps[-1].total, 1) * 1.06)
    axes.yaxis.set_major_locator(_whole_numbers())
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False)


def _draw_runs(axes: Axes, found: Saturation, curve: Curve) -> None:
    shares = [100 * run.share for run in curve.runs]
    axes.plot([run.last for run in curve.runs], shares, color=_RUNS, marker="s", markersize=4)
    axes.axhline(100 * found.setting.threshold, color=_QUIET, linewidth=0.8, linestyle="--")
    axes.annotate(
        f"threshold, {100 * found.setting.threshold:g} %",
        (0.5, 100 * found.setting.threshold),
        xytext=(2, 2),
        textcoords="offset points",
        color=_QUIET,
        fontsize=7,
    )
    _shade_base(axes, found, curve)
    axes.text(
        (found.setting.base + 1) / 2,
        0.95,
        "base",
        color=_QUIET,
        ha="center",
        va="top",
        transform=axes.get_xaxis_transform(),
    )
    _mark_saturation(axes, curve)
    axes.set_ylabel(f"new in a run of {found.setting.run},\n% of the base")
    axes.set_ylim(bottom=0, top=max(*shares, 100 * found.setting.threshold, 1) * 1.25)


def _shade_base(axes: Axes, found: Saturation, curve: Curve) -> None:
    end = min(found.setting.base, len(curve.steps))
    axes.axvspan(0.5, end + 0.5, color="#000000", alpha=0.05, linewidth=0, zorder=0)


def _mark_saturation(axes: Axes, curve: Curve) -> None:
    if curve.reached is not None:
        axes.axvline(curve.reached + 0.5, color=_RUNS, linewidth=1)


def _name_units(axes: Axes, found: Saturation, curve: Curve) -> None:
    axes.set_xlim(0.5, len(curve.steps) + 0.5)
    axes.set_xlabel(f"{found.by}s, in the order of {_ORDERS.get(found.order, found.order)}")
    if len(curve.steps) > _MOST_NAMES:
        return
    names = [_shortened(step.name) for step in curve.steps]
    slanted = max(map(len, names)) * len(names) > 90
    axes.set_xticks(range(1, len(names) + 1), names, rotation=40 if slanted else 0, ha="right" if slanted else "center")


def _whole_numbers() -> Locator:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
