"""From the model to the XML of a .qde or .qdc file, into a stream.

Driven by the same table as the reader, so what one takes in the other gives out. Lines are joined rather than trees
built: it is three times faster and needs no tree in memory. Positions are written as the caller wants them counted.
This module knows nothing of zip files, tools, or where texts come from.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import Any, BinaryIO

from msgspec import Struct
from msgspec.structs import astuple, replace

from qdabridge.formats.refi.grammar import CodebookFile, ElementGrammar, codebook_grammar, project_grammar
from qdabridge.formats.refi.spelling import read_boolean, read_integer
from qdabridge.formats.refi.written_rules import WrittenChild, WrittenRules, prepare_writing
from qdabridge.formats.refi.xml_text import (
    XML_NAMESPACE,
    attribute_text,
    element_text,
    encoded,
    is_address,
    is_aside,
    is_declaration,
    is_name,
    is_one_node,
    is_plain,
)
from qdabridge.study.model import (
    AnyText,
    CodeBook,
    Element,
    Extensions,
    ForeignNode,
    Project,
    TextDocument,
    Transcript,
)
from qdabridge.study.text import Positions

CountingOf = Callable[[AnyText], Positions | None]
"""Gives, for a text, how positions in it are to be written; None where that is as in the model."""

_FIRST_JOINED, _JOINED = 2_500, 40_000
"""How many pieces are joined at first, so that threads that take them soon have work, and then more and more: some
megabytes, so that they seldom wait for each other."""
_COUNTED = ("position", "end")
"""What an attribute holds whose unit is the tool's: characters of a text."""

_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class Left(Struct):
    """What could not be written, counted.

    Args:
        characters: control characters that XML cannot hold; U+FFFD stands in their places.
        attributes, nodes: strangers that the schema has no place for.
        values: numbers and truth values that are spelled in a way that nobody can read.
    """

    characters: int = 0
    attributes: int = 0
    nodes: int = 0
    values: int = 0


def write_xml(
    root: Project | CodebookFile,
    stream: BinaryIO,
    *,
    namespace: str,
    prefix: str = "",
    namespace_was: str = "",
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    counting_of: CountingOf | None = None,
    reference_of: Callable[[str], str] | None = None,
    strict: bool = False,
) -> Left:
    """Write a project or codebook as XML, in UTF-8.

    Args:
        root: the Project, or the CodebookFile of a .qdc.
        stream: where the bytes go.
        namespace, prefix: of the root; the declarations in its ``extensions`` are completed where needed.
        namespace_was: the namespace that declarations in ``extensions`` still name, where it is another.
        before, after: comments and processing instructions around the root, as XML.
        counting_of: how positions are counted in each text; code points without it.
        reference_of: gives the path to write for one in the model; the same without it.
        strict: whether only what the schema allows is written, in its spelling; otherwise strangers are written back.

    Returns:
        What could not be written, counted.
    """
    grammar = codebook_grammar() if isinstance(root, CodebookFile) else project_grammar()
    writer = _Writer(stream, namespace, prefix, namespace_was or namespace, counting_of, reference_of, strict)
    writer.out.append('<?xml version="1.0" encoding="utf-8"?>')
    writer.out.extend("\n" + node for node in before if is_aside(node))
    writer.root(root, grammar)
    writer.out.extend("\n" + node for node in after if is_aside(node))
    writer.left.nodes += sum(not is_aside(node) for node in (*before, *after))
    writer.out.append("\n")
    writer.flush()
    return writer.left


