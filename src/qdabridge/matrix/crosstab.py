"""Codes by the values of a variable: who speaks of what.

It is a matrix with a row for each value, seen the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from msgspec.structs import replace

from qdabridge.errors import BadRequest
from qdabridge.matrix.building import Choices, Making
from qdabridge.matrix.figures import add_percentages
from qdabridge.matrix.grid import Column, Matrix, Row
from qdabridge.study.lookup import PATH_SEPARATOR
from qdabridge.study.model import Variable
from qdabridge.study.study import Study

CONDITIONS = "Groups"
"""What stands over the columns where they are conditions."""


def crosstab(study: Study, across: str | Iterable[str], **choices: Unpack[Choices]) -> Matrix:
    """Make a matrix of codes by the values of a variable, or by conditions.

    >>> from qdabridge.study.model import Case, Code, CodeBook, Project, Variable, VariableRef, VariableValue
    >>> nurse = VariableValue(variable_ref=VariableRef(target_guid="9c01"), text_value="Nurse")
    >>> project = Project(
    ...     name="Clinic",
    ...     code_book=CodeBook(codes=[Code(guid="7a1f", name="Trust")]),
    ...     variables=[Variable(guid="9c01", name="Role", type_of_variable="Text")],
    ...     cases=[Case(guid="3b77", name="Ana", variable_values=(nurse,))],
    ... )
    >>> crosstab(Study(project), "Role").to_rows()
    [['', 'Role'], ['Code', 'Nurse'], ['Trust', 0]]

    Args:
        study: the study; keep it open meanwhile.
        across: the name of a variable, with a column for each value that a case has, or a source where there are no
            cases; or conditions such as ``Age>50``, with a column for each. Whoever has several values counts in each.
        **choices: see ``Choices``; by default cells hold the number of references.

    Raises:
        BadRequest: something is asked for that does not fit together.
        NotInStudy: there is no such variable, code, set or coder.
    """
    making = Making(study, across if isinstance(across, str) else tuple(across), {"cells": ("count",), **choices})
    if making.rows.kind != "values":
        raise BadRequest(f"“{across}” is neither a variable nor conditions.", todo="Name a variable of the study.")
    making.refuse_summaries()
    making.fill()
    return _turned(making.finished(), making.rows.variable)


def _turned(matrix: Matrix, variable: Variable | None) -> Matrix:
    """Return a matrix of values by codes the other way round."""
    theme, guid = (variable.name, variable.guid) if variable is not None else (CONDITIONS, "")
    order = sorted((column, row) for row, column in matrix.cells)
    turned = replace(
        matrix,
        kind="crosstab",
        row_kind="codes",
        attributes=[],
        rows=[Row(each.guid, PATH_SEPARATOR.join(each.path), color=each.color) for each in matrix.columns],
        columns=[Column("", (theme, row.label), None, guid, None) for row in matrix.rows],
        cells={(column, row): matrix.cells[row, column] for column, row in order},
    )
    add_percentages(turned)
    return turned
