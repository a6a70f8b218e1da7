"""Which text XML can hold, and how it is spelled there: escaping, names, namespaces, comments, impossible characters.

It knows nothing of the standard.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
_XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/"
_NAME = re.compile(r"[^\W\d][\w.-]*")
_IN_ATTRIBUTE = re.compile('[&<>"\t\n\r]')
_IN_TEXT = re.compile("[&<>\r]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_ASIDE = re.compile(
    r"<!--(?!>|->)(?:(?!--).)*+-->|<\?(?!xml[\s?])[^\s?<>&]++(?:\s(?:(?!\?>).)*+)?\?>", re.DOTALL | re.IGNORECASE
)
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def attribute_text(value: str) -> str:
    """Return the value of an attribute as it stands between quotation marks."""
    return _IN_ATTRIBUTE.sub(_entity, value) if _IN_ATTRIBUTE.search(value) else value


def element_text(value: str) -> str:
    """Return text as it stands between tags."""
    return _IN_TEXT.sub(_entity, value) if _IN_TEXT.search(value) else value


def is_plain(text: str) -> bool:
    """Tell whether nothing in attributes has to be escaped, their quotation marks apart."""
    # Written out: a loop over the characters takes three times as long.
    return not ("&" in text or "<" in text or ">" in text or "\t" in text or "\n" in text or "\r" in text)


def encoded(xml: str) -> tuple[bytes, int]:
    """Return XML in UTF-8, and how many characters it cannot hold; U+FFFD stands in their places."""
    data = _possible(xml)
    if data is not None:
        return data, 0
    possible, replaced = _IMPOSSIBLE.subn("\ufffd", xml)
    return possible.encode("utf-8"), replaced


def is_declaration(prefix: str, uri: str) -> bool:
    """Tell whether a prefix may be bound to a namespace; what comes out of somebody's JSON may be anything."""
    if prefix == "xml" or uri == XML_NAMESPACE:
        return prefix == "xml" and uri == XML_NAMESPACE
    if prefix == "xmlns" or uri == _XMLNS_NAMESPACE:
        return False
    return is_address(uri) and (not prefix or (bool(uri) and is_name(prefix)))


@lru_cache(maxsize=100)
def is_address(uri: str) -> bool:
    """Tell whether a text can be that of a namespace, for libxml2, which reads it again."""
    if not uri:
        return True
    try:
        etree.Element("any", nsmap={"p": uri})
    except ValueError:
        return False
    return True


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of an attribute, or a prefix."""
    return text != "xmlns" and _NAME.fullmatch(text) is not None


def is_aside(xml: str) -> bool:
    """Tell whether a piece of XML is one comment or one processing instruction."""
    return _ASIDE.fullmatch(xml) is not None


def is_one_node(xml: str) -> bool:
    """Tell whether a piece of XML is one element, or text, by itself well-formed."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        around = etree.fromstring(f"<a>{xml}</a>".encode(), parser)
    except etree.XMLSyntaxError:
        return False
    return len(around) == 0 or (len(around) == 1 and not around.text and not around[0].tail)


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES[match.group()]


def _possible(text: str) -> bytes | None:
    """Return a text in UTF-8 if XML can hold it all: a few passes over the bytes in C, quicker than one expression."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        return None
    if len(data.translate(None, _CONTROLS)) != len(data):
        return None
    # Hardly any text has the byte that U+FFFE and U+FFFF begin with, and one byte is found ten times as fast as three.
    if b"\xef" in data and (b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data):
        return None
    return data
