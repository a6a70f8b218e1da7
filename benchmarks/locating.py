"""Locate quotes of which it is known where they stand, and say how many were found there, how long it took, how much
memory it needed.

    python -m benchmarks.locating                                # 10,000 quotes in 500 transcripts of 60 kB
    python -m benchmarks.locating --quotes 500 --texts 20        # in a second or two

Every way in which quotes come is measured in a process of its own. Transcripts are files in a folder and are read when
they are looked through, as `qdabridge convert --sources` does it. It ends with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.talk import Talk

QUOTES, TEXTS, LENGTH = 10_000, 500, 60_000
SECONDS, MEGABYTES, FOUND = 60.0, 1_000.0, 0.99
WAYS = {
    "same": "as they stand",
    "signs": "with other white space, quote marks, dashes, ellipses",
    "anywhere": "the same, and from which transcript is not said",
    "words": "with one word in twenty another",
    "gaps": "with the middle left out",
    "nowhere": "of another transcript",
}
_HELD_TO = ("same", "signs", "anywhere")
_SHARING = ("words", "gaps")


@dataclass(frozen=True)
class Figures:
    """What came of one way.

    Attributes:
        right: quotes found exactly where they stand; with words changed or left out, at a place that they share.
        wrong: quotes found at another place.
        several: quotes that came with several candidates.
        seconds: of locating alone, inside the process.
        megabytes: the most memory that the process ever held.
    """

    way: str
    quotes: int
    right: int
    wrong: int
    several: int
    seconds: float
    megabytes: float

    @property
    def kept(self) -> bool:
        """Whether what is promised of this way holds."""
        enough = self.right >= FOUND * self.quotes if self.way in _HELD_TO else True
        return enough and not self.wrong and self.seconds <= SECONDS and self.megabytes <= MEGABYTES


class Folder(Mapping[str, str]):
    """The texts of a folder, each read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._paths = {each.stem: each for each in sorted(path.glob("*.txt"))}

    def __getitem__(self, name: str) -> str:
        return self._paths[name].read_bytes().decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def write_texts(folder: Path, texts: int, length: int) -> None:
    """Write transcripts."""
    talk = Talk(7)
    for number in range(texts):
        (folder / f"Interview {number}.txt").write_bytes(talk.text(length).encode())


def measure(way: str, folder: Path, quotes: int) -> Figures:
    """Locate quotes that come in one way, in this process."""
    from qdabridge.study.locating import Wanted, locate_all

    texts, talk = Folder(folder), Talk(11)
    ways: dict[str, Callable[[str], str]] = {
        "same": str,
        "words": talk.with_other_words,
        "gaps": talk.with_words_left_out,
    }
    changed = ways.get(way, talk.changed)
    names = list(texts)
    truth: list[tuple[str, int, int]] = []
    wanted: list[Wanted] = []
    for number in range(quotes):
        name = names[number * len(names) // quotes]
        if not truth or truth[-1][0] != name:
            text = texts[name]
        start, end = talk.passage(text)
        truth.append((name, start, end))
        at = {"anywhere": None, "nowhere": names[(names.index(name) + 1) % len(names)]}.get(way, name)
        wanted.append(Wanted(changed(text[start:end]), at))
    began = time.perf_counter()
    located = locate_all(wanted, texts)
    seconds = time.perf_counter() - began
    right = wrong = several = 0
    for (name, start, end), found in zip(truth, located, strict=True):
        several += bool(found.candidates)
        if found.place is None:
            continue
        place = found.place
        exact = (place.text, place.start, place.end) == (name, start, end)
        shares = place.text == name and place.start < end and place.end > start
        is_right = shares if way in _SHARING else exact
        right += is_right
        wrong += not is_right
    return Figures(way, quotes, right, wrong, several, seconds, _megabytes())


def _megabytes() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_048_576 if sys.platform == "darwin" else 1_024)


def table(figures: list[Figures]) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'quotes':>8} {'right':>8} {'wrong':>6} {'several':>8} {'seconds':>8} {'MB':>6}        how they come"]
    lines += [
        f"{each.quotes:8,} {each.right:8,} {each.wrong:6} {each.several:8} {each.seconds:8.1f} "
        f"{each.megabytes:6.0f}  {'ok' if each.kept else 'over':<4}  {WAYS[each.way]}"
        for each in figures
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure every way and print the table."""
    parser = argparse.ArgumentParser(description="Locate quotes in transcripts.")
    parser.add_argument("--quotes", type=int, default=QUOTES)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--length", type=int, default=LENGTH, help="characters of each transcript")
    parser.add_argument("--ways", nargs="*", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--json", action="store_true", help="print the figures for a program")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.folder is not None:
        print(json.dumps(asdict(measure(asked.ways[0], asked.folder, asked.quotes))))
        return 0
    figures = []
    with tempfile.TemporaryDirectory() as temporary:
        write_texts(Path(temporary), asked.texts, asked.length)
        for way in asked.ways:
            command = ["--folder", temporary, "--ways", way, "--quotes", str(asked.quotes)]
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.locating", *command], check=True, capture_output=True, text=True
            )
            figures.append(Figures(**json.loads(done.stdout)))
    print(json.dumps([asdict(each) for each in figures]) if asked.json else table(figures))
    return 0 if all(each.kept for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
