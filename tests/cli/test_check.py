"""`qdabridge check` says what is wrong, and its exit status says whether anything is."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def test_a_sound_study_ends_with_0(run: Any, study: Path) -> None:
    ended = run("check", study)
    assert ended.status == 0
    assert str(study) in ended.out
    assert ended.err == ""


def test_errors_end_with_1_and_are_told(run: Any, broken: Path) -> None:
    ended = run("check", broken)
    assert ended.status == 1
    assert "1 error" in ended.out
    assert "what, where, what to do" in ended.out
    assert ended.err == ""


def test_a_file_that_cannot_be_read_ends_with_3(run: Any, tmp_path: Path) -> None:
    ended = run("check", tmp_path / "missing.qdpx")
    assert ended.status == 3
    assert "missing.qdpx" in ended.sentence


def test_an_unreadable_file_does_not_keep_the_others_from_being_checked(run: Any, study: Path, broken: Path) -> None:
    ended = run("check", study.parent / "missing.qdpx", study, broken)
    assert ended.status == 3
    assert "missing.qdpx" in ended.sentence
    assert str(study) in ended.out
    assert str(broken) in ended.out


def test_json_lists_all_findings_with_their_files(run: Any, study: Path, broken: Path) -> None:
    ended = run("check", "--json", study, broken, study.parent / "missing.qdpx")
    told = json.loads(ended.out)
    assert ended.status == 3
    assert [file["read"] for file in told["files"]] == [True, True, False]
    assert "missing.qdpx" in told["files"][2]["reason"]
    assert told["totals"]["error"] >= 1
    errors = [finding for finding in told["findings"] if finding["severity"] == "error"]
    assert {finding["file"] for finding in errors} == {str(broken)}
    assert set(errors[0]) == {"file", "code", "severity", "message", "where", "hint", "kind", "count", "places"}


def test_json_of_a_sound_study_says_so(run: Any, study: Path) -> None:
    ended = run("check", "--json", study)
    assert ended.status == 0
    assert json.loads(ended.out)["totals"]["error"] == 0


def test_a_finding_cannot_steer_the_terminal(run: Any, broken: Path, hostile: ModuleType) -> None:
    broken.write_bytes(hostile.names_that_steer_a_terminal())
    ended = run("check", broken)
    assert not {"\x9b", "\u202e", "\u2028", "\x1b"} & set(ended.out)


def test_what_has_one_code_stands_together_with_its_first_places(run: Any, broken: Path, study: Path) -> None:
    with zipfile.ZipFile(study) as archive:
        xml = archive.read("project.qde").decode()
        text = archive.read("sources/88888888-8888-4888-8888-888888888888.txt")
    coding = xml[xml.index("<Coding") : xml.index("</Coding>") + len("</Coding>")]
    wrong = [
        coding.replace("77777777-7", f"7777777{number}-7").replace('"3333', f'"999{number}') for number in range(5)
    ]
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("project.qde", xml.replace(coding, "".join(wrong)))
        archive.writestr("sources/88888888-8888-4888-8888-888888888888.txt", text)
    ended = run("check", broken)
    lines = [line.split() for line in ended.out.splitlines()]
    assert sum("REF-DANGLING" in line for line in lines) == 1
    assert [line[0] for line in lines if line and line[0] in ("where:", "and:", "and")] == [
        "where:",
        "and:",
        "and:",
        "and",
    ]
    assert "and 2 more" in ended.out
    assert ended.out.count("broken.qdpx") == 1, "the name of the file stands above and need not be repeated"


def test_many_messages_of_one_code_are_counted_and_not_shown(run: Any, broken: Path, study: Path) -> None:
    with zipfile.ZipFile(study) as archive:
        xml = archive.read("project.qde").decode()
    strangers = "".join(f' stranger{number}="1"' for number in range(9))
    broken.with_suffix(".qde").write_text(xml.replace('name="Bea"', f'name="Bea"{strangers}'), encoding="utf-8")
    ended = run("check", broken.with_suffix(".qde"))
    assert "… and 4 more messages of SCHEMA; --json lists them all." in ended.out
    assert "stranger4" in ended.out
    assert "stranger5" not in ended.out.partition("UNKNOWN-NODE")[0]


def test_a_folder_stands_for_the_studies_in_it(run: Any, study: Path, broken: Path) -> None:
    inside = study.parent / "later"
    inside.mkdir()
    broken.rename(inside / "broken.qdpx")
    (study.parent / "settings.json").write_text("{}")
    ended = run("check", study.parent)
    assert ended.status == 1
    assert ended.err == ""
    assert f"{study}: nothing is wrong" in ended.out
    assert f"{inside / 'broken.qdpx'}: 1 error" in ended.out
    assert "2 checked: 1 without errors, 1 with errors" in ended.out


def test_a_folder_without_studies_ends_with_3(run: Any, tmp_path: Path) -> None:
    ended = run("check", tmp_path)
    assert ended.status == 3
    assert "There is no study in this folder." in ended.sentence


def test_totals_of_many_files_say_in_how_many_each_code_was_found(run: Any, study: Path, broken: Path) -> None:
    copy = broken.with_name("copy.qdpx")
    copy.write_bytes(broken.read_bytes())
    ended = run("check", study, broken, copy, study.with_name("missing.qdpx"))
    assert ended.status == 3
    assert "4 checked: 1 without errors, 2 with errors, 1 not read" in ended.out
    (total,) = [line.split() for line in ended.out.partition("4 checked")[2].splitlines() if "REF-DANGLING" in line]
    assert total == ["error", "REF-DANGLING", "2", "2"]
    assert ended.out.splitlines()[-1] == "2 errors"


def test_sarif_goes_to_a_file_beside_the_table(run: Any, study: Path, broken: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.sarif"
    report.write_text("an older one")
    ended = run("check", study, broken, "--sarif", report)
    assert ended.status == 1
    assert "what, where, what to do" in ended.out
    log = json.loads(report.read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["REF-DANGLING"]


def test_sarif_alone_is_printed_for_the_next_program(run: Any, broken: Path) -> None:
    ended = run("check", broken, "--sarif", "-")
    assert ended.status == 1
    assert json.loads(ended.out)["version"] == "2.1.0"


def test_sarif_and_json_cannot_both_be_printed(run: Any, study: Path) -> None:
    ended = run("check", study, "--json", "--sarif", "-")
    assert ended.status == 2
    assert ended.out == ""


def test_a_report_that_cannot_be_written_ends_with_4(run: Any, study: Path, tmp_path: Path) -> None:
    ended = run("check", study, "--sarif", tmp_path / "nowhere" / "report.sarif")
    assert ended.status == 4
    assert "nowhere" in ended.sentence


def test_progress_is_seen_on_a_terminal_and_what_is_told_stays_in_the_pipe(
    run: Any, study: Path, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    ended = run("check", study, broken)
    assert "2/2" in terminal.getvalue()
    assert "nothing is wrong" not in terminal.getvalue()
    assert "2 checked" in ended.out


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_checked(run: Any, study: Path) -> None:
    ended = run("check", study, "--sarif", study.parent / "nowhere" / "report.sarif")
    assert (ended.status, ended.out) == (4, "")
    assert "does not exist" in ended.sentence
