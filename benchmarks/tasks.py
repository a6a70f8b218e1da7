"""What is measured: one task, in a process of its own.

`python -m benchmarks.tasks read study.qdpx --qde study.qde` does one thing once and prints how many seconds it took
inside the process, imports not counted, and the most memory the process ever held. It knows nothing of ratios and
tables.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.generate import extract_qde, generate

SMALL = 10

Job = Callable[[], object]
"""What is timed, ready to run: all that it needs has been imported and read."""


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
    import qdabridge as qda

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
    """Read the JSON of the study, which another process has written, so that memory is that of reading alone."""
    import qdabridge as qda

    target = scratch / "in.json"
    convert = "import sys, qdabridge as q\nwith q.read(sys.argv[1]) as study: q.write(study, sys.argv[2])"
    subprocess.run([sys.executable, "-c", convert, str(study), str(target)], check=True)
    return lambda: qda.read(target)


def schema_verdict(study: Path, qde: Path, scratch: Path) -> Job:
    """Say whether the XML is valid against the published schema."""
    from qdabridge.checks.schema import is_valid

    return lambda: is_valid(lambda: qde.open("rb"))


def check(study: Path, qde: Path, scratch: Path) -> Job:
    """Say what is wrong with a .qdpx: read it, measure it by the schema, and go through all rules."""
    import qdabridge as qda

    return lambda: qda.check(study)


def framework_matrix(study: Path, qde: Path, scratch: Path) -> Job:
    """Make a framework matrix of a study that was read before."""
    import qdabridge as qda

    opened = qda.read(study)
    return lambda: qda.framework_matrix(opened)


def matrix_of_cases(study: Path, qde: Path, scratch: Path) -> Job:
    """Make a framework matrix of a study that was read before and has a case for each source: 500 in the largest."""
    import qdabridge as qda
    from qdabridge.study.model import Case, SourceRef

    opened = qda.read(study)
    opened.project.cases = [
        Case(guid=f"case of {source.guid}", name=source.name, source_refs=(SourceRef(target_guid=source.guid),))
        for source in opened.project.sources or ()
    ]
    return lambda: qda.framework_matrix(opened)


def agree(study: Path, qde: Path, scratch: Path) -> Job:
    """Say how far the two coders of a study agree that was read before: every figure, with its intervals."""
    import qdabridge as qda

    opened = qda.read(study)
    # In the smallest study each source was coded by one of them only; in the others all sources count anyway.
    return lambda: qda.agree(opened, single_sources=True)


TASKS: dict[str, Callable[[Path, Path, Path], Job]] = {
    "floor": floor,
    "read": read,
    "write-standard": write_standard,
    "write-same": write_same,
    "schema-verdict": schema_verdict,
    "check": check,
    "json-out": json_out,
    "json-in": json_in,
    "framework-matrix": framework_matrix,
    "matrix-of-cases": matrix_of_cases,
    "agree": agree,
}


def prepare(task: str, study: Path, qde: Path, scratch: Path) -> Job:
    """The job of a task, after it was done once with a small study, so that all that loads on first use is loaded."""
    small, warm, work = scratch / "small.qdpx", scratch / "warm", scratch / "work"
    warm.mkdir()
    work.mkdir()
    generate(small, SMALL)
    extract_qde(small, small.with_suffix(".qde"))
    TASKS[task](small, small.with_suffix(".qde"), warm)()
    return TASKS[task](study, qde, work)


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
    import qdabridge as qda

    opened = qda.read(study)
    return lambda: qda.write(opened, scratch / name, **options)


def main() -> None:
    """Run one task and print its time and memory as JSON."""
    parser = argparse.ArgumentParser(description="Run one benchmark task in this process.")
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("study", type=Path, help="the .qdpx")
    parser.add_argument("--qde", type=Path, required=True, help="the XML of the same study, unpacked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.study.parent) as scratch:
        job = prepare(options.task, options.study, options.qde, Path(scratch))
        start, cpu = time.perf_counter(), time.process_time()
        kept = job()
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": peak_megabytes()}))
        del kept


if __name__ == "__main__":
    main()
