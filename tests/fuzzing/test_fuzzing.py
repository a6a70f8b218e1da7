"""What fuzzing found stays mended, and the oracle notices when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

import qdabridge as qda
from fixtures.dialects.make import SPECIMENS
from fuzz.corpus import SEEDS, write_corpus
from fuzz.mutating import mutated
from fuzz.oracle import Fault, judge, suffix_of
from fuzz.team import tables, workbooks

LARGEST = 400_000
TABLES = {**workbooks(), **tables()}


@pytest.mark.parametrize("path", sorted(SEEDS.iterdir()), ids=lambda path: path.name)
def test_what_was_found_is_mended(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    assert suffix_of(data) == path.suffix
    assert judge(data, tmp_path) in ("read", "refused")


@pytest.mark.parametrize("name", ["nvivo-windows.qdc", "prefixed.qde", "taguette.qdc", "qc.qdpx"])
def test_specimens_pass(name: str, tmp_path: Path) -> None:
    assert judge(SPECIMENS[name](), tmp_path) == "read"


@pytest.mark.parametrize("seed", range(30))
def test_changed_files_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    names = ["nvivo-windows.qdc", "prefixed.qde", "qc.qdpx", "atlasti-mac.qdpx", "taguette.qdc"]
    assert judge(mutated(SPECIMENS[names[seed % 5]](), seed, LARGEST), tmp_path) in ("read", "refused")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_tables_pass(name: str, tmp_path: Path) -> None:
    assert judge(TABLES[name], tmp_path) == "read"


@pytest.mark.parametrize("seed", range(24))
def test_changed_tables_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    name = sorted(TABLES)[seed % len(TABLES)]
    assert judge(mutated(TABLES[name], seed, LARGEST), tmp_path) in ("read", "refused")


def test_the_same_seed_makes_the_same_change() -> None:
    data = SPECIMENS["qc.qdpx"]()
    changed = [mutated(data, seed, LARGEST) for seed in range(20)]
    assert changed == [mutated(data, seed, LARGEST) for seed in range(20)]
    assert len({*changed, data}) > 15


def test_what_fuzzing_begins_with_can_be_made(tmp_path: Path) -> None:
    assert write_corpus(tmp_path) > 50
    assert {path.suffix for path in tmp_path.iterdir()} >= {".qdpx", ".qde", ".qdc", ".json", ".xlsx", ".csv"}


# --- the oracle itself -----------------------------------------------------------------------------------------------


def test_an_error_that_is_not_ours_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("oh")

    monkeypatch.setattr(qda, "framework_matrix", fail, raising=False)
    with pytest.raises(KeyError):
        judge(SPECIMENS["qc.qdpx"](), tmp_path)


def test_a_loss_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = qda.write

    def write_without_users(study: qda.Study, path: Path, *words: str) -> list[qda.Finding]:
        less = qda.Study(replace(study.project, users=None), study.files, form=study.form)
        return write(less, path, *words)

    monkeypatch.setattr(qda, "write", write_without_users)
    with pytest.raises(Fault, match=r"not what was written: \.users"):
        judge(SPECIMENS["qc.qdpx"](), tmp_path)


def test_a_line_that_steers_the_terminal_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qdabridge.cli import listing

    monkeypatch.setattr(listing, "shown", lambda text: f"\x1b{text}")
    with pytest.raises(Fault, match="steer"):
        judge((SEEDS / "pointer-to-a-blank.qdpx").read_bytes(), tmp_path)


def test_a_study_that_repair_changes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repair = qda.repair

    def renaming(study: qda.Study) -> object:
        repaired = repair(study)
        study.project.name = "Another"
        return repaired

    monkeypatch.setattr(qda, "repair", renaming, raising=False)
    with pytest.raises(Fault, match="repair changed"):
        judge(SPECIMENS["qc.qdpx"](), tmp_path)


def test_a_copy_that_merging_takes_in_twice_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qdabridge.coders.merging import Row

    merge = qda.merge

    def doubling(*studies: qda.Study) -> object:
        return replace(merge(*studies), rows=(Row("codes", (1, 1), (1, 1), 2),))

    monkeypatch.setattr(qda, "merge", doubling, raising=False)
    with pytest.raises(Fault, match="merged again"):
        judge(SPECIMENS["qc.qdpx"](), tmp_path)


def test_what_a_workbook_changes_twice_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fuzz import oracle_tables
    from qdabridge.coders.reconciling import reconcile

    def adding(*words: object, **more: object) -> object:
        found = reconcile(*words, **more)  # type: ignore[arg-type]
        found.added = 1
        return found

    monkeypatch.setattr(oracle_tables, "reconcile", adding)
    with pytest.raises(Fault, match="reconciling again"):
        judge(TABLES["team-decided.xlsx"], tmp_path)
