"""Codebooks, cases and codings as other programs read them: every name and value is what it was."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

import qdabridge as qda
from interviews import NERYS, case, code, coded, study, text, value, variable
from qdabridge.formats.exports import write_cases, write_codebook, write_codings

HARD = ["007", "1-5", "2024-03-01", "Zoë Őry 😀", "1e5", "TRUE", "N/A", "=1+1", "- no", " two\nlines"]
CODES = [code(name) for name in HARD]
NUMBER = variable("No.")
TALK = text("01 talk", "".join(HARD), coded(0, 3, *CODES))
HEADINGS = {
    "plain": ["code", "name", "level", "description", "color", "sources", "references"],
    "nvivo": ["Folder", "Name", "Description", "Files", "References"],
    "maxqda": ["Code", "Memo"],
    "atlasti": ["Code", "Code Definition", "Code Group 1"],
}


def the_study() -> qda.Study:
    for each in CODES:
        each.description = each.name[::-1]
    cases = [case(name, value(NUMBER, text_value=name[::-1])) for name in HARD]
    cases[0].source_refs = (qda.model.SourceRef(target_guid=TALK.guid),)
    return study(TALK, codes=CODES, cases=cases, variables=[NUMBER], users=[NERYS])


def seen(name: str, layout: str) -> str:
    """What a name is in a layout: MAXQDA and its Excel sheet have names on one line."""
    return " ".join(name.split()) if layout == "maxqda" else name


# --- pandas ----------------------------------------------------------------------------------------------------------


def in_pandas(path: Path) -> list[list[str]]:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    if path.suffix == ".xlsx":
        found = pandas.read_excel(path, dtype=str, keep_default_na=False)
    else:
        found = pandas.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8", sep="\t" if path.suffix == ".txt" else ","
        )
    return [list(found.columns), *found.values.tolist()]


def unsafe(cell: str) -> str:
    """What a cell of a CSV says without the apostrophe that is told to stand before formulas."""
    return cell[1:] if cell.startswith(("'=", "'-")) else cell


@pytest.mark.parametrize("layout", HEADINGS)
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_pandas_has_every_code_and_description(tmp_path: Path, layout: str, ending: str) -> None:
    write_codebook(the_study(), tmp_path / f"book{ending}", layout=layout)
    headings, *rows = in_pandas(tmp_path / f"book{ending}")
    assert headings == HEADINGS[layout]
    name = {"nvivo": 1}.get(layout, 0)
    description = {"plain": 3, "nvivo": 2}.get(layout, 1)
    assert [unsafe(row[name]) for row in rows] == [seen(each, layout) for each in HARD]
    assert [unsafe(row[description]) for row in rows] == [each[::-1] for each in HARD]


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".txt"])
def test_pandas_has_every_case_and_value(tmp_path: Path, ending: str) -> None:
    write_cases(the_study(), tmp_path / f"cases{ending}", classification="Person")
    headings, *rows = in_pandas(tmp_path / f"cases{ending}")
    assert headings == ["Person", "No."]
    assert [[unsafe(cell) for cell in row] for row in rows] == [[each, each[::-1]] for each in HARD]


@pytest.mark.parametrize("presence", [False, True])
def test_pandas_counts_the_codings(tmp_path: Path, presence: bool) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    write_codings(the_study(), tmp_path / "codings.jsonl", presence=presence)
    found = pandas.read_json(tmp_path / "codings.jsonl", lines=True, dtype=False)
    if presence:
        # All are on one passage.
        assert found["codes"].tolist() == [len(HARD)]
        assert found[HARD].sum().tolist() == [1] * len(HARD)
    else:
        assert found["code"].tolist() == HARD
        assert found[["start", "end"]].drop_duplicates().values.tolist() == [[0, 3]]


# --- LibreOffice -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")
    # Comma, quotation mark, UTF-8; cells as they are shown.
    shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    return [found, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", shown]


def test_libreoffice_shows_every_name_and_value(tmp_path: Path, office: list[str]) -> None:
    written = the_study()
    paths = [tmp_path / f"{layout}.xlsx" for layout in HEADINGS]
    for path in paths:
        write_codebook(written, path, layout=path.stem)
    write_cases(written, tmp_path / "cases.xlsx", classification="Person")
    asked = [*office, "--outdir", str(tmp_path), *map(str, [*paths, tmp_path / "cases.xlsx"])]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)

    def shown(name: str) -> list[list[str]]:
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    for layout, headings in HEADINGS.items():
        first, *rows = shown(layout)
        name = {"nvivo": 1}.get(layout, 0)
        assert (first, [row[name] for row in rows]) == (headings, [seen(each, layout) for each in HARD])
    assert shown("cases") == [["Person", "No."], *([each, each[::-1]] for each in HARD)]
