"""Sources whose file is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.studies import ANA, CALL, LEAFLET, TEXT, found, project, study
from qdabridge.checks.rules.paths import missing
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.study import Study


def test_nothing_is_missing_from_a_sound_study() -> None:
    assert found(missing, study()) == []


def test_the_case_of_letters_and_the_scheme_do_not_matter() -> None:
    files = {f"Sources/{ANA.upper()}": TEXT.encode(), f"Sources/{LEAFLET.upper()}": b"%PDF", f"sources/{CALL}": b"RIFF"}
    changed = project()
    changed.sources[2].path = CALL
    assert found(missing, study(changed, files)) == []


def test_a_picture_or_pdf_or_recording_that_is_not_there_is_an_error() -> None:
    (finding,) = found(missing, study(files={f"sources/{ANA}": TEXT.encode(), f"sources/{CALL}": b"RIFF"}))
    assert (finding.code, finding.severity) == ("PATH-MISSING", "error")
    assert finding.message == "The file of a source is not there."
    assert finding.where == f"PDFSource “Leaflet”, internal://{LEAFLET}"


def test_a_text_that_is_not_there_is_an_error() -> None:
    (finding,) = found(missing, study(files={f"sources/{LEAFLET}": b"%PDF", f"sources/{CALL}": b"RIFF"}))
    assert (finding.severity, finding.where) == ("error", f"TextSource “Interview Ana”, internal://{ANA}")
    assert "cannot be read" in finding.message


def test_a_text_that_is_also_inside_the_project_is_only_a_warning() -> None:
    changed = project()
    changed.notes[0].plain_text_path = "internal://memo.txt"
    (finding,) = found(missing, study(changed))
    assert (finding.severity, finding.where) == ("warning", "Note “Memo”, internal://memo.txt")


@pytest.mark.parametrize(("with_text", "severity"), [(True, "warning"), (False, "error")])
def test_a_formatted_document_that_is_not_there_matters_more_without_its_plain_text(
    with_text: bool, severity: str
) -> None:
    changed = project()
    changed.sources[0].rich_text_path = "internal://ana.docx"
    if not with_text:
        changed.sources[0].plain_text_path = None
    (finding,) = found(missing, study(changed))
    assert (finding.severity, finding.where) == (severity, "TextSource “Interview Ana”, internal://ana.docx")
    assert ("its plain text is." in finding.message) == with_text


def test_the_text_of_a_transcript_is_looked_for_too() -> None:
    changed = project()
    changed.sources[2].transcripts[0].plain_text_path = "internal://call.txt"
    (finding,) = found(missing, study(changed))
    assert finding.where.endswith("in AudioSource “Call”, internal://call.txt")


@pytest.mark.parametrize("path", ["relative:///call.mp3", "absolute:///C:/films/call.mp3", "absolute://E:/call.mp3"])
def test_a_recording_outside_the_package_is_only_a_note(path: str) -> None:
    changed = project()
    changed.base_path = "D:/films"
    changed.sources[2].path = path
    (finding,) = found(missing, study(changed))
    assert (finding.code, finding.severity) == ("PATH-MISSING", "note")
    assert path in finding.where


def test_a_recording_in_the_media_folder_is_there(tmp_path: Path) -> None:
    (tmp_path / "call.mp3").write_bytes(b"ID3")
    changed = project()
    changed.sources[2].path = "relative:///call.mp3"
    files = Files({f"sources/{ANA}": TEXT.encode(), f"sources/{LEAFLET}": b"%PDF"}, media=tmp_path)
    assert found(missing, Study(changed, files)) == []


@pytest.mark.parametrize(("index", "field"), [(0, "plain_text_path"), (1, "path")])
def test_a_text_or_pdf_outside_the_package_is_a_warning_for_the_standard_allows_recordings_only(
    index: int, field: str
) -> None:
    changed = project()
    setattr(changed.sources[index], field, "absolute:///C:/somewhere/else")
    changed.sources[0].plain_text_selections = []
    (finding,) = found(missing, study(changed))
    assert finding.severity == "warning"
    assert "only recordings" in finding.message


def test_an_empty_path_is_told_as_such() -> None:
    changed = project()
    changed.sources[1].path = ""
    (finding,) = found(missing, study(changed))
    assert (finding.severity, finding.where) == ("error", "PDFSource “Leaflet”, an empty path")


@pytest.mark.parametrize(("form", "said"), [("qde", "not beside this .qde"), ("qdpx", "nothing but the project")])
def test_where_no_file_is_there_at_all_that_is_said_once(form: str, said: str) -> None:
    (finding,) = found(missing, Study(project(), Files(), form=Form(format=form)))
    assert said in finding.message
    assert (finding.code, finding.severity, finding.count) == ("PATH-MISSING", "error", 1)
    assert finding.where.startswith("3 files are named, such as that of ")


def test_what_is_kept_outside_is_noted_beside_a_folder_that_is_not_there() -> None:
    changed = project()
    changed.base_path = "D:/films"
    changed.sources[2].path = "relative:///call.mp3"
    told = found(missing, Study(changed, Files(), form=Form(format="qde")))
    assert sorted(finding.severity for finding in told) == ["error", "note"]


def test_one_file_that_is_there_has_the_others_named() -> None:
    files = Files({f"sources/{ANA}": TEXT.encode()})
    assert len(found(missing, Study(project(), files, form=Form(format="qde")))) == 2
