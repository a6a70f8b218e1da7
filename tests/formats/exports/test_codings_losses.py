"""What a table of codings does not hold of a study is said, each thing once, and nothing is said that it does hold."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from interviews import NERYS, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.formats.exports import write_codings
from qdabridge.study.model import CodeRef, PictureSource, Set
from qdabridge.study.summary_writing import chart

WAITING = code("Waiting")
ACCESS = code("Access", WAITING)
AGE = variable("Age")


def told(of: qda.Study, folder: Path, *, presence: bool = False) -> list[tuple[str, str, int]]:
    found = write_codings(of, folder / "codings.csv", presence=presence, overwrite=True)
    return [(each.code, each.where, each.count) for each in found]


def talk(name: str = "talk", *codes: qda.model.Code) -> qda.model.TextSource:
    return text(name, "I waited. Yes.", *(coded(0, 9, each, name=f"{name} {each.name}") for each in codes))


@pytest.mark.parametrize("presence", [False, True])
def test_of_a_study_that_is_all_in_it_nothing_is_said(tmp_path: Path, presence: bool) -> None:
    spoken = talk("talk", WAITING)
    whole = study(
        spoken, codes=[ACCESS], cases=[case("Ana", spoken, value(AGE, text_value="34"))], variables=[AGE], users=[NERYS]
    )
    assert told(whole, tmp_path, presence=presence) == []


def test_what_has_no_row_is_named(tmp_path: Path) -> None:
    spoken = talk("talk", WAITING)
    made = study(
        spoken, talk("quiet"), codes=[ACCESS, code("Unused")], cases=[case("Ana", spoken), case("Bo")], users=[NERYS]
    )
    assert told(made, tmp_path) == [
        ("CODINGS-NO-ROW", r"Unused", 1), ("CODINGS-NO-ROW", "quiet", 1), ("CODINGS-NO-ROW", "Bo", 1)
    ]  # fmt: skip
    # Each code has a column there.
    assert [where for _, where, _ in told(made, tmp_path, presence=True)] == ["quiet", "Bo"]


def test_two_of_one_name_are_said_to_be_one(tmp_path: Path) -> None:
    one, two = talk("talk", WAITING), talk("talk", ACCESS)
    two.guid = guid("another talk")
    made = study(one, two, codes=[ACCESS], users=[NERYS])
    assert told(made, tmp_path) == [("CODINGS-NAME-TWICE", "talk", 1)]


def test_a_name_with_the_sign_between_names_is_said(tmp_path: Path) -> None:
    odd = code("in \\ out")
    assert told(study(talk("talk", odd), codes=[odd], users=[NERYS]), tmp_path) == [("CODINGS-SIGN", "in \\ out", 1)]


def test_all_else_is_said_in_one_sentence(tmp_path: Path) -> None:
    spoken = talk("talk", WAITING)
    red = qda.model.Code(guid=WAITING.guid, name="Waiting", color="#FF0000", description="Before anything happens.")
    ana = case("Ana", spoken)
    group = Set(guid=guid("paper"), name="Paper", member_codes=(CodeRef(target_guid=red.guid),))
    made = study(spoken, codes=[red], cases=[ana], users=[NERYS], sets=[group])
    made = chart(made, {(ana.guid, red.guid): "Ana waited."}, by=NERYS, when="2024-09-11T09:40:00Z")
    assert told(made, tmp_path) == [
        ("CODINGS-ALONE", "definitions of codes, colours of codes, framework summaries, sets", 1)
    ]


def test_headings_pictures_and_what_describes_them_are_among_the_rest(tmp_path: Path) -> None:
    spoken = talk("talk", WAITING)
    spoken.description = "In her kitchen."
    spoken.plain_text_selections.append(coded(10, 14, name="only marked"))
    drawing = PictureSource(
        guid=guid("map"), name="map", path="internal://map.png", codings=(coding(ACCESS, NERYS, "map"),)
    )
    heading = qda.model.Code(guid=ACCESS.guid, name="Access", is_codable=False, codes=[WAITING])
    age = qda.model.Variable(guid=AGE.guid, name="Age", type_of_variable="Text", description="In years.")
    made = study(spoken, drawing, codes=[heading], variables=[age], users=[NERYS])
    assert told(made, tmp_path) == [
        (
            "CODINGS-ALONE",
            "which codes are headings, descriptions of attributes, descriptions of sources, "
            "pictures, PDFs and recordings, passages that are not coded",
            1,
        )
    ]


def test_a_case_coded_as_a_whole_has_a_row_in_both_forms(tmp_path: Path) -> None:
    made = study(codes=[ACCESS], cases=[case("Ana", WAITING)], users=[NERYS])
    for presence in (False, True):
        assert told(made, tmp_path, presence=presence) == []
        assert len((tmp_path / "codings.csv").read_text(encoding="utf-8-sig").splitlines()) == 2
