"""Framework matrices: a row for each case, a column for each code, in each cell what was said.

>>> from qdabridge.matrix import framework_matrix
>>> from qdabridge.study.model import Project
>>> from qdabridge.study.study import Study
>>> framework_matrix(Study(Project(name="Clinic"))).to_rows()
[[''], ['Source']]
"""

from qdabridge.matrix.building import framework_matrix
from qdabridge.matrix.grid import Attribute, Cell, Column, Matrix, Quote, Row, RowKind

__all__ = ["Attribute", "Cell", "Column", "Matrix", "Quote", "Row", "RowKind", "framework_matrix"]
