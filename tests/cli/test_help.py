"""The help teaches, costs nothing, and says the same everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

import qdabridge
from qdabridge.cli import COMMANDS, main
from qdabridge.cli.endings import NOBODY_READS, OUR_FAULT, STOPPED

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"lxml", "xmlschema", "openpyxl", "rich", "msgspec", "zipfile", "json", "importlib.metadata", "asyncio"}
SHOW_HELP_THEN_MODULES = """
import sys
from qdabridge.cli import main
try:
    main(["--help"], prog_name="qdabridge")
except SystemExit:
    print("MODULES", *sys.modules)
"""


def command(name: str) -> click.Command:
    found = getattr(import_module(f"qdabridge.cli.{name}"), name)
    assert isinstance(found, click.Command)
    return found


def test_help_imports_nothing_heavy_and_no_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_HELP_THEN_MODULES], capture_output=True, text=True, check=True
    ).stdout
    help_text, _, modules = shown.partition("MODULES ")
    imported = set(modules.split())
    assert "Commands:" in help_text
    assert "click" in imported
    assert not HEAVY & {*imported, *(name.partition(".")[0] for name in imported)}
    assert not {f"qdabridge.cli.{name}" for name in COMMANDS} & imported


def test_help_lists_every_command_with_what_it_is_for(run: Any) -> None:
    ended = run("--help")
    assert ended.status == 0
    for name, purpose in COMMANDS.items():
        assert f"  {name} " in ended.out
        assert purpose in " ".join(ended.out.split())


def test_every_file_of_a_command_is_in_the_list() -> None:
    defined = {
        file.stem
        for file in (ROOT / "src/qdabridge/cli").glob("*.py")
        if "@click.command(" in file.read_text(encoding="utf-8")
    }
    assert defined == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    assert command(name).get_short_help_str(limit=200) == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_with_an_example(run: Any, name: str) -> None:
    ended = run(name, "--help")
    assert ended.status == 0
    assert "Example" in ended.out
    assert f"qdabridge {name}" in ended.out.partition("Example")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    for option in command(name).params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name}"


def test_the_statuses_that_help_names_are_those_that_are_used(run: Any) -> None:
    text = " ".join(run("--help").out.split())
    statuses = {0, 1, qdabridge.CannotRead.exit_status, qdabridge.CannotWrite.exit_status, OUR_FAULT, STOPPED}
    statuses |= {qdabridge.BadRequest.exit_status}
    for status in statuses:
        assert f" {status} " in text.partition("Exit status:")[2]
    assert NOBODY_READS not in statuses  # a pipe that is closed is no business of a person's


def test_version_is_that_of_the_package(run: Any) -> None:
    ended = run("--version")
    assert (ended.status, ended.out) == (0, f"qdabridge {qdabridge.__version__}\n")


def test_an_unknown_command_is_a_matter_of_usage(run: Any) -> None:
    ended = run("transmogrify")
    assert ended.status == 2
    assert "transmogrify" in ended.err


@pytest.mark.parametrize(
    "words", [("info",), ("check",), ("convert", "only-one.qdpx"), ("matrix",), ("info", "--nope")]
)
def test_words_that_do_not_fit_end_with_2(run: Any, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.status == 2
    assert ended.out == ""
    assert "Usage: qdabridge" in ended.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(run: Any, shell: str) -> None:
    ended = run("completion", shell)
    assert ended.status == 0
    assert "_QDABRIDGE_COMPLETE" in ended.out
    assert "qdabridge" in ended.out


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_takes_the_script_though_nobody_began_completing(run: Any, tmp_path: Path) -> None:
    (tmp_path / ".zshrc").write_text(run("completion", "zsh").out, encoding="utf-8")
    words = ["zsh", "-ic", "echo ${_comps[qdabridge]}"]
    environment = {**os.environ, "HOME": str(tmp_path), "ZDOTDIR": str(tmp_path)}
    ended = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    assert "_qdabridge_completion" in ended.stdout
    assert "compdef" not in ended.stderr


def test_completion_knows_commands_and_options() -> None:
    from click.shell_completion import ShellComplete

    complete = ShellComplete(main, {}, "qdabridge", "_QDABRIDGE_COMPLETE")
    commands = {"cases", "chart", "check", "codebook", "codings", "compare", "completion", "convert"}
    assert {item.value for item in complete.get_completions([], "c")} == commands
    assert "--quotes" in {item.value for item in complete.get_completions(["convert"], "--")}


def test_the_page_of_commands_names_every_command_and_option() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        _, _, section = page.partition(f"\n## {name}\n")
        section = section.partition("\n## ")[0]
        assert section, f"docs/commands.md has no section “{name}”"
        for option in command(name).params:
            if isinstance(option, click.Option):
                assert f"`{option.opts[-1]}" in section, f"docs/commands.md does not tell of {name} {option.opts[-1]}"


def test_the_shell_completes_the_profiles() -> None:
    from click.shell_completion import BashComplete

    words = ["convert", "a.qdpx", "b.qdpx", "--for"]
    complete = BashComplete(main, {}, "qdabridge", "_QDABRIDGE_COMPLETE")
    assert [item.value for item in complete.get_completions(words, "n")] == ["nvivo", "nvivo-mac"]
