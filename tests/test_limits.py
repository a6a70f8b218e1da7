"""Limits are said in words, named where they are reached, and raised by whoever knows better."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import qdabridge as qda
from conftest import ROOT
from fixtures.hostile.make import SOURCE, package, project, text_source
from qdabridge.limits import DEFAULT, Limits, limits_of


def inline(text: str) -> bytes:
    source = f'<TextSource guid="{SOURCE}"><PlainTextContent>{text}</PlainTextContent></TextSource>'
    return project(f"<Sources>{source}</Sources>")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with one text of 5,000 bytes, a comment and a film."""
    path = tmp_path / "study.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", project("<!-- c -->" * 3 + text_source("internal://a.txt")))
        archive.writestr("sources/a.txt", b"I waited. " * 500)
        archive.writestr("sources/film.mp4", b"film")
    return path


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ("text=500MB", Limits(text=500_000_000)),
        (" TEXT = 2 gb , ratio=1000,", Limits(text=2_000_000_000, ratio=1000)),
        ("entries=1k", Limits(entries=1000)),
        ("json=17B", Limits(json=17)),
        ("", DEFAULT),
        (None, DEFAULT),
        (Limits(text=1), Limits(text=1)),
    ],
)
def test_limits_are_said_in_words(words: str | Limits | None, limits: Limits) -> None:
    assert limits_of(words) == limits


@pytest.mark.parametrize("words", ["text", "text=", "text=-1", "text=0", "texts=1", "text=1XB", "text=1;2", "text=٣"])
def test_other_words_are_refused_with_those_that_are_known(words: str) -> None:
    with pytest.raises(qda.BadRequest, match=r"entries, ratio, project, text, strangers, json, workbook"):
        limits_of(words)


@pytest.mark.parametrize("name", ["entries=2", "project=9", "project=123", "strangers=2"])
def test_a_limit_that_is_reached_is_named_and_can_be_raised(study: Path, name: str) -> None:
    with pytest.raises(qda.TooLarge) as raised:
        qda.read(study, limits=name)
    limit, _, _ = name.partition("=")
    assert f"the limit “{limit}” is" in str(raised.value)
    raised_by = limits_of(str(raised.value).rpartition("--limit ")[2].removesuffix("."))
    assert getattr(raised_by, limit) >= 10 * getattr(limits_of(name), limit)
    with qda.read(study, limits=f"{limit}=10000"):
        pass


def test_a_text_beyond_its_limit_is_refused_when_it_is_asked_for(study: Path) -> None:
    with qda.read(study, limits="text=4999") as small:
        assert small.project.sources
        with pytest.raises(qda.TooLarge, match=r"limit “text” is 4\.999 KB"):
            small.text_of(small.project.sources[0])
    with qda.read(study, limits="text=5000") as enough:
        assert enough.project.sources
        assert len(enough.text_of(enough.project.sources[0]) or "") == 5000


@pytest.mark.parametrize("xml", [inline("x" * 50_000), inline("x<!-- -->" * 10_000), inline("&lt;" * 10_000)])
def test_a_text_in_the_xml_has_the_same_limit_in_one_piece_or_many(tmp_path: Path, xml: bytes) -> None:
    path = tmp_path / "study.qde"
    path.write_bytes(xml)
    with pytest.raises(qda.TooLarge, match="“text”"):
        qda.read(path, limits="text=9999")
    with qda.read(path, limits="text=50KB"):
        pass


def test_media_have_no_limit(tmp_path: Path) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(package({"project.qde": project(), "sources/film.mp4": b"film" * 10_000}))
    with qda.read(path, limits="text=1000,json=10,project=1000") as study:
        qda.write(study, tmp_path / "copy.qdpx")
        assert study.files.entry("sources/film.mp4").size == 40_000


def test_check_knows_the_limits_too(study: Path) -> None:
    with pytest.raises(qda.TooLarge, match="“project”"):
        qda.check(study, limits="project=10")


def test_the_limits_of_the_documentation_are_those_of_the_program() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line.split("|")[2].strip() for line in page.splitlines() if line.startswith("| `")}
    told = {name: limits_of(f"{name}={usual.replace(',', '')}") for name, usual in rows.items()}
    assert list(told) == list(Limits.__struct_fields__)
    assert set(told.values()) == {DEFAULT}
