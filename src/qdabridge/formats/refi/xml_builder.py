"""Builds the model from what a parser calls back, driven by the table of the standard.

A stack holds the elements whose end has not come. Whatever the table does not know is kept as it stands in the
``extensions`` of the element it was found in. This module knows nothing of streams, zip files or texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

import msgspec
from lxml import etree

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.formats.refi.grammar import (
    CODEBOOK_NAMESPACE,
    PROJECT_NAMESPACE,
    Child,
    CodebookFile,
    ElementGrammar,
    codebook_grammar,
    is_a_version,
    project_grammar,
)
from qdabridge.formats.refi.oddities import Oddities
from qdabridge.formats.refi.spelling import read_boolean, read_integer
from qdabridge.formats.refi.xml_rules import (
    CONTAINER,
    EMPTY,
    FOREIGN,
    POINTED_NOWHERE,
    TEXT,
    USUAL_BOOLEANS,
    Place,
    prepare,
)
from qdabridge.formats.refi.xml_text import element_text
from qdabridge.limits import DEFAULT, Limits
from qdabridge.safety import MAX_DEPTH, doctype_refused, too_deep
from qdabridge.study.model import Extensions, ForeignNode, Project


class XmlDocument:
    """What was read: the root, and how its XML was dressed.

    Attributes:
        root: a Project, or a CodebookFile.
        namespace, prefix: the namespace and prefix of the root as they stood in the file (``""`` is none).
        before, after: comments and processing instructions around the root, as XML.
        findings: what was odd.
    """

    root: Project | CodebookFile
    namespace: str = ""
    prefix: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    findings: list[Finding]


_POINTING = ("targetGUID", "guid")
"""Where pointers have their GUID: in projects, and in codebooks."""


class _Open:
    """An element whose end has not come yet; its values are plain data until then."""

    __slots__ = ("allowed", "nodes", "odd", "place", "rank", "values")

    def __init__(self, place: Place, values: dict[str, Any], odd: Extensions | None) -> None:
        self.place = place
        self.allowed = place.rules.allowed
        self.values = values
        self.odd = odd
        self.rank = 0
        self.nodes: list[ForeignNode] = []

    def extensions(self) -> Extensions:
        if self.odd is None:
            self.odd = Extensions()
        return self.odd

    def children_so_far(self) -> int:
        """Return how many child elements of the standard have come; in a container, of that container."""
        if self.place.rules.type is None:
            return len(self.values[self.place.key])
        count = 0
        for place in self.allowed.values():
            if place.key in self.values:
                count += 1 if place.once else len(self.values[place.key])
        return count


class _Unusual(Exception):
    """An attribute is foreign, missing, or spelled in an unusual way."""


class _Unreadable(Exception):
    """A required number is missing or is no number."""


# --- the callbacks ---------------------------------------------------------------------------------------------------


class Builder:
    """Receives what libxml2 parses (lxml's parser target interface) and builds the model from it."""

    def __init__(self, where: str, limits: Limits = DEFAULT) -> None:
        self.document = XmlDocument()
        self._limits = limits
        self._odd = Oddities(where, limits)
        self._length = 0
        self._text_nodes: list[ForeignNode] = []
        self.prefixes_are_ambiguous = False
        self._where = where
        self._stack: list[_Open] = []
        self._open: _Open | None = None
        self._inside = 0
        self._text: list[str] = []
        self._text_place: Place | None = None
        self._last: dict[str, Any] = {}
        self._last_nodes: list[ForeignNode] = []
        self._pointing: Place | None = None
        self._watchful = False
        self._foreign: Any = etree.TreeBuilder()
        self._foreign_depth = 0
        self._before_foreign = 0
        self._scopes: list[Mapping[str, str]] = []
        self._bound: Counter[str] = Counter()
        self._shared: dict[str, str] = {}
        self._before: list[str] = []
        self._after: list[str] = []

    # Called by lxml ---------------------------------------------------------------

    def doctype(self, *_: object) -> None:
        """Refuse the file: entities are never declared, let alone expanded."""
        raise doctype_refused(self._where)

    def start(self, tag: str, attributes: dict[str, Any], nsmap: Mapping[str, str]) -> None:
        """Take a start tag; ``nsmap`` holds the namespaces declared on it.

        The dictionary of attributes is made for this call, so it becomes the element's plain data without a copy.
        """
        opened = self._open
        if self._inside or opened is None:
            self._start_inside(tag, attributes, nsmap)
            return
        place = opened.allowed.get(tag)
        if place is None or (place.once and place.key in opened.values):
            self._start_foreign(tag, attributes, nsmap, readable=True)
            return
        if place.rank != opened.rank:
            self._move_on(opened, place)
        kind = place.kind
        if kind == TEXT:
            self._inside = TEXT
            self._text = []
            self._length = 0
            self._text_place = place
            odd = self._dress(None, attributes, nsmap) if nsmap or attributes or self._watchful else None
            if odd is not None:
                opened.extensions().containers[place.name] = odd
            return
        if kind == CONTAINER:
            values = opened.values
            values[place.key] = []
            odd = self._dress(None, attributes, nsmap) if nsmap or attributes or self._watchful else None
        else:
            rules = place.rules
            names = tuple(attributes)
            shape = rules.shapes.get(names) or rules.shape_of(names)
            odd = None
            try:
                if shape is None:
                    raise _Unusual
                values = attributes if names else {}
                if shape.keys is not None:
                    values = dict(zip(shape.keys, attributes.values(), strict=True))
                for name in shape.integers:
                    spelled = values[name]
                    number = values[name] = int(spelled)
                    if str(number) != spelled:
                        values[name] = spelled
                        raise _Unusual
                for name in shape.booleans:
                    values[name] = USUAL_BOOLEANS[values[name]]
                shared = self._shared
                for name in shape.repeated:
                    value = values[name]
                    values[name] = shared.setdefault(value, value)
            except (_Unusual, KeyError, ValueError):
                try:
                    values, odd = self._unusual_values(place, attributes)
                except _Unreadable:
                    found = {name: str(value) for name, value in attributes.items()}
                    self._start_foreign(tag, found, nsmap, readable=False)
                    return
            if nsmap or self._watchful:
                odd = self._dress(odd, {}, nsmap)
            if kind == EMPTY:
                if odd is not None:
                    values["extensions"] = odd
                self._last = values
                self._inside = EMPTY
                if not place.many:
                    opened.values[place.key] = values
                elif place.key in opened.values:
                    opened.values[place.key].append(values)
                else:
                    opened.values[place.key] = [values]
                return
        self._stack.append(opened)
        self._open = _Open(place, values, odd)
        if odd is not None and odd.namespaces:
            self._scopes.append({**self._scopes[-1], **nsmap})
            self._bound.update(uri for prefix, uri in nsmap.items() if prefix)
        if len(self._stack) > MAX_DEPTH:
            raise too_deep(self._where)

    def end(self, tag: str) -> None:
        """Take an end tag: build the element and hand it to the one around it."""
        if self._inside:
            self._end_inside(tag)
            return
        opened = self._open
        assert opened is not None
        parent = self._open = self._stack.pop() if self._stack else None
        place = opened.place
        if opened.nodes:
            opened.extensions().nodes = tuple(opened.nodes)
        odd = opened.odd
        if odd is not None and odd.namespaces:
            self._scopes.pop()
            self._bound.subtract(uri for prefix, uri in odd.namespaces.items() if prefix)
        rules = place.rules
        if rules.type is None:
            if odd is not None:
                assert parent is not None
                parent.extensions().containers[place.name] = odd
            return
        values = opened.values
        for key, name in rules.needed_children:
            if key not in values:
                values[key] = POINTED_NOWHERE
                odd = opened.extensions()
                odd.lexical[name] = None
                self._odd.missing(place.name, name, values)
        if odd is not None:
            values["extensions"] = odd
        element = msgspec.convert(values, rules.type) if rules.apart else values
        if parent is None:
            self.document.root = cast("Project | CodebookFile", element)
        elif not place.many:
            parent.values[place.key] = element
        elif place.key in parent.values:
            parent.values[place.key].append(element)
        else:
            parent.values[place.key] = [element]

    def data(self, text: str) -> None:
        """Take text: of an element that holds text, white space between elements, or a stranger's."""
        # Nearly all that comes is the white space between two tags.
        if not self._inside and text.isspace() and text.isascii():
            return
        if self._inside == TEXT:
            self._text.append(text)
            # Entities and comments break a text into pieces, which the parser then brings one by one.
            self._length += len(text)
            if self._length > self._limits.text:
                raise self._limits.refused("text", "A text in the XML is too large", self._where)
        elif self._inside == FOREIGN:
            self._foreign.data(text)
        elif self._pointing is not None:
            self._text.append(text)
        elif not (text.isspace() and text.isascii()):
            self._keep(element_text(text))
            self._odd.text()

    def comment(self, text: str) -> None:
        """Take a comment."""
        if self._inside == FOREIGN:
            self._foreign.comment(text)
        else:
            self._aside(etree.Comment(text))

    def pi(self, target: str, data: str | None = None) -> None:
        """Take a processing instruction."""
        if self._inside == FOREIGN:
            self._foreign.pi(target, data)
        else:
            self._aside(etree.ProcessingInstruction(target, cast(str, data or None)))

    def close(self) -> XmlDocument:
        """Finish; called once, at the end of the file."""
        document = self.document
        document.before = tuple(self._before)
        document.after = tuple(self._after)
        document.findings = self._odd.findings.all()
        return document

    # Inside ----------------------------------------------------------------------

    def _start_inside(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> None:
        """Take a start tag where no child of the standard can be: the root, or inside text or something foreign."""
        if self._inside == FOREIGN:
            self._foreign_depth += 1
            self._odd.count(len(attributes))
            if len(self._stack) + self._foreign_depth > MAX_DEPTH:
                raise too_deep(self._where)
            self._foreign.start(tag, attributes, _as_lxml_likes(nsmap))
        elif self._inside:
            self._start_foreign(tag, attributes, nsmap, readable=True)
        else:
            self._open = self._root(tag, attributes, nsmap)

    def _end_inside(self, tag: str) -> None:
        if self._inside == TEXT:
            self._inside = 0
            self._end_text()
        elif self._inside == EMPTY:
            if self._pointing is not None:
                self._end_pointing()
            self._inside = 0
            if self._last_nodes:
                self._last.setdefault("extensions", Extensions()).nodes = tuple(self._last_nodes)
                self._last_nodes = []
        else:
            self._foreign.end(tag)
            self._foreign_depth -= 1
            if not self._foreign_depth:
                self._inside = self._before_foreign
                self._keep(etree.tostring(self._foreign.close(), encoding="unicode", with_tail=False))

    def _root(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> _Open:
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        grammar = _root_grammar(name, namespace, self._where)
        expected = PROJECT_NAMESPACE if name == "Project" else CODEBOOK_NAMESPACE
        if namespace != expected:
            self._odd.namespace(namespace, expected)
        document = self.document
        document.namespace = namespace
        prefixes = [prefix or "" for prefix, uri in nsmap.items() if uri == namespace]
        document.prefix = "" if "" in prefixes or not prefixes else prefixes[0]
        self.prefixes_are_ambiguous = len(prefixes) > 1 or self._declares_again(nsmap)
        place = Place(Child(name, "extensions", 0, element=grammar), grammar.type)
        place.rules = prepare(grammar.type, namespace)
        self._scopes.append(dict(nsmap))
        self._bound.update(uri for prefix, uri in nsmap.items() if prefix)
        values, odd = self._unusual_values(place, attributes)
        if nsmap:
            odd = odd or Extensions()
            odd.namespaces = {prefix or "": uri for prefix, uri in nsmap.items()}
        return _Open(place, values, odd)

    def _unusual_values(self, place: Place, attributes: Mapping[str, Any]) -> tuple[dict[str, Any], Extensions | None]:
        """Take in attributes of which one is foreign, missing, or spelled in an unusual way."""
        rules = place.rules
        odd = Extensions()
        values: dict[str, Any] = {}
        for name, value in attributes.items():
            if name not in rules.keys:
                odd.attributes[name] = value
            elif name in rules.integers:
                number = values[name] = value if isinstance(value, int) else read_integer(value)
                if number is None and name in rules.needed:
                    raise _Unreadable
                if number is None or (not isinstance(value, int) and str(number) != value):
                    odd.lexical[name] = value
                if number is None:
                    self._odd.unreadable(name, attributes)
            elif name in rules.booleans:
                values[name] = read_boolean(value) is not False
                if value not in USUAL_BOOLEANS:
                    odd.lexical[name] = value
                    if read_boolean(value) is None:
                        self._odd.unreadable(name, attributes)
            else:
                values[rules.keys[name]] = value
        for name in rules.needed:
            if name not in attributes:
                if name in rules.integers:
                    raise _Unreadable
                values[rules.keys[name]] = name in rules.booleans or ""
                odd.lexical[name] = None
                if name == rules.pointer:
                    self._look_elsewhere(place, values, odd)
                else:
                    self._odd.missing(place.name, name, attributes)
        self._odd.count(len(odd.attributes))
        self._odd.attributes(place.name, odd.attributes, attributes)
        return values, odd if odd != Extensions() else None

    def _look_elsewhere(self, place: Place, values: dict[str, Any], odd: Extensions) -> None:
        """Take in a pointer that has its GUID in the attribute of the other schema; otherwise wait for text."""
        other = next((name for name in _POINTING if name in odd.attributes), None)
        if other is None:
            self._pointing = place
            self._text = []
            return
        odd.lexical[other] = odd.attributes.pop(other)
        values[place.key_of_pointer] = odd.lexical[other]
        self._odd.elsewhere(place.name, place.rules.pointer or "", f"in the attribute {other}")

    def _end_pointing(self) -> None:
        """Take in a pointer that had no GUID in an attribute: it may stand there as text."""
        place, values, text = self._pointing, self._last, "".join(self._text)
        assert place is not None
        self._pointing = None
        if len(text.split()) == 1:
            values["extensions"].lexical[""] = text
            values[place.key_of_pointer] = text.strip()
            self._odd.elsewhere(place.name, place.rules.pointer or "", "as text")
            return
        self._odd.missing(place.name, place.rules.pointer or "", values)
        self.data(text)

    def _dress(
        self, odd: Extensions | None, attributes: Mapping[str, str], nsmap: Mapping[str, str]
    ) -> Extensions | None:
        """Return what an element wears that is not content, added to what is known to be odd about it."""
        if not nsmap and not attributes:
            return odd
        if nsmap and not self.prefixes_are_ambiguous:
            # Where a namespace has got a second prefix, names alone no longer tell which one is meant.
            again = self.document.namespace in nsmap.values()
            self.prefixes_are_ambiguous = again or self._declares_again(nsmap)
        odd = odd or Extensions()
        self._odd.count(len(attributes) + len(nsmap))
        odd.attributes.update(attributes)
        odd.namespaces = {prefix or "": uri for prefix, uri in nsmap.items()}
        return odd

    def _declares_again(self, nsmap: Mapping[str, str]) -> bool:
        """Tell whether declarations give a namespace another prefix; the default is none that attributes could have."""
        scope = self._scopes[-1] if self._scopes else {}
        new = [uri for prefix, uri in nsmap.items() if prefix and scope.get(prefix) != uri]
        return len(new) > len(set(new)) or any(self._bound[uri] > 0 for uri in new)

    def _start_foreign(
        self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str], *, readable: bool
    ) -> None:
        self._odd.count(len(attributes))
        self._odd.element(tag.rpartition("}")[2], attributes, readable=readable)
        self._before_foreign = self._inside
        self._inside = FOREIGN
        self._foreign = etree.TreeBuilder()
        self._foreign_depth = 1
        self._foreign.start(tag, attributes, _as_lxml_likes({**self._scopes[-1], **nsmap}))

    def _keep(self, xml: str) -> None:
        """Keep something foreign where it stands; inside a text, by the number of characters before it."""
        opened = self._open
        assert opened is not None
        if self._inside == EMPTY:
            self._last_nodes.append(ForeignNode(0, xml))
        elif self._inside == TEXT:
            assert self._text_place is not None
            dress = opened.extensions().containers.setdefault(self._text_place.name, Extensions())
            if not self._text_nodes:
                self._text_nodes = [*dress.nodes]
            self._text_nodes.append(ForeignNode(self._length, xml))
        else:
            opened.nodes.append(ForeignNode(opened.children_so_far(), xml))

    def _aside(self, node: etree._Element) -> None:
        """Keep a comment or processing instruction where it stands."""
        self._odd.count()
        if self._open is not None:
            self._keep(etree.tostring(node, encoding="unicode"))
        elif hasattr(self.document, "root"):
            self._after.append(etree.tostring(node, encoding="unicode"))
        else:
            self._before.append(etree.tostring(node, encoding="unicode"))

    def _end_text(self) -> None:
        opened, place = self._open, self._text_place
        assert opened is not None
        assert place is not None
        if self._text_nodes:
            opened.extensions().containers[place.name].nodes = tuple(self._text_nodes)
            self._text_nodes = []
        text = "".join(self._text)
        if place.simple == "text":
            opened.values[place.key] = text
            return
        value = read_boolean(text) if place.simple == "boolean" else read_integer(text)
        opened.values[place.key] = value
        if value is None or text != (str(value).lower() if place.simple == "boolean" else str(value)):
            opened.extensions().lexical[place.name] = text
        if value is None:
            self._odd.unreadable(place.name, opened.values)

    def _move_on(self, opened: _Open, place: Place) -> None:
        """Follow the order of children in an element; a step back is not as the schema has it."""
        if place.rank > opened.rank:
            opened.rank = place.rank
            return
        self._odd.order(place.name)


def _as_lxml_likes(nsmap: Mapping[str, str]) -> dict[str | None, str]:
    """Return namespace declarations with None for the default, as trees want it; callbacks get an empty string."""
    return {prefix or None: uri for prefix, uri in nsmap.items()}


def _root_grammar(name: str, namespace: str, where: str) -> ElementGrammar:
    if is_a_version(namespace) and name == "Project":
        return project_grammar()
    if is_a_version(namespace) and name == "CodeBook":
        return codebook_grammar()
    found = f"<{name}> of the namespace “{namespace}”" if namespace else f"<{name}>"
    raise CannotRead(
        f"This is XML, but no REFI-QDA project or codebook: it begins with {found}.",
        where=where,
        todo="Export the study as REFI-QDA (.qdpx or .qdc) and try again.",
    )
