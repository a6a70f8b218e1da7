"""How positions are counted is found from the selections, and what is known of a tool is overruled only with reason."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

import qdabridge as qda
from qdabridge.study.text import STANDARD, Counting, Positions, counting_of

GUID = "11111111-1111-4111-8111-{:012d}"
LINES = [
    "I waited eleven weeks \U0001f600 for the first letter,",
    "and nobody \U0001f926 ever told me why it took so long.",
    "Die Übergabe an der Tür war das Schlimmste \U0001f3e5 daran.",
    "Then they rang, and it was all over \U0001f389 in a minute.",
]
TEXT = "\r\n".join(LINES * 20)
Named = Callable[[str, int], str]


def words(text: str = TEXT) -> list[tuple[int, int]]:
    """Where each passage of two words is, in code points."""
    return [found.span() for found in re.finditer(r"\w+ \w+", text)]


def made(
    tmp_path: Path,
    spans: Iterable[tuple[int, int]],
    counting: Counting = STANDARD,
    *,
    origin: str = "Some program",
    text: str = TEXT,
    named: Named = lambda quote, number: "",
    mark: bool = False,
    name: str = "study.qdpx",
) -> Path:
    """Write a project as a tool that counts so would: spans are in code points of the text."""
    positions = Positions(text, counting, byte_order_mark=mark)
    selections = "".join(
        f'<PlainTextSelection guid="{GUID.format(number)}" name={quoteattr(named(text[start:end], number))} '
        f'startPosition="{positions.from_codepoints(start)}" endPosition="{positions.end_from_codepoints(end)}"/>'
        for number, (start, end) in enumerate(spans, 1)
    )
    stated = f" origin={quoteattr(origin)}" if origin else ""
    xml = (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="x"{stated}><Sources>'
        f'<TextSource guid="{GUID.format(0)}" name="ana" plainTextPath="internal://ana.txt">{selections}</TextSource>'
        "</Sources></Project>"
    )
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/ana.txt", ("\ufeff" if mark else "").encode() + text.encode())
    return path


def spans_of(study: qda.Study) -> list[tuple[int, int]]:
    assert study.project.sources
    source = study.project.sources[0]
    assert isinstance(source, qda.model.TextSource)
    return [(found.start_position, found.end_position) for found in source.plain_text_selections]


def codes_of(study: qda.Study) -> list[str]:
    return [finding.code for finding in study.findings]


def positions_in(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return re.findall(rb'(?:start|end)Position="-?\d+"', archive.read("project.qde"))


EVERY = [
    Counting(unit=unit, crlf=crlf, bom=bom)  # type: ignore[arg-type]
    for unit, crlf, bom in product(("codepoint", "utf16"), (1, 2), (False, True))
]
IDS = [counting.in_words() for counting in EVERY]
TOOLS = ["Some program", "NVivo for Windows 12.6", "ATLAS.ti Win 23.2", "MAXQDA 24", "QualCoder 3.8"]


@pytest.mark.parametrize("origin", TOOLS)
@pytest.mark.parametrize("counting", EVERY, ids=IDS)
def test_whatever_a_tool_counts_is_found_from_the_edges_of_words(
    tmp_path: Path, counting: Counting, origin: str
) -> None:
    path = made(tmp_path, words(), counting, origin=origin, mark=True)
    with qda.read(path) as study:
        assert study.form is not None
        assert study.form.counting == counting
        assert study.form.decision.by == "selections"
        assert study.form.decision.fitting == study.form.decision.selections
        assert spans_of(study) == words()
        assert ("POSITIONS-FOUND" in codes_of(study)) == (counting != study.form.decision.expected)
        qda.write(study, tmp_path / "same.qdpx", "same")
    assert positions_in(tmp_path / "same.qdpx") == positions_in(path)


@pytest.mark.parametrize("counting", [*EVERY, Counting(inclusive=True), Counting("utf16", 1, True, True)])
def test_three_names_that_are_quotes_are_enough(tmp_path: Path, counting: Counting) -> None:
    last = words()[-3:]
    with qda.read(made(tmp_path, last, counting, named=lambda quote, _: quote, mark=True)) as study:
        assert study.form is not None
        assert study.form.counting == counting
        assert spans_of(study) == last


def test_two_names_are_not_enough(tmp_path: Path) -> None:
    last = words()[-2:]
    path = made(tmp_path, last, Counting("utf16"), named=lambda quote, _: "" if len(quote) < 4 else "a title")
    with qda.read(path) as study:
        assert study.form is not None
        assert (study.form.counting, study.form.decision.by) == (STANDARD, "tool")


@pytest.mark.parametrize(("count", "found"), [(19, STANDARD), (20, Counting("utf16"))])
def test_without_names_twenty_selections_are_needed(tmp_path: Path, count: int, found: Counting) -> None:
    with qda.read(made(tmp_path, words()[-count:], Counting("utf16"))) as study:
        assert study.form is not None
        assert study.form.counting == found


@pytest.mark.parametrize("origin", TOOLS)
def test_a_draw_leaves_what_is_known(tmp_path: Path, origin: str) -> None:
    # Passages cut anywhere: no way of counting is better than another.
    cut = [(start, start + 7) for start in range(300, 1500, 7)]
    text = "x" * 150 + "\U0001f600\r\n" + "x" * 5000
    with qda.read(made(tmp_path, cut, origin=origin, text=text)) as study:
        assert study.form is not None
        assert study.form.counting == study.form.decision.expected
        assert "POSITIONS-DOUBTFUL" in codes_of(study)


def test_a_small_margin_leaves_what_is_known(tmp_path: Path) -> None:
    good = words()[20:]
    # Nearly half are counted in another way: neither is better by much.
    mixed = [span if number % 2 else None for number, span in enumerate(good)]
    path = made(tmp_path, good, Counting("utf16"), origin="NVivo 14")
    with zipfile.ZipFile(path) as archive:
        xml, text = archive.read("project.qde").decode(), archive.read("sources/ana.txt")
    positions = Positions(TEXT, Counting("utf16"))
    for span, other in zip(good, mixed, strict=True):
        if other is None or span == good[1]:
            start, end = (positions.from_codepoints(position) for position in span)
            xml = xml.replace(f'"{start}" endPosition="{end}"', f'"{span[0]}" endPosition="{span[1]}"')
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/ana.txt", text)
    with qda.read(path) as study:
        assert study.form is not None
        assert study.form.counting == Counting("utf16")


NO_EVIDENCE = {
    "empty, as NVivo's": lambda quote, number: "",
    "positions, as MAXQDA's": lambda quote, number: f"{number},{number + 9}",
    "times, as MAXQDA's": lambda quote, number: f"(b,{number}),(e,{number})",
    "lines, as qc's": lambda quote, number: f"line:{number}",
    "titles": lambda quote, number: f"Passage {number} of some length",
}


@pytest.mark.parametrize("named", NO_EVIDENCE.values(), ids=NO_EVIDENCE)
def test_names_that_quote_nothing_speak_for_nothing(tmp_path: Path, named: Named) -> None:
    with qda.read(made(tmp_path, words(), Counting("utf16"), named=named)) as study:
        assert study.form is not None
        assert study.form.counting == Counting("utf16")
        assert study.form.decision.names == 0


QUOTING = {
    "cut": lambda quote, _: quote[:9] + "…",
    "with white space": lambda quote, _: f" {quote}\n".replace(" ", "  "),
    "decomposed": lambda quote, _: quote.replace("Ü", "U\u0308").replace("ü", "u\u0308"),
}


@pytest.mark.parametrize("named", QUOTING.values(), ids=QUOTING)
def test_names_are_compared_as_people_see_them(tmp_path: Path, named: Named) -> None:
    long = [(start, end) for start, end in words() if end - start > 9]
    with qda.read(made(tmp_path, long, Counting("utf16"), named=named)) as study:
        assert study.form is not None
        assert study.form.counting == Counting("utf16")
        assert study.form.decision.names > len(long) // 2
        assert spans_of(study) == long


def test_where_all_countings_agree_there_is_nothing_to_find(tmp_path: Path) -> None:
    path = made(tmp_path, words("plain text " * 50), text="plain text " * 50, origin="NVivo 14")
    with qda.read(path) as study:
        assert study.form is not None
        assert (study.form.decision.by, study.form.decision.selections) == ("agreement", 0)


def test_a_text_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    path = made(tmp_path, words(), Counting("utf16"))
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
    with qda.read(path) as study:
        assert study.form is not None
        assert (study.form.counting, study.form.decision.by) == (STANDARD, "tool")


def test_a_selection_beyond_the_text_speaks_against_a_counting(tmp_path: Path) -> None:
    text = "\U0001f600" * 200 + "xyxyxyxy" * 3
    spans = [(200 + number % 3, 224) for number in range(25)]
    with qda.read(made(tmp_path, spans, Counting("utf16"), text=text)) as study:
        assert study.form is not None
        assert study.form.counting == Counting("utf16")


def test_one_answer_holds_for_all_sources_of_a_file(tmp_path: Path) -> None:
    sources, files = [], {}
    positions = Positions(TEXT, Counting("utf16"))
    for number in range(40):
        start, end = words()[-1 - number]
        sources.append(
            f'<TextSource guid="{GUID.format(number)}" name="s" plainTextPath="internal://{number}.txt">'
            f'<PlainTextSelection guid="{GUID.format(number + 100)}" '
            f'startPosition="{positions.from_codepoints(start)}" '
            f'endPosition="{positions.from_codepoints(end)}"/></TextSource>'
        )
        files[f"sources/{number}.txt"] = TEXT
    path = tmp_path / "study.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Sources>{"".join(sources)}</Sources></Project>',
        )
        for name, text in files.items():
            archive.writestr(name, text.encode())
    with qda.read(path) as study:
        assert study.form is not None
        assert study.form.counting == Counting("utf16")
        assert study.form.decision.selections == 40


@pytest.mark.parametrize("words_said", ["codepoints", "utf16,crlf=1", "bom,inclusive"])
def test_a_person_knows_better(tmp_path: Path, words_said: str) -> None:
    path = made(tmp_path, words(), Counting("utf16"), mark=True)
    with qda.read(path, positions=words_said) as study:
        assert study.form is not None
        assert study.form.counting == counting_of(words_said)
        assert study.form.decision.by == "request"
        qda.write(study, tmp_path / "same.qdpx", "same")
    assert positions_in(tmp_path / "same.qdpx") == positions_in(path)


def test_json_counts_in_one_way_only(tmp_path: Path) -> None:
    with qda.read(made(tmp_path, words())) as study:
        qda.write(study, tmp_path / "study.json")
    with pytest.raises(qda.BadRequest, match="always counted in Unicode code points"):
        qda.read(tmp_path / "study.json", positions="utf16")


def test_how_it_was_decided_survives_json(tmp_path: Path) -> None:
    with qda.read(made(tmp_path, words(), Counting("utf16"))) as study:
        qda.write(study, tmp_path / "study.json")
        decided = study.form
    with qda.read(tmp_path / "study.json") as again:
        assert again.form == decided


def test_the_real_nvivo_project_proves_what_is_known_of_nvivo(nvivo_sample: Path) -> None:
    with qda.read(nvivo_sample) as study:
        assert study.form is not None
        decision = study.form.decision
        assert (study.form.counting, decision.by, decision.fitting) == (Counting("utf16"), "selections", 97)
        assert decision.next_fitting < 90


def test_the_real_nvivo_project_is_understood_without_its_name(nvivo_sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "nameless.qdpx"
    with zipfile.ZipFile(nvivo_sample) as archive, zipfile.ZipFile(path, "w") as nameless:
        for name in archive.namelist():
            data = archive.read(name)
            nameless.writestr(name, data.replace(b'origin="NVivo for Windows 12.6"', b'origin="A copy"'))
    with qda.read(nvivo_sample) as study, qda.read(path) as again:
        assert again.form is not None
        assert again.form.tool == "standard"
        assert spans_of(again) == spans_of(study)
