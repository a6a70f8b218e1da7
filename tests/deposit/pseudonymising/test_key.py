from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from qdabridge.deposit.pseudonymising import Entry, Key, read_key
from qdabridge.errors import CannotRead


def key_of(folder: Path, *lines: str, encoding: str = "utf-8") -> Key:
    path = folder / "key.csv"
    path.write_text("\n".join(lines), encoding=encoding)
    return read_key(path)


def refusal(folder: Path, *lines: str, encoding: str = "utf-8") -> str:
    with pytest.raises(CannotRead) as caught:
        key_of(folder, *lines, encoding=encoding)
    return str(caught.value).replace(str(folder), "…")


def test_a_key_is_read_row_by_row(tmp_path: Path) -> None:
    key = key_of(
        tmp_path,
        "find,replace,kind,scope,match",
        "Margaret,Rose,person,,",
        "Cardiff,[city],place,01 Ana,exact",
        r"\d{5} \d{6},[telephone],other,,regex",
    )
    assert key.entries == (
        Entry("Margaret", "Rose", "person", "", "word", 2),
        Entry("Cardiff", "[city]", "place", "01 Ana", "exact", 3),
        Entry(r"\d{5} \d{6}", "[telephone]", "other", "", "regex", 4),
    )
    assert key.scopes == ("01 Ana",)


def test_columns_may_stand_in_any_order_and_kind_may_be_missing(tmp_path: Path) -> None:
    assert key_of(tmp_path, "Replace;Find", "Rose;Margaret").entries == (Entry("Margaret", "Rose", row=2),)


def test_a_workbook_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["find", "replace", "kind"])
    book.active.append(["José", "Juan", "person"])
    book.save(tmp_path / "key.xlsx")
    assert read_key(tmp_path / "key.xlsx").entries == (Entry("José", "Juan", "person", row=2),)


def test_names_may_change_places(tmp_path: Path) -> None:
    assert len(key_of(tmp_path, "find,replace", "Ann,Bob", "Bob,Ann").entries) == 2


def test_rows_without_a_replacement_are_left_and_told(tmp_path: Path) -> None:
    key = key_of(tmp_path, "find,replace", "Margaret,Rose", "Thursday,", "Friday,")
    assert [entry.find for entry in key.entries] == ["Margaret"]
    assert [(each.code, each.count, each.where) for each in key.findings] == [("KEY-UNFILLED", 2, "key.csv: row 3")]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["find,replace", ",Rose"], "row 2: There is nothing to be found in the column “find”."),
        (["find,replace", "...,Rose"], "row 2: What is to be found has neither a letter nor a digit in it."),
        (["find,replace,kind", "Ana,Rose,animal"], "row 2: “animal” is no kind."),
        (["find,replace,match", "Ana,Rose,fuzzy"], "row 2: “fuzzy” is no way to match."),
        (["find,replace,match", "(,Rose,regex"], "row 2: The regular expression is wrong (missing ), unterminated"),
        (["find,replace,match", "a*,Rose,regex"], "row 2: The regular expression matches nothing at all"),
        (["find,replace,match", r"a,\2,regex"], "row 2: The replacement of the regular expression is wrong"),
        (["find,replace,match", r"a,\g<x>,regex"], "row 2: The replacement of the regular expression is wrong"),
        (["find,replace", "Ana,Rose", "ANA,Lily"], "row 3: The same is to be found as in row 2"),
        (["name,pseudonym", "Ana,Rose"], "No row has the headings “find” and “replace”"),
        (["find,replace", "Ana,"], "The key has no row with both a name to find and its replacement."),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence_with_its_row(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    told = refusal(tmp_path, *lines)
    assert said in told
    assert "Ana" not in told


def test_a_key_in_another_encoding_is_refused(tmp_path: Path) -> None:
    told = refusal(tmp_path, "find,replace", "José,Juan", encoding="cp1252")
    assert told == (
        "…/key.csv: The key is not UTF-8, so names with accents would not be found. "
        "Save it as .xlsx, or as “CSV UTF-8”."
    )


def test_a_row_said_twice_counts_once(tmp_path: Path) -> None:
    assert len(key_of(tmp_path, "find,replace", "Ana,Rose", "Ana,Rose").entries) == 1


def test_the_same_name_may_have_a_pseudonym_in_each_source(tmp_path: Path) -> None:
    assert len(key_of(tmp_path, "find,replace,scope", "Ana,Rose,01", "Ana,Lily,02", "Ana,Iris,").entries) == 3


@pytest.mark.parametrize("find", ["(a+)+$", r"(\w+\s?)*x", "(?:a*b*)*c", "(a|b+){2,}"])
def test_an_expression_that_may_take_for_ever_is_refused(tmp_path: Path, find: str) -> None:
    (tmp_path / "key.csv").write_text(f'find,replace,match\n"{find}",x,regex\n', encoding="utf-8")
    with pytest.raises(CannotRead, match="for ever"):
        read_key(tmp_path / "key.csv")


@pytest.mark.parametrize("find", [r"\bJ\w+es\b", r"(Mr|Mrs) \w+", r"\d{3}-\d+", r"(ab)+c"])
def test_usual_expressions_are_not(tmp_path: Path, find: str) -> None:
    (tmp_path / "key.csv").write_text(f'find,replace,match\n"{find}",x,regex\n', encoding="utf-8")
    assert read_key(tmp_path / "key.csv").entries[0].find == find
