"""The cases and their values as the classification sheet that NVivo imports: a row for each case, a column for each
attribute, the name of the classification in the first cell. Source: NVivo help, Import Classification Sheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from qdabridge.findings import Finding, Findings
from qdabridge.formats.exports.table_file import Row, check_ending, each_once, write_table
from qdabridge.matrix.names import Names, values_in_order
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Case
from qdabridge.study.study import Study
from qdabridge.study.values import Value

ENDINGS = (".xlsx", ".csv", ".txt")


def write_cases(study: Study, path: Path, *, classification: str = "Case", overwrite: bool = False) -> list[Finding]:
    """Write the classification sheet.

    Args:
        study: whose cases.
        path: the target; .xlsx, .csv, or .txt for columns parted by tabs.
        classification: what stands in the first cell.
        overwrite: whether an existing target may be replaced.

    Returns:
        What NVivo will not take from it as the study has it.

    Raises:
        BadRequest: the path has another ending.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    check_ending(path, ENDINGS)
    look, found = Lookup(study), Findings()
    # The first cell is no attribute, so that one may have its name.
    headings = [classification, *_attributes(look, found)]
    changed = write_table(path, "Cases", headings, _rows(look, found), overwrite=overwrite)
    return [*changed, *found.all()]


def _attributes(look: Lookup, found: Findings) -> list[str]:
    names = [variable.name for variable in look.variables]
    headings = each_once(names)
    for name, heading in zip(names, headings, strict=True):
        if name != heading:
            found.add(
                Finding(
                    "CASES-ATTRIBUTE-TWICE",
                    "warning",
                    "Two attributes have the same name; the second has a number behind it.",
                    heading,
                )
            )
    for variable in look.variables:
        if variable.description:
            _say_of_descriptions(variable.name, found)
    return headings


def _rows(look: Lookup, found: Findings) -> Iterator[Row]:
    names, seen = Names(look), set[str]()
    for number, case in enumerate(look.cases, 1):
        name = names.of_case(case, number)
        if name in seen:
            found.add(
                Finding(
                    "CASES-NAME-TWICE",
                    "warning",
                    "Two cases have the same name; NVivo tells cases apart by their names and takes the values of one.",
                    name,
                    "Give them different names in both programs.",
                    kind="loss",
                )
            )
        seen.add(name)
        if case.description:
            _say_of_descriptions(name, found)
        _say_of_several(look, case, name, found)
        yield name, *(_without_zone(value, name, found) for value in values_in_order(look, case))


def _say_of_several(look: Lookup, case: Case, name: str, found: Findings) -> None:
    attributes = {variable.guid: variable.name for variable in look.variables}
    for guid, values in look.values_of(case).items():
        if len(values) > 1:
            found.add(
                Finding(
                    "CASES-SEVERAL-VALUES",
                    "warning",
                    "A case has several values of one attribute; NVivo holds one, so they stand there as one, with "
                    "semicolons.",
                    f"{name}: {attributes.get(guid, guid)}",
                )
            )


def _say_of_descriptions(what: str, found: Findings) -> None:
    found.add(
        Finding(
            "CASES-DESCRIPTIONS",
            "note",
            "A classification sheet has no descriptions of attributes and cases.",
            what,
            kind="loss",
        )
    )


def _without_zone(value: Value | None, name: str, found: Findings) -> Value | None:
    """Return a moment by its own clock, as NVivo has it; anything else as it is."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return value
    found.add(
        Finding(
            "CASES-TIME-ZONE",
            "note",
            "NVivo has times without a time zone; the clock is as it was, and the zone is left out.",
            name,
            kind="loss",
        )
    )
    return value.replace(tzinfo=None)
