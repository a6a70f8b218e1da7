"""A whole file is checked: reading, schema and rules in one list."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import qdabridge as qda
from checks.studies import CALL, LEAFLET, TEXT, coding, guid, project, study
from qdabridge.checks import check
from qdabridge.checks.rules import form
from qdabridge.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
Packed = Callable[..., Path]


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """Writes the sound study, with something changed in its XML, and returns its path."""

    def write(*changes: tuple[str, str], name: str = "study.qdpx") -> Path:
        sound = tmp_path / "sound.qdpx"
        qda.write(study(), sound, overwrite=True)
        with zipfile.ZipFile(sound) as archive:
            entries = {entry: archive.read(entry) for entry in archive.namelist()}
        xml = entries["project.qde"].decode()
        for old, new in changes:
            assert old in xml, xml
            xml = xml.replace(old, new)
        path = tmp_path / name
        if path.suffix == ".qde":
            path.write_text(xml, encoding="utf-8")
            for entry, data in entries.items():
                if entry != "project.qde":
                    (tmp_path / entry).parent.mkdir(exist_ok=True)
                    (tmp_path / entry).write_bytes(data)
            return path
        with zipfile.ZipFile(path, "w") as archive:
            for entry, data in (entries | {"project.qde": xml.encode()}).items():
                archive.writestr(entry, data)
        return path

    return write


def codes_of(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("name", ["study.qdpx", "study.qde"])
def test_nothing_is_wrong_with_a_sound_study(packed: Packed, name: str) -> None:
    assert check(packed(name=name)) == []


def test_the_public_function_takes_a_path_as_text(packed: Packed) -> None:
    assert qda.check(str(packed())) == []


def test_schema_and_rules_are_told_together_errors_first(packed: Packed) -> None:
    findings = check(
        packed(
            (f'creatingUser="{guid(1)}"', f'creatingUser="{guid(0xDEAD)}"'),
            ('typeOfVariable="Integer"', 'typeOfVariable="Number"'),
            (f"internal://{CALL}", "relative:///call.wav"),
        )
    )
    assert {finding.code: finding.severity for finding in findings} == {
        "SCHEMA": "error",
        "USER-UNKNOWN": "warning",
        "PATH-BASE": "warning",
        "ENTRY-UNREFERENCED": "warning",
    }
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)


@pytest.mark.parametrize(
    ("inner", "name", "said"),
    [
        ("project.qde", "study.zip", "package does not end in .qdpx"),
        ("project.qde", "study.qdpx", ""),
        ("", "study.qdpx", "project's XML does not end in .qde"),
        ("", "study.qde", ""),
        ("codebook", "study.xml", "codebook does not end in .qdc"),
        ("codebook", "study.qdc", ""),
    ],
)
def test_what_a_file_holds_and_what_it_is_called_go_together(
    packed: Packed, tmp_path: Path, inner: str, name: str, said: str
) -> None:
    whole = packed()
    target = tmp_path / "named" / name
    target.parent.mkdir()
    if inner == "codebook":
        with qda.read(whole) as study:
            qda.write(study, tmp_path / "codes.qdc")
        target.write_bytes((tmp_path / "codes.qdc").read_bytes())
    elif inner:
        target.write_bytes(whole.read_bytes())
    else:
        with zipfile.ZipFile(whole) as archive:
            target.write_bytes(archive.read("project.qde"))
    told = [finding.message for finding in check(target) if finding.code == "QDE-NAME"]
    assert [said in message for message in told] == ([True] if said else [])


def test_a_study_in_json_is_not_held_against_the_name_of_the_package_that_it_was(
    packed: Packed, tmp_path: Path
) -> None:
    with qda.read(packed()) as study:
        qda.write(study, tmp_path / "study.json")
    assert check(tmp_path / "study.json") == []


def test_a_package_with_a_codebook_for_a_project_is_refused_by_programs(packed: Packed, tmp_path: Path) -> None:
    with qda.read(packed()) as study:
        qda.write(study, tmp_path / "codes.qdc")
    target = tmp_path / "codebook.qdpx"
    with zipfile.ZipFile(target, "w") as archive:
        archive.write(tmp_path / "codes.qdc", "project.qde")
    (finding,) = [finding for finding in check(target) if finding.severity == "error"]
    assert (finding.code, finding.where) == ("CODEBOOK-PACKED", "codebook.qdpx: project.qde")


def test_every_place_begins_with_the_name_of_the_file(packed: Packed) -> None:
    path = packed((f"internal://{LEAFLET}", "internal://flyer.pdf"), ('isCodable="true"', 'isCodable="yes"'))
    places = {finding.code: finding.where for finding in check(path)}
    assert places["PATH-MISSING"] == "study.qdpx: PDFSource “Leaflet”, internal://flyer.pdf"
    assert re.fullmatch(
        r"study\.qdpx: project\.qde: line \d+, /Project/CodeBook/Codes/Code\[1\] “Access”, isCodable=\"yes\"",
        places["SCHEMA"],
    )


def test_what_is_so_in_many_places_is_one_finding_with_a_count(tmp_path: Path) -> None:
    many = project()
    many.sources[0].codings = tuple(coding(1000 + number, 0xDEAD) for number in range(5000))
    qda.write(study(many), tmp_path / "many.qdpx")
    (finding,) = check(tmp_path / "many.qdpx")
    assert (finding.code, finding.count) == ("REF-DANGLING", 5000)
    assert finding.where.startswith(f"many.qdpx: Coding {guid(1000)} in TextSource “Interview Ana”")
    assert finding.places == tuple(
        f"many.qdpx: Coding {guid(number)} in TextSource “Interview Ana”, CodeRef {guid(0xDEAD)}"
        for number in (1000, 1001, 1002)
    )


def test_faults_of_one_kind_in_the_xml_are_one_finding_with_a_count(packed: Packed) -> None:
    (finding,) = [found for found in check(packed(('isCodable="true"', 'isCodable="yes"'))) if found.code == "SCHEMA"]
    assert finding.count == 2
    assert 'isCodable="yes"' in finding.where


def test_the_reader_does_not_say_again_what_the_schema_says(packed: Packed) -> None:
    path = packed(("urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:10"), (' isCodable="true"', ""))
    findings = check(path)
    assert codes_of(findings) == ["NS-VERSION", "SCHEMA"]
    assert findings[0].severity == "error"


def test_what_was_mended_while_reading_is_told(packed: Packed) -> None:
    """An element that nobody knows is wrong by the schema, and it is worth knowing what becomes of it."""
    findings = check(packed(("<Notes>", "<Notes><Memo/>")))
    assert {"SCHEMA", "UNKNOWN-NODE"} <= set(codes_of(findings))


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b'<?xml version="1.0" encoding="UTF-8"?><Project', False),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' standalone='yes'?><Project", False),
        (b'<Project name="A"', False),
        (b'<?xml version="1.0"?><Project encoding="latin-1"', False),
        (b'<?xml version="1.0" encoding="windows-1252"?><Project', True),
        ('<?xml version="1.0"?>'.encode("utf-16"), True),
        ('<?xml version="1.0"?>'.encode("utf-16-be"), True),
    ],
)
def test_the_encoding_of_the_xml_is_told_by_its_beginning(head: bytes, found: bool) -> None:
    assert codes_of(list(form.encoding(head, "project.qde"))) == (["XML-ENCODING"] if found else [])


def test_a_codebook_is_checked_by_its_own_schema(tmp_path: Path) -> None:
    path = tmp_path / "codes.qdc"
    qda.write(study(), path)
    assert check(path) == []
    path.write_text(path.read_text(encoding="utf-8").replace('isCodable="true"', 'isCodable="maybe"'), encoding="utf-8")
    assert set(codes_of(check(path))) == {"SCHEMA"}


def test_a_study_in_json_is_checked_as_it_would_be_written(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    qda.write(study(), path)
    assert check(path) == []
    told = path.read_text(encoding="utf-8")
    assert '"typeOfVariable":' in told
    path.write_text(re.sub(r'("typeOfVariable": ?)"Integer"', r'\1"Number"', told), encoding="utf-8")
    (finding,) = check(path)
    assert finding.code == "SCHEMA"
    assert finding.where == 'study.json: /Project/Variables/Variable[1] “Age”, typeOfVariable="Number"'


def test_rules_apply_to_a_study_in_json(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    changed = project()
    changed.sources[0].plain_text_selections[0].end_position = len(TEXT) + 1
    qda.write(study(changed), path)
    (finding,) = check(path)
    assert (finding.code, finding.severity) == ("POS-RANGE", "error")
    assert finding.where.startswith("study.json: ")


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04broken", b"<html/>", b"<Project"])
def test_what_cannot_be_read_at_all_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(content)
    with pytest.raises(qda.CannotRead, match="study"):
        check(path)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(qda.NotFound):
        check(tmp_path / "study.qdpx")


def test_the_file_is_closed_afterwards(packed: Packed) -> None:
    code = f"import qdabridge, warnings; warnings.simplefilter('error'); qdabridge.check({str(packed())!r})"
    ended = subprocess.run([sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr == ""


def test_a_valid_study_is_checked_without_the_library_for_explanations(packed: Packed) -> None:
    code = f"import sys, qdabridge; qdabridge.check({str(packed())!r}); print('xmlschema' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


# ---- Documented and real -----------------------------------------------------------------------------------


def test_a_project_that_nvivo_wrote_has_no_errors(nvivo_sample: Path) -> None:
    assert [finding for finding in check(nvivo_sample) if finding.severity != "note"] == []


@pytest.mark.parametrize("example", ["annex-a1-codebook.qdc", "annex-a2-simple.qde"])
def test_the_valid_examples_of_the_standard_lack_nothing_but_their_files(shared: Path, example: str) -> None:
    """And the simple project says in its basePath whose computer it comes from."""
    assert set(codes_of(check(shared / "reference" / "standard" / example))) <= {"PATH-MISSING", "PATH-PRIVATE"}


def test_the_complex_example_of_the_standard_is_of_an_older_version_and_turns_regions_round(shared: Path) -> None:
    found = set(codes_of(check(shared / "reference" / "standard" / "annex-a3-complex.qde")))
    assert found >= {"NS-VERSION", "SCHEMA", "PATH-MISSING", "RECT-SWAP"}
    assert found <= {"NS-VERSION", "SCHEMA", "PATH-MISSING", "RECT-SWAP", "UNKNOWN-NODE", "REF-ATTR", "ORDER"}


def test_nothing_is_wrong_with_the_demo_study() -> None:
    assert check(ROOT / "fixtures" / "demo" / "demo.qdpx") == []


def test_the_invalid_example_of_the_standard_has_errors(shared: Path) -> None:
    findings = check(shared / "reference" / "standard" / "annex-a3-complex.qde")
    assert {"NS-VERSION", "SCHEMA"} <= {finding.code for finding in findings if finding.severity == "error"}
    assert codes_of(findings).count("NS-VERSION") == 1


@pytest.mark.parametrize("name", ["matrix.csv", "readme.txt", "matrix.xlsx"])
def test_a_table_is_no_study_to_be_checked(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("participant,Access\nAna,“I waited.”\n", encoding="utf-8")
    with pytest.raises(qda.CannotRead, match="taken for a table"):
        qda.check(tmp_path / name)
