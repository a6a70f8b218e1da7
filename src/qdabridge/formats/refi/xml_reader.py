"""From the XML of a .qde or .qdc file to the model, in one pass and without a tree in memory.

libxml2 parses and calls back; a stack of open elements is driven by the table in ``grammar``. Whatever the table does
not know is kept as it stands in the ``extensions`` of the element it was found in. This module knows nothing of zip
files, of tools and their habits, or of texts: positions come out as the file counts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast

from lxml import etree

from qdabridge.errors import CannotRead, TooLarge
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.grammar import (
    CODEBOOK_NAMESPACE,
    PROJECT_NAMESPACE,
    Child,
    CodebookFile,
    ElementGrammar,
    codebook_grammar,
    project_grammar,
)
from qdabridge.formats.refi.spelling import read_boolean, read_integer
from qdabridge.study.model import Element, Extensions, ForeignNode, Pointer, Project

MAX_DEPTH = 250
"""How deep elements may be nested; real codebooks have fewer than ten levels."""

_CHUNK = 1 << 16


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


def read_xml(open_stream: Callable[[], BinaryIO], where: str) -> XmlDocument:
    """Read a project or codebook from XML.

    Args:
        open_stream: opens the bytes of a .qde or .qdc file, in any encoding that XML can declare.
        where: what to call the file in messages.

    Raises:
        CannotRead: the XML is not well-formed, has a DOCTYPE, or is no REFI-QDA project or codebook.
        TooLarge: elements are nested deeper than ``MAX_DEPTH``.
    """
    builder = _Builder(where)
    _parse(open_stream, builder, where)
    if builder.prefixes_are_ambiguous:
        builder = _Builder(where, _unexpected_prefixes(open_stream, builder.document.namespace))
        _parse(open_stream, builder, where)
    return builder.document


def _parse(open_stream: Callable[[], BinaryIO], builder: _Builder, where: str) -> None:
    # "internal" is what makes &amp; in attributes come out as &; entities of a file's own cannot exist, since the
    # builder refuses any DOCTYPE before it is read.
    parser = etree.XMLParser(
        target=cast(Any, builder),
        huge_tree=True,
        resolve_entities=cast(bool, "internal"),
        load_dtd=False,
        no_network=True,
        recover=False,
    )
    try:
        with open_stream() as stream:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise CannotRead(
            f"The XML is damaged: {_in_words(error)}.",
            where=where,
            todo="Export the project again from the program it comes from.",
        ) from None


def _in_words(error: etree.XMLSyntaxError) -> str:
    message = re.sub(r" \(<string>, line \d+\)$", "", str(error.msg or error)).strip().rstrip(".")
    if not error.lineno or message.startswith(("no element found", "Document is empty")):
        return "it is empty"
    return message if "line" in message else f"{message}, line {error.lineno}"


# --- the table, prepared for callbacks -------------------------------------------------------------------------------

_TEXT, _CONTAINER, _EMPTY, _ELEMENT, _FOREIGN = range(1, 6)
_REPEATED = re.compile(r"(creat|modif)\w+|targetGUID|color|typeOfVariable")
"""Attributes whose values recur thousands of times: each value is kept in memory once."""


_USUAL_BOOLEANS = {"true": True, "false": False}
_ROOT = 1


class _Place:
    """What to do with one kind of child."""

    __slots__ = ("field", "kind", "many", "name", "once", "rank", "rules", "simple")

    def __init__(self, child: Child) -> None:
        self.name = child.name
        self.field = child.field
        self.rank = child.rank
        self.many = child.many
        self.simple = child.simple
        self.kind = _TEXT if child.simple else _CONTAINER if child.members else _ELEMENT
        if child.element is not None and not child.element.children:
            self.kind = _EMPTY
        self.once = bool(child.members) or not child.many
        self.rules = _Rules(None)


class _Rules:
    """What to do inside one kind of element: its type (None for a container) and look-ups by name and tag."""

    __slots__ = (
        "allowed",
        "booleans",
        "fields",
        "integers",
        "needed",
        "needed_children",
        "needed_fields",
        "repeated",
        "tuples",
        "type",
    )

    def __init__(self, element: ElementGrammar | None) -> None:
        attributes = element.attributes if element else ()
        children = element.children if element else ()
        numeric = [a for a in attributes if a.holds in ("integer", "position")]
        self.type = element.type if element else None
        self.fields = {a.name: a.field for a in attributes}
        self.integers = tuple((a.field, a.name) for a in numeric)
        self.booleans = tuple((a.field, a.name) for a in attributes if a.holds == "boolean")
        self.repeated = tuple(a.field for a in attributes if _REPEATED.fullmatch(a.name))
        self.needed = tuple((a.field, a.name, a.holds) for a in attributes if a.required)
        self.needed_fields = frozenset(field for field, _, _ in self.needed)
        self.needed_children = tuple(
            (child.field, child.name, child.element.type)
            for child in children
            if child.required and child.element is not None
        )
        self.tuples = tuple(child.field for child in children if child.as_tuple)
        self.allowed: dict[str, _Place] = {}


def _prepare(root: ElementGrammar, tag: Callable[[str], str]) -> _Rules:
    """Turn the table into look-ups by tag, for the namespace that this file uses."""
    prepared: dict[str, _Rules] = {}

    def rules_of(element: ElementGrammar) -> _Rules:
        if element.name in prepared:
            return prepared[element.name]
        rules = prepared[element.name] = _Rules(element)
        for child in element.children:
            place = rules.allowed[tag(child.name)] = _Place(child)
            if child.element is not None:
                place.rules = rules_of(child.element)
            for name, member in child.members.items():
                inner = place.rules.allowed[tag(name)] = _Place(Child(name, child.field, 0, many=True, element=member))
                inner.rules = rules_of(member)
        return rules

    return rules_of(root)


class _Open:
    """An element whose end has not come yet."""

    __slots__ = ("allowed", "odd", "place", "rank", "rules", "values")

    def __init__(self, place: _Place | None, rules: _Rules, values: dict[str, Any], odd: Extensions | None) -> None:
        self.place = place
        self.rules = rules
        self.allowed = rules.allowed
        self.values = values
        self.odd = odd
        self.rank = 0

    def extensions(self) -> Extensions:
        if self.odd is None:
            self.odd = Extensions()
        return self.odd

    def children_so_far(self) -> int:
        """Return how many child elements of the standard have come; in a container, of that container."""
        if self.rules.type is None:
            assert self.place is not None
            return len(self.values[self.place.field])
        count = 0
        for place in self.allowed.values():
            if place.field in self.values:
                count += 1 if place.once else len(self.values[place.field])
        return count


class _Unreadable(Exception):
    """A required number is missing or is no number."""


# --- the callbacks ---------------------------------------------------------------------------------------------------


class _Builder:
    """Receives what libxml2 parses (lxml's parser target interface) and builds the model from it."""

    def __init__(self, where: str, prefixes: Mapping[int, str] | None = None) -> None:
        self.document = XmlDocument()
        self.prefixes_are_ambiguous = False
        self._prefixes = prefixes
        self._ordinal = 0
        self._where = where
        self._findings = Findings()
        self._stack: list[_Open] = []
        self._open: _Open | None = None
        self._inside = 0
        self._text: list[str] = []
        self._text_place: _Place | None = None
        self._last: Element | None = None
        self._foreign: Any = etree.TreeBuilder()
        self._foreign_depth = 0
        self._before_foreign = 0
        self._scopes: list[Mapping[str, str]] = []
        self._shared: dict[str, str] = {}
        self._before: list[str] = []
        self._after: list[str] = []

    # Called by lxml ---------------------------------------------------------------

    def doctype(self, *_: object) -> None:
        """Refuse the file: entities are never declared, let alone expanded."""
        raise CannotRead(
            "The XML has a DOCTYPE, which no REFI-QDA program writes and which can hide files or bombs.",
            where=self._where,
            todo="If you trust the file, delete the DOCTYPE with a text editor.",
        )

    def start(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> None:
        """Take a start tag; ``nsmap`` holds the namespaces declared on it."""
        if self._prefixes is not None:
            self._ordinal += 1
        opened = self._open
        if self._inside or opened is None:
            self._start_inside(tag, attributes, nsmap)
            return
        place = opened.allowed.get(tag)
        if place is None or (place.once and place.field in opened.values):
            self._start_foreign(tag, attributes, nsmap, readable=True)
            return
        if place.rank < opened.rank:
            self._tell_order(place)
        else:
            opened.rank = place.rank
        kind = place.kind
        if kind == _TEXT:
            self._inside = _TEXT
            self._text = []
            self._text_place = place
            odd = self._dress(attributes, nsmap) if attributes or nsmap or self._prefixes else None
            self._doubt_prefixes(nsmap)
            if odd is not None:
                opened.extensions().containers[place.name] = odd
            return
        if kind == _CONTAINER:
            values = opened.values
            values[place.field] = []
            self._doubt_prefixes(nsmap)
            odd = self._dress(attributes, nsmap) if attributes or nsmap or self._prefixes else None
        else:
            rules = place.rules
            fields = rules.fields
            odd = None
            try:
                values = {fields[name]: value for name, value in attributes.items()}
                for field, _ in rules.integers:
                    if field in values:
                        spelled = values[field]
                        number = values[field] = int(spelled)
                        if str(number) != spelled:
                            raise ValueError
                for field, _ in rules.booleans:
                    values[field] = _USUAL_BOOLEANS[values[field]]
                if not rules.needed_fields <= values.keys():
                    raise ValueError
            except (KeyError, ValueError):
                try:
                    values, odd = self._unusual_values(rules, attributes)
                except _Unreadable:
                    self._start_foreign(tag, attributes, nsmap, readable=False)
                    return
            shared = self._shared
            for field in rules.repeated:
                if field in values:
                    value = values[field]
                    values[field] = shared.setdefault(value, value)
            if nsmap or self._prefixes is not None:
                self._doubt_prefixes(nsmap)
                dress = self._dress({}, nsmap)
                if dress is not None:
                    odd = odd or Extensions()
                    odd.namespaces, odd.prefix = dress.namespaces, dress.prefix
            if kind == _EMPTY:
                if odd is not None:
                    values["extensions"] = odd
                assert rules.type is not None
                self._last = rules.type(**values)
                self._inside = _EMPTY
                _attach(self._last, place, opened.values)
                return
        self._stack.append(opened)
        self._open = _Open(place, place.rules, values, odd)
        if nsmap:
            self._scopes.append({**self._scopes[-1], **nsmap})
        if len(self._stack) > MAX_DEPTH:
            raise TooLarge(
                f"Elements are nested more than {MAX_DEPTH} deep, which no real study needs.",
                where=self._where,
                todo="Ask whoever sent the file where it comes from.",
            )

    def end(self, tag: str) -> None:
        """Take an end tag: build the element and hand it to the one around it."""
        if self._inside:
            self._end_inside(tag)
            return
        opened = self._open
        assert opened is not None
        parent = self._open = self._stack.pop() if self._stack else None
        place = opened.place
        odd = opened.odd
        if odd is not None and odd.namespaces:
            self._scopes.pop()
        rules = opened.rules
        type_ = rules.type
        if type_ is None:
            if odd is not None:
                assert parent is not None
                assert place is not None
                parent.extensions().containers[place.name] = odd
            return
        values = opened.values
        for field in rules.tuples:
            if field in values:
                values[field] = tuple(values[field])
        for field, name, needed in rules.needed_children:
            if field not in values:
                assert issubclass(needed, Pointer)
                values[field] = needed(target_guid="")
                odd = opened.extensions()
                odd.lexical[name] = None
                self._tell_missing(type_.__name__, name, values)
        if odd is not None:
            values["extensions"] = odd
        element = type_(**values)
        if parent is None or place is None:
            self.document.root = element  # type: ignore[assignment]
        else:
            _attach(element, place, parent.values)

    def data(self, text: str) -> None:
        """Take text: of an element that holds text, white space between elements, or a stranger's."""
        if self._inside == _TEXT:
            self._text.append(text)
        elif self._inside == _FOREIGN:
            self._foreign.data(text)
        elif not text.isspace():
            self._keep(_escaped(text))
            self._findings.add(
                Finding(
                    "UNKNOWN-NODE",
                    "warning",
                    "There is text where the standard has none; it is kept and written back, but not used.",
                    where=self._where,
                )
            )

    def comment(self, text: str) -> None:
        """Take a comment."""
        if self._inside == _FOREIGN:
            self._foreign.comment(text)
        else:
            self._aside(etree.Comment(text))

    def pi(self, target: str, data: str | None = None) -> None:
        """Take a processing instruction."""
        if self._inside == _FOREIGN:
            self._foreign.pi(target, data)
        else:
            self._aside(etree.ProcessingInstruction(target, cast(str, data or None)))

    def close(self) -> XmlDocument:
        """Finish; called once, at the end of the file."""
        document = self.document
        document.before = tuple(self._before)
        document.after = tuple(self._after)
        document.findings = self._findings.all()
        return document

    # Inside ----------------------------------------------------------------------

    def _start_inside(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> None:
        """Take a start tag where no child of the standard can be: the root, or inside text or something foreign."""
        if self._inside == _FOREIGN:
            self._foreign_depth += 1
            self._foreign.start(tag, attributes, _as_lxml_likes(nsmap))
        elif self._inside:
            self._start_foreign(tag, attributes, nsmap, readable=True)
        else:
            self._open = self._root(tag, attributes, nsmap)

    def _end_inside(self, tag: str) -> None:
        if self._inside == _TEXT:
            self._inside = 0
            self._end_text()
        elif self._inside == _EMPTY:
            self._inside = 0
        else:
            self._foreign.end(tag)
            self._foreign_depth -= 1
            if not self._foreign_depth:
                self._inside = self._before_foreign
                self._keep(etree.tostring(self._foreign.close(), encoding="unicode", with_tail=False))

    def _root(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> _Open:
        namespace, name = tag[1:].split("}") if tag.startswith("{") else ("", tag)
        grammar = _root_grammar(name, namespace, self._where)
        expected = PROJECT_NAMESPACE if name == "Project" else CODEBOOK_NAMESPACE
        if namespace != expected:
            self._findings.add(
                Finding(
                    "NS-VERSION",
                    "warning",
                    f"The file uses the namespace “{namespace}” of another version of the standard; it is read as "
                    f"version 1.0 ({expected}).",
                    where=self._where,
                )
            )
        document = self.document
        document.namespace = namespace
        prefixes = [prefix or "" for prefix, uri in nsmap.items() if uri == namespace]
        document.prefix = "" if "" in prefixes or not prefixes else prefixes[0]
        self.prefixes_are_ambiguous = len(prefixes) > 1 and self._prefixes is None
        if self._prefixes is not None:
            document.prefix = self._prefixes[_ROOT]
        rules = _prepare(grammar, lambda local: f"{{{namespace}}}{local}" if namespace else local)
        self._scopes.append(dict(nsmap))
        values, odd = self._unusual_values(rules, attributes)
        if nsmap:
            odd = odd or Extensions()
            odd.namespaces = _declared(nsmap)
        return _Open(None, rules, values, odd)

    def _doubt_prefixes(self, nsmap: Mapping[str, str]) -> None:
        """Note that the standard's namespace has got a second prefix, so that the tags alone do not tell it."""
        if self._prefixes is None and self.document.namespace in nsmap.values():
            self.prefixes_are_ambiguous = True

    def _unusual_values(self, rules: _Rules, attributes: Mapping[str, str]) -> tuple[dict[str, Any], Extensions | None]:
        """Do the same where an attribute is foreign, missing, or spelled in an unusual way."""
        odd = Extensions()
        values: dict[str, Any] = {}
        for name, value in attributes.items():
            if name in rules.fields:
                values[rules.fields[name]] = value
            else:
                odd.attributes[name] = value
        needed = {name for _, name, _ in rules.needed}
        for field, name in rules.integers:
            if field not in values:
                continue
            spelled = values[field]
            number = values[field] = read_integer(spelled)
            if number is None and name in needed:
                raise _Unreadable
            if str(number) != spelled:
                odd.lexical[name] = spelled
        for field, name in rules.booleans:
            if field in values:
                spelled = values[field]
                values[field] = read_boolean(spelled) is not False
                if spelled not in _USUAL_BOOLEANS:
                    odd.lexical[name] = spelled
        for field, name, holds in rules.needed:
            if field not in values:
                if holds in ("integer", "position"):
                    raise _Unreadable
                values[field] = holds == "boolean" or ""
                odd.lexical[name] = None
                assert rules.type is not None
                self._tell_missing(rules.type.__name__, name, attributes)
        return values, odd if odd != Extensions() else None

    def _dress(self, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> Extensions | None:
        """Return what an element wears that is not content: foreign attributes, namespaces, an unexpected prefix."""
        prefix = None
        if self._prefixes is not None:
            prefix = self._prefixes.get(self._ordinal)
        if not attributes and not nsmap and prefix is None:
            return None
        return Extensions(attributes=dict(attributes), namespaces=_declared(nsmap), prefix=prefix)

    def _start_foreign(
        self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str], *, readable: bool
    ) -> None:
        local = tag.rpartition("}")[2]
        self._findings.add(
            Finding(
                "UNKNOWN-NODE" if readable else "UNREADABLE-NUMBER",
                "warning" if readable else "error",
                f"The standard has no {local} here; it is kept and written back, but not used."
                if readable
                else f"A {local} has no position that can be read; it is kept and written back, but not used.",
                where=f"{self._where}: {local} {attributes.get('guid', '')}".rstrip(),
            )
        )
        self._before_foreign = self._inside
        self._inside = _FOREIGN
        self._foreign = etree.TreeBuilder()
        self._foreign_depth = 1
        self._foreign.start(tag, attributes, _as_lxml_likes({**self._scopes[-1], **nsmap}))

    def _keep(self, xml: str) -> None:
        """Keep something foreign where it stands; inside a text, behind the text's element."""
        opened = self._open
        assert opened is not None
        if self._inside == _EMPTY:
            assert self._last is not None
            if self._last.extensions is None:
                self._last.extensions = Extensions()
            extensions, at = self._last.extensions, 0
        else:
            extensions, at = opened.extensions(), opened.children_so_far() + (self._inside == _TEXT)
        extensions.nodes = (*extensions.nodes, ForeignNode(at, xml))

    def _aside(self, node: etree._Element) -> None:
        """Keep a comment or processing instruction where it stands."""
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
        text = "".join(self._text)
        if place.simple == "text":
            opened.values[place.field] = text
            return
        value = read_boolean(text) if place.simple == "boolean" else read_integer(text)
        opened.values[place.field] = value
        if text != (str(value).lower() if place.simple == "boolean" else str(value)):
            opened.extensions().lexical[place.name] = text

    def _tell_order(self, place: _Place) -> None:
        self._findings.add(
            Finding(
                "ORDER",
                "note",
                f"{place.name} does not stand where the schema has it; the standard's order is used when writing.",
                where=self._where,
                kind="mended",
            )
        )

    def _tell_missing(self, element: str, name: str, known: Mapping[str, object]) -> None:
        guid = known.get("guid", "")
        self._findings.add(
            Finding(
                "REQUIRED-MISSING",
                "error",
                f"A {element} has no {name}, which the standard requires.",
                where=f"{self._where}: {element} {guid}".rstrip(),
            )
        )


def _attach(element: Element, place: _Place, values: dict[str, Any]) -> None:
    """Put an element among the children of the one around it."""
    if not place.many:
        values[place.field] = element
    elif place.field in values:
        values[place.field].append(element)
    else:
        values[place.field] = [element]


def _as_lxml_likes(nsmap: Mapping[str, str]) -> dict[str | None, str]:
    """Return namespace declarations with None for the default, as trees want it; callbacks get an empty string."""
    return {prefix or None: uri for prefix, uri in nsmap.items()}


def _declared(nsmap: Mapping[str, str]) -> dict[str, str]:
    return {prefix or "": uri for prefix, uri in nsmap.items()}


def _root_grammar(name: str, namespace: str, where: str) -> ElementGrammar:
    ours = not namespace or namespace.startswith("urn:QDA-XML:")
    if ours and name == "Project":
        return project_grammar()
    if ours and name == "CodeBook":
        return codebook_grammar()
    found = f"<{name}> of the namespace “{namespace}”" if namespace else f"<{name}>"
    raise CannotRead(
        f"This is XML, but no REFI-QDA project or codebook: it begins with {found}.",
        where=where,
        todo="Export the study as REFI-QDA (.qdpx or .qdc) and try again.",
    )


def _unexpected_prefixes(open_stream: Callable[[], BinaryIO], namespace: str) -> dict[int, str]:
    """Return the prefix of each element that has another than its neighbours would expect, by order of start tags.

    The parser target interface does not tell prefixes. Where one namespace has two, they are looked up in a pass of
    their own, so that the file can be written back as it came.
    """
    found: dict[int, str] = {}
    root_prefix = ""
    with open_stream() as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), huge_tree=True, resolve_entities=False, load_dtd=False, no_network=True
        )
        ordinal = 0
        for event, element in events:
            if event == "end":
                element.clear()
                continue
            ordinal += 1
            prefix = element.prefix or ""
            if ordinal == 1:
                root_prefix = found[1] = prefix
            elif prefix != root_prefix and etree.QName(element).namespace == namespace:
                found[ordinal] = prefix
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
