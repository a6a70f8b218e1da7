"""Pictures, sound and old documents inside Word documents: named, and left out where that is asked for.

A grey picture takes the place of each picture, as large on the page; what else lies inside is emptied. It knows how an
Office document is packed. Source: ECMA-376 part 2.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from pathlib import PurePosixPath

from lxml import etree

from qdabridge.deposit.pseudonymising.documents import pictures_in
from qdabridge.deposit.pseudonymising.office_parts import parts_of, root_of, written
from qdabridge.deposit.pseudonymising.stubs import is_stub, png_stub

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CONTENT_TYPES = "[Content_Types].xml"
_PICTURES = "media/"
_OBJECTS = "embeddings/"
_HARMLESS = (".odttf", ".ttf", ".otf")
_SIDES = (640, 400)
"""Pixels; how large it is shown the page says."""


def files_inside(data: bytes) -> list[str]:
    """Return the files inside a document that may name or show somebody and cannot be changed.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all.
    """
    names = [name for name in pictures_in(data) if not name.lower().endswith(_HARMLESS)]
    if not names:
        return []
    parts = parts_of(data)
    return [name for name in names if parts[name] and not is_stub(parts[name])]


def without_pictures(data: bytes) -> bytes:
    """Return a document without pictures and objects inside; the text and its layout stay.

    Raises:
        CannotRead: the document is damaged, encrypted, far too large, or none at all.
    """
    parts = parts_of(data)
    inside = set(files_inside(data))
    put: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    for name in inside:
        folder = f"{PurePosixPath(name).parent}/"
        if folder.endswith(_PICTURES):
            renamed[name] = _as_png(name, parts)
            put[name] = png_stub(*_SIDES)
        elif folder.endswith(_OBJECTS):
            put[name] = b""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            new = put.get(name, part)
            if name == _CONTENT_TYPES:
                new = _with_png(part, renamed)
            elif name.endswith(".rels"):
                new = _leading_there(name, part, renamed)
            info = zipfile.ZipInfo(renamed.get(name, name))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, new)
    return out.getvalue()


def _as_png(name: str, parts: dict[str, bytes]) -> str:
    path, number = PurePosixPath(name), 1
    new = str(path.with_suffix(".png"))
    while new != name and new in parts:
        number += 1
        new = str(path.with_name(f"{path.stem}-{number}.png"))
    return new


def _leading_there(name: str, part: bytes, renamed: dict[str, str]) -> bytes:
    """Return relations that lead to the pictures by their new names."""
    folder = posixpath.dirname(posixpath.dirname(name))
    root = root_of(name, part)
    changed = False
    for relation in root if root is not None else ():
        target = str(relation.get("Target", ""))
        if relation.get("TargetMode") == "External" or not target:
            continue
        whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        new = renamed.get(whole)
        if new is not None and new != whole:
            relation.set(
                "Target", f"{target[: len(target) - len(posixpath.basename(target))]}{posixpath.basename(new)}"
            )
            changed = True
    return written(root) if root is not None and changed else part


def _with_png(part: bytes, renamed: dict[str, str]) -> bytes:
    """Return the types of the parts, the grey pictures among them."""
    root = root_of(_CONTENT_TYPES, part)
    if root is None:
        return part
    for override in root.findall(f"{{{_TYPES}}}Override"):
        if str(override.get("PartName", "")).lstrip("/") in renamed:
            root.remove(override)
    known = {str(each.get("Extension", "")).lower() for each in root.findall(f"{{{_TYPES}}}Default")}
    if "png" not in known:
        png = etree.Element(f"{{{_TYPES}}}Default")
        png.set("Extension", "png")
        png.set("ContentType", "image/png")
        root.insert(0, png)
    return written(root)
