"""Documents that the schema allows: one by hand with everything in it, and any number by chance.

The random ones follow the table in ``grammar`` (which other tests hold against the schemas), with awkward but legal
spellings: braces around GUIDs, ``1`` for true, ``+007``, line breaks in attributes, carriage returns in text.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st
from lxml import etree

from qdabridge.formats.refi.grammar import (
    PROJECT_NAMESPACE,
    Attribute,
    Child,
    ElementGrammar,
    project_grammar,
)

_XML_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab <>&\"'\t\n\r é\u0301\u200f\ufeff\U0001f600"),
        st.characters(
            exclude_categories=("Cs",), exclude_characters=[chr(c) for c in range(32)] + ["\ufffe", "\uffff", "\x7f"]
        ),
    ),
    max_size=12,
)
_GUID = st.uuids().flatmap(lambda guid: st.sampled_from([str(guid), str(guid).upper(), f"{{{guid}}}", f" {guid} "]))
_INTEGER = st.one_of(
    st.integers(min_value=-50, max_value=10**6).map(str),
    st.sampled_from(["+007", "-0", " 12 ", "00", "123456789012345678901234567890"]),
)
_DATE_TIME = st.sampled_from(
    ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.1230+02:00", "2024-02-29T24:00:00", " 2020-01-01T00:00:00-14:00 "]
)
_CHOICES = {
    "typeOfVariable": ["Text", "Boolean", "Integer", "Float", "Date", "DateTime", " Text "],
    "direction": ["Associative", "OneWay", "Bidirectional"],
    "lineStyle": ["dotted", "dashed", "solid"],
    "shape": ["Person", "Oval", "Note", "LeftTriangle"],
    "color": ["#abc", "#A1B2C3", " #123456 "],
}
_TEXTS = {
    "FloatValue": st.sampled_from(["1.50", "-0", ".5", "+12", "1234567890.123456789"]),
    "DateValue": st.sampled_from(["2024-02-29", "2024-02-29Z", "-0044-03-15"]),
    "DateTimeValue": _DATE_TIME,
}
_CHOICE_OF_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_NAMED_BY_GUID = ("guid", "GUID", "User", "Vertex", "SyncPoint")


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Any document that Project.xsd allows."""
    root = etree.Element(f"{{{PROJECT_NAMESPACE}}}Project", nsmap={None: PROJECT_NAMESPACE})
    _fill(draw, root, project_grammar(), depth=0)
    return etree.tostring(root, xml_declaration=draw(st.booleans()), encoding="utf-8")


def _fill(draw: st.DrawFn, element: etree._Element, grammar: ElementGrammar, depth: int) -> None:
    for attribute in grammar.attributes:
        if attribute.required or draw(st.booleans()):
            element.set(attribute.name, draw(_value(attribute)))
    value = draw(st.sampled_from((*_CHOICE_OF_VALUES, None))) if grammar.name == "VariableValue" else None
    for child in grammar.children:
        if child.name in _CHOICE_OF_VALUES and child.name != value:
            continue
        if child.required or child.name == value or draw(st.integers(0, 3)) > depth // 3:
            _append(draw, element, child, depth)


def _append(draw: st.DrawFn, parent: etree._Element, child: Child, depth: int) -> None:
    if child.simple:
        added = etree.SubElement(parent, f"{{{PROJECT_NAMESPACE}}}{child.name}")
        added.text = draw(_text(child))
    elif child.members:
        container = etree.SubElement(parent, f"{{{PROJECT_NAMESPACE}}}{child.name}")
        for _ in range(draw(st.integers(1, 2))):
            name, grammar = draw(st.sampled_from(sorted(child.members.items(), key=lambda item: item[0])))
            _fill(draw, etree.SubElement(container, f"{{{PROJECT_NAMESPACE}}}{name}"), grammar, depth + 1)
    else:
        assert child.element is not None
        for _ in range(draw(st.integers(0 if child.many else 1, 2 if child.many and depth < 4 else 1))):
            added = etree.SubElement(parent, f"{{{PROJECT_NAMESPACE}}}{child.name}")
            _fill(draw, added, child.element, depth + 1)


def _value(attribute: Attribute) -> st.SearchStrategy[str]:
    if attribute.name in _CHOICES:
        return st.sampled_from(_CHOICES[attribute.name])
    if attribute.holds == "boolean":
        return st.sampled_from(["true", "false", "1", "0", " true\n"])
    if attribute.holds in ("integer", "position", "end"):
        return _INTEGER
    if attribute.name.endswith("DateTime"):
        return _DATE_TIME
    if attribute.name.endswith(_NAMED_BY_GUID):
        return _GUID
    return _XML_TEXT


def _text(child: Child) -> st.SearchStrategy[str]:
    if child.simple == "boolean":
        return st.sampled_from(["true", "false", "1", "0", " 1 "])
    if child.simple == "integer":
        return _INTEGER
    return _TEXTS.get(child.name, _XML_TEXT)


KITCHEN_SINK = (Path(__file__).parent / "everything.qde").read_bytes()
"""Every element and attribute of Project.xsd, with legal values that are easily changed by accident."""
