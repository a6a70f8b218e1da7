"""A deposit of the demo study, as archives and other people's libraries see it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import qdabridge as qda
from qdabridge.deposit.archiving import archive
from qdabridge.deposit.archiving.metadata import Answers, Person
from qdabridge.deposit.archiving.verifying import verify
from qdabridge.errors import BadRequest, CannotRead, CannotWrite, QdabridgeError, TargetExists
from qdabridge.shipped import shipped
from qdabridge.study.files import Files
from qdabridge.study.model import (
    Code,
    CodeBook,
    CodeRef,
    Coding,
    PlainTextSelection,
    Project,
    TextSource,
    User,
    VideoSource,
)
from qdabridge.study.study import Study
from strategies import studies

PLACED = {"README.md", "study.qdpx", "study.json", "codebook.csv", "codebook.qdc", "codebook.md", "cases.csv"} | {
    "codings.csv", "framework-matrix.xlsx", "framework-matrix.csv", "agreement.csv", "memos.csv", "findings.csv",
    "files.csv", "datapackage.json", "ro-crate-metadata.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> Iterator[Study]:
    with qda.read(shipped("demo.qdpx")) as study:
        yield study


@pytest.fixture(scope="module")
def made(demo: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deposit that no test changes."""
    target = tmp_path_factory.mktemp("made") / "deposit"
    archive(demo, target)
    return target


@pytest.fixture
def deposit(made: Path, tmp_path: Path) -> Path:
    """A deposit of its own for each test."""
    return Path(shutil.copytree(made, tmp_path / "deposit"))


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same(one: Study, other: Study) -> bool:
    """Tell whether two studies are equal, element for element and byte for byte."""
    return (
        one.project == other.project
        and one.form == other.form
        and list(one.files) == list(other.files)
        and all(one.files.read(name) == other.files.read(name) for name in one.files)
    )


# --- what others say -------------------------------------------------------------------------------------------------


def test_bagit_finds_it_valid(made: Path) -> None:
    bagit = pytest.importorskip("bagit")
    bag = bagit.Bag(str(made))
    bag.validate()
    assert set(bag.algorithms) == {"sha256", "sha512"}


