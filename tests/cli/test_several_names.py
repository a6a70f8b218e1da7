"""Names are given as people write them."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qdabridge.cli.several_names import SeveralNames


@click.command()
@click.argument("files", nargs=-1)
@click.option("--coders", "-c", cls=SeveralNames, multiple=True)
@click.option("--unit", default="characters")
def told(files: tuple[str, ...], coders: tuple[str, ...], unit: str) -> None:
    click.echo(f"{files} {coders} {unit}")


@pytest.mark.parametrize(
    "words",
    [
        ["study.qdpx", "--coders", "NS", "MP"],
        ["--coders", "NS", "MP", "study.qdpx"],
        ["study.qdpx", "--coders", "NS", "--coders", "MP"],
        ["-c", "NS", "study.qdpx", "-c", "MP"],
        ["study.qdpx", "--coders=NS", "MP"],
        ["study.qdpx", "-cNS", "MP", "--unit", "characters"],
    ],
)
def test_names_may_follow_one_option_or_have_one_each(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("study.qdpx").touch()
    assert CliRunner().invoke(told, words).output == "('study.qdpx',) ('NS', 'MP') characters\n"
