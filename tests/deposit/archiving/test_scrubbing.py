"""What betrays the people who made a study is taken out before it is archived, and said."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from qdabridge.deposit.archiving.scrubbing import scrubbed
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import (
    Extensions,
    ForeignNode,
    Note,
    PictureSource,
    Project,
    TextSource,
    User,
    VideoSource,
)
from qdabridge.study.study import Study

JANE = User(guid="11111111-1111-4111-8111-111111111111", name="Jane Roe", id="JR")
TALK = "55555555-5555-4555-8555-555555555555"
GPS = 0x8825


def photograph(turned: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera of Jane Roe", turned
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def document() -> bytes:
    made = Document()
    made.add_paragraph("I waited.")
    made.core_properties.author = made.core_properties.last_modified_by = "Jane Roe"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def codes(found: list) -> dict[str, int]:
    return {each.code: each.count for each in found}


def test_coders_become_letters_and_their_guids_stay() -> None:
    study, found = scrubbed(Study(Project(name="Clinic", users=[JANE, User(guid="B", name="Ana")])))
    assert [(user.guid, user.name, user.id) for user in study.project.users or ()] == [
        (JANE.guid, "Coder A", "A"),
        ("B", "Coder B", None),
    ]
    assert codes(found)["SCRUBBED-CODER"] == 2


def test_paths_of_machines_go_and_the_names_of_files_stay() -> None:
    film = VideoSource(guid=TALK, name="Film", path="absolute:///C:/Users/jane/film.mp4", current_path="D:\\jane")
    before = Project(name="Clinic", base_path="/home/jane", sources=[film])
    study, found = scrubbed(Study(before))
    (after,) = study.project.sources or ()
    assert study.project.base_path is None
    assert isinstance(after, VideoSource)
    assert (after.path, after.current_path) == ("relative:///film.mp4", None)
    assert before.base_path == "/home/jane", "the study that is given never changes"
    assert codes(found)["SCRUBBED-PATH"] == 3


def test_what_a_tool_wrote_beyond_the_standard_keeps_neither_paths_nor_names() -> None:
    beyond = Extensions(
        lexical={"basePath": "/home/jane"},
        attributes={"owner": "Jane Roe", "from": "C:\\Users\\jane\\talks\\talk.docx", "version": "1.2/3"},
        nodes=(ForeignNode(0, "<!-- /Users/jane/talk.docx -->"), ForeignNode(0, '<by name="Jane Roe"/>')),
        attribute_prefixes={"{urn:x}at": "x"},
        containers={"Sources": Extensions(attributes={"at": "file:///home/jane/a.txt"})},
    )
    source = TextSource(guid=TALK, name="Talk", plain_text_content="Jane Roe came.", extensions=beyond)
    form = Form(before=("<!-- made in /home/jane/study -->",))
    study, _ = scrubbed(Study(Project(name="Clinic", users=[JANE], sources=[source]), form=form))
    (after,) = study.project.sources or ()
    assert after.extensions == Extensions(
        lexical={"basePath": ""},
        attributes={"owner": "Coder A", "from": "talk.docx", "version": "1.2/3"},
        nodes=(ForeignNode(0, "<!-- talk.docx -->"), ForeignNode(0, '<by name="Coder A"/>')),
        attribute_prefixes={"{urn:x}at": "x"},
        containers={"Sources": Extensions(attributes={"at": "a.txt"})},
    )
    assert study.form is not None
    assert study.form.before == ("<!-- made in study -->",)
    assert isinstance(after, TextSource)
    assert after.plain_text_content == "Jane Roe came.", "what was said is the part of pseudonymising"


def test_a_study_that_betrays_nobody_stays_as_it_is() -> None:
    project = Project(name="Clinic", notes=[Note(guid=TALK, plain_text_content="see /home/jane")])
    study, found = scrubbed(Study(project))
    assert (study.project, found) == (project, [])


@pytest.mark.parametrize("turned", [1, 6])
def test_a_photograph_keeps_its_pixels_and_how_it_is_turned_and_nothing_else(turned: int) -> None:
    data = photograph(turned)
    study, found = scrubbed(Study(Project(name="Clinic"), Files({"sources/p.jpg": data})))
    after = study.files.read("sources/p.jpg")
    assert b"Jane" not in after
    with Image.open(io.BytesIO(data)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.tobytes() == new.tobytes()
        assert dict(new.getexif()) == ({0x0112: 6} if turned == 6 else {})
    assert study.files.entry("sources/p.jpg").size == len(after)
    assert codes(found) == {"SCRUBBED-FILE": 1}


def test_a_word_document_keeps_its_words_and_not_its_author() -> None:
    study, _ = scrubbed(Study(Project(name="Clinic"), Files({"sources/t.docx": document()})))
    after = study.files.read("sources/t.docx")
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert all(b"Jane" not in archive.read(name) for name in archive.namelist())
    assert [each.text for each in Document(io.BytesIO(after)).paragraphs] == ["I waited."]
    assert after == study.files.read("sources/t.docx"), "the same bytes whenever it is read"


def test_photographs_are_never_in_memory_together(tmp_path: Path) -> None:
    noise = Image.effect_noise((700, 700), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    noise.save(tmp_path / "p.jpg", quality=95, exif=exif)
    from qdabridge.study.files import PathEntry

    size, number = (tmp_path / "p.jpg").stat().st_size, 40
    files = Files({f"sources/{each}.jpg": PathEntry(tmp_path / "p.jpg") for each in range(number)})
    pictures = [PictureSource(guid=TALK, path=f"internal://{each}.jpg") for each in range(number)]
    tracemalloc.start()
    try:
        scrubbed(Study(Project(name="Clinic", sources=pictures), files))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 8 * size


def test_the_name_of_a_coder_inside_texts_and_notes_is_told_and_not_said_again() -> None:
    talk = TextSource(guid=TALK, name="Jane Roe meets Ana", plain_text_content="JANE\nROE: Anastasia? Jane Roe’s.")
    note = Note(guid="N", name="Note", plain_text_content="Ana came. Ana, too; ana no.")
    users = [JANE, User(guid="B", name="Ana"), User(guid="C", name="no")]
    study, found = scrubbed(Study(Project(name="Clinic", users=users, sources=[talk], notes=[note])))
    told = next(each for each in found if each.code == "SCRUB-NAME-IN-TEXT")
    assert (told.severity, told.count) == ("warning", 4)
    assert told.places == ("Coder A, in “Coder A meets Ana”", "Coder B, in “Note”")
    assert isinstance(study.project.sources, list)
    assert study.project.sources[0] == talk


def test_first_names_and_initials_of_coders_before_speeches_are_told() -> None:
    words = "JR: Shall we? (JR stands for junior.)\nAna: Yes, Jane.\n  JR : Good; jane or Janet?"
    talk = TextSource(guid=TALK, name="Talk", plain_text_content=words)
    _, found = scrubbed(Study(Project(name="Clinic", users=[JANE], sources=[talk])))
    told = next(each for each in found if each.code == "SCRUB-NAME-IN-TEXT")
    assert (told.count, told.where) == (3, "Coder A, in “Talk”")


def test_the_tags_of_a_recording_are_named_and_not_said() -> None:
    # ID3v2.3: one frame with the artist and one with a comment.
    frames = b"".join(
        name + len(said).to_bytes(4, "big") + b"\0\0" + said
        for name, said in ((b"TPE1", b"\0Jane Roe"), (b"COMM", b"\0eng\0at my house"))
    )
    tagged = b"ID3\3\0\0" + bytes([0, 0, 0, len(frames)]) + frames + b"\0" * 400
    _, found = scrubbed(Study(Project(name="Clinic"), Files({"sources/a.mp3": tagged})))
    assert [(each.code, each.where) for each in found] == [("SCRUB-NOT-DONE", "sources/a.mp3 (has artist, comment)")]


def test_a_damaged_recording_is_named_all_the_same() -> None:
    files = Files({"sources/a.mp3": b"ID3\3\0\0\x7f\x7f\x7f\x7f", "sources/f.mp4": b"\0\0\0\x18ftypisom"})
    _, found = scrubbed(Study(Project(name="Clinic"), files))
    (told,) = found
    assert (told.code, told.places) == ("SCRUB-NOT-DONE", ("sources/a.mp3", "sources/f.mp4"))
