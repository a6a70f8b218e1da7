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
from random import Random
from typing import TYPE_CHECKING

from benchmarks.generate import extract_qde, generate

if TYPE_CHECKING:
    from qdabridge.deposit.pseudonymising import Key
    from qdabridge.study.study import Study

SMALL = 10
KEY_ENTRIES = 1_000
KEY_FOUND = 40
KEY_LEAST = 3

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

    opened = _with_cases(study)
    return lambda: qda.framework_matrix(opened)


def workbook(study: Path, qde: Path, scratch: Path) -> Job:
    """Read a study, make a framework matrix of a case for each source, and write the workbook, all in one process."""
    from qdabridge import framework_matrix
    from qdabridge.formats.tables import write_matrix

    return lambda: write_matrix(framework_matrix(_with_cases(study)), scratch / "matrix.xlsx")


def write_workbook(study: Path, qde: Path, scratch: Path) -> Job:
    """Write the workbook of a framework matrix that was made before."""
    import qdabridge as qda
    from qdabridge.formats.tables import write_matrix

    matrix = qda.framework_matrix(_with_cases(study))
    return lambda: write_matrix(matrix, scratch / "matrix.xlsx")


def openpyxl_write_only(study: Path, qde: Path, scratch: Path) -> Job:
    """Write what the cells of that workbook hold with openpyxl's write-only mode: no looks, no links, no widths."""
    from openpyxl import Workbook, load_workbook

    target = scratch / "matrix.xlsx"
    write_workbook(study, qde, scratch)()
    book = load_workbook(target, read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()

    def write() -> None:
        plain = Workbook(write_only=True)
        for name, rows in sheets.items():
            sheet = plain.create_sheet(name)
            for row in rows:
                sheet.append(row)
        plain.save(scratch / "plain.xlsx")

    return write


def agree(study: Path, qde: Path, scratch: Path) -> Job:
    """Say how far the two coders of a study agree that was read before: every figure, with its intervals."""
    import qdabridge as qda

    opened = qda.read(study)
    # In the smallest study each source was coded by one of them only; in the others all sources count anyway.
    return lambda: qda.agree(opened, single_sources=True)


def read_and_write(study: Path, qde: Path, scratch: Path) -> Job:
    """Read a study and write it to the standard: what pseudonymising it is held against."""
    import qdabridge as qda

    def there_and_back() -> None:
        with qda.read(study) as opened:
            qda.write(opened, scratch / "out.qdpx")

    return there_and_back


def pseudonymise(study: Path, qde: Path, scratch: Path) -> Job:
    """Read a study, replace the names of a key of 1,000 entries in it, and write it to the standard."""
    import qdabridge as qda
    from qdabridge.deposit.pseudonymising import pseudonymise as replace_names

    key = _key(study)

    def without_names() -> None:
        with qda.read(study) as opened, replace_names(opened, key).study as replaced:
            qda.write(replaced, scratch / "out.qdpx")

    return without_names


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
    "workbook": workbook,
    "write-workbook": write_workbook,
    "openpyxl-write-only": openpyxl_write_only,
    "agree": agree,
    "read-and-write": read_and_write,
    "pseudonymise": pseudonymise,
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


def _with_cases(study: Path) -> Study:
    """Read a study, and give it a case for each source: 500 in the largest."""
    import qdabridge as qda
    from qdabridge.study.model import Case, SourceRef

    opened = qda.read(study)
    opened.project.cases = [
        Case(guid=f"case of {source.guid}", name=source.name, source_refs=(SourceRef(target_guid=source.guid),))
        for source in opened.project.sources or ()
    ]
    return opened


def _write(study: Path, scratch: Path, name: str, **options: str) -> Job:
    import qdabridge as qda

    opened = qda.read(study)
    return lambda: qda.write(opened, scratch / name, **options)


def _key(study: Path) -> Key:
    """A key of 1,000 names of one word or two: 40 that stand in the texts, and 960 that look alike."""
    import qdabridge as qda
    from qdabridge.deposit.pseudonymising import Entry, Key

    with qda.read(study) as opened:
        text = opened.text_of((opened.project.sources or [])[0]) or ""  # type: ignore[arg-type]
    words = sorted({word for word in text.split() if word.isalpha() and len(word) > KEY_LEAST})
    random = Random("key")
    names = dict.fromkeys(random.sample(words, min(KEY_FOUND, len(words))))
    while len(names) < KEY_ENTRIES:
        made = [random.choice(words)[:3] + random.choice(words)[-3:] for _ in range(random.choice((1, 1, 2)))]
        names[" ".join(made)] = None
    return Key(tuple(Entry(name, f"Name {number}", "person") for number, name in enumerate(names)))


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
