"""Framework matrices: a row for each case, a column for each code, in each cell what was said.

>>> from qdabridge.matrix import framework_matrix
>>> from qdabridge.study.model import Project
>>> from qdabridge.study.study import Study
>>> framework_matrix(Study(Project(name="Clinic"))).to_rows()
[[''], ['Source']]
"""

from qdabridge.matrix.building import framework_matrix
from qdabridge.matrix.crossing import co_occurrence
from qdabridge.matrix.crosstab import crosstab
from qdabridge.matrix.grid import (
    QUOTES_LINE,
    Attribute,
    CaseEntry,
    Cell,
    CodebookEntry,
    Column,
    Field,
    Matrix,
    Piece,
    Quote,
    Row,
    RowKind,
)
from qdabridge.matrix.wording import Wording
from qdabridge.study.summaries import Summary

__all__ = [
    "QUOTES_LINE",
    "Attribute",
    "CaseEntry",
    "Cell",
    "CodebookEntry",
    "Column",
    "Field",
    "Matrix",
    "Piece",
    "Quote",
    "Row",
    "RowKind",
    "Summary",
    "Wording",
    "co_occurrence",
    "crosstab",
    "framework_matrix",
]
