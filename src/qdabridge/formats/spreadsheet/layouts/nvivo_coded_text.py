"""The text coded with one code, as NVivo exports a code: for each source a heading, below it each reference.

``<Files\\\\Interviews\\\\Ana> - § 2 references coded [4.31% Coverage]``, ``Reference 1 - 0.71% Coverage``, the words.
Seen in files of NVivo for Windows: UTF-16 text, a blank after the bracket, no angle brackets in some. On the Mac the
number of references stands on a line of its own. Headings are known by shape, as the program translates their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _nvivo as nvivo
from qdabridge.formats.spreadsheet.pieces import Coded, CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile

_WITHIN = 200
_LONGEST_TITLE = 300
_LONGEST_HEADING = 1_500
_BLANK = r"[ \t\u00a0\u202f]"
_COVERAGE = rf"\[[^\[\]\d]*[0-9]+(?:[.,][0-9]+)?{_BLANK}*%{_BLANK}*[^\]]*\]"
_COUNTED = rf"(?P<count>[0-9]+){_BLANK}+[^\[\d]+?(?:{_BLANK}*{_COVERAGE})?"
_HEAD = re.compile(rf"(?P<open><)?(?P<path>[^<>\n]+?)(?(open)>){_BLANK}*-{_BLANK}*§{_BLANK}*{_COUNTED}")
_HEAD_ALONE = re.compile(r"<(?P<path>[^<>\n]*\\\\[^<>\n]+)>|(?P<bare>\w[\w ]*\\\\[^<>\n]+)")
_COUNT_ALONE = re.compile(_COUNTED)
_WORDS = r"[^\W\d][^\d\n\[\]%]{0,30}?"
_REFERENCE = re.compile(
    rf"(?P<word>[^\W\d]+){_BLANK}+(?P<first>[0-9]+)(?:{_BLANK}*[-–]{_BLANK}*(?P<last>[0-9]+))?{_BLANK}*[-–]{_BLANK}*"
    rf"(?:{_WORDS}{_BLANK}+)?[0-9]+(?:[.,][0-9]+)?{_BLANK}*%(?:{_BLANK}*{_WORDS})?"
)
_REGION = re.compile(
    r"(?:[^\W\d]+\s+[0-9]+\s*:\s*)?\(\s*-?[0-9]+\s*,\s*-?[0-9]+\s*\)\s*-\s*\(\s*-?[0-9]+\s*,\s*-?[0-9]+\s*\)"
)
_SPAN = re.compile(
    r"\[?\s*[0-9]+:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?\s*-\s*[0-9]+:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?\s*\]?"
)
_TITLE_STYLES = ("heading", "title", "überschrift", "titel", "titre", "título", "titolo")


class _Reference(Struct):
    """A reference: its heading, how many codings it stands for, and the lines below it."""

    line: int
    first: int
    last: int
    lines: list[str] = field(default_factory=list)


class _Source(Struct):
    """What of one source is coded with one code."""

    line: int
    written: str
    code: str
    count: int | None
    references: list[_Reference] = field(default_factory=list)


def _recognises(file: TableFile) -> Seen:
    lines = file.lines[:_WITHIN]
    for number, line in enumerate(lines):
        head = _head(lines, number)
        if head is None:
            continue
        below = next((each for each in lines[head[2] :] if each.strip()), "")
        match = _REFERENCE.fullmatch(below.strip())
        if match is not None:
            shown = f"“{nvivo.shown(line, 80)}” and “{nvivo.shown(below)}”"
            return Seen(0.95, f"the headings of sources and references, such as {shown}")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    strays: list[int] = []
    sources = list(_sources(file, strays))
    if not any(source.references for source in sources):
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    unit = "line" if file.kind == "text" else "paragraph"
    for stray in strays:
        pieces.lost(
            "Words outside the references were left out.", f"{unit} {stray + 1}: {nvivo.shown(file.lines[stray])}"
        )
    paths = {source.code: _code(source.code) for source in sources}
    pieces.codes += [CodeRow(at="", path=path) for path in dict.fromkeys(paths.values())]
    names = _names(sources, pieces)
    for source in sources:
        folder, name = names[source.written]
        for reference in source.references:
            at = f"{unit} {reference.line + 1}"
            _take(reference, Coded(at=at, source=name, folder=folder, codes=(paths[source.code],)), pieces)
        there = sum(each.last - each.first + 1 for each in source.references)
        if source.count is not None and there != source.count:
            pieces.odd(
                "A source has not as many references as its heading says.",
                f"{unit} {source.line + 1}: {name}, {there} of {source.count}",
                "Export the code again, or see whether lines were changed by hand.",
            )
    pieces.lost(
        "The coverage of sources and references is not carried; it follows from the texts.",
        file.path.name,
    )
    return pieces


def _take(reference: _Reference, coded: Coded, pieces: Pieces) -> None:
    """Take a reference with its words, and say what of it is not carried."""
    where = f"{coded.at}: {coded.source}"
    if reference.last > reference.first:
        pieces.lost(
            "A passage that several people coded is there once, and NVivo does not say by whom.",
            where,
            "If it matters who coded what, export the project as REFI-QDA (.qdpx) from NVivo.",
        )
    lines = _between_blank_lines(reference.lines)
    words, places = _told_apart(lines)
    for place in places:
        pieces.lost(
            "A part of a page, picture or recording is given by where it is and not in words; where it is is not "
            "carried.",
            f"{where}, {place.strip()}",
            "If it matters, export the project as REFI-QDA (.qdpx) from NVivo.",
        )
    coded.quote = "\n".join(_between_blank_lines(words)) or None
    if not coded.quote and not places:
        pieces.odd("A reference has no words, so its whole source was coded.", where)
    pieces.coded.append(coded)


def _told_apart(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines that are words, and those that are coordinates or times.

    Times are what is coded only where there is nothing else: in a transcript they stand between the words.
    """
    regions = [line for line in lines if _REGION.fullmatch(line.strip())]
    words = [line for line in lines if line not in regions]
    if all(_SPAN.fullmatch(line.strip()) for line in words if line.strip()):
        return [], regions + [line for line in words if line.strip()]
    return words, regions


