"""The codebook for other programs and for paper: .qdc, .xlsx, .csv, .docx, .md, in the columns a program expects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.exports.atlasti_codebook import rows_for_atlasti
from qdabridge.formats.exports.codebook_losses import said_of_colors, said_of_groups, said_of_headings
from qdabridge.formats.exports.maxqda_codebook import rows_for_maxqda, said_of_ending
from qdabridge.formats.exports.table_file import Row, check_ending, write_table
from qdabridge.formats.tables.presenting import Text, shown
from qdabridge.matrix.codebook import Usage, codebook_of
from qdabridge.matrix.grid import CodebookEntry
from qdabridge.safety import writing
from qdabridge.study.lookup import PATH_SEPARATOR, Lookup
from qdabridge.study.study import Study

ENDINGS = (".qdc", ".xlsx", ".csv", ".docx", ".md")

_MADE_BY = {"atlasti": rows_for_atlasti, "maxqda": rows_for_maxqda}
"""The layouts of which more is to be said than how a code becomes a row."""


def write_codebook(study: Study, path: Path, *, layout: str = "plain", overwrite: bool = False) -> list[Finding]:
    """Write the codebook.

    Args:
        study: whose codes.
        path: the target; its ending says the format.
        layout: whose columns: ``plain``, ``nvivo``, ``maxqda`` or ``atlasti``; a .qdc has none.
        overwrite: whether an existing target may be replaced.

    Raises:
        BadRequest: the ending or the layout is not known.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    check_ending(path, ENDINGS)
    known = (*LAYOUTS, *_MADE_BY)
    if layout not in known:
        raise BadRequest(f"There is no layout “{layout}”.", todo=f"Choose one of {', '.join(known)}.")
    suffix = path.suffix.lower()
    if suffix == ".qdc":
        from qdabridge.formats import refi

        return refi.write(study, path, overwrite=overwrite)
    look = Lookup(study)
    entries = codebook_of(look, Usage(look))
    headings, rows, told = _table(study, entries, layout)
    if layout == "maxqda" and suffix != ".xlsx":
        told.append(said_of_ending())
    if suffix == ".md":
        return [*told, *_write_markdown(path, headings, rows, overwrite=overwrite)]
    if suffix == ".docx":
        return [*told, *_write_word(path, headings, rows, overwrite=overwrite)]
    return [*told, *write_table(path, "Codebook", headings, rows, overwrite=overwrite)]


def _table(
    study: Study, entries: list[CodebookEntry], layout: str
) -> tuple[Sequence[str], Sequence[Row], list[Finding]]:
    """Return headings, rows, and what the layout cannot hold."""
    if layout in _MADE_BY:
        return _MADE_BY[layout](study.project, entries)
    headings, row = LAYOUTS[layout]
    return headings, [row(entry) for entry in entries], _not_carried(study, entries, layout)


def _not_carried(study: Study, entries: list[CodebookEntry], layout: str) -> list[Finding]:
    called = "The codebook for NVivo" if layout == "nvivo" else "A codebook as a table"
    found = Findings()
    for finding in (
        *(said_of_colors(entries, called) if layout == "nvivo" else ()),
        *said_of_headings(entries, called),
        *said_of_groups(study.project, called),
    ):
        found.add(finding)
    return found.all()


def _plain(of: CodebookEntry) -> Row:
    path = PATH_SEPARATOR.join(of.path)
    return path, of.path[-1], of.level, of.description, of.color, of.files, of.references


def _nvivo(of: CodebookEntry) -> Row:
    return "Codes", "\\".join(of.path), of.description, of.files, of.references


LAYOUTS: dict[str, tuple[tuple[str, ...], Callable[[CodebookEntry], Row]]] = {
    "plain": (("code", "name", "level", "description", "color", "sources", "references"), _plain),
    "nvivo": (("Folder", "Name", "Description", "Files", "References"), _nvivo),
}
"""The name of a layout → its headings, and what makes a row."""


def _write_markdown(path: Path, headings: Sequence[str], rows: Sequence[Row], *, overwrite: bool) -> list[Finding]:
    text = Text()

    def line(values: Row) -> str:
        cells = (text.fit(shown(value)).replace("\\", "\\\\").replace("|", "\\|") for value in values)
        cells = (cell.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>") for cell in cells)
        return f"| {' | '.join(cells)} |\n"

    with writing(path, overwrite=overwrite) as stream:
        written = [line(headings), line(["---"] * len(headings)), *map(line, rows)]
        stream.write("".join(written).encode())
    return text.findings()


def _write_word(path: Path, headings: Sequence[str], rows: Sequence[Row], *, overwrite: bool) -> list[Finding]:
    from docx import Document

    text, document = Text(), Document()
    document.add_heading("Codebook", 1)
    table = document.add_table(rows=0, cols=len(headings), style="Table Grid")
    for row in (headings, *rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = text.fit(shown(value))
    with writing(path, overwrite=overwrite) as stream:
        document.save(stream)
    return text.findings()
