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
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from qdabridge.archives import ZIP_FAULTS
from qdabridge.deposit.pseudonymising.finding import Match, Matcher
from qdabridge.errors import CannotRead
from qdabridge.safety import MAX_DEPTH

_MOST_PARTS = 20_000
_MOST_BYTES = 500_000_000
_XML = (".xml", ".rels", ".vml")
_OFFICE = (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm")
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


def document_replaced(data: bytes, matcher: Matcher) -> bytes:
    """Return a Word document with every name replaced; the same bytes where it names nobody.

    Args:
        data: the .docx file; other Office files of the same kind are read too.
        matcher: what is replaced; it counts.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all.
    """
    parts = _parts(data)
    changed: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    for name, part in parts.items():
        new = _replaced(name, part, matcher)
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
        for name in _parts(data)
        if not name.lower().endswith((*_XML, *_OFFICE))
        and PurePosixPath(name).stem.lower() != _THUMBNAIL
        and not name.endswith("/")
    ]


def texts_in(data: bytes) -> Iterator[tuple[str, str]]:
    """Give all that people wrote in a document, and what it is: ``paragraph``, ``author``, ``property`` or ``mark``.

    Marks are descriptions, links, names of bookmarks and the like; words of the format may be among them.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all.
    """
    for name, part in _parts(data).items():
        if name.lower().endswith(_OFFICE):
            yield from texts_in(part)
        elif (root := _root(name, part)) is not None:
            for paragraph in root.iter(*_PARAGRAPHS):
                texts = ("".join(text for _, text in _pieces(paragraph, each)) for each in (frozenset(), _GONE, _NEW))
                yield from (("paragraph", text) for text in dict.fromkeys(texts) if text.strip())
            for element in root.iter(etree.Element):
                yield from _said_beside(element, name)


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


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_BYTES:
                raise CannotRead("The document is too large to look into.")
            if len({info.filename for info in infos}) < len(infos):
                raise CannotRead("The document is damaged: a file is in it twice.")
            parts = {info.filename: archive.read(info) for info in infos}
    except ZIP_FAULTS as error:
        raise CannotRead("The document is damaged or encrypted.") from error
    if "[Content_Types].xml" not in parts:
        raise CannotRead("This is no Office document.")
    return parts


def _root(name: str, part: bytes) -> etree._Element | None:
    """Return the root of a part of XML; ``None`` for anything else."""
    if not name.lower().endswith(_XML) or not part.strip():
        return None
    if b"<!DOCTYPE" in part:
        raise CannotRead("The XML in the document has a DOCTYPE, which can hide files or bombs.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise CannotRead("The document is damaged: its XML is not well-formed.") from error
    if _is_too_deep(root):
        raise CannotRead("The XML in the document is nested far deeper than Word writes it.")
    return root


def _is_too_deep(root: etree._Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _replaced(name: str, part: bytes, matcher: Matcher) -> bytes | None:
    """Return a part with its names replaced; ``None`` where it has none."""
    if name.lower().endswith(_OFFICE):
        new = document_replaced(part, matcher)
        return new if new != part else None
    root = _root(name, part)
    if root is None:
        return None
    changed = _drop_thumbnail(root)
    for paragraph in root.iter(*_PARAGRAPHS):
        for without in (frozenset[str](), _GONE, _NEW):
            changed = _replace_in(paragraph, without, matcher) or changed
    for element in root.iter(etree.Element):
        changed = _replace_in_element(element, name, matcher) or changed
    if not changed:
        return None
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


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


def _replace_in(paragraph: etree._Element, without: frozenset[str], matcher: Matcher) -> bool:
    """Replace the names in a paragraph; a pseudonym stands in the run in which its name began."""
    if without and next(paragraph.iter(*_GONE, *_NEW), None) is None:
        return False
    pieces = list(_pieces(paragraph, without))
    replacing = matcher.replaced("".join(text for _, text in pieces))
    if not replacing.changes:
        return False
    at = 0
    for element, text in pieces:
        start, end = at, at + len(text)
        at = end
        if element is None:
            continue
        new, done = [], start
        for begin, until, instead in replacing.pieces:
            if until <= start or begin >= end:
                continue
            new.append(text[done - start : max(begin, start) - start])
            if begin >= start:
                new.append(instead)
            done = min(until, end)
        new.append(text[done - start :])
        said = "".join(new)
        if said != text:
            element.text = said
            element.set(_SPACE, "preserve")
    return True


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
