"""How the study says where its files are."""

from __future__ import annotations

import pytest

from checks.studies import CALL, found, project, study
from qdabridge.checks.rules.places import misspelled


def codes_with(path: str, base: str | None = None, attribute: str = "path") -> list[str]:
    changed = project()
    changed.base_path = base
    setattr(changed.sources[2], attribute, path)
    return [finding.code for finding in found(misspelled, study(changed))]


@pytest.mark.parametrize(
    ("path", "base", "codes"),
    [
        ("internal://call.mp3", None, []),
        ("INTERNAL:///call.mp3", None, []),
        ("call.mp3", None, ["PATH-SCHEME"]),
        ("internal:\\\\call.mp3", None, ["PATH-BACKSLASH"]),
        ("relative:///call.mp3", None, ["PATH-BASE"]),
        ("relative:///call.mp3", "", ["PATH-BASE"]),
        ("relative:///call.mp3", "D:/films", []),
        ("absolute:///D:/films/call.mp3", None, []),
        ("absolute:///D:\\films\\call.mp3", None, ["PATH-BACKSLASH"]),
        (f"internal://sources/{CALL}", None, ["PATH-SCHEME"]),
        ("internal://sources/gone.wav", None, []),
        ("relative:///call.mp3", "D:\\films", ["PATH-BACKSLASH"]),
        ("internal://call.mp3", "D:\\films", []),
    ],
)
def test_a_path_is_read_as_the_standard_has_it(path: str, base: str | None, codes: list[str]) -> None:
    assert codes_with(path, base) == codes


@pytest.mark.parametrize(
    "path",
    [
        "absolute:///C:/Users/mair.example/Documents/call.mp3",
        "absolute://C:\\Users\\mair.example\\call.mp3",
        "absolute:///Users/mair.example/call.mp3",
        "file:///home/mair.example/call.mp3",
        "C:/Documents and Settings/Mair Example/call.mp3",
        "absolute:////fileserver/home/mair.example/call.mp3",
        "absolute:////fileserver/share/home/mair.example/call.mp3",
        "absolute:////wsl$/Ubuntu/home/mair.example/call.mp3",
        "absolute:///srv/users/mair.example/call.mp3",
        "absolute:///export/home/mair.example/call.mp3",
        "absolute:///Volumes/Disk/home/mair.example/call.mp3",
        "/root/call.mp3",
        "relative:///../../Users/mair/call.mp3",
    ],
)
def test_a_home_folder_gives_somebody_away(path: str) -> None:
    assert codes_with(path, attribute="current_path") == ["PATH-PRIVATE"]


@pytest.mark.parametrize(
    "path",
    [
        "absolute:///C:/Users/Public/call.mp3",
        "absolute:///Users/Shared/call.mp3",
        "absolute:///srv/users/shared/call.mp3",
        "absolute:///D:/studies/users.mp3",
        "absolute:///D:/Care/Home/interviews/call.mp3",
        "absolute:///data/care at/home/call.mp3",
        "absolute:///D:/End users/call.mp3",
        "relative:///home/mair/call.mp3",
        "internal://call.mp3",
    ],
)
def test_other_folders_do_not(path: str) -> None:
    assert codes_with(path, attribute="current_path") == []


def test_the_base_path_of_a_project_is_looked_at() -> None:
    changed = project()
    changed.base_path = "/Users/mair.example/Films"
    (finding,) = found(misspelled, study(changed))
    assert finding.where == "Project “Waiting for care”, basePath /Users/mair.example/Films"


def test_a_recording_without_a_path_is_an_error() -> None:
    changed = project()
    changed.sources[2].path = None
    (finding,) = found(misspelled, study(changed))
    assert (finding.code, finding.severity, finding.where) == ("PATH-ABSENT", "error", "AudioSource “Call”")
