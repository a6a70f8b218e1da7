"""The standard as one table: every element of Project.xsd and Codebook.xsd, its attributes and its children in order.

The table drives reader and writer alike, so both are symmetric by construction; a test proves that it says the same as
the schemas. It knows names, order and the model's fields, and nothing of parsing or printing.

Notation of an attribute: ``name``, or ``name!`` where the schema requires it.
Notation of a child: ``Coding*`` any number, ``CodeRef!`` exactly one, ``Description`` at most one,
``MemberCode:CodeRef*`` an element whose content is that of another entry, and ``Users[User]`` a container that is a
list in the model. A child in lower-case brackets, ``Description[text]``, holds text, ``[integer]`` and ``[boolean]``
typed text.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import cache
from typing import get_args, get_type_hints

import msgspec

from qdabridge.study import model
from qdabridge.study.model import Element, spelled_as_in_the_standard

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"

_AUTHORED = "creatingUser creationDateTime modifyingUser modifiedDateTime"
_TEXT_DOCUMENT = (
    f"guid! name richTextPath plainTextPath {_AUTHORED}",
    "Description[text] PlainTextContent[text] PlainTextSelection* Coding* NoteRef* VariableValue*",
)
_FILE_SOURCE = f"guid! name path currentPath {_AUTHORED}"
_SELECTION = "Description[text] Coding* NoteRef*"
_SOURCE_KINDS = "TextSource PictureSource PDFSource AudioSource VideoSource"

_PROJECT_ELEMENTS: dict[str, tuple[str, str]] = {
    "Project": (
        "name! origin creatingUserGUID creationDateTime modifyingUserGUID modifiedDateTime basePath",
        "Users[User] CodeBook Variables[Variable] Cases[Case] "
        f"Sources[{_SOURCE_KINDS.replace(' ', '|')}] "
        "Notes[Note] Links[Link] Sets[Set] Graphs[Graph] Description[text] NoteRef*",
    ),
    "User": ("guid! name id", ""),
    "CodeBook": ("", "Codes[Code]!"),
    "Code": ("guid! name! isCodable! color", "Description[text] NoteRef* Code*"),
    "Variable": ("guid! name! typeOfVariable!", "Description[text]"),
    "Case": ("guid! name", "Description[text] CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "VariableValue": (
        "",
        "VariableRef! TextValue[text] BooleanValue[boolean] IntegerValue[integer] FloatValue[text] "
        "DateValue[text] DateTimeValue[text]",
    ),
    "TextSource": _TEXT_DOCUMENT,
    "Note": _TEXT_DOCUMENT,
    "Representation": _TEXT_DOCUMENT,
    "TextDescription": _TEXT_DOCUMENT,
    "PictureSource": (
        _FILE_SOURCE,
        "Description[text] TextDescription PictureSelection* Coding* NoteRef* VariableValue*",
    ),
    "PDFSource": (
        _FILE_SOURCE,
        "Description[text] PDFSelection* Representation Coding* NoteRef* VariableValue*",
    ),
    "AudioSource": (
        _FILE_SOURCE,
        "Description[text] Transcript* AudioSelection* Coding* NoteRef* VariableValue*",
    ),
    "VideoSource": (
        _FILE_SOURCE,
        "Description[text] Transcript* VideoSelection* Coding* NoteRef* VariableValue*",
    ),
    "PlainTextSelection": (f"guid! name startPosition! endPosition! {_AUTHORED}", _SELECTION),
    "PictureSelection": (f"guid! name firstX! firstY! secondX! secondY! {_AUTHORED}", _SELECTION),
    "PDFSelection": (
        f"guid! name page! firstX! firstY! secondX! secondY! {_AUTHORED}",
        "Description[text] Representation Coding* NoteRef*",
    ),
    "AudioSelection": (f"guid! name begin! end! {_AUTHORED}", _SELECTION),
    "VideoSelection": (f"guid! name begin! end! {_AUTHORED}", _SELECTION),
    "Transcript": (
        f"guid! name richTextPath plainTextPath {_AUTHORED}",
        "Description[text] PlainTextContent[text] SyncPoint* TranscriptSelection* NoteRef*",
    ),
    "TranscriptSelection": (f"guid! name fromSyncPoint toSyncPoint {_AUTHORED}", _SELECTION),
    "SyncPoint": ("guid! timeStamp position", ""),
    "Coding": ("guid! creatingUser creationDateTime", "CodeRef! NoteRef*"),
    "Link": ("guid! name direction color originGUID targetGUID", "NoteRef*"),
    "Set": (
        "guid! name!",
        "Description[text] MemberCode:CodeRef* MemberSource:SourceRef* MemberNote:NoteRef*",
    ),
    "Graph": ("guid! name", "Vertex* Edge*"),
    "Vertex": ("guid! representedGUID name firstX! firstY! secondX secondY shape color", ""),
    "Edge": ("guid! representedGUID name sourceVertex! targetVertex! color direction lineStyle", ""),
    "NoteRef": ("targetGUID!", ""),
    "CodeRef": ("targetGUID!", ""),
    "SourceRef": ("targetGUID!", ""),
    "SelectionRef": ("targetGUID!", ""),
    "VariableRef": ("targetGUID!", ""),
}

# In a codebook MemberCode says `guid` where a project says `targetGUID`, and a Code has no NoteRef.
_CODEBOOK_ELEMENTS: dict[str, tuple[str, str]] = {
    "CodeBook": ("origin", "Codes[Code]! Sets[Set]"),
    "Code": ("guid! name! isCodable! color", "Description[text] Code*"),
    "Set": ("guid! name!", "Description[text] MemberCode:MemberCode*"),
    "MemberCode": ("guid!", ""),
}

POSITIONS = frozenset({"startPosition", "endPosition", "position"})
"""The attributes that count characters of a text; their unit is the tool's, and the model's is the code point."""


class CodebookFile(Element, kw_only=True):
    """The root of a .qdc file, on its way into or out of a Project (schema Codebook.xsd)."""

    origin: str | None = None
    codes: list[model.Code] = msgspec.field(default_factory=list)
    sets: list[model.Set] | None = None


REFERENCES = frozenset({"plainTextPath", "richTextPath", "path"})
"""The attributes that refer to a file of the package, or to one outside."""

_CHILD = re.compile(r"(?P<name>\w+)(?::(?P<like>\w+))?(?:\[(?P<holds>[\w|]+)\])?(?P<many>[*!]?)$")
_SIMPLE = {"text", "integer", "boolean"}
_PLURALS = {"vertex": "vertices"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its name, the model's field, what it holds, and whether it is required.

    It ``holds`` text, integer, boolean, position or end (characters of a text; the end may be counted inclusively), or
    reference (a file).
    """

    name: str
    field: str
    holds: str
    required: bool


