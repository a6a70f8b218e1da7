"""Measure the library against the floor and against its peers, and print the table.

The floor is `lxml.etree.iterparse` over the same XML with everything thrown away. Every figure comes from a process of
its own, and every ratio from a pair of processes run one after the other, because a machine that is shared slows both
alike. This module starts processes and compares them; what each does is in `tasks` and `peers`.

    python -m benchmarks.measure --sizes 1000 50000 --runs 5
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks import peers
from benchmarks.generate import Flavour, extract_qde, generate
from benchmarks.results import Row, machine, show, write_markdown

HERE = Path(__file__).parent
STUDIES = HERE / ".studies"
SIZES = (1_000, 50_000, 500_000)
LARGE = 100_000
LARGE_RUNS = 3
HELP_PAIRS_PER_RUN = 3
PEER_LIMIT = 50_000

PER_SELECTION = (50_000, 500_000)
PER_SELECTION_TARGET = 1.3
HELP_TARGET = 2.5
CONSOLE_SCRIPT = "import sys; from qdabridge.cli import main; sys.argv[0] = 'qdabridge'; sys.exit(main())"
MEMORY_FACTOR, MEMORY_EXTRA = 1.5, 80.0
CHECK_MEMORY_FACTOR = 1.2
WORKBOOK_MEMORY = 1e9 / (1 << 20)
"""A gigabyte, in MB as memory is counted."""


@dataclass(frozen=True)
class Measure:
    """One thing to measure as a ratio to the floor, or to another task; the target may be for large studies only."""

    title: str
    task: str
    flavour: Flavour = "standard"
    target: float | None = None
    aim: float | None = None
    against: str = "floor"
    target_from: int = 0


MEASURES = (
    Measure("read", "read", target=3.0, aim=2.5),
    Measure("read, NVivo's dialect", "read", "nvivo", target=3.0, aim=2.5),
    Measure("write, standard", "write-standard", target=2.5),
    Measure("write, same", "write-same", target=2.5),
    Measure("write, same, NVivo's dialect", "write-same", "nvivo", target=2.5),
    Measure("schema verdict", "schema-verdict", target=3.0),
    Measure("check", "check", target=5.0, target_from=LARGE),
    Measure("check, NVivo's dialect", "check", "nvivo", target=5.0, target_from=LARGE),
    Measure("JSON out", "json-out", target=1.5),
    Measure("JSON in", "json-in", target=1.5),
    Measure("framework matrix", "framework-matrix"),
    Measure("framework matrix, a case for each source", "matrix-of-cases", target=2.0, against="read"),
    Measure("workbook of that matrix", "write-workbook", target=1.3, against="openpyxl-write-only"),
    Measure("from study to workbook in one process", "workbook", against="read"),
    Measure("agreement of two coders", "agree", target=1.0, against="read", target_from=LARGE),
    Measure("pseudonymise with 1,000 names", "pseudonymise", target=3.0, against="read-and-write", target_from=LARGE),
)


@dataclass(frozen=True)
class Run:
    """What one process reported."""

    seconds: float
    cpu: float
    megabytes: float


class NoFigure(Exception):
    """Why there is no figure: not there yet, cannot be imported, took too long, failed."""


@dataclass(frozen=True)
class Study:
    """A synthetic study on disk: the archive, and its XML unpacked."""

    selections: int
    flavour: Flavour
    folder: Path

    @property
    def qdpx(self) -> Path:
        """The archive."""
        return self.folder / f"{self.flavour}-{self.selections}.qdpx"

    @property
    def qde(self) -> Path:
        """Its XML."""
        return self.qdpx.with_suffix(".qde")

    @property
    def qde_megabytes(self) -> float:
        """The size of the XML in MB of 1,048,576 bytes, as memory is counted."""
        return self.qde.stat().st_size / (1 << 20)

    def make(self) -> None:
        """Write both files afresh: a study left by an older generator must not be measured."""
        self.folder.mkdir(exist_ok=True)
        generate(self.qdpx, self.selections, flavour=self.flavour)
        extract_qde(self.qdpx, self.qde)


class Bench:
    """One session of measuring: where the studies are, how often, how long at most."""

    def __init__(self, folder: Path, runs: int, time_limit: float, only: str) -> None:
        self.folder = folder
        self.runs = runs
        self.time_limit = time_limit
        self.only = only.lower()
        self._made: dict[tuple[int, Flavour], Study] = {}
        self._peak_of_reading: dict[Study, float] = {}

    def study(self, selections: int, flavour: Flavour) -> Study:
        """The study of that size and flavour, made when it is first asked for."""
        key = (selections, flavour)
        if key not in self._made:
            self._made[key] = Study(selections, flavour, self.folder)
            _tell(f"making the {flavour} study of {selections:,} selections")
            self._made[key].make()
        return self._made[key]

    def wants(self, title: str) -> bool:
        """Whether a measurement of that title was asked for."""
        return self.only in title.lower()

    def rows_of_library(self, selections: int) -> list[Row]:
        """Every measure of the library at that size, with the memory that reading took."""
        rows = []
        for measure in MEASURES:
            if not self.wants(measure.title):
                continue
            study = self.study(selections, measure.flavour)
            command = _task(measure.task, study)
            row, runs = self._against(_task(measure.against, study), measure.title, study, command)
            held = selections >= measure.target_from
            rows.append(row.with_target(measure.target, measure.aim) if held else row)
            if measure.task in ("read", "check", "workbook") and runs:
                peak = median(run.megabytes for run in runs)
                limit = self._memory_for(measure.task, study, peak)
                limited = Row(f"memory of: {measure.title}", selections, peak, "MB")
                rows.append(replace(limited, target=limit) if held else limited)
        return rows

    def _memory_for(self, task: str, study: Study, peak: float) -> float:
        """The most memory that reading may take, by the size of the XML; checking, by what reading took; a workbook."""
        if task == "workbook":
            return WORKBOOK_MEMORY
        if task == "read":
            self._peak_of_reading[study] = peak
            return MEMORY_FACTOR * study.qde_megabytes + MEMORY_EXTRA
        if study not in self._peak_of_reading:
            self._peak_of_reading[study] = self._run(_task("read", study)).megabytes
        return CHECK_MEMORY_FACTOR * self._peak_of_reading[study]

    def rows_of_peers(self, selections: int) -> list[Row]:
        """Every peer at that size, in the standard flavour, which all of them can read."""
        wanted = {name: title for name, (title, _) in peers.TASKS.items() if self.wants(title)}
        if not wanted:
            return []
        try:
            python = peers.python_of_peers()
        except (OSError, subprocess.CalledProcessError) as error:
            return [Row("peers", selections, note=f"could not be installed: {error}")]
        study = self.study(selections, "standard")
        rows = []
        for name, title in wanted.items():
            command = [str(python), "-m", "benchmarks.peers", name, str(study.qdpx)]
            rows.append(self._against_floor(title, study, command)[0])
        return rows

    def row_per_selection(self) -> Row:
        """What a selection costs in a large study compared with a middling one, read in turn."""
        few, many = PER_SELECTION
        title = f"cost per selection, {many:,} against {few:,}"
        middling, large = (self.study(size, "standard") for size in PER_SELECTION)
        row, _ = self._compare(
            title,
            many,
            _task("read", middling),
            _task("read", large),
            runs=min(self.runs, LARGE_RUNS),
            scale=few / many,
        )
        return row.with_target(PER_SELECTION_TARGET)

    def row_of_help(self) -> Row:
        """What `qdabridge --help` costs compared with importing click, whole processes."""
        title = "qdabridge --help against import click"
        baseline = [sys.executable, "-c", "import click"]
        program = [sys.executable, "-c", CONSOLE_SCRIPT, "--help"]
        ratios, seconds, floors = [], [], []
        for pair in range(HELP_PAIRS_PER_RUN * self.runs + 1):
            try:
                base, whole = _whole_process(baseline), _whole_process(program)
            except subprocess.CalledProcessError as error:
                return Row(title, None, note=f"failed: {error}")
            # The first pair only fills the disk cache.
            if pair:
                ratios.append(whole / base)
                seconds.append(whole)
                floors.append(base)
        row = Row.of_pairs(title, None, ratios, median(seconds), median(floors))
        return row.with_target(HELP_TARGET)

    def _against_floor(self, title: str, study: Study, command: list[str]) -> tuple[Row, list[Run]]:
        return self._against(_task("floor", study), title, study, command)

    def _against(self, baseline: list[str], title: str, study: Study, command: list[str]) -> tuple[Row, list[Run]]:
        runs = min(self.runs, LARGE_RUNS) if study.selections > LARGE else self.runs
        return self._compare(title, study.selections, baseline, command, runs=runs)

    def _compare(
        self, title: str, selections: int, baseline: list[str], command: list[str], *, runs: int, scale: float = 1.0
    ) -> tuple[Row, list[Run]]:
        """Run the two commands in turn; the row holds the median of the ratios of the pairs."""
        pairs: list[tuple[Run, Run]] = []
        _tell(f"{title}, {selections:,} selections, {runs} runs")
        try:
            for _ in range(runs):
                base = self._run(baseline)
                pairs.append((base, self._run(command)))
        except NoFigure as reason:
            return Row(title, selections, note=str(reason)), []
        row = Row.of_pairs(
            title,
            selections,
            [measured.seconds / base.seconds * scale for base, measured in pairs],
            median(measured.seconds for _, measured in pairs),
            median(base.seconds for base, _ in pairs),
        )
        row = replace(
            row,
            cpu=median(measured.cpu / base.cpu for base, measured in pairs) * scale,
            megabytes=median(measured.megabytes for _, measured in pairs),
        )
        return row, [measured for _, measured in pairs]

    def _run(self, command: list[str]) -> Run:
        try:
            done = subprocess.run(
                command, cwd=HERE.parent, capture_output=True, text=True, timeout=self.time_limit, check=False
            )
        except subprocess.TimeoutExpired:
            raise NoFigure(f"took longer than {self.time_limit:g} s") from None
        if done.returncode:
            raise NoFigure(f"failed: {_last_line(done.stderr) or f'exit status {done.returncode}'}")
        report = json.loads(_last_line(done.stdout))
        if "missing" in report:
            raise NoFigure(report["missing"])
        return Run(**report)


def _task(name: str, study: Study) -> list[str]:
    return [sys.executable, "-m", "benchmarks.tasks", name, str(study.qdpx), "--qde", str(study.qde)]


def _whole_process(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


def _tell(text: str) -> None:
    print(f"  {text} …", file=sys.stderr, flush=True)


def measure(options: argparse.Namespace) -> list[Row]:
    """Every row that was asked for, in the order of the table."""
    bench = Bench(options.studies.resolve(), options.runs, options.time_limit, options.only)
    rows: list[Row] = []
    for size in options.sizes:
        rows += bench.rows_of_library(size)
        if options.peers and size <= options.peers_up_to:
            rows += bench.rows_of_peers(size)
    if set(PER_SELECTION) <= set(options.sizes) and bench.wants("cost per selection"):
        rows.append(bench.row_per_selection())
    if bench.wants("qdabridge --help"):
        rows.append(bench.row_of_help())
    return rows


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description=__doc__.split("\n\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="selections in the studies")
    parser.add_argument(
        "--runs", type=int, default=5, help=f"pairs for each figure; above {LARGE:,} selections at most {LARGE_RUNS}"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="measure other libraries too (installs them)",
    )
    parser.add_argument(
        "--peers-up-to", type=int, default=PEER_LIMIT, metavar="N", help="no peer is given a study larger than this"
    )
    parser.add_argument("--only", default="", metavar="WORDS", help="only measurements whose title has these words")
    parser.add_argument("--time-limit", type=float, default=600.0, metavar="SECONDS", help="for each process")
    parser.add_argument("--studies", type=Path, default=STUDIES, help="where the synthetic studies are kept")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md", help="where the table is written")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the table; a target that was missed is shown, and is no failure."""
    options = _options(arguments)
    rows = measure(options)
    write_markdown(options.results, rows)
    if options.json:
        print(json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows]}, indent=2))
    else:
        show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
