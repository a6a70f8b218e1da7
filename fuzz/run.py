"""Fuzzes qdabridge for some minutes and says what was found.

    python -m fuzz.run --minutes 60 --seed 1 [--folder FOLDER]

It starts ``fuzz.target`` again whenever an input ended it, so that a run is as long as was asked for. What was found is
in the folder: ``faults`` (a rule was broken), ``ended`` (more than 10 s or 1 GB, or the process died).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from fuzz.corpus import write_corpus

SECONDS = 10
"""For all uses of one file together, two dozen, while atheris looks on and takes as much again."""
MEGABYTES = 1024
"""Of the whole process, of which the fuzzer and what it remembers take some 300."""

LARGEST = 400_000


def main() -> int:
    """Run, and return 0 where nothing was found."""
    options = argparse.ArgumentParser(prog="python -m fuzz.run")
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="qdabridge-fuzz-"))
    for name in ("corpus", "faults", "ended"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    print(f"folder {folder}, {write_corpus(folder / 'corpus')} files to begin with", flush=True)
    began = time.monotonic()
    starts = 0
    while (left := asked.minutes * 60 - (time.monotonic() - began)) > 1:
        _fuzz(folder, asked.seed + starts, int(left))
        starts += 1
    return _tell(folder, time.monotonic() - began, asked.seed, starts)


def _fuzz(folder: Path, seed: int, seconds: int) -> None:
    """Fuzz until the time is over or an input ends the process."""
    with (folder / "libfuzzer.log").open("ab") as log:
        subprocess.run(
            [
                sys.executable, "-m", "fuzz.target", str(folder), f"-max_total_time={seconds}", f"-seed={seed}",
                f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={LARGEST}", "-len_control=0",
                f"-artifact_prefix={folder / 'ended'}/", str(folder / "corpus"),
            ],
            stdout=log, stderr=log, check=False, cwd=Path(__file__).parent.parent,
        )  # fmt: skip


def _tell(folder: Path, seconds: float, seed: int, starts: int) -> int:
    tally: Counter[str] = Counter()
    for line in (folder / "tally.txt").read_text(encoding="utf-8").splitlines():
        for word in line.split():
            name, _, number = word.partition("=")
            tally[name] += int(number)
    faults = sorted((folder / "faults").glob("*.txt"))
    ended = sorted((folder / "ended").iterdir())
    told = ", ".join(f"{number:,} {name}" for name, number in sorted(tally.items()))
    print(f"{seconds / 60:.1f} minutes, seed {seed}, {starts} starts: {tally.total():,} files ({told})")
    print(f"kinds of faults: {len(faults)}; ended by time, memory or a crash: {len(ended)}")
    for path in faults:
        print(f"  {path.stem} {path.read_text(encoding='utf-8', errors='replace').splitlines()[0]}")
    for path in ended:
        print(f"  {path.name}")
    return 1 if faults or ended else 0


if __name__ == "__main__":
    raise SystemExit(main())