def _between_blank_lines(lines: list[str]) -> list[str]:
    """Return lines without the blank ones before and after them."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _code(written: str) -> CodePath:
    """Return the path of a code from the title above its sources, or the name of the file."""
    _, path = nvivo.split_path(written.strip().strip("<>"))
    return path or (written.strip(),)


def _names(sources: list[_Source], pieces: Pieces) -> dict[str, tuple[str, str]]:
    """Return folder and name of each source, as written; with the folder where two have one name."""
    names = {source.written: nvivo.split_source(source.written) for source in sources}
    doubled = nvivo.twice(name for _, name in names.values())
    for written, (folder, name) in names.items():
        if name in doubled:
            pieces.odd("Sources in different folders have one name; the folder was put before it.", written)
            names[written] = folder, f"{folder}\\\\{name}" if folder else written
    return names


# --- the lines -------------------------------------------------------------------------------------------------------


def _sources(file: TableFile, strays: list[int]) -> Iterator[_Source]:
    """Give the sources with their references. The code is the title above them, or else the name of the file.

    Args:
        file: the file.
        strays: takes the lines that belong to nothing.
    """
    code, title = file.path.stem, ""
    source: _Source | None = None
    expected, word, number = 1, "", 0
    while number < len(file.lines):
        line = file.lines[number]
        head = _head(file.lines, number)
        if head is not None:
            if title:
                code, title = title, ""
            if source is not None:
                yield source
            source = _Source(number, head[0], code, head[1])
            expected, number = 1, head[2]
            continue
        match = _REFERENCE.fullmatch(line.strip())
        if not title and line.strip() and (source is None or _is_title(file, number)):
            title = line.strip()[:_LONGEST_TITLE]
        elif source and match and int(match["first"]) >= expected and _same_word(match["word"], word):
            first = int(match["first"])
            last = max(first, int(match["last"] or 0))
            source.references.append(_Reference(number, first, last))
            expected, word = last + 1, word or match["word"]
        elif source and source.references and not title:
            # Words that look like a heading but are out of turn are what somebody said.
            source.references[-1].lines.append(line)
        elif line.strip():
            strays.append(number)
        number += 1
    if source is not None:
        yield source


def _head(lines: list[str], number: int) -> tuple[str, int | None, int] | None:
    """Return the source that a line is the heading of, how many references it has, and the line after the heading."""
    line = lines[number].strip()
    if len(line) > _LONGEST_HEADING:
        return None
    match = _HEAD.fullmatch(line) if "§" in line else None
    if match is not None:
        return match["path"].strip(), int(match["count"]), number + 1
    match = _HEAD_ALONE.fullmatch(line)
    if match is None:
        return None
    # On the Mac the number of references stands below.
    below = next((at for at in range(number + 1, min(number + 3, len(lines))) if lines[at].strip()), None)
    count = _COUNT_ALONE.fullmatch(lines[below].strip()) if below is not None else None
    if below is None or count is None or "[" not in lines[below]:
        return None
    return (match["path"] or match["bare"]).strip(), int(count["count"]), below + 1


def _same_word(word: str, before: str) -> bool:
    """Tell whether a heading begins as those before it: ``Reference``, ``References``; ``Referenz``, ``Referenzen``."""
    return not before or word[:5].casefold() == before[:5].casefold()


def _is_title(file: TableFile, number: int) -> bool:
    """Tell whether a paragraph of a Word document is the title of the next code."""
    style = file.styles[number].casefold() if number < len(file.styles) else ""
    return bool(file.lines[number].strip()) and style.startswith(_TITLE_STYLES)


LAYOUT = Layout(
    name="nvivo-coded-text",
    title="coded text of a code",
    program="NVivo",
    looks_for="headings such as “<Files\\\\Ana> - § 2 references coded [4.31% Coverage]” and “Reference 1 - 4.31% …”",
    gives="a code, sources in folders, quotes",
    evidence="text and Word files of NVivo for Windows; on the Mac as its help shows; other languages by shape",
    recognises=_recognises,
    read=_read,
)
