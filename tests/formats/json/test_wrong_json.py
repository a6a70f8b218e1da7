"""What is wrong with a JSON file is told in one sentence, with the path to the value or the line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qdabridge as qda
from qdabridge.formats.json import read, recognises

SELECTION = {"guid": "p", "startPosition": 0, "endPosition": 1}
SOURCE = {"type": "TextSource", "guid": "a", "plainTextSelections": [SELECTION]}


def told(data: bytes | str, folder: Path) -> str:
    path = folder / "study.json"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(qda.CannotRead) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert "msgspec" not in message
    assert "`" not in message
    assert len(message) < 300
    return message


def study(**members: Any) -> str:
    return json.dumps({"format": "qdabridge-study", "version": 1, "project": {"name": "Clinic"}} | members)


def project(**members: Any) -> str:
    return study(project={"name": "Clinic", **members})


# --- a wrong value ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            project(
                sources=[SOURCE, SOURCE | {"plainTextSelections": [SELECTION, SELECTION | {"startPosition": "3"}]}]
            ),
            "study.json: project.sources[1].plainTextSelections[1].startPosition: Expected a whole number, found text.",
        ),
        (
            project(sources=[SOURCE | {"plainTextSelections": [SELECTION | {"endPosition": 1.5}]}]),
            "study.json: project.sources[0].plainTextSelections[0].endPosition: "
            "Expected a whole number, found a number with a point.",
        ),
        (project(sources={}), "study.json: project.sources: Expected a list or null, found an object in braces."),
        (project(sources=[7]), "study.json: project.sources[0]: Expected an object in braces, found a whole number."),
        (project(sources=[{}]), "study.json: project.sources[0]: The field “type” is missing."),
        (
            project(sources=[{"type": "Interview"}]),
            "study.json: project.sources[0].type: The value 'Interview' is not one of those allowed.",
        ),
        (project(sources=[{"type": 7}]), "study.json: project.sources[0].type: Expected text, found something else."),
        (project(sources=[{"type": "TextSource"}]), "study.json: project.sources[0]: The field “guid” is missing."),
        (project(notes=[{"guid": "n"}, {"name": "n"}]), "study.json: project.notes[1]: The field “guid” is missing."),
        (
            project(codeBook={"codes": [{"guid": "c", "name": "n", "codes": [{"guid": "d", "nam": "n"}]}]}),
            "study.json: project.codeBook.codes[0].codes[0]: The field “nam” is not known here.",
        ),
        (
            project(codeBook={"codes": [{"guid": "c", "name": "n", "isCodable": "true"}]}),
            "study.json: project.codeBook.codes[0].isCodable: Expected true or false, found text.",
        ),
        (
            project(extensions={"attributes": {"a": 1}}),
            "study.json: project.extensions.attributes[…]: Expected text, found a whole number.",
        ),
        (project(name=None), "study.json: project.name: Expected text, found null."),
        (study(project=[]), "study.json: project: Expected an object in braces, found a list."),
        (study(findings=[]), "study.json: The field “findings” is not known here."),
        ('{"format": "qdabridge-study", "version": 1}', "study.json: The field “project” is missing."),
        (
            study(form={"counting": {"crlf": 3}}),
            "study.json: form.counting.crlf: The value 3 is not one of those allowed.",
        ),
        (
            study(files=[{"type": "stored", "name": "a"}]),
            "study.json: files[0]: The field “storedAs” is missing.",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_path(wrong: str, message: str, tmp_path: Path) -> None:
    assert told(wrong, tmp_path) == message


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1e99999"])
def test_a_number_without_end_is_too_large(number: str, tmp_path: Path) -> None:
    wrong = project(sources=[SOURCE | {"plainTextSelections": [SELECTION | {"endPosition": "#"}]}])
    message = told(wrong.replace('"#"', number), tmp_path)
    assert message == "study.json: project.sources[0].plainTextSelections[0].endPosition: The number is too large."


# --- no study --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        '{"a": 1}',
        "{}",
        "[]",
        "null",
        "7",
        '"text"',
        "[" * 1_000_000,
        '{"format": "geojson", "version": 1}',
        '{"format": ["qdabridge-study"]}',
        '{"format": null, "a": "\\ud83d\\ude00"}',
    ],
)
def test_json_that_is_no_study_is_called_so(other: str, tmp_path: Path) -> None:
    assert "This is JSON, but not a study: " in told(other, tmp_path)


@pytest.mark.parametrize("version", [2, 99])
def test_a_study_of_a_later_version_asks_for_a_newer_program(version: int, tmp_path: Path) -> None:
    message = told(study(version=version, project={"somethingNew": 1}), tmp_path)
    assert f"version {version} of the layout" in message
    assert message.endswith("Install a newer qdabridge.")


def test_a_version_that_is_no_number_is_told_with_its_path(tmp_path: Path) -> None:
    assert told(study(version="1"), tmp_path).startswith("study.json: version: ")


# --- no JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        ("hello", 1, 1),
        ("<html><body>Log in</body></html>", 1, 1),
        ('{\n  "é": x\n}', 2, 8),
        ('{"format": "qdabridge-study",}', 1, 30),
        ('{"format": NaN}', 1, 12),
        ('{"a": "line\nend"}', 1, 12),
        (project(sources=[SOURCE | {"name": "#"}]).replace("#", "\\q"), 1, 211),
        (project(sources=[SOURCE, SOURCE | {"name": "#"}]).replace("#", "a\nb"), 1, 326),
        (study() + "}", 1, len(study()) + 2),
    ],
)
def test_damage_is_told_with_line_and_column(data: str, line: int, column: int, tmp_path: Path) -> None:
    message = told(data, tmp_path)
    assert "This is not well-formed JSON: " in message
    assert f"in line {line}, column {column}. " in message


@pytest.mark.parametrize("cut", [1, 20, 77, 150])
def test_a_file_that_was_cut_off_ends_too_early(cut: int, tmp_path: Path) -> None:
    message = told(project(sources=[SOURCE, SOURCE])[:cut], tmp_path)
    assert "ends too early" in message or "not well-formed" in message
    assert f"line 1, column {cut + 1}" in message


def test_half_of_an_emoji_is_damage(tmp_path: Path) -> None:
    assert "not well-formed" in told(project(origin="#").replace("#", "\\ud83d and more"), tmp_path)


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    data = project(sources=[SOURCE | {"name": "#"}]).replace(", ", ",\n").encode("ascii").replace(b"#", b"caf\xe9")
    assert told(data, tmp_path).startswith("study.json: The file is not UTF-8 in line 9, column 13.")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_called_by_its_name(encoding: str, tmp_path: Path) -> None:
    assert "UTF-16 or UTF-32; JSON has to be UTF-8. Save it as UTF-8" in told(study().encode(encoding), tmp_path)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_bytes(b"\xef\xbb\xbf" + study().encode())
    assert read(tmp_path / "study.json").project.name == "Clinic"


@pytest.mark.parametrize("data", [b"", b" ", b"\xef\xbb\xbf", b"\n\n"])
def test_nothing_at_all_is_refused(data: bytes, tmp_path: Path) -> None:
    told(data, tmp_path)


@pytest.mark.parametrize(
    "deep",
    [
        '{"a":' * 1_000_000,
        project(extensions="#").replace('"#"', '{"containers":{"a":' * 200_000),
        project(sources="#").replace('"#"', "[" * 1_000_000),
        project(notes="#").replace('"#"', '[{"guid":"n","extensions":' + '{"containers":{"a":' * 200_000),
        project(codeBook="#").replace('"#"', '{"codes":[' + '{"guid":"","name":"","codes":[' * 200_000),
        study(unknown="#").replace('"#"', '{"a":[' * 200_000),
    ],
    ids=["anything", "extensions", "sources", "in a note", "codes", "unknown"],
)
def test_nesting_without_end_is_refused_without_a_crash(deep: str, tmp_path: Path) -> None:
    assert "nested deeper than any real study" in told(deep, tmp_path)


# --- texts and files -------------------------------------------------------------------------------------------------

FILE = {"type": "text", "name": "sources/a.txt", "plainTextPaths": ["internal://a.txt"]}
DOCUMENT = {"type": "TextSource", "guid": "a", "plainTextPath": "internal://a.txt", "plainTextContent": "I waited."}


def with_files(*files: dict[str, Any], sources: list[dict[str, Any]]) -> str:
    return study(project={"name": "Clinic", "sources": sources}, files=list(files))


def test_a_text_corrected_in_the_json_is_the_text_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    path.write_text(
        with_files(FILE | {"byteOrderMark": True}, sources=[DOCUMENT | {"plainTextContent": "I waited long."}])
    )
    assert read(path).files.read("sources/a.txt") == b"\xef\xbb\xbfI waited long."


def test_a_file_whose_document_has_gone_is_told(tmp_path: Path) -> None:
    message = told(with_files(FILE, sources=[]), tmp_path)
    assert message.startswith(
        "study.json: files[0].plainTextPaths: No document has the text of the file “sources/a.txt”."
    )


def test_a_document_whose_text_has_gone_is_told(tmp_path: Path) -> None:
    message = told(with_files(FILE, sources=[DOCUMENT | {"plainTextContent": None, "name": "Ana"}]), tmp_path)
    assert message.startswith("study.json: Ana: The plainTextContent of the document")


def test_two_texts_for_one_file_are_told(tmp_path: Path) -> None:
    message = told(with_files(FILE, sources=[DOCUMENT, DOCUMENT | {"plainTextContent": "We waited."}]), tmp_path)
    assert "differ in plainTextContent" in message


def test_two_files_for_one_text_are_told(tmp_path: Path) -> None:
    message = told(with_files(FILE, FILE | {"name": "sources/b.txt"}, sources=[DOCUMENT]), tmp_path)
    assert message.startswith("study.json: files[1].plainTextPaths: Another file of the list has the plainTextPath")


def test_a_name_that_is_there_twice_is_told(tmp_path: Path) -> None:
    stored = {"type": "stored", "name": "sources/a.txt", "storedAs": "a.txt"}
    assert told(with_files(FILE, stored, sources=[DOCUMENT]), tmp_path).startswith(
        "study.json: files[1].name: The name “sources/a.txt” is there twice."
    )


# --- which files are ours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("study.json", b'{"format"', True),
        ("study.JSON", b"\xff\xfe{\0", True),
        ("study.txt", b'{ "format": "qdabridge-study"', True),
        ("study.txt", b"{}", False),
        ("study.json", b"PK\x03\x04", False),
        ("study.json", b"<?xml", False),
    ],
)
def test_json_is_known_by_its_beginning_or_its_ending(name: str, head: bytes, expected: bool) -> None:
    assert recognises(Path(name), head) is expected
