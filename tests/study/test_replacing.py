from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qdabridge.study.replacing import Replacing

OLD = "Ask Margaret about Cardiff."
REPLACING = Replacing(OLD, [(4, 12, "Rose"), (19, 26, "[city]")])


def test_pieces_are_replaced_and_the_rest_stays() -> None:
    assert REPLACING.new == "Ask Rose about [city]."
    assert REPLACING.changes and not Replacing(OLD, []).changes


def test_a_passage_between_pieces_keeps_its_words() -> None:
    start, end = REPLACING.span(13, 18)
    assert REPLACING.new[start:end] == "about"


def test_a_passage_that_begins_inside_a_piece_grows_to_its_beginning() -> None:
    assert REPLACING.new[slice(*REPLACING.span(8, 18))] == "Rose about"
    assert REPLACING.grown(8, 18) == (4, 18)


def test_a_passage_that_ends_inside_a_piece_grows_to_its_end() -> None:
    assert REPLACING.new[slice(*REPLACING.span(0, 5))] == "Ask Rose"


def test_a_passage_within_a_piece_becomes_the_whole_piece() -> None:
    assert REPLACING.new[slice(*REPLACING.span(20, 22))] == "[city]"
    assert REPLACING.new[slice(*REPLACING.span(20, 20))] == "[city]"


def test_a_passage_that_touches_a_piece_does_not_grow() -> None:
    assert REPLACING.new[slice(*REPLACING.span(0, 4))] == "Ask "
    assert REPLACING.new[slice(*REPLACING.span(12, 19))] == " about "
    assert REPLACING.span(4, 4) == (4, 4)


def test_positions_outside_the_text_are_carried_over() -> None:
    beyond = len(OLD) + 7
    assert REPLACING.span(-3, beyond) == (-3, len(REPLACING.new) + 7)


@st.composite
def replacings(draw: st.DrawFn) -> Replacing:
    old = draw(st.text(max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(old)), max_size=12)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return Replacing(old, [(start, end, draw(st.text(max_size=8))) for start, end in pairs])


@given(replacings(), st.data())
def test_every_quote_is_the_old_one_grown_with_its_pieces_replaced(replacing: Replacing, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(replacing.old)))
    end = data.draw(st.integers(start, len(replacing.old)))
    first, last = replacing.grown(start, end)
    assert first <= start <= end <= last
    inside = [(a - first, b - first, new) for a, b, new in replacing.pieces if first <= a and b <= last and a < last]
    expected = Replacing(replacing.old[first:last], inside).new
    assert replacing.new[slice(*replacing.span(start, end))] == expected


@given(replacings())
def test_positions_keep_their_order(replacing: Replacing) -> None:
    for move in (replacing.start, replacing.end):
        moved = [move(position) for position in range(len(replacing.old) + 1)]
        assert moved == sorted(moved)
