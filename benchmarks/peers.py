"""The other libraries on PyPI that can do the same, each timed in a process of its own.

They live in a virtual environment of their own, `benchmarks/.peers`, made when it is first needed: nothing of theirs is
ever installed beside this library. `.peers/bin/python -m benchmarks.peers TASK STUDY` prints what `benchmarks.tasks`
prints. A peer that cannot be imported says why; it is not mended here.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import platform
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.tasks import SMALL, peak_megabytes

VENV = Path(__file__).parent / ".peers"
REQUIREMENTS = ("pyrefiqda==0.3.1", "pyqdpx==0.1.8", "qdapy==0.1.0", "sarif-tools==3.0.5")
"""Three libraries that are timed, and one that reads our reports (`interop`)."""

Action = Callable[[Path, Path], object]
"""Does the work once for the study given first, in the scratch folder given second."""


def pyrefiqda_load() -> Action:
    """Unpack the archive and build the model."""
    from pyrefiqda import RefiProject

    return lambda study, scratch: RefiProject.load(study, extract_dir=str(scratch / "unpacked"))


def pyrefiqda_load_write() -> Action:
    """The same, and pack it again."""
    from pyrefiqda import RefiProject

    def load_and_save(study: Path, scratch: Path) -> None:
        unpacked = scratch / "unpacked"
        project = RefiProject.load(study, extract_dir=str(unpacked))
        RefiProject.save(project, scratch / "out.qdpx", source_media_dir=unpacked / "sources")

    return load_and_save


def pyqdpx_load() -> Action:
    """Open the archive and build the model."""
    from pyqdpx import QDPX

    return lambda study, scratch: QDPX(str(study)).get_project()


def qdapy_load() -> Action:
    """Open the archive and build its tables."""
    from qdapy import read_qdpx

    return lambda study, scratch: read_qdpx(study, warn=False)


TASKS: dict[str, tuple[str, Callable[[], Action]]] = {
    "pyrefiqda-load": ("pyrefiqda: load", pyrefiqda_load),
    "pyrefiqda-load-write": ("pyrefiqda: load and write", pyrefiqda_load_write),
    "pyqdpx-load": ("pyqdpx: load", pyqdpx_load),
    "qdapy-load": ("qdaPy: load", qdapy_load),
}


def python_of_peers() -> Path:
    """The interpreter that has the peers, which are installed when they are not.

    Raises:
        OSError, subprocess.CalledProcessError: they could not be installed, for example without a network.
    """
    folder = VENV / ("Scripts" if sys.platform == "win32" else "bin")
    done = VENV / "installed.txt"
    if not done.exists() or done.read_text() != _wanted():
        venv.create(VENV, with_pip=True, clear=True)
        subprocess.run([folder / "python", "-m", "pip", "install", *REQUIREMENTS], check=True, capture_output=True)
        done.write_text(_wanted())
    return folder / "python"


def _wanted() -> str:
    return "\n".join((platform.python_version(), *REQUIREMENTS))


def _run(name: str, study: Path) -> dict[str, object]:
    try:
        action = TASKS[name][1]()
    except SyntaxError as error:
        return {"missing": f"does not import on Python {platform.python_version()}: {error.msg}"}
    except ImportError as error:
        return {"missing": f"does not import: {error}"}
    with tempfile.TemporaryDirectory(dir=study.parent) as scratch:
        small, warm, work = Path(scratch, "small.qdpx"), Path(scratch, "warm"), Path(scratch, "work")
        warm.mkdir()
        work.mkdir()
        generate(small, SMALL)
        # What a peer prints about its progress must not mix with the result.
        with contextlib.redirect_stdout(io.StringIO()):
            action(small, warm)
            start, cpu = time.perf_counter(), time.process_time()
            kept = action(study, work)
            seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        megabytes = peak_megabytes()
        del kept
    return {"seconds": seconds, "cpu": cpu, "megabytes": megabytes}


def main() -> None:
    """Run one peer's task and print its time and memory as JSON."""
    parser = argparse.ArgumentParser(description="Run one task of another library in this process.")
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("study", type=Path, help="the .qdpx")
    options = parser.parse_args()
    print(json.dumps(_run(options.task, options.study)))


if __name__ == "__main__":
    main()
