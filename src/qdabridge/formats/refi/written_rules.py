"""The table of the standard, prepared for writing: what stands before each value, and templates for whole start tags.

Made once for each root. Knows the table, and nothing of streams or of how positions are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Any

from qdabridge.formats.refi.grammar import Attribute, Child, ElementGrammar
from qdabridge.study.model import Element, Pointer, TextDocument, Transcript

_GUIDS = frozenset(
    (
        *("creatingUser", "modifyingUser", "creatingUserGUID", "modifyingUserGUID"),
        *("fromSyncPoint", "toSyncPoint", "originGUID", "targetGUID", "representedGUID"),
    )
)


class WrittenAttribute:
    """An attribute: where its value is among those of an element, and what is written before it."""

    __slots__ = ("field", "holds", "index", "lead", "may_be_left", "name")

    def __init__(self, attribute: Attribute, fields: tuple[str, ...]) -> None:
        self.name = attribute.name
        self.field = attribute.field
        self.index = fields.index(attribute.field)
        self.holds = attribute.holds
        self.lead = f' {attribute.name}="'
        # An empty GUID is none: where one is not required, leaving it out says the same, as the schema wants it.
        self.may_be_left = attribute.name in _GUIDS and not attribute.required


class WrittenChild:
    """A kind of child: where it is among the values of an element, and the rules for what is in it."""

    __slots__ = ("field", "index", "many", "may_be_empty", "members", "name", "required", "rules", "simple")

    def __init__(self, child: Child, fields: tuple[str, ...]) -> None:
        self.name = child.name
        self.field = child.field
        self.index = fields.index(child.field)
        self.simple = child.simple
        self.many = child.many
        self.required = child.required
        self.may_be_empty = (child.many and not child.as_tuple) or child.name == "CodeBook"
        self.rules: WrittenRules | None = None
        self.members: dict[type[Element], WrittenRules] | None = None


class WrittenRules:
    """How an element is written, its attributes and children in the order of the schema."""

    __slots__ = ("attributes", "children", "holds_text", "name", "pick", "pointer", "template", "templates")

    def __init__(self, element: ElementGrammar) -> None:
        fields = element.type.__struct_fields__
        self.name = element.name
        self.holds_text = issubclass(element.type, TextDocument | Transcript)
        self.pointer = next((a.name for a in element.attributes if issubclass(element.type, Pointer)), "")
        self.attributes = tuple(WrittenAttribute(attribute, fields) for attribute in element.attributes)
        self.children = tuple(WrittenChild(child, fields) for child in element.children)
        simply = all(a.holds in ("text", "integer", "position", "end") for a in self.attributes)
        self.template = "".join(f'{a.lead}%s"' for a in self.attributes) if simply else ""
        """All attributes at once, for elements whose attributes need no more than to be put in."""
        self.templates: dict[tuple[bool, ...], str] = {}
        self.pick: Callable[[tuple[Any, ...]], tuple[Any, ...]] = tuple
        if simply and len(self.attributes) == 1:
            only = self.attributes[0].index
            self.pick = lambda values: (values[only],)
        elif simply and self.attributes:
            self.pick = itemgetter(*(a.index for a in self.attributes))

    def template_for(self, present: tuple[bool, ...]) -> str:
        """Return the template for those attributes that an element has."""
        if present not in self.templates:
            given = zip(self.attributes, present, strict=True)
            self.templates[present] = "".join(f'{attribute.lead}%s"' for attribute, has in given if has)
        return self.templates[present]


@cache
def prepare_writing(root: ElementGrammar) -> WrittenRules:
    """Return the rules for a root; those for all that may be in it hang on them."""
    prepared: dict[str, WrittenRules] = {}

    def rules_of(element: ElementGrammar) -> WrittenRules:
        if element.name in prepared:
            return prepared[element.name]
        rules = prepared[element.name] = WrittenRules(element)
        for written, child in zip(rules.children, element.children, strict=True):
            if child.element is not None:
                written.rules = rules_of(child.element)
            elif child.members:
                written.members = {member.type: rules_of(member) for member in child.members.values()}
        return rules

    return rules_of(root)
