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

LARGEST = 400_000


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
