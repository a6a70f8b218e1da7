"""Saturation by base size, run length and new information threshold, worked out by hand and counted here."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import qdabridge as qda
from conftest import ROOT
from interviews import MIREILLE, case, code, coded, guid, study, text, value, variable
from qdabridge.coders.saturation import Saturation, saturation
from qdabridge.coders.saturation.plot import write_plot
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.study.study import Study

DEMO = ROOT / "fixtures/demo/demo.qdpx"


def interviews(*coded_with: Sequence[int], themes: int = 1, **fields: Any) -> Study:
    """A study with an interview for each row of numbers of codes, in that order."""
    numbers = sorted({number for row in coded_with for number in row})
    codes = {number: code(f"C{number}") for number in numbers}
    parents = [code(f"Theme {n}", *(codes[each] for each in numbers if each % themes == n)) for n in range(themes)]
    sources = [
        text(f"I{place}", "Words.", *(coded(0, 5, codes[number], name=f"{place}") for number in row))
        for place, row in enumerate(coded_with, 1)
    ]
    return study(*sources, codes=parents, **fields)


def growing(*new: int) -> Study:
    """Interviews each of which has so many codes that none before it has, and the first one's code."""
    rows, last = [], 0
    for number in new:
        rows.append([0, *range(last + 1, last + 1 + number)])
        last += number
    return interviews(*rows)


def test_the_share_is_of_the_codes_of_the_base_and_runs_overlap() -> None:
    # The base has 1 + 19 = 20 codes. Interviews 5 and 6 add 3 of 20, 6 and 7 add 2, 7 and 8 add 1: five percent.
    found = saturation(growing(10, 5, 3, 1, 2, 1, 1, 0, 0))
    assert found.whole.base_codes == 20
    assert [(run.first, run.last, run.new, run.share) for run in found.whole.runs] == [
        (5, 6, 3, 0.15),
        (6, 7, 2, 0.10),
        (7, 8, 1, 0.05),
        (8, 9, 0, 0.0),
    ]
    assert (found.whole.outcome, found.whole.reached, found.whole.notation) == ("reached", 6, "6+2")


@pytest.mark.parametrize(
    ("choices", "notation"),
    [
        ({}, "6+2"),
        ({"threshold": 0}, "7+2"),
        ({"run": 3}, "6+3"),
        ({"run": 3, "threshold": 0.10}, "5+3"),
        ({"base": 5}, "6+2"),
        ({"base": 6}, "6+2"),
        ({"base": 1, "run": 1, "threshold": 0.0}, "7+1"),
        ({"threshold": 1}, "4+2"),
    ],
)
def test_base_run_and_threshold_decide(choices: dict[str, Any], notation: str) -> None:
    assert saturation(growing(10, 5, 3, 1, 2, 1, 1, 0, 0), **choices).whole.notation == notation


def test_variants_are_what_each_choice_comes_to_by_itself() -> None:
    of = growing(10, 5, 3, 1, 2, 1, 1, 0, 0)
    variants = saturation(of).variants
    assert len(variants) == 12
    for each in variants:
        alone = saturation(of, base=each.base, run=each.run, threshold=each.threshold)
        assert each.notation == alone.whole.notation


def test_it_is_said_why_nothing_can_be_said() -> None:
    assert saturation(growing(3, 2, 1, 1, 0)).whole.outcome == "too few"
    assert saturation(growing(3, 2, 1, 1, 2, 2, 2)).whole.outcome == "not reached"
    late = saturation(interviews([0], [0], [0], [0], [1], [1], themes=2))
    assert [curve.outcome for curve in late.themes] == ["reached", "empty base"]


def test_each_step_names_its_new_codes() -> None:
    steps = saturation(interviews([0, 1], [1], [1, 2])).whole.steps
    assert [(step.name, step.codes, step.new, step.total) for step in steps] == [
        ("I1", 2, ("Theme 0 \\ C0", "Theme 0 \\ C1"), 2),
        ("I2", 1, (), 2),
        ("I3", 2, ("Theme 0 \\ C2",), 3),
    ]


def test_themes_together_have_the_codes_of_the_whole() -> None:
    found = saturation(interviews([0, 1], [1, 3], [2], [4], [5, 0], themes=2))
    assert [curve.theme for curve in found.themes] == ["Theme 0", "Theme 1"]
    for place, step in enumerate(found.whole.steps):
        assert step.total == sum(curve.steps[place].total for curve in found.themes)
        assert set(step.new) == {path for curve in found.themes for path in curve.steps[place].new}


