"""`qdabridge demo`: a study to try things on, where somebody asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("name", ["study.qdpx", "study.JSON"])
def test_the_name_of_a_study_is_no_folder(name: str, tmp_path: Path, run: Any) -> None:
    result = run("demo", tmp_path / name)
    assert result.status == 2
    assert f"{name} is the name of a study; name a folder, such as study." in " ".join(result.err.split())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_there_may_be_called_so(tmp_path: Path, run: Any) -> None:
    (tmp_path / "study.qdpx").mkdir()
    assert run("demo", tmp_path / "study.qdpx").status == 0
    assert (tmp_path / "study.qdpx" / "demo.qdpx").is_file()
