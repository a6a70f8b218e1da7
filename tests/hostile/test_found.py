"""What looking for harm has found, each with the smallest file that did it."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

import qdabridge as qda
from fixtures.dialects.pieces import pdf
from fixtures.hostile import zips
from fixtures.hostile.make import NAMESPACE, package, project, text_source
from fixtures.hostile.strangers import TEXT
from fixtures.hostile.zips import Entry
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import PDFSelection, PDFSource

STUDY = project(text_source("internal://a.txt"))


@pytest.fixture
def given(tmp_path: Path):
    def give(data: bytes, suffix: str = ".qdpx") -> Path:
        path = tmp_path / f"given{suffix}"
        path.write_bytes(data)
        return path

    return give


def copied(path: Path) -> bytes:
    """Return the XML of a copy in the form in which a study was found."""
    target = path.with_name(f"copy{path.suffix}")
    with qda.read(path) as study:
        qda.write(study, target, "same")
    if path.suffix != ".qdpx":
        return target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        return archive.read("project.qde")


# --- archives --------------------------------------------------------------------------------------------------------


def test_bytes_behind_the_end_of_what_is_packed_do_not_keep_the_writer_for_good(given) -> None:
    long = Entry(b"sources/a.txt", TEXT, packed=zips.deflated(TEXT) + bytes(100))
    with pytest.raises(qda.CannotRead, match=r"a\.txt is damaged"):
        copied(given(zips.archive([Entry(b"project.qde", STUDY), long])))


@pytest.mark.parametrize("lie", [{"size": 5}, {"size": 500}, {"local_name": b"sources/b.txt"}])
def test_what_cannot_be_read_here_is_not_passed_on_as_if_it_could(given, lie) -> None:
    path = given(zips.archive([Entry(b"project.qde", STUDY), Entry(b"sources/a.txt", TEXT, **lie)]))
    with pytest.raises(qda.CannotRead, match="damaged"):
        copied(path)
    assert not path.with_name("copy.qdpx").exists()


def test_an_entry_that_unpacks_to_more_than_it_says_is_not_unpacked_further(given) -> None:
    bomb = Entry(b"sources/film.mp4", packed=zips.zeros(1_000_000_000), size=1_000_000)
    path = given(zips.archive([Entry(b"project.qde", STUDY), bomb]))
    began = time.process_time()
    with pytest.raises(qda.CannotRead, match=r"film\.mp4 is damaged"):
        copied(path)
    assert time.process_time() - began < 1


def test_entries_without_a_name_get_one_sentence(given) -> None:
    for name in (b"", b".", b"./."):
        with pytest.raises(qda.CannotRead, match=r"without a name|leads out of the archive"):
            qda.read(given(zips.archive([Entry(b"project.qde", STUDY), Entry(name, TEXT)])))


# --- XML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("uri", ["a b", "urn:é", "urn:\U0010ffff"])
@pytest.mark.parametrize("xml", ['<x xmlns="{}"/>', '<x xmlns:i="{}" i:a="b"/>', '<Cases xmlns:i="{}"/>'])
def test_a_namespace_that_is_no_address_gets_the_same_sentence_from_reading_and_checking(given, uri, xml) -> None:
    path = given(project(xml.format(uri)), ".qde")
    for use in (qda.read, qda.check):
        with pytest.raises(qda.CannotRead, match=r"namespace that is no address|name that cannot be one") as raised:
            use(path)
        assert "\n" not in str(raised.value)


def test_namespaces_from_json_that_are_no_addresses_are_not_written(tmp_path: Path) -> None:
    odd = qda.model.Extensions(namespaces={"x": "a b", "y": "urn:y"}, attributes={"{c d}e": "f"})
    study = qda.Study(qda.Project(name="p", extensions=odd))
    for profile in ("standard", "same"):
        study.form = Form(namespace=NAMESPACE) if profile == "same" else None
        qda.write(study, tmp_path / "o.qdpx", profile, overwrite=True)
        with qda.read(tmp_path / "o.qdpx") as again:
            assert again.project.name == "p"


def test_a_form_with_a_namespace_that_is_no_address_is_refused(tmp_path: Path) -> None:
    study = qda.Study(qda.Project(name="p"), Files(), form=Form(namespace="a b"))
    with pytest.raises(qda.BadRequest):
        qda.write(study, tmp_path / "o.qdpx", "same")


def test_a_value_without_its_variable_stays_without(given) -> None:
    xml = project('<Cases><Case guid="1"><VariableValue><TextValue>t</TextValue></VariableValue></Case></Cases>')
    assert b"VariableRef" not in copied(given(package({"project.qde": xml})))


def test_a_pointer_to_a_blank_stays_where_it_was(given) -> None:
    xml = project('<Sets><Set guid="1" name="s"><MemberSource guid=" "/></Set></Sets>')
    assert b'<MemberSource guid=" "/>' in copied(given(package({"project.qde": xml})))


def test_a_text_in_a_hundred_thousand_pieces_costs_no_more_than_each(given) -> None:
    path = given(project(f"<Description>{'x<!-- -->' * 100_000}</Description>"), ".qde")
    began = time.process_time()
    with qda.read(path) as study:
        assert study.project.description == "x" * 100_000
    assert time.process_time() - began < 4


def test_comments_inside_a_text_come_back_in_their_places(given) -> None:
    xml = project("<Description>a<!-- 1 --><!-- 2 -->bc<!-- 3 --></Description><Cases/>")
    assert b"<Description>a<!-- 1 --><!-- 2 -->bc<!-- 3 --></Description>" in copied(given(xml, ".qde"))


def test_elements_of_very_many_names_are_not_told_one_by_one(given) -> None:
    path = given(project("".join(f"<a{index} b{index}=''/>" for index in range(3_000))), ".qde")
    with qda.read(path) as study:
        assert sum(finding.count for finding in study.findings) == 3_000
        assert len(study.findings) < 100
    began = time.process_time()
    found = qda.check(path)
    assert time.process_time() - began < 10
    assert any("more that has no place there than is told" in finding.message for finding in found)


# --- JSON, PDF -------------------------------------------------------------------------------------------------------


def test_somebody_else_s_json_is_not_decoded_to_be_refused(given) -> None:
    import tracemalloc

    path = given(b'{"format": "' + b"x" * 10_000_000 + b'"}', ".json")
    tracemalloc.start()
    try:
        with pytest.raises(qda.CannotRead, match="not a study"):
            qda.read(path)
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()


def test_a_pdf_that_leads_its_library_astray_does_not_hold_up_writing(tmp_path: Path, capfd) -> None:
    pytest.importorskip("pypdf")
    strange = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n3\n%%EOF\n"
    study = qda.Study(qda.Project(name="Leaflets", sources=[]))
    for number, content in enumerate((strange, pdf(["One"] * 30_000))):
        study.files.put(f"sources/{number}.pdf", content)
        area = PDFSelection(guid=f"{number}", page=0, first_x=10, first_y=700, second_x=90, second_y=742)
        study.project.sources.append(
            PDFSource(guid=f"0{number}", path=f"internal://{number}.pdf", pdf_selections=[area])
        )
    began = time.monotonic()
    told = qda.write(study, tmp_path / "top.qdpx", "qualcoder")
    assert time.monotonic() - began < 10
    assert [finding.count for finding in told if finding.code == "PDF-AREA-UNPLACED"] == [2]
    assert capfd.readouterr() == ("", "")