class _Writer:
    """Holds what is not yet in the stream, the prefix in use, and how positions are counted in the text at hand."""

    def __init__(
        self,
        stream: BinaryIO,
        namespace: str,
        prefix: str,
        was: str,
        counting_of: CountingOf | None,
        reference_of: Callable[[str], str] | None,
        strict: bool,
    ) -> None:
        self.out: list[str] = []
        self.left = Left()
        self._enough = _FIRST_JOINED
        self._strict = strict
        self._stream = stream
        self._namespace = namespace
        self._was = was
        self._lead = f"{prefix}:" if prefix else ""
        self._counting_of = counting_of
        self._reference_of = reference_of
        self._positions: Positions | None = None
        self._scope: dict[str, str] = {"xml": XML_NAMESPACE}

    def flush(self) -> None:
        """Hand over what has been joined so far; characters that XML cannot hold become U+FFFD, counted."""
        text = "".join(self.out)
        self.out.clear()
        self._enough = min(2 * self._enough, _JOINED)
        data, replaced = encoded(text)
        self.left.characters += replaced
        self._stream.write(data)

    def root(self, root: Project | CodebookFile, grammar: ElementGrammar) -> None:
        """Write the root element with the namespace declaration that all others rest on."""
        dress = root.extensions or Extensions()
        declared = {**dress.namespaces, self._lead[:-1]: self._namespace}
        if not self._namespace and dress.namespaces.get("") != "":
            del declared[self._lead[:-1]]
        self._element(root, prepare_writing(grammar), "\n", replace(dress, namespaces=declared))

    def _element(
        self, element: Element, rules: WrittenRules, indent: str, odd: Extensions | None, name: str = ""
    ) -> None:
        """Write an element and all it holds; its name is that of its rules, except where an element is like another."""
        if odd is None and not rules.children:
            self.out.append(f"{indent}<{self._lead}{name or rules.name}{self._attributes(astuple(element), rules)}/>")
            return
        outer_positions, outer_scope = self._positions, self._scope
        if rules.holds_text and self._counting_of is not None:
            assert isinstance(element, TextDocument | Transcript)
            self._positions = self._counting_of(element)
        values = astuple(element)
        tag = self._lead + (name or rules.name)
        if odd is not None:
            tag = self._tag(odd, name or rules.name)
            parts = [f"{indent}<{tag}", self._dress(odd, [attribute.name for attribute in rules.attributes])]
            self._odd_attributes(parts, values, rules, odd)
            self.out.append("".join(parts))
        else:
            self.out.append(f"{indent}<{tag}{self._attributes(values, rules)}")
        if odd is not None and "" in odd.lexical and not self._strict and self._elsewhere(values, rules, odd) == "":
            empty = False
            self.out.append(f">{element_text(odd.lexical[''] or '')}")
            indent = ""
            self._nodes(self._allowed(odd.nodes), None, indent)
        elif odd is not None and (odd.nodes or odd.lexical or odd.containers):
            empty = self._odd_children(values, rules, indent + "  ", odd)
        else:
            empty = self._children(values, rules, indent + "  ")
        # An element without children of its own may hold comments, but not even white space around them.
        self.out.append("/>" if empty else f"{indent}</{tag}>" if rules.children else f"</{tag}>")
        self._positions, self._scope = outer_positions, outer_scope

    def _attributes(self, values: tuple[Any, ...], rules: WrittenRules) -> str:
        """Return all attributes of an element that has nothing unusual."""
        if rules.template and self._positions is None:
            picked = rules.pick(values)
            if not (self._strict and "" in picked):
                template = rules.template
                if None in picked:
                    template = rules.template_for(tuple([value is not None for value in picked]))
                    picked = tuple([value for value in picked if value is not None])
                text = template % picked
                # Hardly any has something to escape; looking at all at once is much cheaper than at one after another.
                if text.count('"') == 2 * len(picked) and is_plain(text):
                    return text
        parts: list[str] = []
        for attribute in rules.attributes:
            value = values[attribute.index]
            if not value and (value is None or (value == "" and attribute.may_be_left and self._strict)):
                continue
            if type(value) is not str or attribute.holds == "reference":
                value = self._spelled(value, attribute.holds)
            parts += (attribute.lead, value, '"')
        text = "".join(parts)
        if text.count('"') * 3 == len(parts) * 2 and is_plain(text):
            return text
        parts[1::3] = map(attribute_text, parts[1::3])
        return "".join(parts)

    def _children(self, values: tuple[Any, ...], rules: WrittenRules, indent: str) -> bool:
        """Write the children; return whether there were none, with the start tag still open."""
        empty = True
        for child in rules.children:
            value = values[child.index]
            # Most elements lack most children: what is said at length in _is_absent is asked here in short first.
            if value is None or value == () or (child.may_be_empty and self._is_absent(child, value)):
                continue
            if empty:
                self.out.append(">")
                empty = False
            self._child(child, value, indent, None)
        return empty

    def _child(self, child: WrittenChild, value: Any, indent: str, odd: Extensions | None) -> None:
        """Write all children of one kind; ``odd`` dresses a container or a child that is plain text here."""
        if child.simple:
            text = value if child.simple == "text" else self._spelled(value, child.simple)
            self._text(child.name, text, indent, odd)
        elif child.rules is not None:
            for element in value if child.many else (value,):
                self._element(element, child.rules, indent, element.extensions, child.name)
            if len(self.out) > self._enough:
                self.flush()
        else:
            self._container(child, value, indent, odd)

    def _container(self, child: WrittenChild, members: list[Element], indent: str, odd: Extensions | None) -> None:
        assert child.members is not None
        outer_scope = self._scope
        tag = self._tag(odd, child.name)
        self.out += (f"{indent}<{tag}", self._dress(odd) if odd else "")
        inner = indent + "  "
        nodes = self._allowed(odd.nodes) if odd else deque()
        if not members and not nodes:
            self.out.append("/>")
        else:
            self.out.append(">")
            for count, member in enumerate(members):
                self._nodes(nodes, count, inner)
                self._element(member, child.members[type(member)], inner, member.extensions)
                if len(self.out) > self._enough:
                    self.flush()
            self._nodes(nodes, None, inner)
            self.out.append(f"{indent}</{tag}>")
        self._scope = outer_scope

    def _text(self, name: str, text: str, indent: str, odd: Extensions | None) -> None:
        outer_scope = self._scope
        tag = self._tag(odd, name)
        dress = self._dress(odd) if odd else ""
        nodes = self._allowed(odd.nodes) if odd else ()
        if nodes:
            self.out.append(f"{indent}<{tag}{dress}>")
            written = 0
            for node in nodes:
                self.out += (element_text(text[written : node.at]), node.xml)
                written = max(written, node.at)
            self.out += (element_text(text[written:]), f"</{tag}>")
        else:
            self.out.append(
                f"{indent}<{tag}{dress}>{element_text(text)}</{tag}>" if text else f"{indent}<{tag}{dress}/>"
            )
        self._scope = outer_scope

    def _spelled(self, value: Any, holds: str) -> str:
        """Return a value as it is written, before escaping."""
        if holds == "reference":
            return self._reference_of(value) if self._reference_of else str(value)
        if holds == "boolean":
            return "true" if value else "false"
        if holds in _COUNTED and self._positions is not None:
            positions = self._positions
            return str(positions.end_from_codepoints(value) if holds == "end" else positions.from_codepoints(value))
        return str(value)

    # What is beyond the standard, or spelled unusually ---------------------------

    def _odd_attributes(self, parts: list[str], values: tuple[Any, ...], rules: WrittenRules, odd: Extensions) -> None:
        lexical = odd.lexical
        elsewhere = None if self._strict else self._elsewhere(values, rules, odd)
        if elsewhere:
            parts.append(f' {elsewhere}="{attribute_text(lexical[elsewhere] or "")}"')
        if elsewhere is not None:
            return
        for attribute in rules.attributes:
            value = values[attribute.index]
            text = None if value is None else self._spelled(value, attribute.holds)
            if attribute.name in lexical:
                if not self._strict and value is not None and odd.moved.get(attribute.name) == value:
                    text = lexical[attribute.name]
                else:
                    text = self._as_found(value, text, lexical[attribute.name], attribute.holds)
            if text is not None and not (text == "" and attribute.may_be_left and self._strict):
                parts += (attribute.lead, attribute_text(text), '"')

    def _elsewhere(self, values: tuple[Any, ...], rules: WrittenRules, odd: Extensions) -> str | None:
        """Return where else than the schema has it a pointer has the GUID that it had: an attribute, or "" for text."""
        if not rules.pointer or odd.lexical.get(rules.pointer, "") is not None:
            return None
        target = next(values[attribute.index] for attribute in rules.attributes if attribute.name == rules.pointer)
        places = (name for name in ("targetGUID", "guid", "") if name != rules.pointer and name in odd.lexical)
        return next(
            (name for name in places if target in (odd.lexical[name] or "", (odd.lexical[name] or "").strip())), None
        )

    def _as_found(self, value: Any, usual: str | None, found: str | None, holds: str) -> str | None:
        """Return the spelling in the file if it still says what the model says, otherwise the usual one."""
        if self._strict and (
            not _is_spelled_legally(found, holds) or (holds in _COUNTED and self._positions is not None)
        ):
            self._count_unreadable(value, found, holds)
            return usual
        if holds == "boolean":
            meant: object = found is None or read_boolean(found) is not False
        elif holds in _COUNTED:
            meant = self._codepoints(found, holds)
        elif holds == "integer":
            meant = read_integer(found or "")
        else:
            meant = found or ""
        return found if meant == value else usual

    def _count_unreadable(self, value: Any, found: str | None, holds: str) -> None:
        """Count what stood in the file and cannot be written, unless somebody has put something else in its place."""
        unchanged = value is True or value is None if holds == "boolean" else value is None
        if found and unchanged and not _is_spelled_legally(found, holds):
            self.left.values += 1

    def _codepoints(self, found: str | None, holds: str) -> int | None:
        """Return what a position in the file means in the model."""
        number, positions = read_integer(found or ""), self._positions
        if number is None or positions is None:
            return number
        return positions.end_to_codepoints(number) if holds == "end" else positions.to_codepoints(number)

    def _odd_children(self, values: tuple[Any, ...], rules: WrittenRules, indent: str, odd: Extensions) -> bool:
        """Write the children with strangers among them, in the places where they stood."""
        waiting = self._allowed(odd.nodes)
        present = [
            (child, value, spelled)
            for child in rules.children
            if child.name in odd.lexical or not self._is_absent(child, values[child.index])
            for value in _each(child, values[child.index])
            for spelled in self._spellings(child, value, odd)
        ]
        if not present and not waiting:
            return True
        self.out.append(">")
        indent = indent if rules.children else ""
        for count, (child, value, spelled) in enumerate(present):
            self._nodes(waiting, count, indent)
            dress = odd.containers.get(child.name)
            if child.simple:
                self._text(child.name, spelled, indent, dress)
            elif child.rules is not None:
                self._element(value, child.rules, indent, value.extensions, child.name)
            else:
                self._container(child, value, indent, dress)
        self._nodes(waiting, None, indent)
        return False

    def _spellings(self, child: WrittenChild, value: Any, odd: Extensions) -> tuple[str, ...]:
        """Return how a child's text is to be spelled; nothing where it was absent and still is."""
        if child.name not in odd.lexical:
            return () if value is None else (self._spelled(value, child.simple) if child.simple else "",)
        found = odd.lexical[child.name]
        if self._strict and child.simple and not _is_spelled_legally(found, child.simple):
            self._count_unreadable(value, found, child.simple)
            return () if value is None else (self._spelled(value, child.simple),)
        if not child.simple:
            return () if found is None and value.target_guid == "" else ("",)
        meant = read_boolean(found or "") if child.simple == "boolean" else read_integer(found or "")
        if meant == value and found is not None:
            return (found,)
        return () if value is None else (self._spelled(value, child.simple),)

    def _nodes(self, waiting: deque[ForeignNode], count: int | None, indent: str) -> None:
        """Write the strangers that stand before the child of this number; all that are left at the end."""
        while waiting and (count is None or waiting[0].at <= count):
            self.out.append(indent + waiting.popleft().xml)

    def _allowed(self, nodes: tuple[ForeignNode, ...]) -> deque[ForeignNode]:
        """Return the strangers that may be written: all, or in strict writing comments and the like.

        They may come out of somebody's JSON, so each has to be one node and nothing more.
        """
        allowed: deque[ForeignNode] = deque()
        for node in nodes:
            if is_aside(node.xml) or (not self._strict and is_one_node(node.xml)):
                allowed.append(node)
            else:
                self.left.nodes += 1
        return allowed

    def _is_absent(self, child: WrittenChild, value: Any) -> bool:
        """Tell whether there is nothing to write; an empty container is something, unless the schema forbids it."""
        if value is None or (not value and child.many and child.members is None):
            return True
        return self._strict and (value == [] or (isinstance(value, CodeBook) and not value.codes))

    def _tag(self, odd: Extensions | None, name: str) -> str:
        """Return an element's name with its prefix; from here on its declarations are in scope."""
        if odd is None:
            return self._lead + name
        if odd.namespaces:
            self._scope = {**self._scope, **self._declared(odd)}
        if odd.prefix is None or self._strict or self._scope.get(odd.prefix, "") != self._namespace:
            return self._lead + name
        return f"{odd.prefix}:{name}" if odd.prefix else name

    def _declared(self, odd: Extensions) -> dict[str, str]:
        return {
            prefix: self._namespace if uri == self._was else uri
            for prefix, uri in odd.namespaces.items()
            if is_declaration(prefix, uri) and (prefix or not self._strict or uri in (self._was, self._namespace))
        }

    def _dress(self, odd: Extensions, taken: Collection[str] = ()) -> str:
        """Return the namespace declarations and foreign attributes of an element, which has others of its own."""
        parts = [
            f' xmlns{":" if prefix else ""}{prefix}="{attribute_text(uri)}"'
            for prefix, uri in self._declared(odd).items()
        ]
        for name, value in odd.attributes.items():
            if self._strict and not name.startswith(_SCHEMA_INSTANCE):
                self.left.attributes += 1
                continue
            uri, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
            if not is_name(local) or not is_address(uri) or (not uri and local in taken):
                self.left.attributes += 1
                continue
            if uri:
                prefix = odd.attribute_prefixes.get(name, "")
                if not prefix or self._scope.get(prefix) != uri:
                    prefix = next((known for known, bound in self._scope.items() if bound == uri and known), "")
                if not prefix:
                    prefix = f"ns{len(self._scope)}"
                    self._scope = {**self._scope, prefix: uri}
                    parts.append(f' xmlns:{prefix}="{attribute_text(uri)}"')
                local = f"{prefix}:{local}"
            parts.append(f' {local}="{attribute_text(value)}"')
        return "".join(parts)


def _is_spelled_legally(found: str | None, holds: str) -> bool:
    if holds == "boolean":
        return read_boolean(found or "") is not None
    return holds not in ("integer", *_COUNTED) or read_integer(found or "") is not None


def _each(child: WrittenChild, value: Any) -> tuple[Any, ...]:
    """Return what stands as an element of its own: the members of what repeats, the container of a container."""
    if child.many and child.members is None:
        return tuple(value)
    return (value,)
