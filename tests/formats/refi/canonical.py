"""Canonical XML as the round trip compares it: white space between elements and comments aside."""

from __future__ import annotations

from lxml import etree

_HOLD_TEXT = {
    "Description",
    "PlainTextContent",
    "TextValue",
    "BooleanValue",
    "IntegerValue",
    "FloatValue",
    "DateValue",
    "DateTimeValue",
}


def canonical(xml: bytes) -> bytes:
    """Return the C14N of a document without comments and without white space between elements."""
    parser = etree.XMLParser(remove_comments=True, huge_tree=True)
    root = etree.fromstring(xml, parser)
    for element in root.iter():
        if not isinstance(element.tag, str):
            element.tail = None
            continue
        if etree.QName(element).localname not in _HOLD_TEXT and not (element.text or "").strip():
            element.text = None
        if element.tail is not None and not element.tail.strip() and element.getparent() is not None:
            parent = etree.QName(element.getparent()).localname
            if parent not in _HOLD_TEXT:
                element.tail = None
    return etree.tostring(root.getroottree(), method="c14n")
