"""The table of the standard, prepared for a parser's callbacks: look-ups by tag and by the attributes that came.

Made once for each namespace that files use. Knows the table, and nothing of parsing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qdabridge.formats.refi.grammar import Child, CodebookFile, ElementGrammar, codebook_grammar, project_grammar
from qdabridge.study.model import Authored, Case, Code, Element, Graph, Project

TEXT, CONTAINER, EMPTY, ELEMENT, FOREIGN = range(1, 6)
"""What a child is to the builder: plain text, a list, an element without children, any other, or a stranger."""

USUAL_BOOLEANS = {"true": True, "false": False}
POINTED_NOWHERE = {"targetGUID": ""}
"""Stands where the standard requires a pointer and there is none."""

_REPEATED = re.compile(r"(creat|modif)\w+|targetGUID|color|typeOfVariable")
"""Attributes whose values recur thousands of times: each value is kept in memory once."""


class Place:
    """What to do with one kind of child; ``key`` is what the model calls it in plain data."""

    __slots__ = ("key", "kind", "many", "name", "once", "rank", "rules", "simple")

    def __init__(self, child: Child, of: type[Element]) -> None:
        self.name = child.name
        self.key = _key(of, child.field)
        self.rank = child.rank
        self.many = child.many
        self.simple = child.simple
        self.kind = TEXT if child.simple else CONTAINER if child.members else ELEMENT
        if child.element is not None and not child.element.children:
            self.kind = EMPTY
        self.once = bool(child.members) or not child.many
        self.rules = Rules(None)

    @property
    def key_of_pointer(self) -> str:
        """What the model calls the GUID that the child points to."""
        return self.rules.keys[self.rules.pointer or ""]


class Shape:
    """One choice of attributes that an element came with: all known, and none missing that is required."""

    __slots__ = ("booleans", "integers", "keys", "repeated")

    def __init__(self, rules: Rules, names: tuple[str, ...]) -> None:
        keys = tuple(rules.keys[name] for name in names)
        self.keys = keys if keys != names else None
        """The model's names for the attributes, where they are others than the standard's."""
        self.integers = tuple(name for name in rules.integers if name in names)
        self.booleans = tuple(name for name in rules.booleans if name in names)
        self.repeated = tuple(rules.keys[name] for name in names if _REPEATED.fullmatch(name))


class Rules:
    """What to do inside one kind of element; its ``type`` is None for a container.

    ``apart`` says whether elements of the kind are built when they end, or together with the element around them.
    """

    __slots__ = (
        "allowed",
        "apart",
        "booleans",
        "integers",
        "keys",
        "needed",
        "needed_children",
        "pointer",
        "shapes",
        "type",
    )

    def __init__(self, element: ElementGrammar | None) -> None:
        attributes = element.attributes if element else ()
        children = element.children if element else ()
        self.type: type[Element] | None = element.type if element else None
        self.apart = self.type is None or issubclass(self.type, _BUILT_APART)
        self.keys = {a.name: _key(element.type, a.field) for a in attributes} if element else {}
        self.integers = tuple(a.name for a in attributes if a.holds in ("integer", "position", "end"))
        self.booleans = tuple(a.name for a in attributes if a.holds == "boolean")
        self.pointer = next((a.name for a in attributes if a.field == "target_guid" and a.required), None)
        """The attribute with the GUID that a pointer points to; None for what is no pointer."""
        self.needed = tuple(a.name for a in attributes if a.required)
        self.needed_children = tuple(
            (_key(element.type, child.field), child.name)
            for child in children
            if element is not None and child.required and child.element is not None
        )
        self.allowed: dict[str, Place] = {}
        self.shapes: dict[tuple[str, ...], Shape] = {}

    def shape_of(self, names: tuple[str, ...]) -> Shape | None:
        """Return how to take in these attributes, in this order; None where one is unknown or missing."""
        if not (self.keys.keys() >= set(names) and all(name in names for name in self.needed)):
            # Not remembered: strangers' names would stay in memory.
            return None
        if len(self.shapes) > _MANY_SHAPES:
            self.shapes.clear()
        shape = self.shapes[names] = Shape(self, names)
        return shape


_BUILT_APART = (Project, CodebookFile, Code, Case, Authored, Graph)
"""What may hold thousands of others; the rest is built in one go with what holds it."""

_MANY_SHAPES = 1000
"""Tools write a handful; a file that has thousands was made to fill the memory."""


@lru_cache(maxsize=8)
def prepare(root: type[Element], namespace: str) -> Rules:
    """Turn the table into look-ups by tag.

    Args:
        root: what the root element is in the model: a Project or a CodebookFile.
        namespace: the namespace that the file uses; ``""`` is none.
    """
    grammar = project_grammar() if root is Project else codebook_grammar()
    prepared: dict[str, Rules] = {}

    def tag(local: str) -> str:
        return f"{{{namespace}}}{local}" if namespace else local

    def rules_of(element: ElementGrammar) -> Rules:
        if element.name in prepared:
            return prepared[element.name]
        rules = prepared[element.name] = Rules(element)
        for child in element.children:
            place = rules.allowed[tag(child.name)] = Place(child, element.type)
            if child.element is not None:
                place.rules = rules_of(child.element)
            for name, member in child.members.items():
                inner = Place(Child(name, child.field, 0, many=True, element=member), element.type)
                place.rules.allowed[tag(name)] = inner
                inner.rules = rules_of(member)
        return rules

    return rules_of(grammar)


def _key(of: type[Element], field: str) -> str:
    return of.__struct_encode_fields__[of.__struct_fields__.index(field)]
