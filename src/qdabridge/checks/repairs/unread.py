"""COORD-FLOAT: selections and shapes that could not be read because a number has a decimal point.

The reader keeps such an element as it stands; here its numbers are made whole and it is read again.
"""

from __future__ import annotations

import io
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import BinaryIO, cast

from lxml import etree
from msgspec.structs import replace

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, forget_spelling, spelling
from qdabridge.errors import QdabridgeError
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.study import walk
from qdabridge.study.model import (
    AudioSource,
    Element,
    Extensions,
    ForeignNode,
    Graph,
    PDFSource,
    PictureSource,
    Project,
    SyncPoint,
    TextDocument,
    Vertex,
    VideoSource,
)
from qdabridge.study.text import STANDARD, Positions

_DOWN = ("page", "firstX", "firstY")
_UP = ("secondX", "secondY")
_TIMES = ("begin", "end")
_POSITIONS = ("startPosition", "endPosition")
_LISTS: dict[type[Element], tuple[str, str]] = {
    PictureSource: ("PictureSelection", "picture_selections"),
    PDFSource: ("PDFSelection", "pdf_selections"),
    AudioSource: ("AudioSelection", "audio_selections"),
    VideoSource: ("VideoSelection", "video_selections"),
    Graph: ("Vertex", "vertices"),
}


def mend_unread(mending: Mending) -> None:
    """Read what was kept unread because of its numbers."""
    for element in mending.elements():
        if isinstance(element, SyncPoint | Vertex) and element.extensions is not None:
            _mend_numbers(mending, element)
    for source in (*(mending.project.sources or ()), *(mending.project.notes or ()), *(mending.project.graphs or ())):
        if type(source) in _LISTS:
            _mend(mending, source, *_LISTS[type(source)])
        if not isinstance(source, Graph):
            for text in walk.texts_of(source):
                if isinstance(text, TextDocument):
                    _mend(mending, text, "PlainTextSelection", "plain_text_selections")


def _mend_numbers(mending: Mending, element: SyncPoint | Vertex) -> None:
    """Read numbers that may be absent, and were taken for absent because of their decimals.

    The position of a sync point is left: what it counts is known only where the whole text is counted.
    """
    for name, field in (("secondX", "second_x"), ("secondY", "second_y"), ("timeStamp", "time_stamp")):
        written = spelling(element, name)
        if written is None or getattr(element, field, None) is not None:
            continue
        whole = _rounded(name, written)
        if whole is not None:
            setattr(element, field, int(whole))
            forget_spelling(element, name)
            mending.say("COORD-FLOAT", _WHOLE, f"{called(element)}, {name} {written}")


def _mend(mending: Mending, holder: Element, name: str, field: str) -> None:
    odd = holder.extensions
    if odd is None or not odd.nodes:
        return
    kept: list[ForeignNode] = []
    found: list[Element] = []
    for node in odd.nodes:
        element = _whole(node.xml, name)
        if element is None or not _counted(mending, holder, element):
            kept.append(node)
            continue
        found.append(element)
        mending.say("COORD-FLOAT", _WHOLE, f"{called(element)} in {called(holder)}")
    if found:
        setattr(holder, field, [*getattr(holder, field), *found])
        left = replace(odd, nodes=tuple(kept))
        holder.extensions = None if left == Extensions() else left


def _whole(xml: str, name: str) -> Element | None:
    """Return the element that a piece of XML is, with its numbers made whole, or None where that cannot be done."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        node = etree.fromstring(xml.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if not isinstance(node.tag, str) or etree.QName(node).localname != name:
        return None
    numbers = [attribute for attribute in (*_DOWN, *_UP, *_TIMES, *_POSITIONS) if attribute in node.attrib]
    for attribute in numbers:
        whole = _rounded(attribute, str(node.attrib[attribute]))
        if whole is None:
            return None
        node.attrib[attribute] = whole
    return _read(node, name)


def _rounded(attribute: str, written: str) -> str | None:
    """Return a number as a whole one: first corners and beginnings down, second ones and ends up, positions never."""
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= 10**12:
        return None
    if number == number.to_integral_value():
        return str(int(number))
    if attribute in _POSITIONS or attribute == "page":
        return None
    up = attribute in _UP or attribute == "end"
    return str(int(number.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)))


def _read(node: etree._Element, name: str) -> Element | None:
    """Read one element as if it stood in a project by itself."""
    namespace = etree.QName(node).namespace or ""
    containers = {
        "Vertex": ("Graphs", "Graph"),
        "PlainTextSelection": ("Sources", "TextSource"),
    }
    outer, inner = containers.get(name, ("Sources", name.replace("Selection", "Source")))
    lead = f"{{{namespace}}}" if namespace else ""
    root = etree.Element(f"{lead}Project", {"name": "one element"})
    holder = etree.SubElement(etree.SubElement(root, f"{lead}{outer}"), f"{lead}{inner}", {"guid": "one element"})
    holder.append(node)
    data = etree.tostring(root)
    try:
        project = read_xml(lambda: cast(BinaryIO, io.BytesIO(data)), name).root
    except QdabridgeError:
        return None
    assert isinstance(project, Project)
    held: Element = (project.graphs or project.sources or [None])[0]  # type: ignore[assignment]
    field = dict(_LISTS.values()).get(name, "plain_text_selections")
    found: list[Element] = getattr(held, field)
    return found[0] if found else None


def _counted(mending: Mending, holder: Element, element: Element) -> bool:
    """Bring a passage to code points, as the others of its text were; return whether that was possible."""
    if not isinstance(holder, TextDocument) or mending.counting == STANDARD:
        return True
    uncounted = mending.form.uncounted if mending.form else ()
    if holder.guid in uncounted:
        return True
    try:
        stored = mending.study().stored_text(holder)
    except QdabridgeError:
        stored = None
    if stored is None:
        return False
    positions = Positions(stored.text, mending.counting, byte_order_mark=stored.byte_order_mark)
    element.start_position = positions.to_codepoints(element.start_position)  # type: ignore[attr-defined]
    element.end_position = positions.end_to_codepoints(element.end_position)  # type: ignore[attr-defined]
    return True


_WHOLE = "A selection, shape or sync point had numbers with decimals; they are whole now, so that nothing is cut off."

MENDS = (
    Mend(
        code="COORD-FLOAT",
        title="a position, corner or time has decimals",
        does="A selection or shape that could not be read for it is read: `5.0` is 5; of corners and times the "
        "first go down and the second up, so that nothing is cut off.",
        leaves="Positions in text and pages that are no whole numbers.",
        step=mend_unread,
    ),
)
