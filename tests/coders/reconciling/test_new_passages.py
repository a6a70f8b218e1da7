"""Words that somebody wrote into a cell are found again, and only where there is no doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.coders.reconciling.deciding import Unclear
from qdabridge.coders.reconciling.new_passages import area_of, time_of, words_at

TEXT = (
    'She said "I can\'t wait...", and left - for good.\r\n\r\nThen she waited. ' + "And so on. " * 200 + "She waited."
)


def found(words: str, near: tuple[int, int] = (0, 40)) -> str:
    start, end = words_at(TEXT, words, near)
    return TEXT[start:end]


@pytest.mark.parametrize(
    ("words", "passage"),
    [
        ("and left", "and left"),
        ("“I can’t wait…”", '"I can\'t wait..."'),
        ("and left – for good.\n\nThen she", "and left - for good.\r\n\r\nThen she"),
        ("and left … Then", "and left - for good.\r\n\r\nThen"),
        ("and left [...] Then", "and left - for good.\r\n\r\nThen"),
        ("„and left“", "and left"),
        ("SHE WAITED", "she waited"),
        ("characters 4–8", "said"),
        ("chars 4 to 8", "said"),
    ],
)
def test_words_are_found_whatever_a_spreadsheet_made_of_them(words: str, passage: str) -> None:
    assert found(words) == passage


def test_words_around_the_disagreement_come_first_and_far_ones_if_they_are_the_only_ones() -> None:
    assert words_at(TEXT, "she waited", (0, 40))[0] < 100
    assert words_at(TEXT, "she waited.", (len(TEXT) - 9, len(TEXT)))[0] == len(TEXT) - 11
    assert words_at(TEXT, "Then she", (len(TEXT) - 9, len(TEXT)))[0] < 100


@pytest.mark.parametrize("words", ["a horse", "…", " ", "“”", "wai", "characters 9–3"])
def test_what_is_not_there_is_not_guessed(words: str) -> None:
    with pytest.raises(Unclear):
        found(words)


def test_what_stands_there_twice_is_not_guessed() -> None:
    with pytest.raises(Unclear, match="3 times"):
        words_at("one two. one two. one two.", "two", (0, 26))


@given(st.text(min_size=1), st.data())
def test_what_is_found_reads_as_it_was_written(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    try:
        first, last = words_at(text, text[start:end], (start, end))
    except Unclear:
        return
    assert 0 <= first < last <= len(text)


@pytest.mark.parametrize(
    ("words", "span"), [("0:12–0:34", (12_000, 34_000)), ("1:00:00 - 1:00:01.25", (3_600_000, 3_601_250))]
)
def test_times_are_read_as_people_write_them(words: str, span: tuple[int, int]) -> None:
    assert time_of(words) == span


@pytest.mark.parametrize("words", ["0:12", "0:34–0:12", "soon", "0:12–0:12"])
def test_what_is_no_stretch_of_time_is_said(words: str) -> None:
    with pytest.raises(Unclear):
        time_of(words)


def test_areas_are_read_with_and_without_their_page() -> None:
    assert area_of("10,20–200,300") == (None, 10, 20, 200, 300)
    assert area_of("Page 3, area 10, 20 - 200, 300") == (2, 10, 20, 200, 300)
    for words in ("10,20", "10,20–10,300", "here"):
        with pytest.raises(Unclear):
            area_of(words)
