"""What a study is: every element and attribute of REFI-QDA 1.5 as plain typed data, in the standard's own words.

Fields are the standard's attributes and child elements in snake_case; in JSON they are spelled as in the standard
(``startPosition``, ``targetGUID``). Text, dates, colours and GUIDs are kept as written; whole numbers and booleans are
typed, and an unusual spelling of them (``+007``, ``1`` for true) is kept in ``Extensions`` beside them. ``None`` is
absent, ``""`` is empty. What repeats within one element is a tuple; containers that people add to are lists.

Positions in text are Unicode code points, from 0, end exclusive, in the text exactly as stored (a byte order mark is
not part of it). Times are milliseconds, PDF coordinates PDF points from the bottom left, picture coordinates pixels
from the top left.

This module knows nothing of XML, zip files, spreadsheets or the command line.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


def spelled_as_in_the_standard(field: str) -> str:
    """Return the standard's spelling of a field: ``target_guid`` → ``targetGUID``, ``first_x`` → ``firstX``.

    >>> spelled_as_in_the_standard("creating_user_guid"), spelled_as_in_the_standard("start_position")
    ('creatingUserGUID', 'startPosition')
    """
    first, *rest = field.split("_")
    return first + "".join("GUID" if word == "guid" else word.capitalize() for word in rest)


class ForeignNode(Struct, gc=False, forbid_unknown_fields=True):
    """Something inside an element that the standard does not know, kept as it stands.

    ``at`` counts the child elements of the standard that come before it; ``xml`` is the node's XML.
    """

    at: int
    xml: str


class Extensions(Struct, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """What an element carries beyond the standard, so that it can be written back as it came.

    Args:
        lexical: attribute or child element name → its spelling in the file, where the typed value is spelled
            unusually or could not be understood; ``None`` where something the standard requires was absent.
        moved: attribute name → the position to which it was moved because what stood in the file (in ``lexical``) did
            not fit the quotation; what stood is written back as long as the position is still that.
        attributes: foreign attributes, as ``name`` or ``{namespace}name`` → value.
        nodes: foreign elements, comments and processing instructions.
        namespaces: namespace declarations that stand on this very element (prefix → namespace; ``""`` is the default).
        prefix: the element's namespace prefix, where it differs from that of the root (``""`` is none).
        attribute_prefixes: foreign attribute → its prefix, where its namespace has several.
        containers: the same for containers that are lists or plain text here (``Users``, ``Description`` …).
    """

    lexical: dict[str, str | None] = {}
    moved: dict[str, int] = {}
    attributes: dict[str, str] = {}
    nodes: tuple[ForeignNode, ...] = ()
    namespaces: dict[str, str] = {}
    prefix: str | None = None
    attribute_prefixes: dict[str, str] = {}
    containers: dict[str, Extensions] = {}


class Element(
    Struct,
    gc=False,
    omit_defaults=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename=spelled_as_in_the_standard,
):
    """Base of everything a study is made of."""

    extensions: Extensions | None = None


# --- pointers -------------------------------------------------------------------------------------------------------


class Pointer(Element, kw_only=True):
    """Names another element by its GUID."""

    target_guid: str


class NoteRef(Pointer, kw_only=True):
    """Points to a note."""


class CodeRef(Pointer, kw_only=True):
    """Points to a code."""


class SourceRef(Pointer, kw_only=True):
    """Points to a source."""


class SelectionRef(Pointer, kw_only=True):
    """Points to a selection."""


class VariableRef(Pointer, kw_only=True):
    """Points to a variable."""


# --- people, codes, variables, cases --------------------------------------------------------------------------------


class User(Element, kw_only=True):
    """A person who worked on the study; ``id`` is what the tool makes of it, often initials."""

    guid: str
    name: str | None = None
    id: str | None = None


class Code(Element, kw_only=True):
    """A code; themes and folders are codes with codes inside (section 11). ``color`` is ``#rgb`` or ``#rrggbb``."""

    guid: str
    name: str
    is_codable: bool = True
    color: str | None = None
    description: str | None = None
    note_refs: tuple[NoteRef, ...] = ()
    codes: list[Code] = []


class CodeBook(Element, kw_only=True):
    """All codes of the study, as a forest."""

    codes: list[Code] = []


