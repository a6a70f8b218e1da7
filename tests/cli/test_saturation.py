"""`saturation` as a person and a program use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).resolve().parents[2] / "fixtures/demo/demo.qdpx"


def test_the_table_ends_with_the_sentence_for_the_paper(run: Any) -> None:
    ended = run("saturation", DEMO)
    assert (ended.status, ended.err) == (0, "")
    assert " 6  Gwen          12    2      24          24.5    26.3 %" in ended.out.splitlines()
    assert "saturation at 8+2." in ended.out
    assert "Rehabilitation          10            8  5+2" in ended.out
    assert "      5 %    2     8+2     6+2     6+2" in ended.out


def test_json_has_every_step_run_and_theme(run: Any) -> None:
    found = json.loads(run("saturation", DEMO, "--by", "source", "--threshold", "0", "--json").out)
    assert (found["by"], found["setting"]) == ("source", {"base": 4, "run": 2, "threshold": 0.0})
    assert found["whole"]["steps"][0]["new"][0] == "Access \\ Travel and place \\ Journeys"
    assert {"first", "last", "new", "share", "saturated"} == set(found["whole"]["runs"][0])
    assert [curve["theme"] for curve in found["themes"]] == ["Access", "Rehabilitation", "Running the service"]


def test_a_picture_is_drawn_beside_the_table(run: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    ended = run("saturation", DEMO, "--plot", tmp_path / "curve.svg", "--plot-theme", "Access")
    assert ended.out.endswith(f"Wrote {tmp_path / 'curve.svg'}\n")
    assert b"<svg" in (tmp_path / "curve.svg").read_bytes()[:1000]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--order", "Whenever"), "Order them by file, name, date, or a variable: Group"),
        (("--plot", "curve.bmp"), ".svg, .pdf, .png"),
        (("--plot-theme", "Access"), "Add --plot FILE."),
        (("--coder", "Zoe"), "The study has no coder “Zoe”."),
    ],
)
def test_what_does_not_fit_is_one_sentence(run: Any, words: tuple[str, ...], said: str) -> None:
    ended = run("saturation", DEMO, *words)
    assert ended.status == 2
    assert said in ended.sentence
