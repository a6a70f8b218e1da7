"""What ATLAS.ti's tables share: names of codes and documents with what stands around them, groups, codebooks.

Seen in real files: a bullet before the name of a code, ``Gr=`` with the number of its quotations below it, and
``Theme: sub-code``. It reads cells and knows no single layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.layouts._atlasti_words import CODE, COMMENT, QUOTATIONS
from qdabridge.formats.spreadsheet.pieces import CodePath, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, Headed, folded, headed

_BULLETS = "●○◆◇•■□◦"
_BULLET = re.compile(rf"^\s*[{_BULLETS}]\s*")
_FIGURE = re.compile(r"\s*(?:\n|;|\s|\()\s*(?P<what>Gr|GS)\s*=\s*(?P<times>\d+)\s*\)?", re.IGNORECASE)
_NUMBER_OF_DOCUMENT = re.compile(r"^\s*(?:[DPA]\s?\d{1,5}|\d{1,5})\s*:\s+(?=\S)")
_LEVEL = re.compile(r":\s+")
_NUMBERED = re.compile(r"(?P<stem>.*\S)\s+(?P<number>\d{1,3})", re.DOTALL)


def code_name(cell: Cell) -> str:
    """Return the name of a code, without the bullet before it, the figures behind it and the quote marks around it.

    >>> code_name('○"Waiting for a place"'), code_name("● Access: costs\\nGr=110")
    ('Waiting for a place', 'Access: costs')
    """
    name = _BULLET.sub("", _FIGURE.sub("", text_of(cell))).strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1].strip()
    return name


def has_bullet(cell: Cell) -> bool:
    """Tell whether a bullet stands before a name, as before a code's."""
    return isinstance(cell, str) and _BULLET.match(cell) is not None


def figures(cell: Cell) -> dict[str, int]:
    """Return the figures behind a name: ``gr``, the number of quotations, and ``gs``, the size of a group.

    >>> figures("1: Interview 1\\nGr=17;  GS=4")
    {'gr': 17, 'gs': 4}
    """
    if not isinstance(cell, str):
        return {}
    return {match["what"].lower(): int(match["times"][:9]) for match in _FIGURE.finditer(cell)}


def document_name(cell: Cell) -> str:
    """Return the name of a document without its number and figures.

    >>> document_name("D 3: Interview 03\\nGr=12"), document_name("3: Interview 03"), document_name("Ana: second visit")
    ('Interview 03', 'Interview 03', 'Ana: second visit')
    """
    return _NUMBER_OF_DOCUMENT.sub("", _FIGURE.sub("", text_of(cell))).strip()


def path_of(name: str, pieces: Pieces, at: str) -> CodePath:
    """Return the path of a code by its name: ``Access: costs`` is costs below Access, which is said."""
    path = tuple(filter(None, (part.strip() for part in _LEVEL.split(name))))
    if len(path) > 1:
        pieces.found.add(
            Finding(
                "TABLE-LEVELS",
                "note",
                "A colon in the name of a code was taken to stand between a code and its sub-code.",
                f"{at}: {name}",
                "If it belongs to the name, rename the code in ATLAS.ti and export the table again.",
            )
        )
    return path or (name,)


def groups_of(cell: Cell, count: int | None = None) -> tuple[str, ...]:
    """Return the groups named in one cell, each on a line of its own or with semicolons between them.

    >>> groups_of("Wave 1\\nStaff"), groups_of("Wave 1; Staff"), groups_of("Costs, time", 1)
    (('Wave 1', 'Staff'), ('Wave 1', 'Staff'), ('Costs, time',))
    """
    text = text_of(cell).strip()
    if count == 1:
        return (text,) if text else ()
    for separator in ("\n", ";", ", "):
        parts = tuple(filter(None, (part.strip() for part in text.split(separator))))
        if len(parts) > 1 and (separator != ", " or len(parts) == count):
            return tuple(dict.fromkeys(parts))
    return (text,) if text else ()


def numbered_headings(cells: Iterable[Cell]) -> bool:
    """Tell whether headings count something from 1, in whatever language: ``Code Group 1``, ``Code Group 2``."""
    stems = set()
    number = 0
    for number, cell in enumerate(cells, 1):
        match = _NUMBERED.fullmatch(text_of(cell).strip())
        if match is None or int(match["number"]) != number:
            return False
        stems.add(folded(match["stem"]))
    return number > 0 and len(stems) == 1


def begins(quote: str, name: str) -> bool:
    """Tell whether a name is how a quotation begins, perhaps cut off.

    >>> begins("I waited for six weeks.", "I waited for…"), begins("I waited.", "A question")
    (True, False)
    """
    return " ".join(quote.split()).startswith(" ".join(name.rstrip("….").split()))


def quotations(sheet: Sheet) -> Headed | None:
    """Return a sheet as a list of quotations, where its headings say that it is one."""
    return headed(sheet, QUOTATIONS, ("codes", "document", "quote"))


def has_quotations(file: TableFile) -> bool:
    """Tell whether a sheet of a file is a list of quotations; a codebook on another belongs to it then."""
    return any(quotations(sheet) is not None for sheet in file.sheets)


def codebook_row(sheet: Sheet) -> tuple[int, float] | None:
    """Return the row of the headings of a codebook and how sure that is, or nothing: code, comment, groups that are
    counted. A title may stand above them. Without words that are known, the groups must be there.
    """
    for number, row in enumerate(sheet.rows[:WITHIN]):
        if len(row) < 2 or not all(isinstance(cell, str) and cell.strip() for cell in row):
            continue
        has_words = folded(text_of(row[0])) in CODE and folded(text_of(row[1])) in COMMENT
        if len(row) > 2 and not numbered_headings(row[2:]):
            continue
        if has_words:
            return number, 0.9 if len(row) > 2 else 0.75
        if len(row) > 2 and number + 1 < len(sheet.rows):
            return number, 0.6
    return None