def test_themes_of_one_name_stay_apart() -> None:
    a, b = code("A"), code("B")
    codes = [replace(code("Same", a), guid=guid("one")), replace(code("Same", b), guid=guid("two"))]
    found = saturation(study(text("T", "Words.", coded(0, 5, a, b)), codes=codes))
    assert [(curve.theme, curve.steps[0].total) for curve in found.themes] == [("Same", 1), ("Same", 1)]


def test_an_interview_without_codings_is_left_out_and_does_not_pass_for_one_without_news() -> None:
    found = saturation(interviews([0], [1], [], [2]))
    assert [step.name for step in found.whole.steps] == ["I1", "I2", "I4"]
    assert found.left_out == ("I3",)
    assert [(each.code, each.where) for each in found.findings] == [("SATURATION-UNCODED", "I3")]


@given(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=5))
def test_in_any_order_is_the_mean_over_all_orders(rows: list[set[int]]) -> None:
    expected = [step.expected for step in saturation(interviews(*map(sorted, rows))).whole.steps]
    orders = list(permutations(rows))
    for place in range(len(rows)):
        mean = sum(len(set().union(*order[: place + 1])) for order in orders) / len(orders)
        assert expected[place] == pytest.approx(mean, abs=1e-4)


@given(st.lists(st.sets(st.integers(0, 9), min_size=1), min_size=1, max_size=12), st.integers(1, 4), st.integers(1, 3))
def test_totals_never_fall_and_saturation_is_the_first_run_that_is_within(
    rows: list[set[int]], base: int, run: int
) -> None:
    curve = saturation(interviews(*map(sorted, rows)), base=base, run=run, threshold=0.2).whole
    totals = [step.total for step in curve.steps]
    assert totals == sorted(totals)
    assert totals[-1] == len(set().union(*rows))
    assert curve.steps[-1].expected == totals[-1]
    for each in curve.runs:
        assert each.new == totals[each.last - 1] - totals[each.first - 2]
        assert each.saturated == (each.new / totals[base - 1] <= 0.2)
    first = next((each.first - 1 for each in curve.runs if each.saturated), None)
    assert curve.reached == first


# --- order -----------------------------------------------------------------------------------------------------------


MET = variable("Met", "Date")


def dated(*, by_variable: bool) -> Study:
    days = {"P10": "2024-03-01", "P2": "2024-01-01", "P1": None, "P3": "2024-02-01T09:00:00+02:00"}
    codes = {name: code(f"code {name}") for name in days}
    sources = [
        text(name, "Words.", coded(0, 5, codes[name], name=name), creation_date_time=None if by_variable else day)
        for name, day in days.items()
    ]
    cases = [
        case(
            source.name,
            source,
            *([value(MET, date_value=day[:10])] if by_variable and (day := days[source.name or ""]) else []),
        )
        for source in sources
    ]
    return study(*sources, codes=list(codes.values()), cases=cases, variables=[MET])


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("file", ["P10", "P2", "P1", "P3"]),
        ("name", ["P1", "P2", "P3", "P10"]),
        ("date", ["P2", "P3", "P10", "P1"]),
        ("Met", ["P2", "P3", "P10", "P1"]),
    ],
)
def test_interviews_come_in_the_order_that_was_asked_for(order: str, names: list[str]) -> None:
    found = saturation(dated(by_variable=order == "Met"), order=order)
    assert [step.name for step in found.whole.steps] == names
    undated = [each.where for each in found.findings if each.code == "SATURATION-UNDATED"]
    assert undated == (["P1"] if order in ("date", "Met") else [])


def test_sources_count_where_there_are_no_cases() -> None:
    assert saturation(interviews([0], [1])).by == "source"
    assert saturation(dated(by_variable=False)).by == "case"


# --- choices ---------------------------------------------------------------------------------------------------------


def test_only_the_codes_and_coders_that_were_asked_for_count() -> None:
    a, b = code("A"), code("B")
    of = study(text("T", "Words.", coded(0, 5, a), coded(0, 5, b, by=MIREILLE, name="hers")), codes=[code("Top", a), b])
    assert saturation(of).whole.steps[0].codes == 2
    assert saturation(of, codes=["Top"]).whole.steps[0].new == ("Top \\ A",)
    assert saturation(of, coders=["MP"]).whole.steps[0].new == ("B",)
    assert saturation(of, level=1).whole.steps[0].new == ("Top", "B")


