"""What holds of every study: a sound one stays, a broken one comes back, and twice is once."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qdabridge as qda
from checks.repairs.differences import differences
from checks.studies import ANA, LEAFLET, coding, guid
from checks.studies import project as sound_project
from checks.studies import study as sound_study
from qdabridge.checks.repairs import MENDS
from qdabridge.checks.repairs.aims import aims_of
from qdabridge.checks.repairs.mending import Mending
from qdabridge.formats.refi.adapting.draft import elements_in
from qdabridge.study import walk
from qdabridge.study.files import Files
from qdabridge.study.model import (
    Coding,
    NoteRef,
    PlainTextSelection,
    Project,
    SourceRef,
    TextSource,
    VariableRef,
    VariableValue,
)
from qdabridge.study.study import Study
from strategies import studies

WORDS = st.text(st.sampled_from("ab é😀\n\r"), min_size=1, max_size=30)
FEW = settings(max_examples=60, deadline=None)


@st.composite
def marked_texts(draw: st.DrawFn) -> Study:
    """A sound study with a text of any kind, marked anywhere, twice in one place too, under any name."""
    text = draw(WORDS)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))), max_size=4))
    source = TextSource(
        guid=guid(500),
        name="Any text",
        plain_text_path="internal://any.txt",
        plain_text_selections=[
            PlainTextSelection(
                guid=guid(600 + number),
                name=draw(st.none() | st.just(text[start : max(end, start + 1)]) | WORDS),
                start_position=start,
                end_position=max(end, start + 1),
                creating_user=draw(st.none() | st.just(guid(1))),
                creation_date_time=draw(st.sampled_from([None, "2026-03-02T09:00:00", "2026-03-02T09:00:00.5+01:00"])),
                codings=(coding(700 + number),),
            )
            for number, (start, end) in enumerate(spans)
        ],
    )
    project = sound_project()
    project.sources.append(source)
    there = sound_study()
    files = {name: there.files.read(name) for name in there.files}
    return Study(project, Files({**files, "sources/any.txt": text.encode()}))


@given(marked_texts())
@FEW
def test_a_sound_study_is_not_touched(study: Study) -> None:
    result = qda.repair(study)
    assert result.mended == []
    assert differences(study.project, result.study.project) == set()
    assert result.study.project == study.project


# --- broken on purpose, in ways that lose nothing ---------------------------------------------------------------------


def turned(project: Project) -> None:
    passage = project.sources[0].plain_text_selections[0]
    passage.start_position, passage.end_position = passage.end_position, passage.start_position


def stretch_turned(project: Project) -> None:
    stretch = project.sources[2].audio_selections[0]
    stretch.begin, stretch.end = stretch.end, stretch.begin


def coloured_by_function(project: Project) -> None:
    project.code_book.codes[0].color = "rgba(51, 204, 51, 1)"


def coloured_by_number(project: Project) -> None:
    project.code_book.codes[0].color = str(0xFF33CC33 - (1 << 32))


def dated_with_a_space(project: Project) -> None:
    project.creation_date_time = "2026-03-02 09:00:00Z"


def dated_by_half_days(project: Project) -> None:
    project.modified_date_time = "3/25/2026 4:30:00 PM"


def coder_by_name(project: Project) -> None:
    project.sources[0].codings[0].creating_user = "Mair"


def guids_without_dashes(project: Project) -> None:
    _rename(project, guid(2), guid(2).replace("-", ""))


def guid_in_round_brackets(project: Project) -> None:
    _rename(project, guid(10), f"({guid(10)})")


def source_among_the_codes(project: Project) -> None:
    group = project.sets[0]
    group.member_sources = ()
    group.member_notes = (*group.member_notes, NoteRef(target_guid=guid(10)))


def number_as_text(project: Project) -> None:
    project.cases[0].variable_values = (
        VariableValue(variable_ref=VariableRef(target_guid=guid(4)), text_value=" 42 "),
    )


def type_in_small_letters(project: Project) -> None:
    project.variables[0].type_of_variable = "integer"


def file_by_name(project: Project) -> None:
    project.cases[0].source_refs = (SourceRef(target_guid=ANA.removesuffix(".txt")),)


def path_of_windows(project: Project) -> None:
    project.sources[1].path = f"internal:\\\\{LEAFLET}"


def text_in_both_places(project: Project) -> None:
    project.sources[0].plain_text_content = "I waited four hours. 😀"


def sound() -> Project:
    """The sound project with what the faults need."""
    project = sound_project()
    project.code_book.codes[0].color = "#33cc33"
    project.creation_date_time = "2026-03-02T09:00:00Z"
    project.modified_date_time = "2026-03-25T16:30:00"
    return project


def _rename(project: Project, old: str, new: str) -> None:
    for element in elements_in(project):
        if getattr(element, "guid", None) == old:
            element.guid = new
        for aim in aims_of(element):
            if aim.guid == old:
                aim.point_at(new)


FAULTS: list[Callable[[Project], None]] = [
    turned,
    stretch_turned,
    coloured_by_function,
    coloured_by_number,
    dated_with_a_space,
    dated_by_half_days,
    coder_by_name,
    guids_without_dashes,
    guid_in_round_brackets,
    source_among_the_codes,
    number_as_text,
    type_in_small_letters,
    file_by_name,
    path_of_windows,
    text_in_both_places,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_was_broken_comes_back(fault: Callable[[Project], None]) -> None:
    broken = sound()
    fault(broken)
    assert broken != sound()
    result = qda.repair(sound_study(broken))
    assert result.study.project == sound()
    assert result.mended


@given(st.sets(st.sampled_from(FAULTS), min_size=2))
@FEW
def test_many_faults_at_once_come_back_as_well(faults: set[Callable[[Project], None]]) -> None:
    broken = sound()
    for fault in sorted(faults, key=FAULTS.index):
        fault(broken)
    assert qda.repair(sound_study(broken)).study.project == sound()


# --- any study, however senseless -------------------------------------------------------------------------------------


@given(studies(valid=True))
@settings(max_examples=40, deadline=None)
def test_twice_is_once_and_nothing_is_changed_in_place(study: Study) -> None:
    before = deepcopy(study.project)
    once = qda.repair(study)
    assert study.project == before
    twice = qda.repair(once.study)
    assert twice.mended == []
    assert twice.study.project == once.study.project


@given(studies(valid=True))
@settings(max_examples=40, deadline=None)
def test_no_coding_and_no_passage_is_lost(study: Study) -> None:
    after = qda.repair(study).study
    assert _codings(after.project) == _codings(study.project)
    kept = [(each.name, each.description, _length(each)) for each in _passages(after.project)]
    assert sorted(map(repr, kept)) == sorted(
        repr((each.name, each.description, _length(each))) for each in _passages(study.project)
    )


@given(studies())
@settings(max_examples=30, deadline=None)
def test_no_study_is_too_odd_to_be_mended(study: Study) -> None:
    mending = Mending(study)
    for step in dict.fromkeys(mend.step for mend in MENDS):
        step(mending)
    assert _codings(mending.project) == _codings(study.project)


def _codings(project: Project) -> int:
    return sum(isinstance(element, Coding) for element in elements_in(project))


def _passages(project: Project) -> list[PlainTextSelection]:
    return [
        each
        for source in (*(project.sources or ()), *(project.notes or ()))
        for each in walk.selections_of(source)
        if isinstance(each, PlainTextSelection)
    ]


def _length(passage: PlainTextSelection) -> int | None:
    """How much is marked; a passage of no length may get the words it is named after."""
    length = abs(passage.end_position - passage.start_position)
    return length or None
