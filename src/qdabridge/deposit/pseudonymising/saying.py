"""All that a study says, string by string, and where each stands; what scanning and verifying look through."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from qdabridge.deposit.pseudonymising.documents import texts_in
from qdabridge.deposit.pseudonymising.strings_of_the_model import REPLACED, plan_of
from qdabridge.errors import CannotRead
from qdabridge.study import walk
from qdabridge.study.model import Element
from qdabridge.study.study import Study

_WORD = (".docx", ".docm")


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
    for document in walk.texts(study.project):
        try:
            text = study.text_of(document)
        except CannotRead:
            continue
        if text and document.plain_text_path is not None:
            yield Said(text, "text", document.name or "a text")
    yield from _strings(study.project, "")
    for name in study.files:
        yield Said(name, "name of a file", name)
        if name.lower().endswith(_WORD):
            try:
                for _, said in texts_in(study.files.read(name)):
                    yield Said(said, "Word document", name)
            except CannotRead:
                continue


def _strings(element: Element, inside: str) -> Iterator[Said]:
    plan = plan_of(type(element))
    where = getattr(element, "name", None) or inside
    for field in plan.strings:
        value = getattr(element, field)
        if value:
            place = f"{REPLACED[field]} of {plan.thing}" if field in ("name", "description") else REPLACED[field]
            yield Said(value, place, str(where))
    for field in plan.inside:
        value = getattr(element, field)
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, Element):
                yield from _strings(each, str(where))