def test_frictionless_finds_the_tables_valid(made: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(made / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    described = {resource.path for resource in frictionless.Package(str(made / "data" / "datapackage.json")).resources}
    assert described == {path.name for path in (made / "data").glob("*.csv")}


def test_rocrate_reads_the_crate_and_every_file_is_in_it(made: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(str(made / "data"))
    files = {path.relative_to(made / "data").as_posix() for path in (made / "data").rglob("*") if path.is_file()}
    from urllib.parse import unquote

    assert {unquote(each.id) for each in crate.get_by_type("File")} == files - {"ro-crate-metadata.json"}
    (action,) = crate.get_by_type("CreateAction")
    assert action["instrument"]["version"] == qda.__version__
    assert len(action["result"]) == len(files) - 1


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_everything_that_an_archive_wants_is_there(made: Path) -> None:
    data = made / "data"
    assert {path.name for path in data.iterdir() if path.is_file()} == PLACED
    assert {path.name for path in data.iterdir() if path.is_dir()} == {"sources", "memos", "metadata"}
    originals = {"Journey map, Dilys.png", "Leaflet, Breathing at home.pdf", "Answerphone announcement.wav"}
    assert originals <= {path.name for path in (data / "sources").iterdir()}


def test_a_quote_of_the_codings_stands_where_the_table_says(made: Path) -> None:
    """What a person does with a spreadsheet and a text editor."""
    found = [row for row in rows(made / "data" / "codings.csv") if row["source"] == "02 Tel"]
    text = (made / "data" / "sources" / "02 Tel.txt").read_text(encoding="utf-8")
    assert len(found) > 10
    for row in found:
        assert text[int(row["start"]) : int(row["end"])] == row["text"].removeprefix("'")
        assert text[: int(row["start"])].count("\n") + 1 == int(row["line"])


def test_the_readme_reads_as_it_was_meant_to(made: Path) -> None:
    """When it changes on purpose, read it aloud, and copy it there."""
    written = (made / "data" / "README.md").read_text(encoding="utf-8").replace(qda.__version__, "VERSION")
    golden = Path(__file__).with_name("README-of-the-demo.md")
    assert written == golden.read_text(encoding="utf-8")


def test_a_package_that_opens_in_other_programs_is_in_it(made: Path) -> None:
    assert not [each for each in qda.check(made / "data" / "study.qdpx") if each.severity == "error"]


def test_names_of_coders_are_nowhere_in_it(made: Path) -> None:
    for path, data in contents(made).items():
        for name in ("Nerys Stanway", "Mireille Pagès"):
            assert name.encode() not in data, path
    with zipfile.ZipFile(made / "data" / "study.qdpx") as package:
        assert b"Stanway" not in package.read("project.qde")


def test_missing_answers_are_listed_and_given_ones_stand_in_the_metadata(demo: Study, tmp_path: Path) -> None:
    answers = Answers(
        title="Breathing", licence="CC BY 4.0", people=(Person(name="Roe, Ana", orcid="0000-0002-1825-0097"),)
    )
    told = archive(demo, tmp_path / "deposit", answers=answers)
    assert "whom to ask" in told.unanswered
    assert "the licence" not in told.unanswered
    crate = json.loads((tmp_path / "deposit/data/ro-crate-metadata.json").read_text(encoding="utf-8"))
    people = [each for each in crate["@graph"] if each["@type"] == "Person"]
    assert [(each["@id"], each["name"]) for each in people] == [("https://orcid.org/0000-0002-1825-0097", "Roe, Ana")]
    assert "whom to ask" in (tmp_path / "deposit/data/README.md").read_text(encoding="utf-8")


# --- the same, and back again ----------------------------------------------------------------------------------------


def test_two_deposits_have_the_same_bytes(
    made: Path, demo: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    archive(demo, tmp_path / "called otherwise")
    assert contents(tmp_path / "called otherwise") == contents(made)
    archive(demo, tmp_path / "a.zip")
    archive(demo, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_moment_asked_for_is_the_one_that_it_says(
    demo: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    archive(demo, tmp_path / "deposit")
    crate = json.loads((tmp_path / "deposit/data/ro-crate-metadata.json").read_text(encoding="utf-8"))
    (root,) = (each for each in crate["@graph"] if each["@id"] == "./")
    assert root["datePublished"] == "2023-11-14"


@pytest.mark.parametrize("name", ["deposit", "deposit.zip"])
def test_a_deposit_becomes_an_equal_study(name: str, demo: Study, tmp_path: Path) -> None:
    archive(demo, tmp_path / name, private=True)
    with qda.read(tmp_path / name) as back:
        assert same(demo, back)
        assert back.findings == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_study_becomes_equal_again(tmp_path_factory: pytest.TempPathFactory, study: Study) -> None:
    target = tmp_path_factory.mktemp("any") / "deposit"
    try:
        archive(study, target, private=True)
    except QdabridgeError:
        # What no format of ours can hold is refused in words, and leaves nothing.
        assert not target.exists()
        return
    with qda.read(target) as back:
        assert same(study, back)


# --- harm ------------------------------------------------------------------------------------------------------------


def test_a_deposit_as_it_was_made_is_verified(deposit: Path) -> None:
    assert verify(deposit) == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda data: (data / "sources/02 Tel.txt").open("ab").write(b"x"), "A file is not as it was"),
        (lambda data: (data / "memos.csv").unlink(), "A file of the deposit is missing."),
        (lambda data: (data / "mine.txt").write_bytes(b"x"), "A file is in the deposit that was not there"),
        (lambda data: (data.parent / "bag-info.txt").write_bytes(b"x"), "A file is not as it was"),
    ],
)
def test_one_wrong_file_is_named_in_one_sentence(harm: object, said: str, deposit: Path) -> None:
    harm(deposit / "data")  # type: ignore[operator]
    found = verify(deposit)
    assert [each.code for each in found if each.code != "DEPOSIT-SCHEMA"] == ["DEPOSIT-CHANGED"]
    assert said in found[0].message
    assert found[0].where


def test_what_is_no_deposit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "study.zip").write_bytes(b"PK no zip")
    for name in ("folder", "study.zip", "nowhere"):
        with pytest.raises(CannotRead):
            verify(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("name", ["data/codings.csv", "data/study.json", "data/study.qdpx", "data/more", "data/pipe"])
def test_what_leads_out_of_a_deposit_is_never_followed(name: str, deposit: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("not yours")
    (deposit / name).unlink(missing_ok=True)
    if name.endswith("pipe"):
        os.mkfifo(deposit / name)
    else:
        (deposit / name).symlink_to(tmp_path if name.endswith("more") else secret)
    with pytest.raises(CannotRead, match="leads out of it, or no file"):
        verify(deposit)
    with pytest.raises(CannotRead, match="leads out of it, or no file"):
        qda.read(deposit)


def test_a_zip_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        packed.writestr("deposit/bagit.txt", "BagIt-Version: 1.0\n")
        packed.writestr("deposit/../../evil.txt", "x")
    with pytest.raises(CannotRead, match="leads out of it"):
        verify(tmp_path / "d.zip")
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("name", ["deposit", "deposit.zip"])
def test_stopped_halfway_it_leaves_nothing(name: str, demo: Study, tmp_path: Path) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive(demo, tmp_path / name, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_before_anything_is_written(
    demo: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    with pytest.raises(CannotWrite, match="no room"):
        archive(demo, tmp_path / "deposit")
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_is_there_stays(demo: Study, tmp_path: Path) -> None:
    (tmp_path / "deposit.zip").write_bytes(b"precious")
    with pytest.raises(TargetExists):
        archive(demo, tmp_path / "deposit.zip")
    assert (tmp_path / "deposit.zip").read_bytes() == b"precious"


def test_a_word_document_alone_is_there_as_text_and_as_a_web_page(tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    import io

    from docx import Document

    made = Document()
    made.add_heading("The talk", 1)
    made.add_paragraph("I waited <four> hours.")
    out = io.BytesIO()
    made.save(out)
    source = TextSource(guid="55555555-5555-4555-8555-555555555555", name="Talk", rich_text_path="internal://t.docx")
    archive(Study(Project(name="Clinic", sources=[source]), Files({"sources/t.docx": out.getvalue()})), tmp_path / "d")
    sources = tmp_path / "d/data/sources"
    assert sorted(path.name for path in sources.iterdir()) == ["Talk.docx", "Talk.html", "Talk.txt"]
    assert "I waited <four> hours." in (sources / "Talk.txt").read_text(encoding="utf-8")
    assert "<p>I waited &lt;four&gt; hours.</p>" in (sources / "Talk.html").read_text(encoding="utf-8")


def test_a_passage_of_any_length_is_described_and_verified(tmp_path: Path) -> None:
    """Python's reader of CSV stops at 131,072 characters of a cell unless it is told otherwise."""
    text = "long " * 40_000
    guid = "22222222-2222-4222-8222-{:012d}".format
    coding = Coding(guid=guid(1), creating_user=guid(2), code_ref=CodeRef(target_guid=guid(3)))
    passage = PlainTextSelection(guid=guid(4), start_position=0, end_position=len(text), codings=(coding,))
    source = TextSource(guid=guid(5), name="Ana", plain_text_content=text, plain_text_selections=[passage])
    project = Project(
        name="x",
        users=[User(guid=guid(2), name="Ben")],
        code_book=CodeBook(codes=[Code(guid=guid(3), name="Access")]),
        sources=[source],
    )
    archive(Study(project), tmp_path / "deposit")
    verify(tmp_path / "deposit")
    csv.field_size_limit(1_000_000)
    try:
        assert rows(tmp_path / "deposit" / "data" / "codings.csv")[0]["text"] == text
    finally:
        csv.field_size_limit(131_072)


@pytest.mark.parametrize("log", [b"\xff\xd8\xff\xe0", b"when,by\n2024,\xe9\n"])
def test_a_log_that_is_no_table_is_refused_and_nothing_is_written(demo: Study, tmp_path: Path, log: bytes) -> None:
    (tmp_path / "log.csv").write_bytes(log)
    with pytest.raises(BadRequest, match="no table in UTF-8"):
        archive(demo, tmp_path / "deposit", log=tmp_path / "log.csv")
    assert not (tmp_path / "deposit").exists()


def test_progress_is_told_while_the_project_and_the_originals_are_written(tmp_path: Path) -> None:
    film = b"\1" * 5_000_000
    study = Study(
        Project(name="Clinic", sources=[VideoSource(guid="V", name="Film", path="internal://f.mp4")]),
        Files({"sources/f.mp4": film}),
    )
    told: list[tuple[str, int, int]] = []
    archive(study, tmp_path / "deposit", progress=lambda *each: told.append(each))
    for what in ("writing study.qdpx", "writing the originals"):
        steps = [done for said, done, total in told if said == what and total == len(film)]
        assert steps[0] == 0
        assert steps[-1] == len(film)
        assert len(steps) > 4
        assert steps == sorted(steps)
    assert next((tmp_path / "deposit").rglob("Film.mp4")).read_bytes() == film
