"""Small studies for the rules: sound as they are, so that a test changes the one thing it is about."""

from __future__ import annotations

from fixtures.dialects.pieces import pdf, sound
from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules import Find
from qdabridge.findings import Finding
from qdabridge.study.files import Files
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    Case,
    Code,
    CodeBook,
    CodeRef,
    Coding,
    Edge,
    Graph,
    Link,
    Note,
    NoteRef,
    PDFSelection,
    PDFSource,
    PlainTextSelection,
    Project,
    Representation,
    SelectionRef,
    Set,
    SourceRef,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
    User,
    Variable,
    VariableRef,
    VariableValue,
    Vertex,
)
from qdabridge.study.study import Study

TEXT = "I waited four hours. 😀"
ANA = "00000000-0000-4000-8000-00000000ff0a.txt"
LEAFLET = "00000000-0000-4000-8000-00000000ff14.pdf"
CALL = "00000000-0000-4000-8000-00000000ff1e.wav"


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def coding(number: int, code: int = 2) -> Coding:
    return Coding(guid=guid(number), creating_user=guid(1), code_ref=CodeRef(target_guid=guid(code)))


def project() -> Project:
    """A project with something of every kind that points or is pointed at, and nothing wrong."""
    ana = TextSource(
        guid=guid(10),
        name="Interview Ana",
        plain_text_path=f"internal://{ANA}",
        creating_user=guid(1),
        codings=(coding(11),),
        note_refs=(NoteRef(target_guid=guid(40)),),
        plain_text_selections=[
            PlainTextSelection(
                guid=guid(12),
                start_position=0,
                end_position=len(TEXT),
                creating_user=guid(1),
                codings=(coding(13, 3),),
                note_refs=(NoteRef(target_guid=guid(40)),),
            )
        ],
    )
    leaflet = PDFSource(
        guid=guid(20),
        name="Leaflet",
        path=f"internal://{LEAFLET}",
        # As ATLAS.ti writes it: the area and the words in it have one GUID.
        pdf_selections=[PDFSelection(guid=guid(21), page=0, first_x=0, first_y=0, second_x=9, second_y=9)],
        representation=Representation(
            guid=guid(22),
            plain_text_content="Come in",
            plain_text_selections=[PlainTextSelection(guid=guid(21), start_position=0, end_position=7)],
        ),
    )
    call = AudioSource(
        guid=guid(30),
        name="Call",
        path=f"internal://{CALL}",
        audio_selections=[AudioSelection(guid=guid(31), begin=0, end=900, codings=(coding(32),))],
        transcripts=[
            Transcript(
                guid=guid(33),
                plain_text_content="Hello",
                sync_points=[
                    SyncPoint(guid=guid(34), time_stamp=0, position=0),
                    SyncPoint(guid=guid(36), time_stamp=900, position=5),
                ],
                transcript_selections=[
                    TranscriptSelection(guid=guid(35), from_sync_point=guid(34), to_sync_point=guid(36))
                ],
            )
        ],
    )
    return Project(
        name="Waiting for care",
        creating_user_guid=guid(1),
        users=[User(guid=guid(1), name="Mair")],
        code_book=CodeBook(
            codes=[Code(guid=guid(2), name="Access", codes=[Code(guid=guid(3), name="Waiting times")])],
        ),
        variables=[Variable(guid=guid(4), name="Age", type_of_variable="Integer")],
        cases=[
            Case(
                guid=guid(5),
                name="Ana",
                code_refs=(CodeRef(target_guid=guid(2)),),
                variable_values=(VariableValue(variable_ref=VariableRef(target_guid=guid(4)), integer_value=42),),
                source_refs=(SourceRef(target_guid=guid(10)),),
                selection_refs=(SelectionRef(target_guid=guid(12)), SelectionRef(target_guid=guid(21))),
            )
        ],
        sources=[ana, leaflet, call],
        notes=[Note(guid=guid(40), name="Memo", plain_text_content="Ask again")],
        links=[Link(guid=guid(50), origin_guid=guid(40), target_guid=guid(12))],
        sets=[
            Set(
                guid=guid(51),
                name="Round one",
                member_codes=(CodeRef(target_guid=guid(2)),),
                member_sources=(SourceRef(target_guid=guid(10)),),
                member_notes=(NoteRef(target_guid=guid(40)),),
            )
        ],
        graphs=[
            Graph(
                guid=guid(52),
                name="Map",
                vertices=[
                    Vertex(guid=guid(53), represented_guid=guid(2), first_x=0, first_y=0),
                    Vertex(guid=guid(54), represented_guid=guid(51), first_x=9, first_y=9),
                ],
                edges=[Edge(guid=guid(55), represented_guid=guid(50), source_vertex=guid(53), target_vertex=guid(54))],
            )
        ],
    )


def study(of: Project | None = None, files: dict[str, bytes] | None = None) -> Study:
    there = {f"sources/{ANA}": TEXT.encode(), f"sources/{LEAFLET}": pdf(["Come in"]), f"sources/{CALL}": sound()}
    return Study(of or project(), Files(there if files is None else files))


def found(find: Find, in_study: Study) -> list[Finding]:
    return list(find(in_study, Inventory(in_study.project)))
