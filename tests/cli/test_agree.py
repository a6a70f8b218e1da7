"""`qdabridge agree`: a table for people, JSON for programs, a sentence where it cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qdabridge.shipped import shipped


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("agree") / "demo.qdpx"
    path.write_bytes(shipped("demo.qdpx").read_bytes())
    return path


def test_the_table_says_who_what_and_how_far(run: Any, demo: Path) -> None:
    ended = run("agree", demo)
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[0] == "A: NS (Nerys Stanway), B: MP (Mireille Pagès)"
    assert lines[1] == "25 codes in 12 sources, 49,159 characters"
    kappa = next(line.split() for line in lines if line.startswith("kappa "))
    assert kappa == ["kappa", "0.729", "0.662–0.770", "0.743", "0.605", "0.621", "134", "of", "300"]
    assert any(line.startswith("kappa as NVivo") and "166 as 1" in line for line in lines)
    assert "Not made of characters: 8 codings. --unit seconds or area counts them." in lines
    assert max(map(len, lines)) <= 100


def test_json_has_every_figure_and_the_list(run: Any, demo: Path) -> None:
    told = json.loads(run("agree", demo, "--json", "--draws", 0).out)
    assert {
        "files",
        "unit",
        "coders",
        "tables",
        "unitizing",
        "segments",
        "leftOut",
        "disagreements",
        "findings",
    } <= set(told)
    assert told["tables"]["whole"]["pooled"]["kappa"] == pytest.approx(0.729, abs=5e-4)
    assert len(told["tables"]["rows"]) == 134
    assert {"id", "text", "did", "place"} <= set(told["disagreements"][0])


@pytest.mark.parametrize("by", ["codes", "sources", "rows"])
@pytest.mark.parametrize("unit", ["characters", "cells", "seconds", "area"])
def test_every_table_in_every_kind_of_unit(run: Any, demo: Path, unit: str, by: str) -> None:
    ended = run("agree", demo, "--by", by, "--unit", unit, "--draws", 20)
    assert (ended.status, ended.err) == (0, "")
    assert "kappa" in ended.out


def test_two_copies_are_two_coders(run: Any, demo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.qdpx"
    other.write_bytes(demo.read_bytes())
    ended = run("agree", demo, other, "--draws", 0)
    assert ended.status == 0
    assert ended.out.startswith("A: demo (Nerys Stanway, Mireille Pagès), B: other (")
    assert "A copy holds the coding of several people" in ended.out
    named = ("-c", "NS", "-c", "MP", "--draws", 0)
    assert run("agree", demo, other, *named).out == run("agree", demo, *named).out


def test_what_cannot_be_is_one_sentence(run: Any, demo: Path, study: Path) -> None:
    unknown = run("agree", demo, "-c", "NS", "-c", "XY")
    assert unknown.status == 2
    assert unknown.sentence == "The study has no coder “XY”. It has Nerys Stanway, Mireille Pagès."
    single = run("agree", study)
    assert single.status == 2
    assert single.sentence.startswith("Two coders are needed, and in this study nothing says who coded.")
    strangers = run("agree", demo, study)
    assert strangers.status == 2
    assert strangers.sentence.startswith("The studies have no source in common.")
    assert run("agree", demo, "-c", "NS").sentence.startswith("Agreement is between two coders or more.")
