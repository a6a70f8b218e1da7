"""Positions survive whatever a tool counts, in any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdabridge.errors import BadRequest
from qdabridge.study.text import Counting, Lines, Positions, StoredText, at_word_edges, counting_of, decode, quoted

AWKWARD = st.text(alphabet=st.sampled_from("ab \r\n\U0001f600\U0001f3fd\u200d\u0301é\ufeffש"), max_size=40)
COUNTINGS = st.builds(
    Counting,
    unit=st.sampled_from(["codepoint", "utf16"]),
    crlf=st.sampled_from([1, 2]),
    bom=st.booleans(),
    inclusive=st.booleans(),
)
MARKS = st.booleans()


def counted_slowly(text: str, counting: Counting, mark: bool = False) -> list[int]:
    """What a tool counts before each code point and at the end, one character after the other."""
    counts = [int(counting.bom and mark)]
    for index, character in enumerate(text):
        width = len(character.encode("utf-16-le")) // 2 if counting.unit == "utf16" else 1
        if counting.crlf == 1 and text[index - 1 : index + 1] == "\r\n" and index:
            width = 0
        counts.append(counts[-1] + width)
    return counts


def between_cr_and_lf(text: str, position: int) -> bool:
    return 0 < position < len(text) and text[position - 1 : position + 1] == "\r\n"


@settings(max_examples=500)
@given(AWKWARD, COUNTINGS, MARKS)
def test_every_position_goes_out_as_the_tool_counts_and_comes_back(text: str, counting: Counting, mark: bool) -> None:
    positions = Positions(text, counting, byte_order_mark=mark)
    for position, counted in enumerate(counted_slowly(text, counting, mark)):
        if counting.crlf == 1 and between_cr_and_lf(text, position):
            continue
        assert positions.from_codepoints(position) == counted
        assert positions.to_codepoints(counted) == position
        assert positions.end_from_codepoints(position) == counted - counting.inclusive
        assert positions.end_to_codepoints(counted - counting.inclusive) == position


@given(AWKWARD, COUNTINGS, MARKS, st.integers(1, 10**6))
def test_positions_outside_the_text_keep_their_distance(
    text: str, counting: Counting, mark: bool, distance: int
) -> None:
    positions = Positions(text, counting, byte_order_mark=mark)
    end = counted_slowly(text, counting, mark)[-1]
    assert positions.to_codepoints(end + distance) == len(text) + distance
    assert positions.from_codepoints(len(text) + distance) == end + distance
    assert positions.to_codepoints(-distance) == -distance == positions.from_codepoints(-distance)


@given(AWKWARD, COUNTINGS, MARKS)
def test_order_is_kept(text: str, counting: Counting, mark: bool) -> None:
    positions = Positions(text, counting, byte_order_mark=mark)
    out = [positions.from_codepoints(position) for position in range(len(text) + 3)]
    back = [positions.to_codepoints(counted) for counted in range(counted_slowly(text, counting)[-1] + 3)]
    assert out == sorted(out)
    assert back == sorted(back)


def test_a_position_inside_an_emoji_is_moved_to_its_beginning() -> None:
    assert Positions("a\U0001f600b", Counting("utf16")).to_codepoints(2) == 1


@given(AWKWARD, COUNTINGS, MARKS)
def test_what_is_told_to_be_inside_a_character_is_all_that_does_not_come_back(
    text: str, counting: Counting, mark: bool
) -> None:
    positions = Positions(text, counting, byte_order_mark=mark)
    counted = list(range(-2, counted_slowly(text, counting, mark)[-1] + 3))
    converted, inside = positions.all_to_codepoints(counted)
    again = [positions.from_codepoints(position) for position in converted]
    assert inside == [index for index, number in enumerate(counted) if again[index] != number]


@given(AWKWARD, COUNTINGS, MARKS)
def test_countings_agree_only_where_every_position_is_the_same(text: str, counting: Counting, mark: bool) -> None:
    positions = Positions(text, counting, byte_order_mark=mark)
    same = counted_slowly(text, counting, mark) == list(range(len(text) + 1)) and not counting.inclusive
    assert positions.same == same


def test_the_byte_order_mark_is_before_the_text() -> None:
    positions = Positions("abc", Counting(bom=True), byte_order_mark=True)
    assert positions.to_codepoints(1) == 0
    assert positions.all_to_codepoints([0]) == ([0], [0])


@given(COUNTINGS)
def test_a_counting_is_made_again_from_its_words(counting: Counting) -> None:
    assert counting_of(counting.in_words()) == counting


@pytest.mark.parametrize("words", ["utf8", "", "utf16,codepoints", "crlf=1,crlf=2", "crlf=3", "utf16 bom"])
def test_words_that_say_no_counting_are_refused_with_the_choices(words: str) -> None:
    with pytest.raises(BadRequest, match="codepoints, utf16, crlf=1, crlf=2, bom, inclusive"):
        counting_of(words)


def test_a_million_positions_in_a_megabyte_are_converted() -> None:
    text = "wörd \U0001f600 " * 150_000  # seven code points, eight UTF-16 units
    positions = Positions(text, Counting("utf16"))
    for counted in range(1_000_000):
        turn, rest = divmod(counted, 8)
        assert positions.to_codepoints(counted) == turn * 7 + (rest if rest <= 5 else rest - 1)


@given(AWKWARD, st.booleans())
def test_bytes_of_a_text_come_back_with_or_without_their_mark(text: str, mark: bool) -> None:
    stored = StoredText(text, mark)
    again = decode(stored.encoded())
    assert again.text == text
    # A text that itself begins with U+FEFF can only be kept behind a mark.
    assert again.byte_order_mark == (mark or text.startswith("\ufeff"))


@given(AWKWARD)
def test_lines_are_counted_as_an_editor_shows_them(text: str) -> None:
    lines = Lines(text)
    for position in range(len(text) + 1):
        before = text[:position]
        expected = (
            before.count("\r\n") + before.replace("\r\n", "").count("\r") + before.replace("\r\n", "").count("\n")
        )
        if between_cr_and_lf(text, position):
            expected -= 1
        assert lines.line_of(position) == expected + 1


def test_a_passage_that_ends_with_its_line_does_not_reach_into_the_next() -> None:
    assert Lines("one\ntwo\n").span_of(0, 4) == (1, 1)


def test_a_quote_outside_the_text_is_empty() -> None:
    assert quoted("abc", 5, 9) == quoted("abc", -5, -2) == ""
    assert quoted("abc", -1, 2) == "ab"


def test_passages_cut_in_a_word_are_told_from_those_at_its_edges() -> None:
    text = "I waited eleven weeks"
    assert at_word_edges(text, [(0, 8), (2, 8), (3, 8), (9, 21), (9, 20)]) == 3
