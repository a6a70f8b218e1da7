"""Saturation: how many codes each further interview adds, and when what is new falls below a threshold.

The measure is that of Guest, Namey and Chen (2020), https://doi.org/10.1371/journal.pone.0232076. It is about codes
that occur or not, and knows nothing of how much is said about each, nor of who agrees with whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.coders.saturation.curves import (
    BASE,
    RUN,
    THRESHOLD,
    Counted,
    Curve,
    Curves,
    Run,
    Setting,
    Step,
    Variant,
    variants,
)
from qdabridge.coders.saturation.order import ordered
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.matrix.columns import Columns, ColumnsWanted
from qdabridge.matrix.filters import Filter
from qdabridge.matrix.names import Names
from qdabridge.matrix.rows import Rows, RowsWanted
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.lookup import Lookup
from qdabridge.study.study import Study

__all__ = ["Curve", "Run", "Saturation", "Setting", "Step", "Variant", "saturation"]

Kind: TypeAlias = Literal["case", "source"]

_KINDS: dict[str, Kind] = {"case": "case", "cases": "case", "source": "source", "sources": "source"}
_PLACES_TOLD = 3


class Saturation(Struct, frozen=True, rename="camel"):
    """When further interviews add no more codes.

    Args:
        study: the name of the study.
        by: what counts as an interview: ``case`` or ``source``.
        order: in which order they come: ``file``, ``name``, ``date``, or the name of a variable.
        setting: how it is judged.
        whole: all codes.
        themes: the same for each theme of which any code is used.
        variants: what the other choices come to that the authors tried: bases of 4, 5 and 6, runs of 2 and 3,
            thresholds of 5 and 0 percent.
        left_out: cases or sources in which nothing is coded.
        findings: what else is worth telling.
    """

    study: str
    by: Kind
    order: str
    setting: Setting
    whole: Curve
    themes: tuple[Curve, ...]
    variants: tuple[Variant, ...]
    left_out: tuple[str, ...]
    findings: tuple[Finding, ...]

    def sentence(self, curve: Curve | None = None) -> str:
        """Return what came out, as a paper would say it; of the whole, or of the curve of a theme."""
        return _sentence(self, curve or self.whole)


def saturation(
    study: Study,
    *,
    by: str | None = None,
    order: str = "file",
    base: int = BASE,
    run: int = RUN,
    threshold: float = THRESHOLD,
    codes: Iterable[str] | None = None,
    level: int | None = None,
    coders: Iterable[str] | None = None,
    where: Iterable[str] = (),
) -> Saturation:
    """Say how many codes each case or source adds, and when saturation is reached.

    The codes of the first interviews, the base, are counted. Then runs of interviews are looked at, each beginning one
    later than the one before: how many of their codes are new, as a share of the codes of the base. Saturation is
    reached before the first run whose share is at most the threshold.

    Args:
        study: the study.
        by: what an interview is: ``case`` or ``source``; without it cases, and sources where there are none.
        order: ``file`` as they stand in the study, ``name``, ``date`` when their first source came into the study, or
            the name of a variable, such as the day of the interview.
        base: how many interviews are the base.
        run: how many interviews are a run.
        threshold: from 0 to 1.
        codes: GUIDs or paths of codes, which count with the codes inside them; by default all.
        level: count codes further down as the code above them on this level; 1 counts themes.
        coders: names, initials or GUIDs; by default everybody's coding counts.
        where: conditions on cases or sources, as ``framework_matrix`` takes them.

    Raises:
        BadRequest: a number makes no sense, there are no cases, or nothing is coded.
        NotInStudy: there is no such variable, code or coder.
    """
    setting = _checked(Setting(base, run, threshold), level)
    look = Lookup(study)
    names = Names(look)
    kind = _kind(look, by)
    wanted = ColumnsWanted(codes=None if codes is None else tuple(codes))
    counted = Counted(look, Columns(look, wanted, {id(code) for code in look.themes}).codes, level)
    chosen = Filter(look, names, coders=coders)
    with garbage_collection_paused():
        units = list(Rows(look, names, RowsWanted(rows=f"{kind}s", where=tuple(where))).units())
        of_unit = [counted.those_of(reference.code for reference in chosen.of(unit.references)) for unit in units]
    coded = [number for number, found in enumerate(of_unit) if found]
    if not coded:
        raise BadRequest(f"No {kind} is coded, so there is nothing to count.", todo="Choose other codes or coders.")
    places, undated = ordered(look, units, coded, order)
    curves = Curves(counted, [units[number] for number in places], [of_unit[number] for number in places], setting)
    whole = curves.of_all()
    left_out = tuple(unit.label for unit, found in zip(units, of_unit, strict=True) if not found)
    return Saturation(
        study=study.project.name,
        by=kind,
        order=order,
        setting=setting,
        whole=whole,
        themes=curves.of_themes(),
        variants=variants(whole.steps),
        left_out=left_out,
        findings=(*_told_left_out(kind, left_out), *_told_undated(kind, order, [units[n].label for n in undated])),
    )


def _checked(setting: Setting, level: int | None) -> Setting:
    if setting.base < 1 or setting.run < 1:
        raise BadRequest("The base and the run are at least one interview.", todo=f"The usual is {BASE} and {RUN}.")
    if not 0 <= setting.threshold <= 1:
        raise BadRequest("The threshold is a share from 0 to 1.", todo="Five percent is 0.05.")
    if level is not None and level < 1:
        raise BadRequest("Levels of codes are counted from 1, the themes.", todo="Name a level from 1.")
    return setting


def _kind(look: Lookup, by: str | None) -> Kind:
    if by is None:
        return "case" if look.cases else "source"
    if by not in _KINDS:
        raise BadRequest(f"Saturation by “{by}” is not known.", todo="It is by case or by source.")
    return _KINDS[by]


# --- words -----------------------------------------------------------------------------------------------------------


def _sentence(found: Saturation, curve: Curve) -> str:
    setting, many = found.setting, f"{found.by}s"
    of = f"{curve.theme}: of" if curve.theme else "Of"
    head = f"{of} {len(curve.steps)} {many} the first {setting.base} have {_codes(curve.base_codes)}"
    limit = f"{100 * setting.threshold:.4g} %"
    if curve.outcome == "too few":
        return f"{of} {len(curve.steps)} {many} no base of {setting.base} and run of {setting.run} can be made."
    if curve.outcome == "empty base":
        return f"{head}, so nothing can be measured by them."
    if curve.outcome == "not reached":
        least = min(run.share for run in curve.runs)
        return f"{head}; no run of {setting.run} adds at most {limit} of that (the least is {100 * least:.1f} %)."
    run = next(run for run in curve.runs if run.saturated)
    return (
        f"{head}; the {setting.run} after the first {curve.reached} add {run.new} ({100 * run.share:.1f} %), "
        f"at most {limit}: saturation at {curve.notation}."
    )


def _codes(number: int) -> str:
    return f"{number} code" if number == 1 else f"{number} codes"


def _told_left_out(kind: str, names: Sequence[str]) -> list[Finding]:
    # Counted, they would pass for interviews in which nothing new was said.
    return _told("SATURATION-UNCODED", "note", f"A {kind} in which nothing is coded is left out.", "", names)


def _told_undated(kind: str, order: str, names: Sequence[str]) -> list[Finding]:
    said = "date" if order == "date" else f"value of {order}"
    message = f"A {kind} without a {said} comes last, in the order of the file."
    return _told("SATURATION-UNDATED", "warning", message, "Choose another order, or fill in what is missing.", names)


def _told(
    code: str, severity: Literal["warning", "note"], message: str, hint: str, names: Sequence[str]
) -> list[Finding]:
    if not names:
        return []
    places = tuple(names[:_PLACES_TOLD]) if len(names) > 1 else ()
    return [Finding(code, severity, message, where=names[0], hint=hint, count=len(names), places=places)]
