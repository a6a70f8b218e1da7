"""Names in XML that is not the standard's: in its texts, attributes, comments and processing instructions.

It knows XML, and is told what to do with a text.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape


def xml_replaced(xml: str, changed: Callable[[str], str]) -> str:
    """Return one node of XML with its words changed; names of elements and attributes stay.

    Where nothing is to be changed it comes back as it was, to the letter.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_blank_text=False)
    try:
        root = etree.fromstring(f"<r>{xml}</r>".encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        # What is no XML is no more than words.
        new = changed(xml)
        return xml if new == xml else escape(new)
    touched = False

    def told(words: str | None) -> str | None:
        nonlocal touched
        new = changed(words) if words else words
        touched = touched or new != words
        return new

    for node in root.iter():
        if isinstance(node, etree._Comment):
            node.text = (told(node.text) or "").replace("--", "- -")
        elif isinstance(node, etree._ProcessingInstruction):
            node.text = told(node.text)
        elif not isinstance(node, etree._Entity):
            node.text = told(node.text)
            for name, value in node.attrib.items():
                node.attrib[name] = told(str(value)) or ""
        node.tail = told(node.tail)
    if not touched:
        return xml
    return "".join(
        [escape(root.text or ""), *(etree.tostring(child, encoding="unicode", with_tail=True) for child in root)]
    )
