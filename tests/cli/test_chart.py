"""`qdabridge chart` shows what it would do, does it, and leaves decisions to people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import qdabridge as qda
from frameworks import ANA, BEA, TRUST, WAITING, cell, opened, said, saying

SHEET = "Framework (all)"


@pytest.fixture
def charted(tmp_path: Path) -> Path:
    """A study that says something of Ana and of Bea."""
    path = tmp_path / "charted.qdpx"
    qda.write(saying((ANA, WAITING, "Waited long."), (BEA, TRUST, "Trusts them.")), path)
    return path


@pytest.fixture
def book(charted: Path, run: Any, tmp_path: Path) -> Path:
    """The workbook of that study."""
    path = tmp_path / "matrix.xlsx"
    assert run("matrix", charted, path, "--cells", "summary,quotes").status == 0
    return path


def write_in(book: Path, **words: str | None) -> None:
    """Write into the cells of Ana and Bea under “Travel”, or under “Waiting times” where the word ends so."""
    with opened(book) as found:
        for name, text in words.items():
            of, _, under = name.partition("_")
            cell(found[SHEET], of.capitalize(), {"travel": "Travel", "waiting": "Waiting times"}[under]).value = text


def summaries(path: Path) -> dict[tuple[str, str], str]:
    with qda.read(path) as study:
        return said(study)


def test_what_was_written_is_in_the_new_study_with_its_author(run: Any, charted: Path, book: Path) -> None:
    write_in(book, bea_travel="Walks.", ana_waiting="Waited weeks.")
    out = charted.with_name("out.qdpx")
    ended = run("chart", charted, book, out, "--coder", "Ida Novak")
    assert (ended.status, ended.err) == (0, "")
    assert "1 added, 1 changed, 1 the same." in ended.out
    assert summaries(out) == {
        ("Ana", "Waiting times"): "Waited weeks.",
        ("Bea", "Trust"): "Trusts them.",
        ("Bea", "Travel"): "Walks.",
    }
    with qda.read(out) as study:
        assert [note.modifying_user for note in study.project.notes or ()].count(
            next(user.guid for user in study.project.users or () if user.name == "Ida Novak")
        ) == 2
    assert run("check", out).status == 0


def test_the_matrix_of_the_new_study_shows_what_was_written_and_has_nothing_to_chart(
    run: Any, charted: Path, book: Path
) -> None:
    write_in(book, bea_travel="Walks.")
    out = charted.with_name("out.qdpx")
    run("chart", charted, book, out)
    again = charted.with_name("again.xlsx")
    run("matrix", out, again, "--cells", "summary")
    assert cell(load_workbook(again)[SHEET], "Bea", "Travel").value == "Walks."
    assert "nothing to do, 3 the same." in run("chart", out, again, "--dry-run").out


def test_cells_that_are_left_out_for_one_reason_have_one_line(run: Any, charted: Path, book: Path) -> None:
    write_in(book, bea_travel="'Quotes'!A9", bea_waiting="'Quotes'!A12")
    with opened(book) as found:
        found[SHEET]["Z3"], found[SHEET]["Z4"] = "Remarks", "Ask her again."
    ended = run("chart", charted, book, "--dry-run")
    lines = [line for line in ended.out.splitlines() if "Framework (all)" in line]
    assert len(lines) == 2
    assert "column Z" in lines[0] and "Remarks" in lines[0]
    assert "… " in lines[1] and " 2 " in lines[1]
    told = json.loads(run("chart", charted, book, "--dry-run", "--json").out)
    assert len(told["leftOut"]) == 3


def test_a_dry_run_writes_nothing(run: Any, charted: Path, book: Path) -> None:
    write_in(book, bea_travel="Walks.")
    before = sorted(charted.parent.iterdir())
    ended = run("chart", charted, book, charted.with_name("out.qdpx"), "--dry-run", "--update")
    assert ended.status == 0
    assert "Would be done: 1 added" in ended.out
    assert "Walks." in ended.out
    assert sorted(charted.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("side", "status", "words"), [((), 1, "Newer."), (("--ours",), 0, "Newer."), (("--theirs",), 0, "Waited weeks.")]
)
def test_a_conflict_is_shown_side_by_side_and_decided_by_people(
    run: Any, charted: Path, book: Path, side: tuple[str, ...], status: int, words: str
) -> None:
    write_in(book, ana_waiting="Waited weeks.", bea_travel="Walks.")
    newer = charted.with_name("newer.qdpx")
    with qda.read(charted) as study:
        qda.write(saying((ANA, WAITING, "Newer."), into=study), newer)
    out = charted.with_name("out.qdpx")
    ended = run("chart", newer, book, out, *side)
    assert ended.status == status
    assert summaries(out)["Ana", "Waiting times"] == words
    assert summaries(out)["Bea", "Travel"] == "Walks."
    if not side:
        assert "Newer." in ended.out
        assert "Waited weeks." in ended.out
        assert "--ours" in ended.out


def test_with_update_the_team_goes_on_in_the_same_workbook(run: Any, charted: Path, book: Path) -> None:
    study = charted
    for number, words in enumerate(("Walks.", "Walks and cycles.")):
        write_in(book, bea_travel=words)
        out = charted.with_name(f"out{number}.qdpx")
        assert run("chart", study, book, out, "--update").status == 0
        assert summaries(out)["Bea", "Travel"] == words
        study = out


def test_json_tells_everything_in_whole(run: Any, charted: Path, book: Path) -> None:
    long = "Walks. " * 200
    write_in(book, bea_travel=long)
    with opened(book) as found:
        sheet = found[SHEET]
        sheet.cell(3, sheet.max_column + 1).value = "Remarks"
        sheet.cell(4, sheet.max_column).value = "look again"
    told = json.loads(run("chart", charted, book, "--dry-run", "--json").out)
    assert told["written"] is None
    assert told["counts"] == {
        "added": 1, "changed": 0, "removed": 0, "conflicts": 0, "kept": 0, "newer": 0, "same": 2, "leftOut": 1,
    }  # fmt: skip
    (summary,) = told["summaries"]
    assert (summary["outcome"], summary["case"], summary["code"]) == ("added", "Bea", "Access \\ Travel")
    assert summary["matrix"] == [long.strip()]
    assert [(each["kind"], each["name"]) for each in told["leftOut"]] == [("column", "Remarks")]


def test_a_study_to_write_must_be_named(run: Any, charted: Path, book: Path) -> None:
    ended = run("chart", charted, book)
    assert (ended.status, ended.out) == (2, "")
    assert "--dry-run" in ended.err


def test_update_needs_a_workbook_of_ours(run: Any, charted: Path, tmp_path: Path) -> None:
    from openpyxl import Workbook

    strange = Workbook()
    strange.active.append(["", "Trust"])
    strange.active.append(["Ana", "Trusts nobody."])
    strange.save(tmp_path / "strange.xlsx")
    out = tmp_path / "out.qdpx"
    assert run("chart", charted, tmp_path / "strange.xlsx", out, "--update").status == 2
    assert not out.exists()
    assert run("chart", charted, tmp_path / "strange.xlsx", out).status == 0


def test_a_workbook_that_cannot_be_read_is_said_in_one_sentence(run: Any, charted: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"Case;Trust\n")
    ended = run("chart", charted, bad, tmp_path / "out.qdpx")
    assert ended.status == 3
    assert "no Excel workbook" in ended.sentence
    assert not (tmp_path / "out.qdpx").exists()


def test_summaries_are_notes_in_a_file_for_nvivo(run: Any, charted: Path, book: Path) -> None:
    write_in(book, bea_travel="Walks.")
    out = charted.with_name("nvivo.qdpx")
    assert run("chart", charted, book, out, "--for", "nvivo").status == 0
    with qda.read(out) as study:
        notes = {note.name: study.text_of(note) for note in study.project.notes or ()}
    assert notes["Summary: Bea – Access / Travel"] == "Walks."
