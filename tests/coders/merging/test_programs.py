"""Copies that went through different programs become one: what means the same is there once, where it was."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest

import qdabridge as qda
from fixtures.dialects.make import SPECIMENS
from interviews import code, study
from qdabridge.coders.comparing import compare
from qdabridge.coders.merging import Merged, merge
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Edge, Graph, Link, PDFSource, Vertex
from qdabridge.study.study import Study

ONE, OTHER = "one.qdpx", "other.qdpx"


def through(specimen: str, program: str, folder: Path) -> tuple[Path, Path]:
    """A tool's study, and the copy of it that was written for another program."""
    (folder / ONE).write_bytes(SPECIMENS[specimen]())
    with qda.read(folder / ONE) as first:
        qda.write(first, folder / OTHER, program)
    return folder / ONE, folder / OTHER


def merged_and_written(one: Path, other: Path, target: Path) -> Merged:
    with qda.read(one) as first, qda.read(other) as second:
        merged = merge(first, second, labels=["one", "other"])
        qda.write(merged.study, target, overwrite=True)
    return merged


def areas(path: Path) -> list[tuple[int, ...]]:
    """The areas of PDFs, from the bottom of the page, as the standard has them."""
    target = path.with_name("standard.qdpx")
    with qda.read(path) as read:
        qda.write(read, target, overwrite=True)
    with qda.read(target) as standard:
        return [
            (area.page, area.first_x, area.first_y, area.second_x, area.second_y)
            for source in standard.project.sources or ()
            if isinstance(source, PDFSource)
            for area in source.pdf_selections
        ]


def meaning(path: Path) -> Counter[tuple[str, ...]]:
    """What is coded, by words or place, code and person; what was remarked; which sources cases have."""
    with qda.read(path) as read:
        look = Lookup(read)
        found = Counter(
            (look.text_of(each), each.code.name, (each.user.name if each.user else "") or "")
            for each in look.references()
            if not isinstance(each.source, PDFSource)
        )
        found.update(("remark", each.text) for each in look.annotations())
        found.update(
            ("case", case.name or "", (look.source_meant(ref.target_guid) or case).name or "")
            for case in read.project.cases or ()
            for ref in case.source_refs
        )
    return found


@pytest.mark.parametrize(
    ("specimen", "program"),
    [("atlasti-mac.qdpx", "qualcoder"), ("qualcoder.qdpx", "maxqda"), ("qualcoder.qdpx", "standard")],
)
def test_a_copy_from_another_program_brings_nothing_twice_and_moves_nothing(
    specimen: str, program: str, tmp_path: Path
) -> None:
    pytest.importorskip("pypdf")
    paths = through(specimen, program, tmp_path)
    for one, other in (paths, reversed(paths)):
        merged = merged_and_written(one, other, tmp_path / "all.qdpx")
        assert {row.kind: row.new[1] for row in merged.rows if row.kind in ("codings", "cases", "notes")} == {
            "codings": 0, "cases": 0, "notes": 0
        }  # fmt: skip
        assert areas(tmp_path / "all.qdpx") == areas(one)
        assert meaning(tmp_path / "all.qdpx") == meaning(paths[0])


def test_what_was_brought_to_one_meaning_is_said_of_the_copy(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    one, other = through("qualcoder.qdpx", "maxqda", tmp_path)
    merged = merged_and_written(other, one, tmp_path / "all.qdpx")
    assert {(each.code, each.kind, each.where) for each in merged.findings if each.kind == "mended"} == {
        ("CASE-REFERENCE", "mended", "other"),
        ("PDF-AREA-TURNED", "mended", "other"),
        ("REMARK-AT-PASSAGE", "mended", "other"),
    }


def test_what_cannot_be_brought_to_one_meaning_is_said_when_versions_are_compared(tmp_path: Path) -> None:
    """PDFs that cannot be measured: areas from the top cannot become areas from the bottom."""
    spoiled = []
    for path in through("qualcoder.qdpx", "standard", tmp_path):
        spoiled.append(path.with_name(f"spoiled-{path.name}"))
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(spoiled[-1], "w") as left:
            for name in whole.namelist():
                left.writestr(name, b"%PDF-1.4 gone" if name.endswith(".pdf") else whole.read(name))
    with qda.read(spoiled[0]) as one, qda.read(spoiled[1]) as other:
        assert "PDF-AREA-UNPLACED" in {finding.code for finding in compare(one, other).findings}
        assert compare(one, one).findings == ()


def test_line_ends_are_called_line_ends(tmp_path: Path) -> None:
    merged = merged_and_written(*through("nvivo-windows.qdpx", "maxqda", tmp_path), tmp_path / "all.qdpx")
    texts = [each for each in merged.conflicts if each.field == "text"]
    assert {(each.kept, each.other) for each in texts} == {("line ends: CR LF", "line ends: LF")}
    assert meaning(tmp_path / "all.qdpx") >= meaning(tmp_path / ONE)


def test_a_copy_in_the_form_of_the_standard_is_no_other_version(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    paths = through("qualcoder.qdpx", "standard", tmp_path)
    for one, other in (paths, reversed(paths)):
        with qda.read(one) as before, qda.read(other) as after:
            assert compare(before, after).changes == ()


# --- colours ---------------------------------------------------------------------------------------------------------


def coloured(colour: str) -> Study:
    box = Vertex(guid="b", name="box", first_x=0, first_y=0, color=colour)
    line = Edge(guid="e", source_vertex="b", target_vertex="b", color=colour)
    red = code("Red")
    red.color = colour
    made = study(codes=[red])
    made.project.links = [Link(guid="l", name="leads to", color=colour, origin_guid=red.guid, target_guid=red.guid)]
    made.project.graphs = [Graph(guid="g", name="map", vertices=[box], edges=[line])]
    return made


@pytest.mark.parametrize("other", ["#aa33ff", "#A3F"])
def test_one_colour_spelled_in_two_ways_is_no_difference(other: str) -> None:
    assert merge(coloured("#AA33FF"), coloured(other)).conflicts == ()
    assert [step.changes for step in compare(coloured("#AA33FF"), coloured(other)).steps] == [()]


def test_another_colour_is_one() -> None:
    assert {each.field for each in merge(coloured("#AA33FF"), coloured("#AA33FE")).conflicts} == {"color"}
    (step,) = compare(coloured("#AA33FF"), coloured("#AA33FE")).steps
    assert {each.thing for each in step.changes} == {"code", "link", "graph"}
