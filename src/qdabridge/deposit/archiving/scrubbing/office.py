"""Takes the names of authors out of Office documents: properties, tracked changes, comments, paths of templates.

Source: ECMA-376 (Office Open XML), parts 1 and 2.
"""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

from qdabridge.deposit.office_documents import parts_of_document
from qdabridge.study.files import split_reference

_PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_NAMING = {"creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase"}
_AUTHORS = {"author", "initials", "userId", "providerId"}
_LOCAL = re.compile(r"^(file:|[A-Za-z]:[\\/]|\\\\)")


def without_authors(data: bytes) -> bytes | None:
    """Return an Office document without the names of those who wrote it; ``None`` where it names nobody.

    Raises:
        CannotRead: it is damaged or encrypted, or unpacks to far more than any document.
    """
    parts = parts_of_document(data)
    changed = {name: _scrubbed(name, part) for name, part in parts.items()}
    if all(part is None for part in changed.values()):
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            kept = zipfile.ZipInfo(name)
            kept.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(kept, changed[name] or part)
    return out.getvalue()


def _scrubbed(name: str, part: bytes) -> bytes | None:
    if not name.endswith((".xml", ".rels")):
        return None
    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return None
    if b"<!DOCTYPE" in part:
        return None
    changed = False
    for element in root.iter(etree.Element):
        local = etree.QName(element).localname
        if name in _PROPERTIES and (local in _NAMING or name.endswith("custom.xml")) and (element.text or "").strip():
            element.text = None
            changed = True
        for attribute, value in [(str(key), str(text)) for key, text in element.attrib.items()]:
            if etree.QName(attribute).localname in _AUTHORS and value and not name.endswith(".rels"):
                element.set(attribute, "Author")
                changed = changed or value != "Author"
            elif attribute == "Target" and _LOCAL.match(value):
                element.set(attribute, split_reference(value)[1].replace("\\", "/").rpartition("/")[2] or "file")
                changed = True
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if changed else None