@dataclass(frozen=True, slots=True)
class Child:
    """A child element and where it goes in the model.

    Exactly one of ``simple`` (what its text holds), ``element`` (its entry) and ``members`` (a container's entries by
    name) is filled. ``many`` children become a list or, where ``as_tuple``, a tuple.
    """

    name: str
    field: str
    rank: int
    required: bool = False
    many: bool = False
    as_tuple: bool = False
    simple: str = ""
    element: ElementGrammar | None = None
    members: dict[str, ElementGrammar] = dataclasses.field(default_factory=dict)


@dataclass(eq=False, slots=True)
class ElementGrammar:
    """One entry of the table, tied to the model's class."""

    name: str
    type: type[Element]
    attributes: tuple[Attribute, ...] = ()
    children: tuple[Child, ...] = ()


@cache
def project_grammar() -> ElementGrammar:
    """Return the grammar of ``Project``, the root of a .qde file (schema Project.xsd)."""
    return _build(_PROJECT_ELEMENTS, "Project", {})


@cache
def codebook_grammar() -> ElementGrammar:
    """Return the grammar of ``CodeBook``, the root of a .qdc file (schema Codebook.xsd)."""
    return _build(_CODEBOOK_ELEMENTS, "CodeBook", {"CodeBook": CodebookFile, "MemberCode": model.CodeRef})


def is_a_version(namespace: str) -> bool:
    """Tell whether a namespace is that of some version of the standard; none at all is taken for one."""
    return not namespace or (namespace.startswith("urn:QDA-XML:") and not set("{}") & set(namespace))


def elements_of(root: ElementGrammar) -> dict[str, ElementGrammar]:
    """Return every entry that can be reached from a root, by name."""
    found: dict[str, ElementGrammar] = {}
    waiting = [root]
    while waiting:
        entry = waiting.pop()
        if entry.name in found:
            continue
        found[entry.name] = entry
        for child in entry.children:
            waiting.extend(child.members.values())
            if child.element is not None:
                waiting.append(child.element)
    return found


def _build(table: dict[str, tuple[str, str]], root: str, classes: dict[str, type[Element]]) -> ElementGrammar:
    entries = {name: ElementGrammar(name, classes.get(name) or getattr(model, name)) for name in table}
    for name, (attributes, children) in table.items():
        entry = entries[name]
        hints = get_type_hints(entry.type)
        entry.attributes = tuple(_attribute(notation, entry.type, hints) for notation in attributes.split())
        entry.children = tuple(
            _child(notation, rank, entry.type, hints, entries) for rank, notation in enumerate(children.split())
        )
    return entries[root]


def _attribute(notation: str, of: type[Element], hints: dict[str, object]) -> Attribute:
    name = notation.rstrip("!")
    field_name = "target_guid" if of is model.CodeRef else _field(of, name)
    kinds = get_args(hints[field_name]) or (hints[field_name],)
    holds = "boolean" if bool in kinds else "integer" if int in kinds else "text"
    if name in POSITIONS or name in REFERENCES:
        holds = "end" if name == "endPosition" else "position" if name in POSITIONS else "reference"
    return Attribute(name, field_name, holds, notation.endswith("!"))


def _child(
    notation: str, rank: int, of: type[Element], hints: dict[str, object], entries: dict[str, ElementGrammar]
) -> Child:
    match = _CHILD.match(notation)
    assert match, notation
    name, like, holds, many = match.group("name", "like", "holds", "many")
    required = many == "!"
    if holds in _SIMPLE:
        return Child(name, _field(of, name), rank, required, simple=holds)
    if holds:
        members = {member: entries[member] for member in holds.split("|")}
        return Child(name, _field(of, name), rank, required, many=True, members=members)
    element = entries[like or name]
    if many != "*":
        return Child(name, _field(of, name), rank, required, element=element)
    field_name = _field(of, _PLURALS.get(name.lower(), name + "s"))
    as_tuple = str(hints[field_name]).startswith("tuple")
    return Child(name, field_name, rank, required, many=True, as_tuple=as_tuple, element=element)


def _field(of: type[Element], spelled: str) -> str:
    """Return the field of a class that the standard spells so, whatever the case of the first letters."""
    for name in of.__struct_fields__:
        if spelled_as_in_the_standard(name).lower() == spelled.lower():
            return name
    raise LookupError(f"{of.__name__} has no field for {spelled}")
