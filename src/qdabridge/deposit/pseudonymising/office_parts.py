"""The parts that an Office document is packed of, and their XML, opened so that nothing in them can do harm.

It knows nothing of what a document says. Source: ECMA-376 part 2.
"""

from __future__ import annotations

from lxml import etree

from qdabridge.archives import XML
from qdabridge.deposit.office_documents import parts_of_document
from qdabridge.errors import CannotRead
from qdabridge.safety import MAX_DEPTH


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the files that a document is packed of, by name.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all.
    """
    parts = parts_of_document(data)
    if not parts:
        raise CannotRead("This is no Office document.")
    return parts


def root_of(name: str, part: bytes) -> etree._Element | None:
    """Return the root of a part of XML; ``None`` for anything else.

    Raises:
        CannotRead: it is not well-formed, has a DOCTYPE, or is nested far too deep.
    """
    if not name.lower().endswith(XML) or not part.strip():
        return None
    if b"<!DOCTYPE" in part:
        raise CannotRead("The XML in the document has a DOCTYPE, which can hide files or bombs.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise CannotRead("The document is damaged: its XML is not well-formed.") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise CannotRead("The XML in the document has a DOCTYPE, which can hide files or bombs.")
    if _is_too_deep(root):
        raise CannotRead("The XML in the document is nested far deeper than Word writes it.")
    return root


def written(root: etree._Element) -> bytes:
    """Return a part of XML as it is written."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _is_too_deep(root: etree._Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False
