"""All that a study says, string by string, and where each stands; what scanning and verifying look through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, to_builtins

from qdabridge.deposit.pseudonymising.documents import texts_in
from qdabridge.deposit.pseudonymising.strings_of_the_model import REPLACED, plan_of
from qdabridge.errors import CannotRead
from qdabridge.study import walk
from qdabridge.study.model import Element, Extensions
from qdabridge.study.study import Study
from qdabridge.study.text import decode

MARKS = "mark in a Word document"
BEYOND = "what the standard does not have"
FILE_NAME = "name of a file"
PATH = "path"

_WORD = (".docx", ".docm", ".dotx", ".dotm")
_HEAD = 4096
_NO_TEXT = (b"%PDF", b"PK\x03\x04")
_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_WORD_PLACES = {
    "paragraph": "Word document",
    "author": "author of a Word document",
    "property": "property of a Word document",
    "mark": MARKS,
}


class Said(Struct, frozen=True):
    """One string of a study.

    Args:
        text: what it says.
        place: what kind of place it is: ``text``, ``name of a case``, ``path`` …
        where: which one, by its name.
    """

    text: str
    place: str
    where: str


def sayings(study: Study) -> Iterator[Said]:
    """Give every string of a study in which a name can stand: texts, names, descriptions, values, paths, documents."""
    texts: set[str | None] = set()
    for document in walk.texts(study.project):
        if document.plain_text_path is None:
            continue
        try:
            text = study.text_of(document)
        except CannotRead:
            continue
        texts.add(study.files.find(document.plain_text_path))
        if text:
            yield Said(text, "text", document.name or "a text")
    yield from _strings(study.project, "")
    if study.form is not None:
        yield from (Said(each, BEYOND, "") for each in _strings_in(to_builtins(study.form)) if " " in each)
    for name in study.files:
        if bare := _GUID.sub("", name):
            yield Said(bare, FILE_NAME, name)
        if name not in texts:
            yield from _inside(study, name)


def _inside(study: Study, name: str) -> Iterator[Said]:
    """Give what a file says that is not the text of a source."""
    if name.lower().endswith(_WORD):
        try:
            for kind, said in texts_in(study.files.read(name)):
                yield Said(said, _WORD_PLACES[kind], name)
        except CannotRead:
            return
    elif text := _text_of_file(study, name):
        yield Said(text, "text", name)


def _text_of_file(study: Study, name: str) -> str | None:
    with study.files.open(name) as stream:
        head = stream.read(_HEAD)
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if head.startswith(_NO_TEXT) or (b"\0" in head and not is_wide):
        return None
    if study.files.entry(name).size > study.files.limits.text:
        return None
    stored = study.files.read(name)
    try:
        return stored.decode("utf-16") if is_wide else decode(stored).text
    except UnicodeDecodeError:
        return None


def _strings(element: Element, inside: str) -> Iterator[Said]:
    plan = plan_of(type(element))
    where = getattr(element, "name", None) or inside
    for field in plan.strings:
        value = getattr(element, field)
        if value:
            place = f"{REPLACED[field]} of {plan.thing}" if field in ("name", "description") else REPLACED[field]
            yield Said(value, place, str(where))
    if element.extensions is not None:
        yield from (Said(each, BEYOND, str(where)) for each in _beyond(element.extensions))
    for field in plan.inside:
        value = getattr(element, field)
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, Element):
                yield from _strings(each, str(where))


def _beyond(odd: Extensions) -> Iterator[str]:
    """Give what an element says beyond the standard."""
    yield from (value for value in odd.lexical.values() if value)
    yield from odd.attributes.values()
    yield from (node.xml for node in odd.nodes)
    for inner in odd.containers.values():
        yield from _beyond(inner)


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings_in(each)
