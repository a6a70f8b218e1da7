"""One process that fuzzes until it is told to stop: atheris (libFuzzer) chooses what to try by what of qdabridge it
reaches, ``mutating`` changes it, ``oracle`` judges. A fault is written down and does not end the run; what hangs or
eats memory is ended by libFuzzer, which leaves the input behind.

    python -m fuzz.target FOLDER [options of libFuzzer]
"""

from __future__ import annotations

import hashlib
import pkgutil
import re
import sys
import tempfile
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["qdabridge"]):
    import qdabridge

    for found in pkgutil.walk_packages(qdabridge.__path__, "qdabridge."):
        # A program of its own, and the commands, have nothing of a file's in them.
        if not found.name.startswith(("qdabridge.__main__", "qdabridge.formats.media.measuring")):
            __import__(found.name)

from fuzz.mutating import mutated
from fuzz.oracle import judge

_VARIES = re.compile(r"[0-9a-fA-F-]{8,}|\d+|'[^']*'|\"[^\"]*\"")

_REMEMBERED = 500


class Session:
    """Judges inputs, and keeps the first of each kind of fault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tally = folder / "tally.txt"
        self._counts: dict[str, int] = {}
        self._readable: list[bytes] = []

    def mutated(self, data: bytes, largest: int, seed: int) -> bytes:
        """Change an input, or, half of the time, one that could be read: libFuzzer itself likes refusals too much."""
        if self._readable and seed % 2:
            data = self._readable[seed // 2 % len(self._readable)]
        return mutated(data, seed, largest) or data

    def try_one(self, data: bytes) -> None:
        """Judge one input."""
        with tempfile.TemporaryDirectory(prefix="qdabridge-fuzz-") as inside:
            try:
                became = judge(data, Path(inside))
                if became == "read":
                    self._readable.append(data)
                    del self._readable[:-_REMEMBERED]
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                became = "fault"
                self._keep(data, error)
        self._counts[became] = self._counts.get(became, 0) + 1
        if sum(self._counts.values()) % 100 == 0:
            with self._tally.open("a", encoding="utf-8") as log:
                log.write(" ".join(f"{name}={number}" for name, number in sorted(self._counts.items())) + "\n")
            self._counts.clear()

    def _keep(self, data: bytes, error: Exception) -> None:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "qdabridge" in frame.filename]
        at = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
        kind = f"{type(error).__name__} {at} {_VARIES.sub('#', str(error))[:160]}"
        name = hashlib.sha256(kind.encode("utf-8", "replace")).hexdigest()[:12]
        target = self._folder / "faults" / f"{name}.bin"
        if not target.exists():
            target.write_bytes(data)
            said = "".join(traceback.format_exception(error))
            target.with_suffix(".txt").write_text(f"{kind}\n\n{said}", encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Fuzz; ends only by a signal, a time that libFuzzer was given, or what it found."""
    folder = Path(sys.argv[1])
    session = Session(folder)
    atheris.Setup(
        [sys.argv[0], *sys.argv[2:]],
        session.try_one,
        custom_mutator=session.mutated,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
