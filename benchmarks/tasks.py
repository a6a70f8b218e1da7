"""What is measured: one task, in a process of its own.

`python -m benchmarks.tasks read study.qdpx --qde study.qde` does one thing once and prints how many seconds it took
inside the process, imports not counted, and the most memory the process ever held. It knows nothing of ratios and tables.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.generate import generate

Job = Callable[[], object]
"""What is timed, ready to run: all that it needs has been imported and read."""


class NotThere(Exception):
    """The library has no such thing (yet)."""


def floor(study: Path, qde: Path, scratch: Path) -> Job:
    """Every end event of the XML, nothing kept: what no reader with the same parser can be faster than."""
    from lxml import etree

    def pass_over() -> None:
        for _, element in etree.iterparse(str(qde), events=("end",)):
            element.clear()
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)

    return pass_over


def read(study: Path, qde: Path, scratch: Path) -> Job:
    """Open a .qdpx and have every element of it in memory, its positions converted."""
    qda = _library(scratch)
    return lambda: qda.read(study)


def write_standard(study: Path, qde: Path, scratch: Path) -> Job:
    """Write a study that was read before as a .qdpx to the standard."""
    return _write(study, scratch, "out.qdpx", profile="standard")


def write_same(study: Path, qde: Path, scratch: Path) -> Job:
    """Write a study that was read before in the dialect it came in."""
    return _write(study, scratch, "out.qdpx", profile="same")


def json_out(study: Path, qde: Path, scratch: Path) -> Job:
    """Write a study that was read before as JSON, its texts inlined."""
    return _write(study, scratch, "out.json")


def json_in(study: Path, qde: Path, scratch: Path) -> Job:
    """Read the JSON of the study."""
    qda = _library(scratch)
    target = scratch / "in.json"
    with qda.read(study) as opened:
        qda.write(opened, target)
    return lambda: qda.read(target)


def schema_verdict(study: Path, qde: Path, scratch: Path) -> Job:
    """Say whether the XML is valid against the published schema."""
    _library(scratch)
    try:
        from qdabridge.checks.schema import verdict
    except ImportError as missing:
        raise NotThere(str(missing)) from missing
    return lambda: verdict(qde)


def framework_matrix(study: Path, qde: Path, scratch: Path) -> Job:
    """Make a framework matrix of a study that was read before."""
    qda = _library(scratch)
    opened = qda.read(study)
    return lambda: qda.framework_matrix(opened)


TASKS: dict[str, Callable[[Path, Path, Path], Job]] = {
    "floor": floor,
    "read": read,
    "write-standard": write_standard,
    "write-same": write_same,
    "schema-verdict": schema_verdict,
    "json-out": json_out,
    "json-in": json_in,
    "framework-matrix": framework_matrix,
}


def peak_megabytes() -> float:
    """The most memory this process has held, in MB of 1,048,576 bytes."""
    try:
        # ru_maxrss of a fresh process may still hold the peak of the one that started it; VmHWM never does.
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError, ValueError):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / (1 << 20)


def _write(study: Path, scratch: Path, name: str, **options: str) -> Job:
    qda = _library(scratch)
    opened = qda.read(study)
    return lambda: qda.write(opened, scratch / name, **options)


def _library(scratch: Path) -> Any:
    """The library, with everything loaded that it loads only when it is first used."""
    try:
        import qdabridge as qda

        small = scratch / "small.qdpx"
        generate(small, 10)
        with qda.read(small) as opened:
            qda.write(opened, scratch / "warm.qdpx")
            qda.write(opened, scratch / "warm.json")
            qda.framework_matrix(opened)
        with qda.read(scratch / "warm.json"):
            pass
    except (ImportError, AttributeError) as missing:
        raise NotThere(str(missing)) from missing
    return qda


def main() -> int:
    """Run one task and print its time and memory as JSON."""
    parser = argparse.ArgumentParser(description="Run one benchmark task in this process.")
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("study", type=Path, help="the .qdpx")
    parser.add_argument("--qde", type=Path, required=True, help="the XML of the same study, unpacked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.study.parent) as scratch:
        try:
            job = TASKS[options.task](options.study, options.qde, Path(scratch))
        except NotThere as missing:
            print(json.dumps({"missing": str(missing)}))
            return 0
        start = time.perf_counter()
        kept = job()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))
        del kept
    return 0


if __name__ == "__main__":
    sys.exit(main())
