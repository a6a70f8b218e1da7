"""A study of three interviews goes out as each table that is written, and comes in again from it.

Quotes are at the same positions, codes, cases and values the same; what a table cannot carry is among the findings.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import qdabridge as qda
from interviews import MIREILLE, NERYS, case, code, coded, guid, study, text, value, variable
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.formats.exports import write_cases, write_codebook, write_codings
from qdabridge.formats.spreadsheet.charting_back import chart as chart_workbook
from qdabridge.formats.spreadsheet.matrix_workbook import write_matrix
from qdabridge.matrix import framework_matrix
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code, CodeRef, Set, same_guid
from qdabridge.study.passages import Codable
from qdabridge.study.summaries import summaries_of
from qdabridge.study.summary_writing import chart

NUMBER, SIZE, AGE = variable("Number"), variable("Group size"), variable("Age", "Integer")
MET, AGAIN, SHARE = variable("Met on", "Date"), variable("Would come again", "Boolean"), variable("Share", "Float")
VARIABLES = (NUMBER, SIZE, AGE, MET, AGAIN, SHARE)

WAITING, COSTS = code("Waiting, and how long"), code("Costs", color="#1B6CA8")
OWN_COSTS = Code(guid=guid("other costs"), name="Costs", description="What they pay.")
ACCESS = code("Access", WAITING, COSTS, color="#AA3311", codable=False)
TRUST = code("Trust 😀", OWN_COSTS)
ACCESS.description = "Getting in.\nAnd staying."
UNUSED = code("-1 not used")
CODES = (ACCESS, TRUST, UNUSED)

ANA = text(
    "01 Ana", "I waited 😀 long. Yes.\nThen I paid. Yes.\nNo!",
    coded(2, 15, WAITING, name="a1"), coded(18, 22, TRUST, name="a2"), coded(36, 40, COSTS, by=MIREILLE, name="a3"),
)  # fmt: skip
BEA = text(
    "02 Bea", "“It’s – well – dear,” she said.\r\nIt cost a fortune.",
    coded(0, 21, OWN_COSTS, COSTS, name="b1"), coded(33, 51, COSTS, name="b2"),
)  # fmt: skip
CAI = text(
    "03 Cai", "=1+1 is what it says.\nI trust them.", coded(0, 21, TRUST, name="c1"), coded(24, 34, TRUST, name="c2")
)
INTERVIEWS = (ANA, BEA, CAI)


def the_study() -> qda.Study:
    cases = [
        case("Ana", ANA, value(NUMBER, text_value="007"), value(SIZE, text_value="1-5"), value(AGE, integer_value=34),
             value(MET, date_value="2024-03-01"), value(AGAIN, boolean_value=True), value(SHARE, float_value="0.5")),
        case("Zoë Őry", BEA, value(NUMBER, text_value="010"), value(AGE, integer_value=61),
             value(AGAIN, boolean_value=False)),
        case("Dee", value(AGE, integer_value=50)),
        case("Cai", CAI, value(NUMBER, text_value="=1+1"), value(SIZE, text_value="2024-03-01 😀"),
             value(MET, date_value="2023-12-31"), value(SHARE, float_value="12.25")),
    ]  # fmt: skip
    groups = [Set(guid=guid("paper"), name="Paper, first", member_codes=(CodeRef(target_guid=COSTS.guid),))]
    return study(*INTERVIEWS, codes=CODES, cases=cases, variables=VARIABLES, sets=groups)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for each in INTERVIEWS:
        (folder / f"{each.name}.txt").write_bytes((each.plain_text_content or "").encode())
    return folder


@contextmanager
def again(path: Path, texts: Path | None = None) -> Iterator[qda.Study]:
    """The study that a table gives; nothing is wrong in it."""
    with qda.read(path, sources=texts) if texts is not None else qda.read(path) as found:
        qda.write(found, path.parent / "again.qdpx", overwrite=True)
        assert qda.check(path.parent / "again.qdpx") == []
        yield found


# --- what is compared ------------------------------------------------------------------------------------------------


def book(of: qda.Study) -> list[tuple[tuple[str, ...], str]]:
    look = Lookup(of)
    return [(look.names_to(each), each.description or "") for each in walk.codes(of.project)]


def colors(of: qda.Study) -> dict[tuple[str, ...], str | None]:
    look = Lookup(of)
    return {look.names_to(each): each.color for each in walk.codes(of.project)}


def groups(of: qda.Study) -> dict[str | None, set[tuple[str, ...]]]:
    look = Lookup(of)
    return {
        each.name: {look.names_to(found) for ref in each.member_codes if (found := look.code(ref.target_guid))}
        for each in of.project.sets or ()
        if each.member_codes
    }


def quotes(of: qda.Study) -> set[tuple[str | None, int, int, tuple[str, ...], str | None]]:
    """Source, start, end, code and coder of all that is coded."""
    look = Lookup(of)
    found = set()
    for each in look.references():
        span = look.span_of(each)
        assert span is not None
        found.add((name_of(each.source), *span, look.names_to(each.code), each.user.name if each.user else None))
    return found


def name_of(source: Codable) -> str | None:
    return source.name


def values(of: qda.Study) -> dict[str | None, dict[str, object]]:
    look = Lookup(of)
    names = {same_guid(each.guid): each.name for each in look.variables}
    return {
        each.name: {names[same_guid(key)]: found[0] for key, found in look.values_of(each).items() if found}
        for each in look.cases
    }


def quotes_of_cases(of: qda.Study) -> dict[str | None, set[tuple[str | None, int, int]]]:
    look = Lookup(of)
    return {
        each.name: {
            (name_of(one.source), *span) for one in look.references_of(each) if (span := look.span_of(one)) is not None
        }
        for each in look.cases
    }


def losses(findings: list[Finding]) -> set[str]:
    return {each.code for each in findings if each.kind == "loss"}


# --- codebooks -------------------------------------------------------------------------------------------------------

LOST = {
    "plain": {"CODEBOOK-HEADING", "CODEBOOK-GROUPS"},
    "nvivo": {"CODEBOOK-HEADING", "CODEBOOK-GROUPS", "CODEBOOK-COLOR"},
    "maxqda": {"CODEBOOK-HEADING", "CODEBOOK-GROUPS", "CODEBOOK-COLOR"},
    "atlasti": {"CODEBOOK-HEADING", "CODEBOOK-COLOR"},
}
READ_AS = {
    "plain": "qdabridge codebook",
    "nvivo": "NVivo codebook",
    "maxqda": "MAXQDA codes and memos",
    "atlasti": "ATLAS.ti codebook",
}


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".docx", ".md"])
@pytest.mark.parametrize("layout", LOST)
def test_a_codebook_comes_back_with_every_code_and_description(layout: str, ending: str, tmp_path: Path) -> None:
    before, path = the_study(), tmp_path / f"book{ending}"
    told = write_codebook(before, path, layout=layout)
    assert losses(told) == LOST[layout]
    with again(path) as after:
        assert book(after) == book(before)
        assert any(f"“{READ_AS[layout]}”" in each.message for each in after.findings)
        assert colors(after) == (colors(before) if layout == "plain" else dict.fromkeys(colors(before)))
        assert groups(after) == (groups(before) if layout == "atlasti" else {})


def test_a_codebook_of_the_standard_comes_back_whole(tmp_path: Path) -> None:
    before = the_study()
    write_codebook(before, tmp_path / "book.qdc")
    with qda.read(tmp_path / "book.qdc") as after:
        assert (book(after), colors(after), groups(after)) == (book(before), colors(before), groups(before))


# --- codings, cases, matrix ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".jsonl"])
def test_codings_come_back_at_their_positions_with_codes_coders_cases_and_values(
    ending: str, tmp_path: Path, texts: Path
) -> None:
    before, path = the_study(), tmp_path / f"codings{ending}"
    told = write_codings(before, path)
    without_row = {name for each in told if each.code == "CODINGS-NO-ROW" for name in each.places or (each.where,)}
    assert without_row == {"-1 not used", "Dee"}
    assert losses(told) == {"CODINGS-NO-ROW", "CODINGS-ALONE"}
    with again(path, texts) as after:
        assert quotes(after) == quotes(before)
        assert values(after) == {name: said for name, said in values(before).items() if name != "Dee"}
        assert quotes_of_cases(after) == {name: at for name, at in quotes_of_cases(before).items() if name != "Dee"}
        assert not [each for each in after.findings if each.severity != "note"]
        used = {look_up for *_, look_up, _ in quotes(before)}
        assert {names for names, _ in book(after)} == used | {names[:1] for names in used}


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".jsonl"])
def test_codings_without_the_texts_keep_their_words_and_it_is_said(ending: str, tmp_path: Path) -> None:
    before, path = the_study(), tmp_path / f"codings{ending}"
    write_codings(before, path)

    def words(of: qda.Study) -> list[tuple[str | None, str, tuple[str, ...]]]:
        look = Lookup(of)
        return sorted(
            (name_of(each.source), look.text_of(each), look.names_to(each.code)) for each in look.references()
        )

    with again(path) as after:
        assert words(after) == words(before)
        assert losses(after.findings) == {"TABLE-POSITIONS-LOST"}


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".txt"])
def test_a_classification_sheet_comes_back_with_every_case_and_value(ending: str, tmp_path: Path) -> None:
    before, path = the_study(), tmp_path / f"cases{ending}"
    assert losses(write_cases(before, path)) == set()
    with again(path) as after:
        assert values(after) == values(before)
        assert [each.name for each in after.project.variables or ()] == [each.name for each in VARIABLES]


def with_summaries() -> qda.Study:
    ana, zoe, *_ = the_study().project.cases or ()
    said = {(ana.guid, WAITING.guid): "Waited 😀 long.\nAnd paid.", (zoe.guid, OWN_COSTS.guid): "=dear"}
    return chart(the_study(), said, by=NERYS, when="2024-09-11T09:40:00Z")


def test_a_framework_matrix_is_charted_back_into_its_study_and_nothing_has_changed(tmp_path: Path) -> None:
    before, path = with_summaries(), tmp_path / "matrix.xlsx"
    write_matrix(framework_matrix(before, cells=("summary", "quotes")), path)
    charted = chart_workbook(before, path)
    assert charted.charting.changes == []
    assert charted.charting.conflicts == []
    assert summaries_of(charted.study) == summaries_of(before)
    with pytest.raises(BadRequest, match="qdabridge chart STUDY WORKBOOK OUT"):
        qda.read(path)


# --- through a spreadsheet program -----------------------------------------------------------------------------------


def saved_by_office(folder: Path) -> Path:
    """The workbooks of a folder, each saved by LibreOffice, in a folder of their own."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    asked = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    workbooks = map(str, sorted(folder.glob("*.xlsx")))
    subprocess.run(
        [*asked, "--outdir", str(folder / "saved"), *workbooks], check=True, capture_output=True, timeout=120
    )
    return folder / "saved"


def test_tables_that_libreoffice_has_saved_come_back_too(tmp_path: Path, texts: Path) -> None:
    before = the_study()
    write_cases(before, tmp_path / "cases.xlsx")
    write_codings(before, tmp_path / "codings.xlsx")
    for layout in LOST:
        write_codebook(before, tmp_path / f"{layout}.xlsx", layout=layout)
    saved = saved_by_office(tmp_path)
    for layout in LOST:
        with again(saved / f"{layout}.xlsx") as after:
            assert book(after) == book(before)
    with again(saved / "cases.xlsx") as after:
        assert values(after) == values(before)
    with again(saved / "codings.xlsx", texts) as after:
        assert quotes(after) == quotes(before)
        assert values(after) == {name: said for name, said in values(before).items() if name != "Dee"}
