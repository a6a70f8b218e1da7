"""A codebook as QualCoder takes it in: ``category1>>category2>>code`` on each line, and a memo behind a tab.

As CSV the memo is in the second column. Evidence: QualCoder's wiki.
"""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, beginning, does_not_fit
from qdabridge.formats.spreadsheet.pieces import CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile, text_of

_BETWEEN = ">>"
_LONGEST_NAME = 200
_MOST = 0.5


def _recognises(file: TableFile) -> Seen:
    paths = [path for _, path, _ in _lines(beginning(file))]
    deep = sum(len(path) > 1 for path in paths)
    if not deep or any(len(name) > _LONGEST_NAME for path in paths for name in path):
        return NOTHING
    return Seen(0.85 if deep >= _MOST * len(paths) else 0.6, "paths with “>>” between categories and codes")


def _read(file: TableFile) -> Pieces:
    lines = list(_lines(file))
    if not lines or any(len(name) > _LONGEST_NAME for _, path, _ in lines for name in path):
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    categories: dict[CodePath, None] = {}
    for at, path, memo in lines:
        for length in range(1, len(path)):
            if path[:length] not in categories:
                categories[path[:length]] = None
                pieces.codes.append(CodeRow(at=at, path=path[:length], is_codable=False))
        if not path:
            pieces.lost("A line with a memo and without a code was left out.", at)
            continue
        pieces.codes.append(CodeRow(at=at, path=path, description=memo))
    codes = {path for _, path, _ in lines}
    # What is a category and a code by the same name can be coded with.
    for row in pieces.codes:
        row.is_codable = row.path in codes
    for sheet in file.sheets[1:]:
        if sheet.rows:
            pieces.lost("A sheet that is no codebook was left out.", sheet.name)
    for number, cells in enumerate(file.sheets[0].rows if _has_cells(file) else ()):
        if any(text_of(cell).strip() for cell in cells[2:]):
            pieces.lost("A column behind the memos was left out.", file.sheets[0].place(number))
    return pieces


def _lines(file: TableFile) -> Iterator[tuple[str, CodePath, str]]:
    """Give the lines that are not empty: where, path and memo."""
    if _has_cells(file):
        sheet = file.sheets[0]
        for number in range(len(sheet.rows)):
            name, memo = text_of(sheet.at(number, 0)), text_of(sheet.at(number, 1))
            if name.strip() or memo.strip():
                yield sheet.place(number), _path(name), memo.strip()
        return
    for number, line in enumerate(file.lines, 1):
        name, _, memo = line.partition("\t")
        if line.strip():
            yield f"line {number}", _path(name), memo.strip()


def _has_cells(file: TableFile) -> bool:
    """Tell whether the file has columns; of a text, commas in memos may have looked like some."""
    is_text = file.kind == "text" and file.path.suffix.lower() not in (".csv", ".tsv", ".tab")
    return bool(file.sheets) and not is_text


def _path(name: str) -> CodePath:
    return tuple(filter(None, (part.strip() for part in name.split(_BETWEEN))))


LAYOUT = Layout(
    name="qualcoder-codebook",
    title="codebook",
    program="QualCoder",
    looks_for="lines such as category>>category>>code, with a memo behind a tab or in the second column",
    gives="categories and codes with memos",
    evidence="QualCoder's wiki; no real file was seen",
    recognises=_recognises,
    read=_read,
)
