"""Proposing a key, leaving out what cannot be changed, the log, and looking for what is left."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import qdabridge as qda
from conftest import ROOT
from qdabridge.deposit.pseudonymising import pseudonymise, read_key
from qdabridge.deposit.pseudonymising.key import COLUMNS, Entry, Key
from qdabridge.deposit.pseudonymising.log import write_log
from qdabridge.deposit.pseudonymising.patterns import hits, is_nhs_number
from qdabridge.deposit.pseudonymising.scanning import scan, write_proposals
from qdabridge.deposit.pseudonymising.unchangeable import unchangeable, without_unchangeable
from qdabridge.errors import CannotRead
from qdabridge.formats.exports.table_file import write_table
from qdabridge.study.model import Case, FileSource, Project, TextSource, User
from qdabridge.study.study import Study

DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
TEXT = """I: And then?
P: Well, I rang Margaret in Cardiff, and Margaret said yes. She lives at CF10 1AA.
Her mail is m.jones@example.org, the telephone 029 2018 0180, and her number 943 476 5919.
She was born on 3 May 1951. Look at www.example.org or C:\\Users\\mjones\\notes.txt.
Apples are good. The apples came on Monday. Margret, I said."""


def study_of(text: str) -> Study:
    source = TextSource(guid="s", name="Interview one", plain_text_content=text)
    return Study(
        Project(name="Calls", sources=[source], users=[User(guid="u", name="Nerys")], cases=[Case(guid="c", name="P1")])
    )


def test_a_scan_finds_what_names_somebody_and_little_else() -> None:
    found = {each.find: (each.looks, each.count) for each in scan(study_of(TEXT))}
    assert found["Margaret"] == ("name", 2)
    assert found["Cardiff"][0] == "name"
    assert found["Nerys"][0] == "name of a user"
    assert found["P1"][0] == "name of a case"
    assert found["m.jones@example.org"][0] == "e-mail address"
    assert found["029 2018 0180"][0] == "telephone number"
    assert found["943 476 5919"][0] == "NHS number"
    assert found["3 May 1951"][0] == "date of birth"
    assert found["CF10 1AA"][0] == "postcode"
    assert found["www.example.org"][0] == "web address"
    assert found["mjones"][0] == "user name in a path"
    assert not {"Apples", "The", "Monday", "Well", "She", "Her", "And", "I"} & found.keys()


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("call +44 29 2018 0180 now", "telephone number"),
        ("dob: 03/05/1951", "date of birth"),
        ("/home/nerys/study", "user name in a path"),
        ("the 12345 of 2024-05-01", None),
        ("943 476 5918", None),
    ],
)
def test_what_is_told_by_its_form(text: str, looks: str | None) -> None:
    assert next((hit.looks for hit in hits(text)), None) == looks


def test_an_nhs_number_has_a_check_digit() -> None:
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5910")
    assert not is_nhs_number("94347659")


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_proposal_is_a_key_once_it_is_filled_in_and_only_its_owner_reads_it(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"key{ending}"
    write_proposals(scan(study_of(TEXT)), path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotRead, match="no row with both"):
        read_key(path)
    filled = [
        (each.find, "Rose" if each.find == "Margaret" else None, each.kind, None, None) for each in scan(study_of(TEXT))
    ]
    write_table(tmp_path / f"filled{ending}", "Key", COLUMNS, filled, overwrite=False)
    key = read_key(tmp_path / f"filled{ending}")
    assert [(entry.find, entry.replace, entry.kind) for entry in key.entries] == [("Margaret", "Rose", "person")]
    assert [each.code for each in key.findings] == ["KEY-UNFILLED"]
    path.chmod(0o644)
    write_proposals(scan(study_of(TEXT)), path, overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_pages_pictures_and_recordings_are_named_and_left_out_when_asked(tmp_path: Path) -> None:
    key = Key((Entry("Dilys", "Rose", "person"),))
    with qda.read(DEMO) as study:
        made = pseudonymise(study, key)
        told = unchangeable(made.study, made.untouched)
        assert [each.message.split()[0] for each in told] == ["Pictures", "PDF", "Recordings"]
        left, findings = without_unchangeable(made.study, made.untouched)
        assert [(each.code, each.count) for each in findings] == [("LEFT-OUT", 3)]
        qda.write(left, tmp_path / "safe.qdpx")
        assert [each.code for each in qda.check(tmp_path / "safe.qdpx")] == ["PATH-BASE"]
        stubs = [source for source in left.project.sources or () if isinstance(source, FileSource)]
        assert all("left out" in (source.description or "") for source in stubs)
        before, after = qda.Lookup(study), qda.Lookup(left)
        assert len(list(before.references())) == len(list(after.references()))
    with qda.read(tmp_path / "safe.qdpx") as safe:
        assert {Path(name).suffix for name in safe.files} == {".txt"}


def test_the_log_says_how_often_and_never_an_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    key = Key((Entry("Margaret", "Rose", "person", row=2), Entry("Cardiff", "[city]", "place", row=3)))
    made = pseudonymise(study_of(TEXT), key)
    write_log(tmp_path / "log.csv", made.done, by="Nerys")
    data = (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert "Margaret" not in data
    assert "Cardiff" not in data
    rows = list(csv.DictReader(data.splitlines()))
    assert [(row["when"], row["by"], row["kind"], row["pseudonym"], row["count"]) for row in rows] == [
        ("2023-11-14", "Nerys", "person", "Rose", "2"),
        ("2023-11-14", "Nerys", "place", "[city]", "1"),
    ]


@pytest.mark.parametrize("find", ["(a+)+$", r"(\w+\s?)*x", "(?:a*b*)*c", "(a|b+){2,}"])
def test_an_expression_that_may_take_for_ever_is_refused(tmp_path: Path, find: str) -> None:
    (tmp_path / "key.csv").write_text(f'find,replace,match\n"{find}",x,regex\n', encoding="utf-8")
    with pytest.raises(CannotRead, match="for ever"):
        read_key(tmp_path / "key.csv")


@pytest.mark.parametrize("find", [r"\bJ\w+es\b", r"(Mr|Mrs) \w+", r"\d{3}-\d+", r"(ab)+c"])
def test_usual_expressions_are_not(tmp_path: Path, find: str) -> None:
    (tmp_path / "key.csv").write_text(f'find,replace,match\n"{find}",x,regex\n', encoding="utf-8")
    assert read_key(tmp_path / "key.csv").entries[0].find == find
