"""Everything is counted wherever it may stand in a study."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from qdabridge.study import model
from qdabridge.study.counts import Meant, code_levels, counts, meant, sources_by_kind
from qdabridge.study.lookup import Lookup
from qdabridge.study.study import Study

NUMBERS = count()


def guid() -> str:
    return f"00000000-0000-4000-8000-{next(NUMBERS):012x}"


def coding() -> model.Coding:
    return model.Coding(guid=guid(), code_ref=model.CodeRef(target_guid="c"))


def passage(codings: int = 1) -> model.PlainTextSelection:
    marked = tuple(coding() for _ in range(codings))
    return model.PlainTextSelection(guid=guid(), start_position=0, end_position=1, codings=marked)


def rectangle(kind: Any, **more: Any) -> Any:
    return kind(guid=guid(), first_x=0, first_y=0, second_x=1, second_y=1, codings=(coding(),), **more)


def stretch(kind: Any) -> Any:
    return kind(guid=guid(), begin=0, end=1, codings=(coding(),))


def transcript() -> model.Transcript:
    marked = model.TranscriptSelection(guid=guid(), codings=(coding(),))
    return model.Transcript(guid=guid(), transcript_selections=[marked])


def text(kind: Any) -> Any:
    """A text of any kind with one coding on the whole of it and one passage with one."""
    return kind(guid=guid(), codings=(coding(),), plain_text_selections=[passage()])


PLACES = {
    "a text": (lambda: model.Project(name="", sources=[text(model.TextSource)]), 1, 2),
    "a note": (lambda: model.Project(name="", notes=[text(model.Note)]), 1, 2),
    "a picture": (
        lambda: model.Project(
            name="",
            sources=[
                model.PictureSource(
                    guid=guid(),
                    codings=(coding(),),
                    text_description=text(model.TextDescription),
                    picture_selections=[rectangle(model.PictureSelection)],
                )
            ],
        ),
        2,
        4,
    ),
    "a PDF": (
        lambda: model.Project(
            name="",
            sources=[
                model.PDFSource(
                    guid=guid(),
                    codings=(coding(),),
                    representation=text(model.Representation),
                    pdf_selections=[rectangle(model.PDFSelection, page=0, representation=text(model.Representation))],
                )
            ],
        ),
        3,
        6,
    ),
    "a recording": (
        lambda: model.Project(
            name="",
            sources=[
                model.AudioSource(
                    guid=guid(),
                    codings=(coding(),),
                    transcripts=[transcript()],
                    audio_selections=[stretch(model.AudioSelection)],
                )
            ],
        ),
        2,
        3,
    ),
    "a film": (
        lambda: model.Project(
            name="",
            sources=[
                model.VideoSource(
                    guid=guid(),
                    codings=(coding(),),
                    transcripts=[transcript()],
                    video_selections=[stretch(model.VideoSelection)],
                )
            ],
        ),
        2,
        3,
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_selections_and_codings_are_found_in(place: str) -> None:
    project, selections, codings = PLACES[place]
    counted = counts(project())
    assert (counted.selections, counted.codings) == (selections, codings)


def test_a_passage_with_two_codings_is_one_selection() -> None:
    source = model.TextSource(guid=guid(), plain_text_selections=[passage(2)])
    counted = counts(model.Project(name="", sources=[source]))
    assert (counted.selections, counted.codings) == (1, 2)


def test_codes_of_all_levels_count() -> None:
    deepest = model.Code(guid=guid(), name="3")
    top = model.Code(guid=guid(), name="1", codes=[model.Code(guid=guid(), name="2", codes=[deepest])])
    project = model.Project(name="", code_book=model.CodeBook(codes=[top, model.Code(guid=guid(), name="flat")]))
    assert (counts(project).codes, code_levels(project)) == (4, 3)


def test_a_project_with_nothing_in_it_counts_nought_of_everything() -> None:
    empty = counts(model.Project(name=""))
    assert {getattr(empty, kind) for kind in empty.__struct_fields__} == {0}
    assert code_levels(model.Project(name="")) == 0


def test_kinds_of_sources_that_are_not_there_are_not_named() -> None:
    project = model.Project(name="", sources=[text(model.TextSource), text(model.TextSource)])
    assert sources_by_kind(project) == {model.TextSource: 2}


def test_people_variables_cases_links_sets_and_graphs_are_counted_apart() -> None:
    project = model.Project(
        name="",
        users=[model.User(guid=guid())],
        variables=[model.Variable(guid=guid(), name="Age", type_of_variable="Integer")] * 2,
        cases=[model.Case(guid=guid())] * 3,
        links=[model.Link(guid=guid())] * 4,
        sets=[model.Set(guid=guid(), name="")] * 5,
        graphs=[model.Graph(guid=guid())] * 6,
    )
    counted = counts(project)
    assert (counted.users, counted.variables, counted.cases) == (1, 2, 3)
    assert (counted.links, counted.sets, counted.graphs) == (4, 5, 6)


def test_maxqdas_film_that_is_a_sound_file_counts_as_a_sound_recording() -> None:
    sources = [model.VideoSource(guid=guid(), path=f"internal://walk.{ending}") for ending in ("m4a", "mp4")]
    assert sources_by_kind(model.Project(name="", sources=list(sources))) == {
        model.AudioSource: 1,
        model.VideoSource: 1,
    }


def test_what_is_meant_counts_once_whatever_the_tool_makes_of_it() -> None:
    trust, person = model.Code(guid="t", name="Trust"), model.Code(guid="p", name="Ana")

    def coded(code: model.Code) -> model.Coding:
        return model.Coding(guid=guid(), code_ref=model.CodeRef(target_guid=code.guid))

    def marked(*codes: model.Code, end: int = 4, **more: Any) -> model.PlainTextSelection:
        codings = tuple(map(coded, codes))
        return model.PlainTextSelection(guid=guid(), start_position=0, end_position=end, codings=codings, **more)

    words = model.TextSource(
        guid="words",
        plain_text_content="I trusted her.",
        plain_text_path="internal://words.txt",
        codings=(coded(trust), coded(trust), coded(person)),
        # One passage twice, a turn, a remark.
        plain_text_selections=[marked(trust), marked(trust), marked(person, end=9), marked(end=2, description="Oh?")],
    )
    call = model.AudioSource(
        guid="call", transcripts=[model.Transcript(guid=guid(), plain_text_path="internal://words.txt")]
    )
    project = model.Project(
        name="",
        code_book=model.CodeBook(codes=[trust, person]),
        cases=[
            model.Case(guid="p", name="Ana"),
            model.Case(guid=guid(), source_refs=(model.SourceRef(target_guid="words"),)),
        ],
        sources=[words, call],
    )
    assert (counts(project).selections, counts(project).codings) == (4, 6)
    assert meant(Lookup(Study(project))) == Meant(themes=1, cases=1, sources=1, quotations=1, codings=2, annotations=1)


def test_nothing_means_nothing() -> None:
    nothing = meant(Lookup(Study(model.Project(name=""))))
    assert {getattr(nothing, kind) for kind in nothing.__struct_fields__} == {0}
