"""What is the same in several copies: by GUID and content, by path, and nothing by guessing."""

from __future__ import annotations

import msgspec

from interviews import code, guid, study, text
from qdabridge.coders.matching import match_codes, match_sources, match_texts
from qdabridge.study.files import BytesEntry, Files
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import PictureSource, Representation
from qdabridge.study.study import Study

ACCESS = code("Access", code("Waiting"))


def looks(*studies: Study) -> list[Lookup]:
    return [Lookup(each) for each in studies]


def told(matching: object) -> set[tuple[int, str, str]]:
    return {(each.copy, each.name, each.why) for each in matching.unmatched}  # type: ignore[attr-defined]


def test_sources_of_one_content_are_one_source_whatever_their_name_and_guid() -> None:
    one, other = text("Ana", "I waited."), text("Interview 1", "I waited.")
    found = match_sources(looks(study(one), study(text("Bea", "Not I."), other)))
    assert [each.each for each in found.everywhere] == [(one, other)]
    assert told(found) == {(1, "Bea", "not there")}


def test_a_text_that_was_edited_is_not_the_same() -> None:
    found = match_sources(looks(study(text("Ana", "I waited.")), study(text("Ana", "I waited long."))))
    assert not found.everywhere
    assert told(found) == {(0, "Ana", "content differs"), (1, "Ana", "content differs")}


def test_of_two_that_could_be_it_none_is() -> None:
    found = match_sources(looks(study(text("Ana", "Same.")), study(text("Bea", "Same."), text("Cy", "Same."))))
    assert not found.everywhere
    assert told(found) >= {(1, "Bea", "several"), (1, "Cy", "several")}


def test_the_guid_decides_between_twins() -> None:
    twins = text("Bea", "Same."), text("Cy", "Same.")
    found = match_sources(looks(study(*twins), study(*reversed(twins))))
    assert [[each.name for each in one.each if each] for one in found.everywhere] == [["Bea", "Bea"], ["Cy", "Cy"]]


def test_pictures_are_matched_by_their_bytes() -> None:
    def drawn(name: str, data: bytes) -> Study:
        files = Files({"sources/map.png": BytesEntry(data)})
        return study(PictureSource(guid=guid(name), name=name, path="internal://map.png"), files=files)

    assert match_sources(looks(drawn("Map", b"one"), drawn("Drawing", b"one"))).everywhere
    assert not match_sources(looks(drawn("Map", b"one"), drawn("Map", b"two"))).everywhere


def test_codes_are_matched_by_guid_and_then_by_path() -> None:
    renamed = msgspec.structs.replace(ACCESS, name="Getting in")
    again = msgspec.structs.replace(ACCESS.codes[0], guid=guid("another"))
    moved = msgspec.structs.replace(ACCESS, codes=[again, code("New")])
    assert [
        each.first.name for each in match_codes(looks(study(codes=[ACCESS]), study(codes=[renamed]))).everywhere
    ] == [
        "Access",
        "Waiting",
    ]
    found = match_codes(looks(study(codes=[ACCESS]), study(codes=[moved])))
    assert [each.each[1] for each in found.everywhere] == [moved, again]
    assert told(found) == {(1, "Access \\ New", "not there")}


def test_of_three_copies_each_is_matched_with_all_before_it() -> None:
    bea = text("Bea", "Not I.")
    found = match_sources(looks(study(text("Ana", "I.")), study(text("Ana", "I."), bea), study(bea)))
    assert [[each is not None for each in one.each] for one in found.together] == [
        [True, True, False],
        [False, True, True],
    ]


def test_a_text_of_a_file_may_differ_although_the_file_does_not() -> None:
    def scanned(words: str) -> Study:
        from qdabridge.study.model import PDFSource

        page = Representation(guid=guid("words"), plain_text_content=words)
        return study(PDFSource(guid=guid("scan"), name="Scan", representation=page))

    copies = looks(scanned("one"), scanned("two"))
    (source,) = match_sources(copies).everywhere
    found = match_texts(copies, source)
    assert not found.everywhere
    assert told(found) == {(0, "Scan", "content differs"), (1, "Scan", "content differs")}
