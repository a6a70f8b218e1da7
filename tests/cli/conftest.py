"""A small study on disk, the hostile files, and the command line as the tests call it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from qdabridge.cli import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = "I waited 😀 four hours.\nThen Dr Őry saw me.\n"
PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Waiting for care" origin="a small test">
<Users><User guid="11111111-1111-4111-8111-111111111111" name="Ana"/></Users>
<CodeBook><Codes>
  <Code guid="22222222-2222-4222-8222-222222222222" name="Access" isCodable="true">
    <Code guid="33333333-3333-4333-8333-333333333333" name="Waiting times" isCodable="true"/>
  </Code>
</Codes></CodeBook>
<Cases><Case guid="44444444-4444-4444-8444-444444444444" name="Bea">
  <SourceRef targetGUID="55555555-5555-4555-8555-555555555555"/>
</Case></Cases>
<Sources>
  <TextSource guid="55555555-5555-4555-8555-555555555555" name="Bea, first talk"
    plainTextPath="internal://88888888-8888-4888-8888-888888888888.txt">
    <PlainTextSelection guid="66666666-6666-4666-8666-666666666666" startPosition="9" endPosition="21">
      <Coding guid="77777777-7777-4777-8777-777777777777">
        <CodeRef targetGUID="33333333-3333-4333-8333-333333333333"/>
      </Coding>
    </PlainTextSelection>
  </TextSource>
</Sources>
</Project>
"""


@dataclass(frozen=True)
class Ended:
    """How a run of the command line ended."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What was said to standard error, when that is one line from us and no traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("qdabridge: ")
        assert "Traceback" not in self.err
        return lines[0].removeprefix("qdabridge: ")


Run = Callable[..., Ended]


def _hostile() -> ModuleType:
    """The script that makes the hostile files, which is no part of the installed package."""
    spec = importlib.util.spec_from_file_location("hostile_files", ROOT / "fixtures/hostile/make.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOSTILE = _hostile()


@pytest.fixture
def hostile() -> ModuleType:
    return HOSTILE


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line as ``run("info", path)``, nobody being at the keyboard."""

    def call(*words: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main.main([str(word) for word in words], prog_name="qdabridge")
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, said.out, said.err)

    return call


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """One talk with one coded passage behind an emoji, one case, two codes."""
    path = tmp_path / "study.qdpx"
    path.write_bytes(
        HOSTILE.package(
            {"project.qde": PROJECT.encode(), "sources/88888888-8888-4888-8888-888888888888.txt": TEXT.encode()}
        )
    )
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The same study with a coding that names a code which is not there."""
    path = tmp_path / "broken.qdpx"
    wrong = PROJECT.replace('<CodeRef targetGUID="33333333', '<CodeRef targetGUID="99999999')
    path.write_bytes(
        HOSTILE.package(
            {"project.qde": wrong.encode(), "sources/88888888-8888-4888-8888-888888888888.txt": TEXT.encode()}
        )
    )
    return path
