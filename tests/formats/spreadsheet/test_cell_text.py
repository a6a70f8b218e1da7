"""What text becomes so that a cell can hold it, and that nothing of it is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qdabridge.formats.spreadsheet.cell_text import (
    LIMIT,
    beginning,
    escaped,
    fits,
    looks_like_formula,
    pieces,
    presentable,
)
from qdabridge.matrix.direction import is_right_to_left

ANY_TEXT = st.text(st.characters())
WORDS = st.lists(
    st.sampled_from(["word ", "😀", "e\u0301", "👩‍👩‍👧", "\n\n", "\n", "_x000D_", "é", "שלום "]), max_size=60
).map("".join)


def units(text: str) -> int:
    return len(escaped(text).encode("utf-16-le", "surrogatepass")) // 2


def unescaped(text: str) -> str:
    """What a spreadsheet program makes of it (ECMA-376, ST_Xstring)."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.parametrize(
    ("text", "shown", "signs"),
    [
        ("plain", "plain", 0),
        ("a\r\nb\rc\nd", "a\nb\nc\nd", 0),
        ("a\x0bb\x0cc", "a\nb\nc", 0),
        ("tab\tstays", "tab\tstays", 0),
        ("bell\x07 null\x00", "bell␇ null␀", 2),
        ("half \ud83d and none \ufffe", "half � and none �", 2),
        ("😀\x7f\x85\u2028", "😀\x7f\x85\u2028", 0),
    ],
)
def test_only_what_a_workbook_cannot_hold_is_changed(text: str, shown: str, signs: int) -> None:
    assert presentable(text) == (shown, signs)


@given(ANY_TEXT)
def test_what_is_presentable_can_be_written_in_xml_and_stays_so(text: str) -> None:
    from lxml import etree

    shown, _ = presentable(text)
    element = etree.Element("t")
    element.text = shown
    assert etree.fromstring(etree.tostring(element, encoding="utf-8")).text or shown == ""
    assert presentable(shown) == (shown, 0)


@given(st.text(st.sampled_from("_x0D5F ")) | st.text() | WORDS)
@example("_x000D_")
@example("__x005F_x000D_x000D_")
def test_what_looks_like_an_escape_is_read_as_it_was_written(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5 °C", "@home", "\t=1", "\n=1"])
def test_what_might_be_taken_for_a_formula_is_known(text: str) -> None:
    assert looks_like_formula(text)


@pytest.mark.parametrize("text", ["", "1=1", " =1", "“=1”", "'=1"])
def test_other_text_is_left_alone(text: str) -> None:
    assert not looks_like_formula(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("חיכיתי שישה שבועות", True),
        ("انتظرت ستة أسابيع", True),
        ("“חיכיתי שישה שבועות לתור.” [Nahla, l. 3, NS]", True),
        ("I waited, she said, שלום", False),
        ("Várakoztam", False),
        ("123 …", False),
        ("", False),
    ],
)
def test_the_script_of_most_letters_gives_the_direction(text: str, expected: bool) -> None:
    assert is_right_to_left(text) == expected


def test_an_emoji_counts_two_and_an_escape_counts_all_it_takes() -> None:
    assert fits("a" * LIMIT)
    assert not fits("a" * (LIMIT + 1))
    assert fits("😀" * (LIMIT // 2))
    assert not fits("😀" * (LIMIT // 2 + 1))
    assert not fits("_x000D_" * (LIMIT // 7))


LONG = st.tuples(WORDS.filter(bool), st.integers(1, 3000)).map(lambda pair: (pair[0] * pair[1])[:150_000])


@settings(deadline=None)
@given(LONG)
@example("x" * 100_000)
@example("😀" * 40_000)
@example("e" + "\u0301" * 70_000)
@example("\n\n" * 40_000)
def test_pieces_are_all_of_the_text_and_each_fits(text: str) -> None:
    found = pieces(text)
    assert "".join(found) == text
    assert all(units(piece) <= LIMIT and piece for piece in found)


@settings(deadline=None)
@given(LONG)
@example("😀" * 40_000)
def test_a_beginning_is_the_texts_own_with_its_tail_and_fits(text: str) -> None:
    tail = "\n\n… continues on sheet ‘Continued’, row 3"
    found = beginning(text, tail)
    assert found.endswith(tail)
    assert text.startswith(found.removesuffix(tail))
    assert units(found) <= LIMIT


def test_pieces_end_where_paragraphs_end() -> None:
    quotes = [f"“{'word ' * 300}{number}” [Ana, l. {number}, NS]\n\n" for number in range(40)]
    found = pieces("".join(quotes))
    assert len(found) > 10
    assert all(piece.endswith("NS]\n\n") for piece in found)


def test_a_family_is_not_torn_apart() -> None:
    family = "👩‍👩‍👧"
    text = "x" * (LIMIT - 3) + family + "y" * 100
    first, second = pieces(text)
    assert first + second == text
    assert second.startswith(family)


def test_a_word_is_not_torn_apart() -> None:
    text = "abcdefg " * 10_000
    assert all(piece.endswith(" ") for piece in pieces(text))
