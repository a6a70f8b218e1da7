"""The cases and their values as the classification sheet that NVivo imports: a row for each case, a column for each
attribute, the name of the classification in the first cell. Source: NVivo help, Import Classification Sheets.
"""

from __future__ import annotations

from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.exports.table_file import check_ending, each_once, write_table
from qdabridge.matrix.names import Names, values_in_order
from qdabridge.study.lookup import Lookup
from qdabridge.study.study import Study

ENDINGS = (".xlsx", ".csv", ".txt")


def write_cases(study: Study, path: Path, *, classification: str = "Case", overwrite: bool = False) -> list[Finding]:
    """Write the classification sheet.

    Args:
        study: whose cases.
        path: the target; .xlsx, .csv, or .txt for columns parted by tabs.
        classification: what stands in the first cell.
        overwrite: whether an existing target may be replaced.

    Raises:
        BadRequest: the path has another ending.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    check_ending(path, ENDINGS)
    look = Lookup(study)
    names = Names(look)
    headings = each_once([classification, *(each.name for each in look.variables)])
    rows = ((names.of_case(case, number), *values_in_order(look, case)) for number, case in enumerate(look.cases, 1))
    return write_table(path, "Cases", headings, rows, overwrite=overwrite)
