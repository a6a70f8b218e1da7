"""`--positions` says how a file counts positions in text, and `info` says how that was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def test_info_tells_how_the_counting_was_found(run: Any, nvivo_sample: Path) -> None:
    told = " ".join(run("info", nvivo_sample).out.split())
    assert "counted in UTF-16 units: 97 of 97 selections that tell the ways of counting apart fit" in told
    decided = json.loads(run("info", nvivo_sample, "--json").out)["positionsDecided"]
    assert (decided["by"], decided["counting"], decided["fitting"]) == ("selections", "utf16", 97)
    assert decided["nextFitting"] < 90


def test_info_takes_a_persons_word(run: Any, nvivo_sample: Path) -> None:
    ended = run("info", nvivo_sample, "--positions", "codepoints,crlf=1", "--json")
    told = json.loads(ended.out)
    assert told["positions"] == "Unicode code points, CR LF counted as one"
    assert told["positionsDecided"]["by"] == "request"


@pytest.mark.parametrize(
    "command",
    [("info",), ("check",), ("convert", "--quotes"), ("matrix",)],
    ids=["info", "check", "convert", "matrix"],
)
def test_every_command_that_reads_takes_the_option(
    run: Any, nvivo_sample: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    target = {"convert": [tmp_path / "out.json"], "matrix": [tmp_path / "out.xlsx"]}.get(command[0], [])
    ended = run(*command, nvivo_sample, *target, "--positions", "utf16")
    assert ended.status in (0, 1), ended.err
    refused = run(*command, nvivo_sample, *target, "--force" if target else "--json", "--positions", "utf8")
    assert refused.status == 2
    assert "codepoints, utf16, crlf=1" in refused.err


def test_another_counting_gives_other_quotes(run: Any, nvivo_sample: Path, tmp_path: Path) -> None:
    quotes = {}
    for words in ("utf16", "codepoints"):
        target = tmp_path / f"{words}.json"
        assert run("convert", nvivo_sample, target, "--quotes", "--positions", words).status == 0
        quotes[words] = target.read_text(encoding="utf-8")
    assert quotes["utf16"] != quotes["codepoints"]