def test_what_two_coders_coded_alike_is_one_code() -> None:
    a = code("A")
    of = study(text("T", "Words.", coded(0, 5, a), coded(0, 4, a, by=MIREILLE, name="hers")), codes=[a])
    assert saturation(of).whole.steps[0].total == 1


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"base": 0}, "at least one"),
        ({"run": 0}, "at least one"),
        ({"threshold": 5}, "from 0 to 1"),
        ({"level": 0}, "from 1"),
        ({"by": "moon"}, "by case or by source"),
        ({"by": "case"}, "no cases"),
        ({"order": "shoe size"}, "Order them by file, name, date"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(choices: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        saturation(interviews([0], [1]), **choices)


def test_a_coder_or_code_that_is_not_there_is_named() -> None:
    with pytest.raises(NotInStudy, match="Nobody"):
        saturation(interviews([0]), coders=["Nobody"])
    with pytest.raises(NotInStudy, match="Nowhere"):
        saturation(interviews([0]), codes=["Nowhere"])


def test_nothing_coded_is_nothing_to_count() -> None:
    with pytest.raises(BadRequest, match="nothing to count"):
        saturation(interviews([], []))


# --- words and pictures ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Saturation:
    with qda.read(DEMO) as study_there:
        return saturation(study_there)


def test_the_demo_study_is_saturated_after_eight(demo: Saturation) -> None:
    assert [len(step.new) for step in demo.whole.steps] == [13, 4, 1, 1, 3, 2, 0, 1, 0, 0]
    assert demo.whole.notation == "8+2"
    assert demo.sentence() == (
        "Of 10 cases the first 4 have 19 codes; the 2 after the first 8 add 0 (0.0 %), at most 5 %: saturation at 8+2."
    )
    assert demo.sentence(demo.themes[0]).startswith("Access: of 10 cases the first 4 have 6 codes; ")


@pytest.mark.parametrize("ending", [".svg", ".pdf", ".png"])
def test_a_picture_is_drawn_and_the_same_study_draws_the_same(demo: Saturation, tmp_path: Path, ending: str) -> None:
    pytest.importorskip("matplotlib")
    begins = {".svg": b"<?xml", ".pdf": b"%PDF", ".png": b"\x89PNG"}[ending]
    first, second = tmp_path / f"1{ending}", tmp_path / f"2{ending}"
    write_plot(demo, first)
    write_plot(demo, second)
    assert first.read_bytes().startswith(begins)
    assert first.read_bytes() == second.read_bytes()


def test_a_picture_takes_names_as_they_are(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    sly = study(text("$x^{2$ <b> é", "Words.", coded(0, 5, code("A"))), codes=[code("A")])
    assert write_plot(saturation(sly), tmp_path / "sly.svg") == []
    assert (tmp_path / "sly.svg").stat().st_size > 1_000


def test_letters_that_no_font_has_are_told(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    told = write_plot(
        saturation(study(text("\ue123", "Words.", coded(0, 5, code("A"))), codes=[code("A")])), tmp_path / "a.svg"
    )
    assert [each.code for each in told] == ["SATURATION-LETTERS"]


def test_many_interviews_fit_into_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    chance = random.Random(7)
    rows = [sorted({chance.randrange(60) for _ in range(8)}) for _ in range(120)]
    write_plot(saturation(interviews(*rows)), tmp_path / "many.png", theme="Theme 0")
    assert (tmp_path / "many.png").exists()


def test_an_old_picture_stays_unless_it_may_be_replaced(demo: Saturation, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "old.svg").write_text("old")
    with pytest.raises(qda.TargetExists):
        write_plot(demo, tmp_path / "old.svg")
    assert (tmp_path / "old.svg").read_text() == "old"


def test_other_endings_and_themes_that_are_not_there_are_refused(demo: Saturation, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"\.svg, \.pdf, \.png"):
        write_plot(demo, tmp_path / "curve.bmp")
    with pytest.raises(BadRequest, match="Access, Rehabilitation"):
        write_plot(demo, tmp_path / "curve.svg", theme="Nothing")


def test_without_matplotlib_it_is_said_what_to_install(
    demo: Saturation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(BadRequest, match=r"pip install 'qdabridge\[plot\]'"):
        write_plot(demo, tmp_path / "curve.svg")
    assert not list(tmp_path.iterdir())
