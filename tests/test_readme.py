"""Everything that the README shows is run here, on the demo study: its Python, its commands, and what they print."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qdabridge.shipped import shipped

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QDABRIDGE = [sys.executable, "-c", "from qdabridge.cli import main; main(prog_name='qdabridge')"]


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo study under the names that the README uses."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "study.qdpx").write_bytes(shipped("demo.qdpx").read_bytes())
    return folder


def run(line: str, folder: Path) -> str:
    """Run a line of the README that begins with qdabridge, without what the shell would do with its output."""
    words = shlex.split(line, comments=True)
    for sign in (">>", ">", "|"):
        if sign in words:
            words = words[: words.index(sign)]
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    ended = subprocess.run(
        [*QDABRIDGE, *words[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, f"{line}\n{ended.stderr}"
    assert ended.stderr == ""
    return ended.stdout


def test_the_readme_shows_the_two_commands_and_the_three() -> None:
    shown = "".join(blocks("sh"))
    for command in ("make demo", "make test", "pip install", "qdabridge info", "qdabridge matrix", "qdabridge convert"):
        assert command in shown


def test_every_command_line_runs(folder: Path) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("qdabridge ")]
    assert len(lines) >= 5
    for line in lines:
        run(line, folder)


def test_every_make_target_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)$", "".join(blocks("sh")), re.MULTILINE)
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_what_commands_print_is_what_the_readme_shows(folder: Path) -> None:
    shutil.rmtree(folder / "qdabridge-demo", ignore_errors=True)
    shown = [line for block in blocks("console") for line in block.splitlines()]
    printed: list[str] = []
    for line in shown:
        if line.startswith("$ "):
            printed += [line, *run(line.removeprefix("$ "), folder).splitlines()]
    assert printed == shown


def test_the_python_does_what_the_readme_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks("python")), {}, "README.md", "README.md", 0)
    assert len(examples.examples) >= 5
    said: list[str] = []
    failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=said.append)
    assert failed.failed == 0, "".join(said)


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")),
    ],
)
def test_every_link_in_the_documentation_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)", text):
        if not link.startswith("https://"):
            assert (ROOT / page).parent.joinpath(link).resolve().exists(), f"{page}: {link}"


def test_the_index_of_the_documentation_has_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "index.md" or f"]({page.name})" in index, page.name
