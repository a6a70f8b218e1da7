"""The demo study goes out as a table of codings and comes in again from it with every quote in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qdabridge as qda
from conftest import ROOT
from qdabridge.formats.exports import write_codings
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import TextSource

DEMO = ROOT / "fixtures/demo/demo.qdpx"


@pytest.fixture(scope="module")
def demo() -> Iterator[qda.Study]:
    with qda.read(DEMO) as study:
        yield study


@pytest.fixture(scope="module")
def texts(demo: qda.Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    for source in demo.project.sources or ():
        if isinstance(source, TextSource):
            (folder / f"{source.name}.txt").write_bytes((demo.text_of(source) or "").encode())
    return folder


def quotes(of: qda.Study) -> set[tuple[object, ...]]:
    look = Lookup(of)
    return {
        (
            each.source.name,
            look.span_of(each),
            look.text_of(each),
            look.path_of(each.code),
            each.user and each.user.name,
        )
        for each in look.references()
        if isinstance(each.source, TextSource) and each.selection is not None and not look.is_case(each.code)
    }


def values(of: qda.Study) -> dict[str | None, dict[str, object]]:
    look = Lookup(of)
    names = {variable.guid: variable.name for variable in look.variables}
    return {
        case.name: {names[guid]: found[0] for guid, found in look.values_of(case).items() if found}
        for case in look.cases
    }


def of_cases(of: qda.Study) -> dict[str | None, set[tuple[object, ...]]]:
    """What belongs to each case, in the texts that are at hand."""
    look = Lookup(of)
    return {
        case.name: {
            (each.source.name, look.span_of(each), look.path_of(each.code))
            for each in look.references_of(case)
            if isinstance(each.source, TextSource) and each.selection is not None and is_interview(each.source)
        }
        for case in look.cases
    }


def is_interview(source: TextSource) -> bool:
    return (source.name or "")[:2].isdecimal()


@pytest.mark.parametrize("presence", [False, True])
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
def test_every_quote_value_and_case_comes_back(
    demo: qda.Study, texts: Path, tmp_path: Path, ending: str, presence: bool
) -> None:
    path = tmp_path / f"codings{ending}"
    write_codings(demo, path, presence=presence)
    with qda.read(path, sources=texts) as again:
        assert quotes(demo) <= quotes(again)
        # What is more are quotes of a PDF and of a transcript, whose texts are not at hand.
        assert {one for one in quotes(again) if (texts / f"{one[0]}.txt").is_file()} == quotes(demo)
        assert values(again) == values(demo)
        # Half of a passage of Tel's belongs to Agnieszka. The table says of all of it that it does, and so does then
        # what overlaps the other half.
        more = {
            name: said - of_cases(demo)[name] for name, said in of_cases(again).items() if said != of_cases(demo)[name]
        }
        assert {name: {at[:2] for at in said} for name, said in more.items()} == {
            "Agnieszka": {("02 Tel", (3720, 3755))}
        }
        assert any("qdabridge table of codings" in each.message for each in again.findings)
