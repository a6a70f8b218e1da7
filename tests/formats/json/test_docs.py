"""What docs/json.md shows is so: its JSON is a study, and its Python runs."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import qdabridge as qda
from qdabridge.formats.json import read, write
from qdabridge.study.files import Files
from qdabridge.study.model import Code, CodeBook, CodeRef, Coding, PlainTextSelection, Project, TextSource, User
from qdabridge.study.study import Study

PAGE = (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("shown", blocks("json"))
def test_the_json_of_the_page_is_a_study(shown: str, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text(shown, encoding="utf-8")
    with read(tmp_path / "study.json") as study:
        assert study.project.name == "Waiting for care"
        for source in study.project.sources or []:
            assert isinstance(source, TextSource)
            [selection] = source.plain_text_selections
            assert (study.text_of(source) or "")[selection.start_position : selection.end_position] in shown


def test_the_python_of_the_page_prints_every_coded_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coding = Coding(guid="3", creating_user="{ABC}", code_ref=CodeRef(target_guid="{DEF}"))
    passage = PlainTextSelection(guid="2", start_position=2, end_position=10, codings=(coding,))
    access = Code(guid="1", name="Access", codes=[Code(guid="def", name="Waiting times")])
    source = TextSource(guid="4", name="Ana", plain_text_path="internal://ana.txt", plain_text_selections=[passage])
    project = Project(
        name="Clinic", users=[User(guid="abc", name="Ben")], code_book=CodeBook(codes=[access]), sources=[source]
    )
    write(Study(project, Files({"sources/ana.txt": "I waited 👩‍👩‍👧.".encode()})), tmp_path / "study.json")
    monkeypatch.chdir(tmp_path)
    [code] = blocks("python")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "docs/json.md", "exec"), {})
    assert printed.getvalue() == "Ana | Waiting times | Ben | waited 👩\n"


def test_the_error_of_the_page_is_what_is_said(tmp_path: Path) -> None:
    good = '{"type": "TextSource", "guid": "s"}'
    passage = '{"guid": "p", "startPosition": 0, "endPosition": 1}'
    bad = passage.replace("0", '"0"')
    wrong = good.replace("}", f', "plainTextSelections": [{passage}, {passage}, {bad}]}}')
    sources = ", ".join([good, good, good, wrong])
    (tmp_path / "study.json").write_text(
        '{"format": "qdabridge-study", "version": 1, "project": {"name": "x", "sources": [' + sources + "]}}"
    )
    with pytest.raises(qda.CannotRead) as caught:
        read(tmp_path / "study.json")
    assert f"qdabridge: {caught.value}\n" in PAGE
