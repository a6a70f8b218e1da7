"""From the XML of a .qde or .qdc file to the model, in one pass and without a tree in memory.

libxml2 parses and calls back; what is called is in ``xml_builder``. Nothing is ever fetched or expanded: a DOCTYPE is
refused before it is read. This module knows nothing of zip files, of tools and their habits, or of texts: positions
come out as the file counts them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from lxml import etree

from qdabridge.errors import CannotRead
from qdabridge.formats.refi.prefixed_builder import PrefixedBuilder
from qdabridge.formats.refi.unbroken import Unbroken
from qdabridge.formats.refi.xml_builder import Builder, XmlDocument
from qdabridge.limits import DEFAULT, Limits

_PIECE = 1 << 16
"""Small enough that the memory of one serves for the next, which a larger one would not."""


def read_xml(open_stream: Callable[[], BinaryIO], where: str, limits: Limits = DEFAULT) -> XmlDocument:
    """Read a project or codebook from XML.

    Args:
        open_stream: opens the bytes of a .qde or .qdc file, in UTF-8, UTF-16 or an encoding that the XML declares.
        where: what to call the file in messages.
        limits: how large its texts may be, and how much the standard does not have.

    Raises:
        CannotRead: the XML is not well-formed, has a DOCTYPE, or is no REFI-QDA project or codebook.
        TooLarge: elements are nested deeper than ``safety.MAX_DEPTH``, or something is beyond the limits.
    """
    builder = Builder(where, limits)
    _parse(open_stream, builder, where, limits)
    if builder.prefixes_are_ambiguous:
        elements, attributes = _unexpected_prefixes(open_stream, builder.document.namespace)
        builder = PrefixedBuilder(where, elements, attributes, limits)
        _parse(open_stream, builder, where, limits)
    return builder.document


def _parse(open_stream: Callable[[], BinaryIO], builder: Builder, where: str, limits: Limits) -> None:
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
            unbroken = Unbroken(limits, where)
            while piece := stream.read(_PIECE):
                unbroken.take(piece)
                parser.feed(piece)
        parser.close()
        for entry in parser.feed_error_log:
            if entry.domain == etree.ErrorDomains.NAMESPACE:
                what = (
                    "The XML declares a namespace that is no address, such as one with a space in it."
                    if entry.type == etree.ErrorTypes.WAR_NS_URI
                    else "The XML uses a namespace prefix that it does not declare, so it is not clear what is meant."
                )
                raise CannotRead(what, where=where, todo="Export the project again from the program it comes from.")
    except CannotRead:
        raise
    except ValueError as error:
        # lxml refuses to make what libxml2 let pass, such as a namespace with a character that no address may have.
        raise CannotRead(
            f"The XML uses a name that cannot be one ({error}).",
            where=where,
            todo="Export the project again from the program it comes from.",
        ) from None
    except etree.XMLSyntaxError as error:
        raise CannotRead(
            f"The XML is damaged: {_in_words(error)}.",
            where=where,
            todo="Export the project again from the program it comes from.",
        ) from None


def _in_words(error: etree.XMLSyntaxError) -> str:
    message = re.sub(r" \(<string>, line \d+\)$", "", " ".join(str(error.msg or error).split())).strip().rstrip(".")
    if not error.lineno or message.startswith(("no element found", "Document is empty")):
        return "it is empty"
    return message if "line" in message else f"{message}, line {error.lineno}"


def _unexpected_prefixes(
    open_stream: Callable[[], BinaryIO], namespace: str
) -> tuple[dict[int, str], dict[int, dict[str, str]]]:
    """Return the prefixes that elements and attributes have where several would do, by order of start tags.

    The parser target interface does not tell prefixes. Where one namespace has two, they are looked up in a pass of
    their own, so that the file can be written back as it came.

    Returns:
        The prefix of the root, and of each element that has another than its neighbours would expect; and the prefixes
        of foreign attributes whose namespace has several.
    """
    elements: dict[int, str] = {}
    attributes: dict[int, dict[str, str]] = {}
    root_prefix = ""
    bound: Counter[str] = Counter()
    declared: list[str] = []
    with open_stream() as stream:
        events = etree.iterparse(
            stream,
            events=("start", "end", "start-ns", "end-ns"),
            huge_tree=True,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
        )
        ordinal = 0
        for event, found in events:
            if event == "start-ns":
                # What has no prefix is none that an attribute could have.
                declared.append(found[1] if found[0] else "")
                bound[declared[-1]] += 1
                continue
            if event == "end-ns":
                bound[declared.pop()] -= 1
                continue
            element = found
            if event == "end":
                element.clear()
                continue
            ordinal += 1
            prefix = element.prefix or ""
            if ordinal == 1:
                root_prefix = elements[1] = prefix
            elif prefix != root_prefix and etree.QName(element).namespace == namespace:
                elements[ordinal] = prefix
            if prefixes := _prefixes_of_attributes(element, bound):
                attributes[ordinal] = prefixes
    return elements, attributes


def _prefixes_of_attributes(element: etree._Element, bound: Counter[str]) -> dict[str, str]:
    """Return the prefixes of those attributes whose namespace has several, by how many each has."""
    names = [str(name) for name in element.attrib]
    if len(names) > _MANY_ATTRIBUTES or not any(name.startswith("{") for name in names):
        return {}
    return {
        name: str(_name_of_attribute(element, index=index)).partition(":")[0]
        for index, name in enumerate(names, 1)
        if name.startswith("{") and bound[name[1:].partition("}")[0]] > 1
    }


_name_of_attribute = etree.XPath("name(@*[$index])")
"""lxml itself does not tell the prefix of an attribute."""

_MANY_ATTRIBUTES = 100
"""No element of the standard has a third of it; each is counted off from the first."""
