"""Puts into words why one element does not follow the schema: what was found, what was expected, what to do.

Asks xmlschema what the schema says of the element: which attributes and children it has, of what type, in what order.
It is given one element with its attributes, its text and the names of its children, and knows nothing of files, of
where the element stands, or of what is inside the children.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import xmlschema
from lxml import etree
from xmlschema.validators import XsdAttribute, XsdElement, XsdGroup, XsdSimpleType, XsdType

from qdabridge.checks.wording import a, capital, listed, shortened

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ALWAYS_ALLOWED = frozenset(_XSI + name for name in ("schemaLocation", "noNamespaceSchemaLocation", "type", "nil"))
_TOLD_OF = re.compile(r"^Element '[^']*'(, attribute '[^']*')?: ")
_MOST_CHILDREN = 2_000
"""Of one element that are given to xmlschema, which compares each that is wrong with all others."""

_MOST_FAULTS = 500
"""Of the children of one element that are told one by one."""

_INTEGER = re.compile(r"[ \t\r\n]*[+-]?[0-9]+[ \t\r\n]*")


class Fault(NamedTuple):
    """One thing that is wrong with an element.

    Args:
        message: what is so, without what differs from place to place.
        hint: what to do.
        detail: what stands there, such as ``guid="c-joy"``.
        child: the child that it is about, where it is about one.
    """

    message: str
    hint: str
    detail: str = ""
    child: etree._Element | None = None


class _Value(NamedTuple):
    """How to speak of a simple type."""

    is_not: str
    hint: str


_VALUES = {
    "GUIDType": _Value(
        "is not a GUID",
        "A GUID is 32 hexadecimal digits in groups of 8-4-4-4-12, such as 9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520, "
        "in braces or not.",
    ),
    "RGBType": _Value(
        "is not a colour of the standard",
        "A colour is # and six hexadecimal digits (or three), such as #33cc33; transparency and names of colours are "
        "not known.",
    ),
    "boolean": _Value("is neither true nor false", "Write true or false (1 and 0 mean the same)."),
    "integer": _Value("is not a whole number", "Write a whole number, such as 42: no point, no comma, no letters."),
    "decimal": _Value(
        "is not a decimal number", "Write a number with a point, such as 1.5: no comma, no exponent, no NaN."
    ),
    "date": _Value("is not a date", "Write year, month and day, such as 2019-09-25."),
    "dateTime": _Value(
        "is not a date with a time", "Write it as 2019-09-25T14:30:00Z; the Z or another time zone may be left out."
    ),
}


class Explainer:
    """Explains elements by one schema.

    Args:
        xsd: a schema in which every element is global and the types of their children do not matter.
        namespace: the namespace that it describes; ``""`` for none.
    """

    def __init__(self, xsd: str, namespace: str) -> None:
        self._schema = xmlschema.XMLSchema10(xsd)
        self._namespace = namespace

    def faults(self, element: etree._Element, told: Sequence[str]) -> list[Fault]:
        """Return what is wrong with an element; at least one fault.

        Args:
            element: the element; it is not changed.
            told: what libxml2 says of it, used only where xmlschema has no objection.
        """
        declared = self._schema.elements.get(_local(element))
        found: list[Fault] = []
        if declared is not None:
            found += self._in_attributes(element, declared)
            if declared.type.is_simple():
                found += self._in_text(element, declared)
            else:
                content = _Content(declared)
                found += self._between_children(element, content)
                found += self._in_children(element, content)
        return list(dict.fromkeys(found)) or self._otherwise(element, told)

    # --- attributes and text ---------------------------------------------------------------------------------------

    def _in_attributes(self, element: etree._Element, declared: XsdElement) -> Iterator[Fault]:
        name = _local(element)
        allowed = {str(key): found for key, found in declared.attributes.items() if isinstance(found, XsdAttribute)}
        given = {str(key): str(value) for key, value in element.items()}
        for key, value in given.items():
            if key in allowed:
                if not _fits(allowed[key].type, value):
                    yield _bad_value(f"The {key} of {a(name)}", f"{key}={_shown(value)}", allowed[key].type, value)
            elif key not in _ALWAYS_ALLOWED:
                local = etree.QName(key).localname
                yield Fault(
                    f"{capital(a(name))} has an attribute “{local}” that the standard does not know.",
                    _allowed(list(allowed)),
                    f"{local}={_shown(value)}",
                )
        for key, attribute in allowed.items():
            if attribute.use == "required" and key not in given:
                yield _lacking(name, key)

    def _in_text(self, element: etree._Element, declared: XsdElement) -> Iterator[Fault]:
        name = _local(element)
        if len(element):
            yield Fault(
                f"{capital(a(name))} may hold only text, but other elements stand in it.",
                "Keep their text and delete their tags.",
                f"the first is {_local(element[0])}",
                element[0],
            )
        elif not _fits(declared.type, element.text or ""):
            yield _bad_value(f"The {name}", f"text {_shown(element.text or '')}", declared.type, element.text or "")

    def _between_children(self, element: etree._Element, content: _Content) -> Iterator[Fault]:
        elsewhere = ", or move it into a Description" if "Description" in content.ranks else ""
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip(" \t\r\n"):
                yield Fault(
                    f"There is text inside {a(_local(element))}, where the standard has none.",
                    f"Delete the text{elsewhere}.",
                    f"text {_shown(text)}",
                )

    # --- children --------------------------------------------------------------------------------------------------

    def _in_children(self, element: etree._Element, content: _Content) -> Iterator[Fault]:
        # A copy with nothing but names: values are looked at above, and some make xmlschema fail.
        bare = etree.Element(element.tag)
        kept = _first_children(element, content)
        for child in kept:
            etree.SubElement(bare, child.tag)
        names = [_local(child) for child in kept]
        found = 0
        for error in self._schema.iter_errors(bare, use_location_hints=False):
            if not isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
                continue
            if found == _MOST_FAULTS:
                yield Fault(
                    f"{capital(a(_local(element)))} holds more that has no place there than is told one by one.",
                    "Mend what is listed, and check again.",
                )
                return
            found += 1
            yield self._wrong_child(element, kept, names, error, content)

    def _wrong_child(
        self,
        element: etree._Element,
        children: list[etree._Element],
        names: list[str],
        error: xmlschema.XMLSchemaChildrenValidationError,
        content: _Content,
    ) -> Fault:
        parent = a(_local(element))
        missing = [item for item in content.required if item not in names]
        if error.index >= len(names):
            return self._incomplete(element, content, missing)
        child, name = children[error.index], names[error.index]
        namespace = etree.QName(child).namespace or ""
        if namespace != self._namespace:
            return Fault(
                f"{capital(parent)} holds an element of another namespace, for which the standard has no place.",
                "Delete it, or ask whoever makes the program that wrote it.",
                f"{name} of “{namespace}”",
                child,
            )
        if name not in content.ranks:
            hint = f"It may hold {listed(list(content.ranks))}." if content.ranks else "It may hold nothing."
            return Fault(f"{capital(parent)} holds {a(name)}, which has no place there.", hint, "", child)
        rank, before, after = content.ranks[name], names[: error.index], names[error.index + 1 :]
        alike = [other for other in before if content.ranks.get(other) == rank]
        if alike and not content.may_repeat(name):
            both = f"more than one {name}" if name in alike else f"both {a(alike[0])} and {a(name)}"
            one = "one" if name in alike else "one of them"
            message = f"{capital(parent)} has {both}, but may have only {one}."
            return Fault(message, "Keep the one that is right, or put together what is in both.", "", child)
        late = next((other for other in before if content.ranks.get(other, -1) > rank), None)
        early = next((other for other in after if content.ranks.get(other, rank) < rank), None)
        if late is not None:
            message = f"In {parent}, {name} stands after {late}, but must stand before it."
        elif early is not None:
            message = f"In {parent}, {name} stands before {early}, but must stand after it."
        elif missing:
            return self._incomplete(element, content, missing)
        else:
            return self._as_told(element, error.reason or "")
        return Fault(message, f"The order is {listed(list(content.ranks))}.", "", child)

    def _incomplete(self, element: etree._Element, content: _Content, missing: Sequence[str]) -> Fault:
        name = _local(element)
        if not len(element) and content.is_container:
            return Fault(
                f"{capital(a(name))} is there but empty.",
                f"Put at least one {listed(list(content.ranks), 'or')} into it, or leave out the empty element"
                + (" with the CodeBook around it." if name == "Codes" else "."),
            )
        return _lacking(name, listed(missing or content.required))

    def _otherwise(self, element: etree._Element, told: Sequence[str]) -> list[Fault]:
        """Explain what neither attributes, nor text, nor children are to blame for."""
        for name in ("type", "nil"):
            claimed = element.get(_XSI + name)
            if claimed is not None:
                return [
                    Fault(
                        f"{capital(a(_local(element)))} claims other rules for itself than the standard's.",
                        f"Delete the attribute that ends in “:{name}”.",
                        f"{name}={_shown(claimed)}",
                    )
                ]
        return [self._as_told(element, message) for message in told[:1]]

    def _as_told(self, element: etree._Element, message: str) -> Fault:
        plain = message.replace(f"{{{self._namespace}}}", "") if self._namespace else message
        plain = _TOLD_OF.sub("", plain)
        return Fault(
            f"{capital(a(_local(element)))} does not follow the schema: {plain.strip().rstrip('.')}.",
            "Compare it with what the standard says of this element.",
        )


def _first_children(element: etree._Element, content: _Content) -> list[etree._Element]:
    """Return the children of an element; of very many only the first, and the first of each name that it may have."""
    if len(element) <= _MOST_CHILDREN:
        return list(element)
    kept: list[etree._Element] = []
    seen: set[str] = set()
    for child in element:
        name = _local(child)
        if len(kept) < _MOST_CHILDREN or (name in content.ranks and name not in seen):
            kept.append(child)
        seen.add(name)
    return kept


class _Content:
    """Which children an element may have: their place in the order, which must be there, which may repeat."""

    def __init__(self, declared: XsdElement) -> None:
        self.ranks: dict[str, int] = {}
        self.required: list[str] = []
        self._repeating: set[str] = set()
        group = getattr(declared.type, "content", None)
        assert isinstance(group, XsdGroup)
        choice: object = None
        for child in group.iter_elements():
            parent = child.parent
            in_choice = isinstance(parent, XsdGroup) and parent.model == "choice"
            # What stands in one choice shares one place in the order.
            rank = len(self.ranks) if not in_choice or parent is not choice else next(reversed(self.ranks.values()))
            choice = parent if in_choice else None
            name = child.local_name or ""
            self.ranks[name] = rank
            if child.max_occurs is None or (isinstance(parent, XsdGroup) and parent.max_occurs is None):
                self._repeating.add(name)
            if child.min_occurs and not in_choice:
                self.required.append(name)
        self.is_container = bool(self.ranks) and all(name in self._repeating for name in self.ranks)

    def may_repeat(self, name: str) -> bool:
        """Tell whether there may be more than one child of a name."""
        return name in self._repeating


# --- words -----------------------------------------------------------------------------------------------------------


def _fits(type_: XsdType, value: str) -> bool:
    """Tell whether a value is of a simple type, also where xmlschema leaves it to Python's own conversions."""
    if type_.local_name == "integer":
        return _INTEGER.fullmatch(value) is not None
    assert isinstance(type_, XsdSimpleType)
    try:
        return type_.is_valid(value)
    except OverflowError:
        return True  # A year that Python cannot count to is still a year.


def _bad_value(what: str, detail: str, type_: XsdType, value: str) -> Fault:
    known = _VALUES.get(type_.local_name or "")
    hint = known.hint if known else "Compare it with what the standard says of it."
    choices = [str(choice) for choice in getattr(type_, "enumeration", None) or ()]
    if choices:
        hint = f"It must be {listed(choices, 'or')}, spelled like this."
    if not value.strip():
        return Fault(f"{what} is empty.", f"{hint} Where there is none, leave it out if the standard allows.", detail)
    is_not = known.is_not if known else "is none of the values that the standard knows" if choices else "is not allowed"
    return Fault(f"{what} {is_not}.", hint, detail)


def _allowed(names: list[str]) -> str:
    if len(names) < 2:
        return f"Only {names[0]} is allowed." if names else "It may have no attributes at all."
    return f"Allowed are {listed(names)}."


def _lacking(name: str, lacks: str) -> Fault:
    return Fault(
        f"{capital(a(name))} has no {lacks}, which the standard requires.", f"Add {lacks}, or leave out the {name}."
    )


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _shown(value: str) -> str:
    return f'"{shortened(value)}"'
