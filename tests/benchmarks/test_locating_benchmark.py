"""The benchmark of locating runs, and counts what it says it counts."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks.locating import WAYS, Figures, table
from benchmarks.talk import Talk
from conftest import ROOT


def test_every_way_is_measured_and_what_is_promised_is_kept() -> None:
    asked = ["--quotes", "60", "--texts", "3", "--length", "4000", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.locating", *asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    figures = [Figures(**each) for each in json.loads(done.stdout)]
    assert [each.way for each in figures] == list(WAYS)
    assert {each.way: each.right for each in figures}["same"] == 60
    assert {each.way: each.right for each in figures}["nowhere"] == 0
    assert all(each.kept for each in figures)
    assert len(table(figures).splitlines()) == len(WAYS) + 1


@pytest.mark.parametrize(
    "broken",
    [{"right": 98}, {"wrong": 1}, {"seconds": 61.0}, {"megabytes": 1_001.0}],
    ids=lambda each: next(iter(each)),
)
def test_a_promise_that_is_broken_is_said(broken: dict[str, float]) -> None:
    good = {"way": "signs", "quotes": 100, "right": 99, "wrong": 0, "several": 0, "seconds": 60.0, "megabytes": 1_000.0}
    assert Figures(**good).kept  # type: ignore[arg-type]
    assert not Figures(**(good | broken)).kept  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_texts_and_quotes() -> None:
    one, other = Talk(3), Talk(3)
    text = one.text(2_000)
    assert text == other.text(2_000)
    assert one.passage(text) == other.passage(text)
    assert one.changed(text) == other.changed(text)
