"""Whatever a stranger sends: the documented exit status, one sentence, 2 seconds, 300 MB, nothing touched beside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import ROOT
from fixtures.hostile.make import SECRET
from fixtures.hostile.strangers import strangers, write_all
from qdabridge.cli.streams import shown

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="memory is measured as POSIX systems count it")

SECONDS = 2
MEGABYTES = 300
FILES = strangers()


@dataclass(frozen=True)
class Use:
    """How one command ended."""

    file: str
    words: list[str]
    status: int
    out: str
    err: str
    seconds: float
    megabytes: float


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own around the hostile files, with a secret in it."""
    around = tmp_path_factory.mktemp("around")
    write_all(around / "strangers")
    (around / "secret.txt").write_text(SECRET)
    (around / "out").mkdir()
    return around


@pytest.fixture(scope="session")
def uses(folder: Path) -> dict[str, list[Use]]:
    """Every command on every file, by the file."""
    found: dict[str, list[Use]] = {name: [] for name in FILES}
    for use in used(folder / "strangers", folder / "out"):
        found[use.file].append(use)
    return found


def used(strangers: Path, out: Path) -> list[Use]:
    """Every command on every file in a folder."""
    using, demo = Path(__file__).with_name("using.py"), ROOT / "fixtures" / "demo" / "demo.qdpx"
    ended = subprocess.run(
        [sys.executable, *map(str, (using, strangers, out, demo))], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [Use(**json.loads(line)) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize("name", FILES)
def test_every_use_of_it_ends_as_documented_with_one_sentence(uses: dict[str, list[Use]], name: str) -> None:
    stranger = FILES[name]
    assert len(uses[name]) == 5
    for use in uses[name]:
        assert "fault in qdabridge" not in use.err, use
        if use.words[0] == "convert" and use.status in (3, 4):
            # What is never unpacked while reading shows its damage when it is passed on.
            assert use.err.startswith("qdabridge: "), use
        else:
            assert use.status in stranger.ends or use.words[0] == "matrix", use
        assert len(use.err.splitlines()) == (1 if use.status > 1 else 0), use
        assert len(use.err) < 1_000, use.err[:1_000]
        assert shown(use.err.rstrip("\n")) == use.err.rstrip("\n")
    if stranger.said:
        assert stranger.said in "".join(use.err + use.out for use in uses[name])


@pytest.mark.parametrize("name", FILES)
def test_no_use_of_it_takes_more_than_two_seconds(
    uses: dict[str, list[Use]], name: str, folder: Path, tmp_path: Path
) -> None:
    seconds = [use.seconds for use in uses[name]]
    if max(seconds) >= SECONDS:
        # Whatever else the machine does makes computing slower, too: what is slow once is measured once more.
        for inside in ("strangers", "out"):
            (tmp_path / inside).mkdir()
        shutil.copyfile(folder / "strangers" / name, tmp_path / "strangers" / name)
        again = used(tmp_path / "strangers", tmp_path / "out")
        seconds = [min(each, use.seconds) for each, use in zip(seconds, again, strict=True)]
    assert max(seconds) < SECONDS, [use.words for use in uses[name]][seconds.index(max(seconds))]


def test_all_of_them_together_never_take_more_than_300_mb(uses: dict[str, list[Use]]) -> None:
    peak = 0.0
    for use in (use for found in uses.values() for use in found):
        assert use.megabytes < MEGABYTES, f"{use.words} when {peak} MB had been needed before"
        peak = max(peak, use.megabytes)


@pytest.mark.parametrize("name", FILES)
def test_nothing_it_holds_steers_the_terminal(uses: dict[str, list[Use]], name: str) -> None:
    for use in uses[name]:
        for line in (use.out + use.err).split("\n"):
            assert shown(line) == line, use.words


def test_nothing_beside_them_is_read_or_written(uses: dict[str, list[Use]], folder: Path) -> None:
    for use in (use for found in uses.values() for use in found):
        assert SECRET not in use.out + use.err, use
    assert sorted(path.name for path in folder.iterdir()) == ["out", "secret.txt", "strangers"]
    assert sorted(path.name for path in (folder / "strangers").iterdir()) == sorted(FILES)
    assert list((folder / "out").iterdir()) == []
    assert not Path("/tmp/climbed.txt").exists()
