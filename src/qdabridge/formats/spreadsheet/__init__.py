"""Workbooks: framework matrices for Excel and LibreOffice."""

from qdabridge.formats.spreadsheet.matrix_workbook import write_matrix

__all__ = ["write_matrix"]
