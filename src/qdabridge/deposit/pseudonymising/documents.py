"""Pseudonyms in Word documents, wherever a name can stand in one: runs keep their formatting.

Text is looked at paragraph by paragraph, so that a name is found that is spread over several runs; with tracked changes
also as it reads before and after them. Everything else that a document says is looked at piece by piece: headers,
comments, properties, descriptions of pictures, targets of links, the XML of add-ins. Pictures inside stay as they are,
and are named by ``pictures_in``.

Source: ECMA-376 (Office Open XML), parts 1 and 2.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import PurePosixPath

from lxml import etree

from qdabridge.archives import XML
from qdabridge.deposit.pseudonymising.finding import Match, Matcher
from qdabridge.deposit.pseudonymising.office_parts import parts_of, root_of, written
from qdabridge.errors import CannotRead
from qdabridge.study.replacing import Replacing

_OFFICE = (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm")
_MOST_NESTED = 5
"""How deep documents are looked into that stand in documents; people put a table into a text."""
_HOLDING_FILES = ("media/", "embeddings/")
_THUMBNAIL = "thumbnail"

_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARAGRAPHS = frozenset({f"{{{_WORDS}}}p", f"{{{_DRAWING}}}p"})
_TEXTS = frozenset(
    {
        *(f"{{{_WORDS}}}{name}" for name in ("t", "delText", "instrText", "delInstrText")),
        f"{{{_DRAWING}}}t",
    }
)
_GONE = frozenset({f"{{{_WORDS}}}del", f"{{{_WORDS}}}moveFrom"})
_NEW = frozenset({f"{{{_WORDS}}}ins", f"{{{_WORDS}}}moveTo"})
_BREAKS = {
    f"{{{_WORDS}}}tab": "\t",
    f"{{{_WORDS}}}br": "\n",
    f"{{{_WORDS}}}cr": "\n",
    f"{{{_WORDS}}}noBreakHyphen": "-",
    f"{{{_DRAWING}}}br": "\n",
}
_PERSONS = frozenset({"author", "initials", "userId", "lastModifiedBy"})
_SAID = frozenset({"descr", "title", "alt", "tooltip", "instr", "Target", "href", "placeholder"})
"""Attributes that hold what people wrote. Others hold words of the format as well: a page break is of the type page,
and somebody may be called Page; there only what is written with a capital is taken for a name."""

_AUTHORS = frozenset({"creator", "lastModifiedBy", "Manager", "Company"})

_FONTS = frozenset({"rFonts", "font", "latin", "ea", "cs", "sym", "altName"})
"""Elements that name fonts; Georgia is one."""


def document_replaced(data: bytes, matcher: Matcher, *, inside: int = 0) -> bytes:
    """Return a Word document with every name replaced; the same bytes where it names nobody.

    Args:
        data: the .docx file; other Office files of the same kind are read too.
        matcher: what is replaced; it counts.
        inside: in how many documents this one stands.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all, or documents stand in documents
            deeper than anybody puts them.
    """
    _refuse_nested(inside)
    parts = parts_of(data)
    changed: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    for name, part in parts.items():
        new = _replaced(name, part, matcher, inside)
        if new is not None:
            changed[name] = new
        called = _file_name(name, matcher)
        if called != name:
            renamed[name] = called
    thumbnails = [name for name in parts if PurePosixPath(name).stem.lower() == _THUMBNAIL]
    if not changed and not renamed and not thumbnails:
        return data
    if len({renamed.get(name, name).casefold() for name in parts}) < len(parts):
        raise CannotRead("Two files inside the document would have one name.")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if name in thumbnails:
                # A picture of the first page shows the names on it.
                continue
            kept = zipfile.ZipInfo(renamed.get(name, name))
            kept.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(kept, changed.get(name, part))
    return out.getvalue()


def pictures_in(data: bytes) -> list[str]:
    """Return the files inside a document that cannot be changed: pictures, sound, old documents.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all.
    """
    return [
        name
        for name in parts_of(data)
        if not name.lower().endswith((*XML, *_OFFICE))
        and PurePosixPath(name).stem.lower() != _THUMBNAIL
        and not name.endswith("/")
    ]


def texts_in(data: bytes, *, inside: int = 0) -> Iterator[tuple[str, str]]:
    """Give all that people wrote in a document, and what it is: ``paragraph``, ``author``, ``property`` or ``mark``.

    Marks are descriptions, links, names of bookmarks and the like; words of the format may be among them.

    Raises:
        CannotRead: as for ``document_replaced``.
    """
    _refuse_nested(inside)
    for name, part in parts_of(data).items():
        if name.lower().endswith(_OFFICE):
            yield from texts_in(part, inside=inside + 1)
        elif (root := root_of(name, part)) is not None:
            for paragraph in root.iter(*_PARAGRAPHS):
                texts = ("".join(text for _, text in _pieces(paragraph, each)) for each in (frozenset(), _GONE, _NEW))
                yield from (("paragraph", text) for text in dict.fromkeys(texts) if text.strip())
            for element in root.iter(etree.Element):
                yield from _said_beside(element, name)


def _refuse_nested(inside: int) -> None:
    if inside > _MOST_NESTED:
        raise CannotRead("Documents stand in documents deeper than anybody puts them.")


def _said_beside(element: etree._Element, part: str) -> Iterator[tuple[str, str]]:
    """Give what an element says apart from paragraphs."""
    local = str(element.tag).rpartition("}")[2]
    if element.tag not in _TEXTS and (element.text or "").strip():
        is_author = local in _AUTHORS and part.startswith("docProps/")
        yield "author" if is_author else "property" if part.startswith("docProps/") else "mark", str(element.text)
    if part.endswith(".rels"):
        if element.get("TargetMode") == "External":
            yield "mark", str(element.get("Target", ""))
        return
    if local in _FONTS or part == "[Content_Types].xml":
        return
    for key, value in element.attrib.items():
        name = str(key).rpartition("}")[2]
        if len(value) > 1:
            yield "author" if name in _PERSONS else "mark", str(value)


def _replaced(name: str, part: bytes, matcher: Matcher, inside: int) -> bytes | None:
    """Return a part with its names replaced; ``None`` where it has none."""
    if name.lower().endswith(_OFFICE):
        new = document_replaced(part, matcher, inside=inside + 1)
        return new if new != part else None
    root = root_of(name, part)
    if root is None:
        return None
    changed = _drop_thumbnail(root)
    for paragraph in root.iter(*_PARAGRAPHS):
        changed = _replace_in(paragraph, matcher) or changed
    for element in root.iter(etree.Element):
        changed = _replace_in_element(element, name, matcher) or changed
    if not changed:
        return None
    return written(root)


# --- text ------------------------------------------------------------------------------------------------------------


def _pieces(paragraph: etree._Element, without: frozenset[str]) -> Iterator[tuple[etree._Element | None, str]]:
    """Give the pieces of text of a paragraph, and the element that each stands in; breaks stand in none.

    What stands in a text box inside is a paragraph of its own. ``without`` leaves out what was deleted, or inserted.
    """
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _PARAGRAPHS or element.tag in without:
            continue
        if element.tag in _TEXTS:
            yield element, str(element.text or "")
        elif element.tag in _BREAKS:
            yield None, _BREAKS[element.tag]
        else:
            stack.extend(reversed(element))


def _replace_in(paragraph: etree._Element, matcher: Matcher) -> bool:
    """Replace the names in a paragraph; a pseudonym stands in the run in which its name began."""
    changes: dict[etree._Element, list[tuple[int, int, str]]] = {}
    for match, places in sorted(_found_in(paragraph, matcher), key=lambda each: each[0].start - each[0].end):
        if any(start < until and begin < end for one, start, end in places for begin, until, _ in changes.get(one, ())):
            # It was found in another reading already, or is part of what was.
            continue
        matcher.counts[match.entry] = matcher.counts.get(match.entry, 0) + 1
        instead = match.instead
        for element, start, end in places:
            changes.setdefault(element, []).append((start, end, instead))
            instead = ""
    for element, pieces in changes.items():
        element.text = Replacing(str(element.text), sorted(pieces)).new
        element.set(_SPACE, "preserve")
    return bool(changes)


def _found_in(
    paragraph: etree._Element, matcher: Matcher
) -> Iterator[tuple[Match, list[tuple[etree._Element, int, int]]]]:
    """Give what is found in a paragraph as it stands there, without what was deleted, and without what was inserted.

    With each, where it is in the elements that hold the text.
    """
    is_tracked = next(paragraph.iter(*_GONE, *_NEW), None) is not None
    for without in (frozenset[str](), _GONE, _NEW) if is_tracked else (frozenset[str](),):
        pieces = list(_pieces(paragraph, without))
        starts = [0, *accumulate(len(text) for _, text in pieces)]
        for match in matcher.found("".join(text for _, text in pieces)):
            first = bisect_right(starts, match.start) - 1
            places = []
            for (element, text), start in zip(pieces[first:], starts[first:], strict=False):
                if start >= match.end:
                    break
                if element is not None:
                    places.append((element, max(match.start - start, 0), min(match.end - start, len(text))))
            yield match, [(element, start, end) for element, start, end in places if start < end]


def _replace_in_element(element: etree._Element, part: str, matcher: Matcher) -> bool:
    """Replace the names in what an element says apart from paragraphs: its own text and its attributes."""
    changed = False
    if element.tag not in _TEXTS:
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and not text.isspace() and (new := matcher.text(text)) != text:
                setattr(element, name, new)
                changed = True
    if element.tag.rpartition("}")[2] in _FONTS:
        return changed
    inside = part.endswith(".rels") and element.get("TargetMode") != "External"
    for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
        local = key.rpartition("}")[2]
        if inside and local == "Target":
            new = _file_name(value, matcher)
        elif part == "[Content_Types].xml":
            new = _file_name(value, matcher) if local == "PartName" else value
        elif local in _PERSONS:
            new = _run_together(value, matcher)
        elif local in _SAID or not part.startswith("word/"):
            new = matcher.text(value)
        else:
            new = _with_capitals(value, matcher)
        if new != value:
            element.set(key, new)
            changed = True
    return changed


def _with_capitals(text: str, matcher: Matcher) -> str:
    """Return a text with those names replaced that are written with a capital."""
    return _with(text, [match for match in matcher.found(text) if text[match.start].isupper()], matcher)


def _run_together(text: str, matcher: Matcher) -> str:
    """Return a user name with every name replaced, words run together too."""
    return _with(text, matcher.found_in_name(text), matcher)


def _with(text: str, matches: list[Match], matcher: Matcher) -> str:
    for match in reversed(matches):
        matcher.counts[match.entry] = matcher.counts.get(match.entry, 0) + 1
        text = text[: match.start] + match.instead + text[match.end :]
    return text


# --- files inside ----------------------------------------------------------------------------------------------------


def _file_name(name: str, matcher: Matcher) -> str:
    """Return what a picture or document inside is called afterwards; other parts have the names that Word gives."""
    folder, slash, last = name.rpartition("/")
    if not f"{folder}/".endswith(_HOLDING_FILES):
        return name
    new = _run_together(last, matcher)
    return f"{folder}{slash}{''.join('_' if char in _UNUSABLE else char for char in new)}"


_UNUSABLE = frozenset('<>:"/\\|?*[] %#')


def _drop_thumbnail(root: etree._Element) -> bool:
    """Take out of the package's relations and types the picture of the first page."""
    found: list[etree._Element] = [
        element
        for element in root.iter(f"{{{_RELATIONS}}}Relationship", f"{{{_TYPES}}}Override")
        if str(element.get("Type", "")).endswith(f"/{_THUMBNAIL}")
        or PurePosixPath(str(element.get("PartName", ""))).stem.lower() == _THUMBNAIL
    ]
    for element in found:
        root.remove(element)
    return bool(found)