class Variable(Element, kw_only=True):
    """An attribute that cases and sources have a value of.

    ``type_of_variable`` is one of Text, Boolean, Integer, Float, Date, DateTime (section 13).
    """

    guid: str
    name: str
    type_of_variable: str
    description: str | None = None


class VariableValue(Element, kw_only=True):
    """The value of a variable; at most one of the six fields is filled, as the schema has it.

    ``float_value``, ``date_value`` and ``date_time_value`` are kept as written; ``lookup.value_of`` gives them typed.
    """

    variable_ref: VariableRef
    text_value: str | None = None
    boolean_value: bool | None = None
    integer_value: int | None = None
    float_value: str | None = None
    date_value: str | None = None
    date_time_value: str | None = None


class Case(Element, kw_only=True):
    """A subject by which sources and selections are grouped, such as a participant (section 13)."""

    guid: str
    name: str | None = None
    description: str | None = None
    code_refs: tuple[CodeRef, ...] = ()
    variable_values: tuple[VariableValue, ...] = ()
    source_refs: tuple[SourceRef, ...] = ()
    selection_refs: tuple[SelectionRef, ...] = ()


# --- codings and selections -----------------------------------------------------------------------------------------


class Coding(Element, kw_only=True):
    """One code applied by one user to a selection or a whole source (section 11)."""

    guid: str
    creating_user: str | None = None
    creation_date_time: str | None = None
    code_ref: CodeRef
    note_refs: tuple[NoteRef, ...] = ()


class Authored(Element, kw_only=True):
    """What sources, selections and transcripts share: a GUID, a name, who made and changed it and when."""

    guid: str
    name: str | None = None
    creating_user: str | None = None
    creation_date_time: str | None = None
    modifying_user: str | None = None
    modified_date_time: str | None = None
    description: str | None = None
    note_refs: tuple[NoteRef, ...] = ()


class Selection(Authored, kw_only=True):
    """A part of a source, with the codings made on it (section 10)."""

    codings: tuple[Coding, ...] = ()


class PlainTextSelection(Selection, kw_only=True):
    """A passage of text, in code points, end exclusive (section 10.2)."""

    start_position: int
    end_position: int


class PictureSelection(Selection, kw_only=True):
    """A rectangle of a picture, in pixels: upper left and lower right corner (section 10.4)."""

    first_x: int
    first_y: int
    second_x: int
    second_y: int


class PDFSelection(Selection, kw_only=True):
    """A rectangle of a PDF page, in PDF points from the bottom left of the media box (section 10.3).

    The standard does not say where pages begin; every tool known counts from 0.
    """

    page: int
    first_x: int
    first_y: int
    second_x: int
    second_y: int
    representation: Representation | None = None


class AudioSelection(Selection, kw_only=True):
    """A stretch of an audio source, in milliseconds (section 10.4)."""

    begin: int
    end: int


class VideoSelection(Selection, kw_only=True):
    """A stretch of a video source, in milliseconds (section 10.4)."""

    begin: int
    end: int


class TranscriptSelection(Selection, kw_only=True):
    """A stretch of a transcript, between two of its sync points."""

    from_sync_point: str | None = None
    to_sync_point: str | None = None


class SyncPoint(Element, kw_only=True):
    """Ties a position in a transcript (code points) to a time in the media (milliseconds)."""

    guid: str
    time_stamp: int | None = None
    position: int | None = None


# --- sources --------------------------------------------------------------------------------------------------------


class Source(Authored, kw_only=True):
    """What all sources share: codings of the whole source and values of variables."""

    codings: tuple[Coding, ...] = ()
    variable_values: tuple[VariableValue, ...] = ()


class TextDocument(Source, kw_only=True):
    """A text, in a file or inline, with its selections: the schema's TextSourceType (sections 9.1.2 and 9.1.3)."""

    rich_text_path: str | None = None
    plain_text_path: str | None = None
    plain_text_content: str | None = None
    plain_text_selections: list[PlainTextSelection] = []


class TextSource(TextDocument, tag="TextSource", tag_field="type", kw_only=True):
    """A text document."""


class Note(TextDocument, kw_only=True):
    """A memo; it is a text like any other and may be coded itself."""


class Representation(TextDocument, kw_only=True):
    """The plain text of a PDF or of a PDF selection; text selections of a PDF live here (section 10.3)."""


