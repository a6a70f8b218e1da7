"""`qdabridge archive`, as somebody uses it the week before the deposit is due."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

import qdabridge as qda


@pytest.fixture
def deposit(run: Any, study: Path, tmp_path: Path) -> Path:
    target = tmp_path / "deposit"
    assert run("archive", study, target).status == 0
    return target


def test_it_says_what_it_wrote_what_it_took_out_and_what_nobody_answered(run: Any, study: Path, tmp_path: Path) -> None:
    ended = run("archive", study, tmp_path / "deposit")
    assert ended.status == 0
    assert "The names of coders were replaced by letters." in ended.out
    assert "who paid for it" in ended.out
    assert ended.out.splitlines()[-1].startswith(f"Wrote {tmp_path / 'deposit'}")
    assert (tmp_path / "deposit" / "data" / "README.md").is_file()


def test_names_of_coders_stay_where_that_is_asked_for(run: Any, study: Path, tmp_path: Path) -> None:
    run("archive", study, tmp_path / "deposit", "--keep-private")
    with qda.read(tmp_path / "deposit") as back, qda.read(study) as first:
        assert back.project == first.project


def test_the_form_is_written_filled_in_and_taken_as_answers(run: Any, study: Path, tmp_path: Path) -> None:
    form = tmp_path / "study.toml"
    assert run("archive", study, "--init", form).status == 0
    asked = tomllib.loads(form.read_text(encoding="utf-8"))
    assert asked["title"] == "Waiting for care"
    assert asked["people"][0]["name"] == "Ana"
    form.write_text(form.read_text(encoding="utf-8").replace('licence = ""', 'licence = "CC BY 4.0"'), encoding="utf-8")
    ended = run("archive", study, tmp_path / "deposit", "--about", form, "--json")
    told = json.loads(ended.out)
    assert told["files"] > 10
    assert "the licence" not in told["unanswered"]
    datacite = json.loads((tmp_path / "deposit/data/metadata/datacite.json").read_text(encoding="utf-8"))
    assert datacite["rightsList"][0]["rights"] == "CC BY 4.0"


def test_a_deposit_that_is_as_it_was_verifies(run: Any, deposit: Path) -> None:
    ended = run("archive", "--verify", deposit)
    assert (ended.status, ended.err) == (0, "")
    assert "as it was" in ended.out


def test_one_wrong_checksum_is_named_and_the_status_is_1(run: Any, deposit: Path) -> None:
    (deposit / "data" / "codings.csv").write_bytes(b"changed")
    ended = run("archive", "--verify", deposit)
    assert ended.status == 1
    assert "data/codings.csv" in ended.out
    told = json.loads(run("archive", "--verify", deposit, "--json").out)
    assert told["findings"][0]["code"] == "DEPOSIT-CHANGED"


@pytest.mark.parametrize("name", ["deposit", "deposit.zip"])
def test_every_command_reads_a_deposit(run: Any, study: Path, tmp_path: Path, name: str) -> None:
    run("archive", study, tmp_path / name)
    assert run("convert", tmp_path / name, tmp_path / "back.qdpx").status == 0
    assert "Waiting for care" in run("info", tmp_path / name).out
    with qda.read(tmp_path / "back.qdpx") as back, qda.read(tmp_path / name) as kept:
        assert back.project.sources == kept.project.sources


def test_a_folder_with_something_in_it_is_one_sentence_and_stays(run: Any, study: Path, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("years", encoding="utf-8")
    for words in ((), ("--force",)):
        ended = run("archive", study, full, *words)
        assert ended.status == 4
        assert "is not empty" in ended.sentence
    assert (full / "thesis.txt").read_text(encoding="utf-8") == "years"


def test_a_key_instead_of_a_log_is_one_sentence(run: Any, study: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.csv"
    key.write_text("find,replace\nMargaret,Rose\n", encoding="utf-8")
    ended = run("archive", study, tmp_path / "deposit", "--log", key)
    assert ended.status == 2
    assert "key" in ended.sentence
    assert "Margaret" not in ended.err
    assert not (tmp_path / "deposit").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("study",),
        (),
        ("study", "deposit", "--init", "form"),
        ("--verify", "deposit", "study"),
        ("--verify", "deposit", "--init", "form"),
    ],
)
def test_words_that_do_not_fit_end_with_2(run: Any, words: tuple[str, ...], tmp_path: Path) -> None:
    assert run("archive", *(tmp_path / each if not each.startswith("-") else each for each in words)).status == 2


def test_the_form_never_overwrites_the_study(run: Any, study: Path) -> None:
    before = study.read_bytes()
    assert run("archive", study, "--init", study, "--force").status == 2
    assert study.read_bytes() == before


def test_a_deposit_never_takes_the_place_of_its_study(run: Any, study: Path, tmp_path: Path) -> None:
    packed = tmp_path / "kept.zip"
    assert run("archive", study, packed, "--keep-private").status == 0
    before = packed.read_bytes()
    assert run("archive", packed, packed, "--force").status == 2
    assert packed.read_bytes() == before


def test_a_name_that_leads_to_itself_is_one_sentence(run: Any, study: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert run("archive", study, "--init", loop).status in (3, 4)
    assert run("pseudonymise", study, "--scan", loop).status in (2, 3, 4)


def test_a_folder_of_a_deposit_that_may_not_be_entered_is_named(
    run: Any, deposit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = os.walk

    def closed(top: Any, **options: Any) -> Any:
        options["onerror"](PermissionError(13, "Permission denied", str(Path(top) / "sources")))
        return walk(top, **options)

    monkeypatch.setattr(os, "walk", closed)
    ended = run("archive", "--verify", deposit)
    assert ended.status == 1
    assert "may not be entered" in ended.out
    assert "data/sources" in ended.out


def test_what_is_no_deposit_is_one_sentence(run: Any, study: Path, tmp_path: Path) -> None:
    for what in (study, tmp_path / "nothing", tmp_path):
        assert run("archive", "--verify", what).status == 3
