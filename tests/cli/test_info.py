"""`qdabridge info` tells what is in a study."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

KINDS = [
    "users", "codes", "variables", "cases", "sources", "selections", "codings", "notes", "links", "sets", "graphs",
]  # fmt: skip


def test_json_has_every_count_even_where_there_is_nothing(run: Any, study: Path) -> None:
    ended = run("info", study, "--json")
    assert ended.status == 0
    told = json.loads(ended.out)
    assert list(told["counts"]) == KINDS
    assert told["counts"] == {
        **dict.fromkeys(KINDS, 0),
        **{"users": 1, "codes": 2, "cases": 1, "sources": 1, "selections": 1, "codings": 1},
    }
    assert (told["name"], told["origin"], told["format"]) == ("Waiting for care", "a small test", "qdpx")


def test_the_table_tells_what_there_is_and_where_it_is_from(run: Any, study: Path) -> None:
    ended = run("info", study)
    assert ended.status == 0
    words = " ".join(ended.out.split())
    for told in ("Waiting for care", "a small test", "Unicode code points", "codes 2 in 2 levels", "sources 1 1 text"):
        assert told in words
    assert ended.err == ""


def test_no_line_ends_in_blanks_in_a_pipe(run: Any, study: Path) -> None:
    assert [line for line in run("info", study).out.splitlines() if line != line.rstrip()] == []


def test_json_is_plain_ascii_whatever_the_names(run: Any, study: Path, hostile: ModuleType) -> None:
    study.write_bytes(hostile.names_that_steer_a_terminal())
    out = run("info", study, "--json").out
    assert out.isascii()
    assert "\u202e" in json.loads(out)["name"]


def test_a_name_cannot_steer_the_terminal(run: Any, study: Path, hostile: ModuleType) -> None:
    study.write_bytes(hostile.names_that_steer_a_terminal())
    ended = run("info", study)
    assert ended.status == 0
    assert not {"\x9b", "\u202e", "\u2028", "\x1b"} & set(ended.out)
    for told in (
        "\\x9b31mred",
        "\\u202egpj.exe",
        "[bold]loud[/bold]",
        "[link=http://a.example]click[/link]",
        "\\u2028break",
    ):
        assert told in ended.out


def test_a_real_export_is_told_as_it_is(run: Any, nvivo_sample: Path) -> None:
    told = json.loads(run("info", nvivo_sample, "--json").out)
    counts = told["counts"]
    assert {kind: counts[kind] for kind in ("codes", "selections", "codings", "users", "sources")} == {
        "codes": 60,
        "selections": 97,
        "codings": 97,
        "users": 2,
        "sources": 1,
    }
    assert told["positions"] == "UTF-16 units"


def test_json_says_what_kind_of_file_it_is_and_keeps_how_positions_were_read(run: Any, study: Path) -> None:
    target = study.with_suffix(".json")
    run("convert", study, target)
    told = json.loads(run("info", target, "--json").out)
    assert (told["format"], told["positions"]) == ("json", "Unicode code points")


def test_what_is_meant_stands_beside_the_counts(run: Any, nvivo_sample: Path) -> None:
    """NVivo writes a selection for each coding of a passage."""
    assert json.loads(run("info", nvivo_sample, "--json").out)["meant"] == {
        "themes": 60, "cases": 0, "sources": 1, "quotations": 20, "codings": 97, "annotations": 0,
    }  # fmt: skip
    assert "selections 97 20 quotations" in " ".join(run("info", nvivo_sample).out.split())


def test_where_everything_is_as_it_is_written_there_is_no_remark(run: Any, study: Path) -> None:
    words = " ".join(run("info", study).out.split())
    assert "selections 1 codings 1 notes 0" in words
    assert "cases 1 sources 1 1 text selections" in words