class TextDescription(TextDocument, kw_only=True):
    """A picture described in text."""


class FileSource(Source, kw_only=True):
    """A source that is a file: ``path`` says where it is now, ``current_path`` where it was (section 8.3)."""

    path: str | None = None
    current_path: str | None = None


class PictureSource(FileSource, tag="PictureSource", tag_field="type", kw_only=True):
    """A picture, JPEG or PNG (section 9.1.5)."""

    text_description: TextDescription | None = None
    picture_selections: list[PictureSelection] = []


class PDFSource(FileSource, tag="PDFSource", tag_field="type", kw_only=True):
    """A PDF document (section 9.1.4)."""

    pdf_selections: list[PDFSelection] = []
    representation: Representation | None = None


class Transcript(Authored, kw_only=True):
    """A transcript of an audio or video source (section 10.4)."""

    rich_text_path: str | None = None
    plain_text_path: str | None = None
    plain_text_content: str | None = None
    sync_points: list[SyncPoint] = []
    transcript_selections: list[TranscriptSelection] = []


class AudioSource(FileSource, tag="AudioSource", tag_field="type", kw_only=True):
    """A sound recording (section 9.1.6)."""

    transcripts: list[Transcript] = []
    audio_selections: list[AudioSelection] = []


class VideoSource(FileSource, tag="VideoSource", tag_field="type", kw_only=True):
    """A film (section 9.1.6)."""

    transcripts: list[Transcript] = []
    video_selections: list[VideoSelection] = []


AnySource: TypeAlias = TextSource | PictureSource | PDFSource | AudioSource | VideoSource
AnyText: TypeAlias = TextDocument | Transcript


# --- links, sets, graphs --------------------------------------------------------------------------------------------


class Link(Element, kw_only=True):
    """A relation between any two elements; ``direction`` is Associative, OneWay or Bidirectional."""

    guid: str
    name: str | None = None
    direction: str | None = None
    color: str | None = None
    origin_guid: str | None = None
    target_guid: str | None = None
    note_refs: tuple[NoteRef, ...] = ()


class Set(Element, kw_only=True):
    """A named group of codes, sources and notes (section 12)."""

    guid: str
    name: str
    description: str | None = None
    member_codes: tuple[CodeRef, ...] = ()
    member_sources: tuple[SourceRef, ...] = ()
    member_notes: tuple[NoteRef, ...] = ()


class Vertex(Element, kw_only=True):
    """A shape in a graph (section 14)."""

    guid: str
    represented_guid: str | None = None
    name: str | None = None
    first_x: int
    first_y: int
    second_x: int | None = None
    second_y: int | None = None
    shape: str | None = None
    color: str | None = None


class Edge(Element, kw_only=True):
    """A line between two vertices of a graph; ``line_style`` is dotted, dashed or solid (section 14)."""

    guid: str
    represented_guid: str | None = None
    name: str | None = None
    source_vertex: str
    target_vertex: str
    color: str | None = None
    direction: str | None = None
    line_style: str | None = None


class Graph(Element, kw_only=True):
    """A drawing of how elements of the study relate (section 14)."""

    guid: str
    name: str | None = None
    vertices: list[Vertex] = []
    edges: list[Edge] = []


class Project(Element, kw_only=True):
    """A whole study. A container that is ``None`` is absent from the file; an empty list is an empty container."""

    name: str
    origin: str | None = None
    creating_user_guid: str | None = None
    creation_date_time: str | None = None
    modifying_user_guid: str | None = None
    modified_date_time: str | None = None
    base_path: str | None = None
    users: list[User] | None = None
    code_book: CodeBook | None = None
    variables: list[Variable] | None = None
    cases: list[Case] | None = None
    sources: list[AnySource] | None = None
    notes: list[Note] | None = None
    links: list[Link] | None = None
    sets: list[Set] | None = None
    graphs: list[Graph] | None = None
    description: str | None = None
    note_refs: tuple[NoteRef, ...] = ()


def same_guid(guid: str) -> str:
    """Return the form in which GUIDs are compared: lower case, without braces or white space around.

    The schema allows braces and any case; tools mix them within one file.

    >>> same_guid("{9FA9BCB7-5B59-47A9-8C3E-F65CFFDC7520}")
    '9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520'
    """
    return guid.strip("{} \t\r\n").lower()
