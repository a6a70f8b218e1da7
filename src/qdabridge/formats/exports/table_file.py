"""A table as a file, row by row, never whole in memory: .csv, tab-separated .txt, .jsonl, .parquet and .xlsx.

It knows nothing of what the rows are about.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.tables.presenting import Shown, Text
from qdabridge.safety import writing

Row: TypeAlias = Sequence[Shown]
_Writer: TypeAlias = Callable[[BinaryIO, str, Sequence[str], Iterable[Row]], list[Finding]]

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_WIDTH = 24
_PIECE = 1 << 20


def write_table(
    path: Path,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    *,
    overwrite: bool,
    mode: int | None = None,
) -> list[Finding]:
    """Write a table as the ending of the path says; ``name`` is that of the sheet in a workbook.

    ``mode`` are the permissions of the file, where they are not the usual ones.

    Returns:
        What the file cannot hold, and what was changed to be safe in it.

    Raises:
        BadRequest: no writer has this ending, or the table is too large for a sheet.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    check_ending(path, tuple(_WRITERS))
    with writing(path, overwrite=overwrite, mode=mode) as stream:
        return _WRITERS[path.suffix.lower()](stream, name, headings, rows)


def check_ending(path: Path, endings: Sequence[str]) -> None:
    """Raise BadRequest unless a path has one of these endings."""
    if path.suffix.lower() not in endings:
        raise BadRequest(
            "This table cannot be written to a file of this name.",
            where=str(path),
            todo=f"Give it a name that ends in {', '.join(endings)}.",
        )


def each_once(names: Iterable[str]) -> list[str]:
    """Return headings that are all different: a name that is taken gets a number.

    >>> each_once(["case", "Age", "case"])
    ['case', 'Age', 'case (2)']
    """
    found: dict[str, None] = {}
    for name in names:
        unique, number = name, 1
        while unique in found:
            number += 1
            unique = f"{name} ({number})"
        found[unique] = None
    return list(found)


def _write_commas(stream: BinaryIO, _: str, headings: Sequence[str], rows: Iterable[Row]) -> list[Finding]:
    return _separated(stream, ",", headings, rows)


def _write_tabs(stream: BinaryIO, _: str, headings: Sequence[str], rows: Iterable[Row]) -> list[Finding]:
    return _separated(stream, "\t", headings, rows)


def _separated(stream: BinaryIO, separator: str, headings: Sequence[str], rows: Iterable[Row]) -> list[Finding]:
    text, findings = Text(), Findings()

    def written(value: Shown, where: str) -> str:
        if not isinstance(value, str):
            return "" if value is None else str(value)
        fit = text.fit(value, where)
        if not _FORMULA.match(fit):
            return fit
        findings.add(
            Finding(
                "FORMULA-AS-TEXT",
                "note",
                "Text that begins like a formula has an apostrophe before it, so that no program calculates it.",
                where=where,
            )
        )
        return f"'{fit}"

    out = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    lines.writerow([written(each, "the headings") for each in headings])
    for row in rows:
        lines.writerow([written(value, heading) for value, heading in zip(row, headings, strict=True)])
    out.detach()
    return [*text.findings(), *findings.all()]


def _write_lines(stream: BinaryIO, _: str, headings: Sequence[str], rows: Iterable[Row]) -> list[Finding]:
    from msgspec.json import Encoder

    encode = Encoder(decimal_format="number").encode
    for row in rows:
        stream.write(encode(dict(zip(headings, row, strict=True))) + b"\n")
    return []


def _write_parquet(stream: BinaryIO, name: str, headings: Sequence[str], rows: Iterable[Row]) -> list[Finding]:
    """Write by way of lines of JSON, from which polars finds the type of each column without holding the table."""
    try:
        import polars
    except ImportError:
        raise BadRequest(
            "Writing .parquet needs polars.", todo="Install qdabridge[parquet], or write a .csv."
        ) from None
    with tempfile.TemporaryDirectory() as folder:
        lines, packed = Path(folder) / "rows.jsonl", Path(folder) / "rows.parquet"
        with lines.open("wb") as out:
            told = _write_lines(out, name, headings, rows)
        if lines.stat().st_size:
            polars.scan_ndjson(lines, infer_schema_length=None).select(headings).sink_parquet(packed)
        else:
            polars.DataFrame(schema=dict.fromkeys(headings, polars.String)).write_parquet(packed)
        with packed.open("rb") as made:
            shutil.copyfileobj(made, stream, _PIECE)
    return told


def _write_workbook(stream: BinaryIO, name: str, headings: Sequence[str], rows: Iterable[Row]) -> list[Finding]:
    from qdabridge.formats.spreadsheet.cells import At, Cells
    from qdabridge.formats.spreadsheet.continued_sheet import write_continued
    from qdabridge.formats.spreadsheet.package import Package, quoted_name
    from qdabridge.formats.spreadsheet.sheet import MOST_COLUMNS, MOST_ROWS, ColumnSetup, Setup, letters
    from qdabridge.formats.spreadsheet.styles import PLAIN, Style

    if len(headings) > MOST_COLUMNS:
        raise BadRequest(f"A sheet has room for {MOST_COLUMNS:,} columns, and there are {len(headings):,}.")
    findings, heading = Findings(), Style(bold=True)
    setup = Setup(columns=tuple(ColumnSetup(_WIDTH, PLAIN, False, False) for _ in headings), frozen=(1, 0))
    begin, names = quoted_name(name), [letters(number) for number in range(len(headings))]
    with Package(stream, title=name, made=datetime.now().astimezone()) as package:
        cells = Cells(package.styles, findings)
        with package.sheet(name, setup) as sheet:
            first = zip(headings, names, strict=True)
            sheet.row(1, [cells.text(each, heading, At("", each, f"{begin}!{letter}1")) for each, letter in first])
            for number, row in enumerate(rows, 2):
                if number > MOST_ROWS:
                    raise BadRequest(
                        f"A sheet has room for {MOST_ROWS:,} rows, and there are more.", todo="Write a .csv instead."
                    )
                said = zip(row, headings, names, strict=True)
                sheet.row(
                    number,
                    [
                        cells.value(value, PLAIN, At(f"row {number}", each, f"{begin}!{letter}{number}"))
                        for value, each, letter in said
                    ],
                )
        write_continued(package, cells)
    return findings.all()


_WRITERS: dict[str, _Writer] = {
    ".csv": _write_commas,
    ".txt": _write_tabs,
    ".jsonl": _write_lines,
    ".parquet": _write_parquet,
    ".xlsx": _write_workbook,
}
