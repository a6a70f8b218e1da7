"""The published JSON Schema is made from the model, accepts whatever we write, and refuses what is wrong."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

import qdabridge as qda
from filled import filled_form, filled_project
from qdabridge.formats.json import read, write
from qdabridge.formats.json.schema import IDENTIFIER, schema_text, study_schema
from qdabridge.study.files import Files
from qdabridge.study.model import PlainTextSelection, Project, TextSource
from qdabridge.study.study import Study
from strategies import studies

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "schemas" / "study.schema.json"


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def written(study: Study, **options: bool) -> Any:
    with TemporaryDirectory() as folder:
        write(study, Path(folder) / "study.json", **options)
        return json.loads((Path(folder) / "study.json").read_bytes())


def test_the_published_schema_is_that_of_the_model() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), (
        "stale: run python -m qdabridge.formats.json.schema schemas/study.schema.json"
    )


def test_the_schema_is_itself_valid_and_says_what_it_is() -> None:
    schema = study_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == IDENTIFIER == "urn:qdabridge:study:1"


def test_every_class_of_the_schema_has_a_description() -> None:
    assert [title for title, found in study_schema()["$defs"].items() if not found["description"]] == []


def test_no_description_is_written_for_programmers() -> None:
    def descriptions(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("description"), str):
                yield part["description"]
            for value in part.values():
                yield from descriptions(value)
        elif isinstance(part, list):
            for value in part:
                yield from descriptions(value)

    for text in descriptions(study_schema()):
        assert "Args:" not in text
        assert ":class:" not in text
        assert "``" not in text
        assert "\n" not in text


def test_the_module_prints_the_schema_or_writes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qdabridge.formats.json.schema"]
    printed = subprocess.run(command, check=True, capture_output=True, cwd=ROOT / "src").stdout
    subprocess.run([*command, str(tmp_path / "schema.json")], check=True, cwd=ROOT / "src")
    assert printed == (tmp_path / "schema.json").read_bytes() == PUBLISHED.read_bytes()


# --- accepts what we write -------------------------------------------------------------------------------------------


def test_the_schema_accepts_a_study_with_every_element_and_every_field() -> None:
    study = Study(filled_project(), Files({"sources/film.mp4": b"film"}), form=filled_form())
    validator().validate(written(study))
    validator().validate(written(study, quotes=True))


def test_the_schema_accepts_the_smallest_study() -> None:
    validator().validate(written(Study(Project(name=""))))


def test_the_schema_accepts_inlined_and_stored_files_and_quotes() -> None:
    text = TextSource(
        guid="a",
        plain_text_path="internal://a.txt",
        plain_text_selections=[PlainTextSelection(guid="p", start_position=0, end_position=3)],
    )
    files = Files({"sources/a.txt": b"\xef\xbb\xbftext", "sources/film.mp4": b"film"})
    found = written(Study(Project(name="x", sources=[text]), files), quotes=True)
    assert found["project"]["sources"][0]["plainTextSelections"][0]["quote"] == "tex"
    validator().validate(found)


@settings(max_examples=40, deadline=None)
@given(studies())
def test_the_schema_accepts_any_study_we_write(study: Study) -> None:
    validator().validate(written(study, quotes=True))


def test_the_schema_accepts_the_demo_study(tmp_path: Path) -> None:
    demo = ROOT / "fixtures" / "demo" / "demo.qdpx"
    if not demo.exists():
        pytest.skip("the demo study has not been made yet")
    with qda.read(demo) as study:
        validator().validate(written(study, quotes=True))


def test_the_schema_accepts_a_project_of_nvivo(nvivo_sample: Path) -> None:
    with qda.read(nvivo_sample) as study:
        validator().validate(written(study, quotes=True))


# --- refuses what is wrong, as the reader does -----------------------------------------------------------------------


def _put(*path: str | int, value: Any) -> Callable[[Any], None]:
    def change(study: Any) -> None:
        for step in path[:-1]:
            study = study[step]
        study[path[-1]] = value

    return change


def _drop(*path: str | int) -> Callable[[Any], None]:
    def change(study: Any) -> None:
        for step in path[:-1]:
            study = study[step]
        del study[path[-1]]

    return change


@pytest.mark.parametrize(
    "change",
    [
        _put("format", value="geojson"),
        _put("version", value=2),
        _drop("project"),
        _put("findings", value=[]),
        _put("project", "quote", value="no"),
        _put("project", "sources", 0, "type", value="Interview"),
        _drop("project", "sources", 0, "guid"),
        _drop("project", "sources", 0, "type"),
        _put("project", "sources", 0, "plainTextSelections", 0, "startPosition", value="3"),
        _put("project", "sources", 0, "plainTextSelections", 0, "startPosition", value=1.5),
        _drop("project", "sources", 0, "plainTextSelections", 0, "endPosition"),
        _put("project", "sources", 0, "plainTextSelections", 0, "quote", value=7),
        _put("project", "sources", 1, "pictureSelections", 0, "quote", value="no"),
        _put("project", "codeBook", "codes", 0, "codes", 0, "isCodable", value="true"),
        _put("project", "codeBook", "codes", 0, "noteRefs", value={}),
        _put("project", "cases", 0, "variableValues", 0, "integerValue", value="7"),
        _put("project", "extensions", "attributes", value={"a": 1}),
        _put("form", "counting", "unit", value="bytes"),
        _put("files", 0, "storedAs", value=None),
        _put("files", 0, "type", value="zipped"),
        _drop("files", 0, "name"),
    ],
)
def test_schema_and_reader_refuse_the_same(change: Callable[[Any], None], tmp_path: Path) -> None:
    study = _a_good_study()
    validator().validate(study)
    change(study)
    assert not validator().is_valid(study)
    (tmp_path / "study.json").write_text(json.dumps(study))
    with pytest.raises(qda.CannotRead):
        read(tmp_path / "study.json")


def _a_good_study() -> Any:
    return copy.deepcopy(_written_once())


@cache
def _written_once() -> Any:
    return written(Study(filled_project(), Files({"sources/film.mp4": b"film"}), form=filled_form()))
