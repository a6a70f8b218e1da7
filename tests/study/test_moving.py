"""Passages are found again in an edited text, or said to be lost."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from qdabridge.study.moving import Moving, moved_spans

OLD = "I waited four hours.\nThen Dr Őry 😀 saw me.\nNobody had told her.\n"


def moved(old: str, new: str, words: str) -> str | None:
    start = old.index(words)
    found = moved_spans(old, new, [(start, start + len(words))])[0]
    return new[slice(*found)] if found else None


def test_a_passage_behind_an_insertion_follows_its_words() -> None:
    assert moved(OLD, "Well: 😀😀\n" + OLD, "Dr Őry 😀") == "Dr Őry 😀"


def test_a_passage_with_a_corrected_word_inside_keeps_its_ends() -> None:
    assert moved(OLD, OLD.replace("four hours", "five long hours"), "waited four hours.") == "waited five long hours."


def test_a_passage_whose_first_word_was_corrected_begins_with_the_correction() -> None:
    assert moved(OLD, OLD.replace("Then Dr", "Later Dr"), "Then Dr Őry 😀 saw me.") == "Later Dr Őry 😀 saw me."


def test_a_passage_whose_name_was_replaced_is_still_there() -> None:
    assert moved(OLD, OLD.replace("Dr Őry 😀", "[GP]"), "Then Dr Őry 😀 saw me.") == "Then [GP] saw me."


def test_what_is_put_before_a_passage_is_not_in_it() -> None:
    assert moved(OLD, OLD.replace("Nobody", "At home nobody whatsoever, and Nobody"), "Nobody had told her.") == (
        "Nobody had told her."
    )


def test_a_passage_that_was_deleted_is_lost() -> None:
    assert moved(OLD, OLD.replace("Then Dr Őry 😀 saw me.\n", ""), "Then Dr Őry 😀 saw me.") is None


def test_a_passage_that_was_rewritten_is_lost() -> None:
    assert moved(OLD, OLD.replace("Nobody had told her.", "It went on and on."), "Nobody had told her.") is None


def test_a_long_passage_is_found_where_it_was_moved_to() -> None:
    lines = OLD.splitlines(keepends=True)
    new = "".join([lines[2], lines[0], "So it was.\n", lines[1]])
    assert moved(OLD, new, "Nobody had told her.") == "Nobody had told her."
    assert moved(OLD, new, "Then Dr Őry 😀 saw me.") == "Then Dr Őry 😀 saw me."


def test_a_short_word_is_not_found_inside_another() -> None:
    assert moved("so he went", "so she went", "he") != "th"
    assert moved("one he two", "one two, the end", "he") is None


def test_what_was_outside_the_text_is_lost() -> None:
    assert moved_spans("abc", "abcd", [(2, 9), (-1, 2), (3, 2)]) == [None, None, None]


def test_a_point_follows_its_neighbours() -> None:
    assert moved_spans("one two", "so one two", [(4, 4), (7, 7)]) == [(7, 7), (10, 10)]
    assert moved_spans("", "", [(0, 0)]) == [(0, 0)]


def test_texts_that_have_nothing_to_do_with_each_other_share_little() -> None:
    other = "The leaflet came by post, and a nurse rang on Friday to ask whether it was clear to everybody there."
    assert Moving(OLD, other).share < 0.4
    assert Moving(OLD, OLD.replace("four", "five")).share > 0.9


_TEXTS = st.text(st.sampled_from("ab é😀\n.") | st.characters(exclude_categories=("Cs",)), max_size=40)


@given(_TEXTS, st.data())
def test_in_the_same_text_everything_stays(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert moved_spans(text, text, [(start, end)]) == [(start, end)]


@given(_TEXTS, _TEXTS, _TEXTS.filter(bool), _TEXTS, _TEXTS, st.booleans())
def test_what_is_put_in_outside_a_passage_leaves_its_words(
    before: str, between: str, words: str, after: str, edit: str, earlier: bool
) -> None:
    old = before + between + words + after
    new = before + edit + between + words + after if earlier else before + between + words + edit + after
    start = len(before + between)
    found = moved_spans(old, new, [(start, start + len(words))])[0]
    assert found is not None
    assert new[slice(*found)] == words


@given(_TEXTS, _TEXTS, st.data())
def test_what_is_found_is_in_the_new_text_and_in_order(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    moving = Moving(old, new)
    found = moving.span(start, end)
    assert found is None or 0 <= found[0] <= found[1] <= len(new)
    assert 0 <= moving.position(start) <= moving.position(end) <= len(new)
    assert 0 <= moving.share <= 1


def test_a_long_interview_with_many_corrections_takes_a_moment() -> None:
    chance = random.Random(7)
    words = [f"{chance.choice(['the', 'and', 'I', 'she', 'it', 'was'])} w{chance.randrange(900)}" for _ in range(8000)]
    old = " ".join(words)
    for _ in range(300):
        words[chance.randrange(len(words))] = "corrected"
    new = " ".join(words)
    began = time.process_time()
    moving = Moving(old, new)
    assert len(old) > 45_000
    assert moving.share > 0.9
    assert time.process_time() - began < 2


@given(_TEXTS, _TEXTS)
def test_the_differences_are_all_that_differs(old: str, new: str) -> None:
    differences = list(Moving(old, new).differences())
    assert bool(differences) == (old != new)
    assert all((gone or come) and gone in old and come in new for gone, come in differences)
    gone, come = (sum(map(len, pieces)) for pieces in zip(*differences, strict=True)) if differences else (0, 0)
    assert len(old) - gone == len(new) - come
