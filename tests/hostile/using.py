"""Uses files on the command line, each use in a process of its own that has the program loaded already, and prints how
it ended, how long it took, and how much memory it needed. Run as a program, so that nothing else is in the memory.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from qdabridge.cli import main

ENOUGH = 30
"""Seconds after which a use is given up."""


def use(path: Path, out: Path) -> None:
    """Use one file in every way."""
    for words in _ways(path, out):
        told_by, told_to = os.pipe()
        child = os.fork()
        if not child:
            signal.alarm(ENOUGH)
            os.close(told_by)
            with os.fdopen(told_to, "w") as pipe:
                json.dump(_run(words), pipe)
            os._exit(0)
        os.close(told_to)
        with os.fdopen(told_by) as pipe:
            status, printed, said = json.loads(pipe.read() or '[-1, "", "it died"]')
        _, _, usage = os.wait4(child, 0)
        told = {
            "file": path.name,
            "words": words,
            "status": status,
            "out": printed,
            "err": said,
            # Of computing: how long it takes on the clock depends on what else the machine has to do.
            "seconds": usage.ru_utime + usage.ru_stime,
            "megabytes": usage.ru_maxrss / 1024,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        shutil.rmtree(out)
        out.mkdir()


def _ways(path: Path, out: Path) -> list[list[str]]:
    return [
        ["info", str(path)],
        ["check", str(path), "--json"],
        ["convert", str(path), str(out / "out.json"), "--quotes"],
        ["convert", str(path), str(out / "out.qdpx"), "--for", "same"],
        ["matrix", str(path), str(out / "out.html")],
    ]


def _run(words: list[str]) -> tuple[object, str, str]:
    said, printed = io.StringIO(), io.StringIO()
    status: object = None
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(printed):
        try:
            main.main(words, prog_name="qdabridge")
        except SystemExit as ended:
            status = ended.code
    return status, printed.getvalue()[:100_000], said.getvalue()[:10_000]


if __name__ == "__main__":
    strangers, target, harmless = map(Path, sys.argv[1:])
    for usual in _ways(harmless, target):
        # Whatever is imported when it is needed is there from now on.
        _run([*usual, "--force"] if usual[0] in ("convert", "matrix") else usual)
    for name in sorted(strangers.iterdir()):
        use(name, target)
