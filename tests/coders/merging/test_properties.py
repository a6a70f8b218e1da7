"""Merging is idempotent and associative, and the order decides nothing where copies do not contradict each other."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from copies import copy_of
from interviews import MIREILLE, NERYS, case, code, coded, guid, study, text, value, variable
from qdabridge.coders.merging import Merged, merge
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    CodeRef,
    Coding,
    Link,
    Note,
    NoteRef,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    SelectionRef,
    Set,
    SourceRef,
    Variable,
    same_guid,
)
from qdabridge.study.moving import Moving
from qdabridge.study.study import Study

WAITING, PHONE, TRUST = code("Waiting"), code("Phone"), code("Trust", color="#336699")
ACCESS = code("Access", WAITING, PHONE)
TOWN = variable("Town")
WORDS = "I waited four hours there. Then somebody rang me twice. Nobody had told them anything before."
SPANS = [(0, 8), (2, 26), (27, 54), (27, 54), (55, 61)]
PEOPLE = [NERYS, MIREILLE]
EDITS = [0, 27, 55]
"""Where words may be put in: where no passage is cut by it."""


def base() -> Study:
    ana = text("Ana", WORDS, coded(2, 26, WAITING, name="Ana, her wait"))
    ben = text("Ben", "Me? " + WORDS)
    room = PictureSource(
        guid=guid("Room"),
        name="Room",
        picture_selections=[PictureSelection(guid=guid("door"), first_x=1, first_y=2, second_x=30, second_y=40)],
    )
    memo = Note(guid=guid("Memo"), name="Memo", plain_text_content="Who waits, and who does not?")
    return study(
        ana,
        ben,
        room,
        codes=[ACCESS, TRUST],
        cases=[case("Ana", ana, value(TOWN)), case("Ben", ben)],
        variables=[TOWN],
        notes=[memo],
        links=[],
        sets=[Set(guid=guid("Paper 1"), name="Paper 1")],
    )


class Hand:
    """What one person does in one copy."""

    def __init__(self, copy: Study, name: str) -> None:
        self.copy = copy
        self.project = copy.project
        self.name = name
        self.made = 0

    def guid(self) -> str:
        self.made += 1
        return guid(f"{self.name} {self.made}")

    def codes(self) -> list[Any]:
        return list(walk.codes(self.project))

    def marks(self, which: int, person: int, of: int, at: int) -> None:
        source = (self.project.sources or [])[which % 2]
        moving = Moving(WORDS, source.plain_text_content or "")
        start, end = moving.span(*SPANS[at % len(SPANS)]) or (0, 1)
        coding = Coding(
            guid=self.guid(),
            creating_user=PEOPLE[person % 2].guid,
            code_ref=CodeRef(target_guid=self.codes()[of % len(self.codes())].guid),
        )
        source.plain_text_selections.append(
            PlainTextSelection(guid=self.guid(), start_position=start, end_position=end, codings=(coding,))
        )

    def unmarks(self, *numbers: int) -> None:
        selections = (self.project.sources or [])[0].plain_text_selections
        named = {ref.target_guid for each in self.project.cases or () for ref in each.selection_refs}
        free = [each for each in selections if each.guid not in named]
        if free:
            selections.remove(free[numbers[0] % len(free)])

    def recodes(self, *numbers: int) -> None:
        for selection in (self.project.sources or [])[0].plain_text_selections:
            for coding in selection.codings:
                coding.code_ref = CodeRef(target_guid=self.codes()[numbers[0] % len(self.codes())].guid)

    def exports_with_new_guids(self, *_: int) -> None:
        named = {same_guid(ref.target_guid) for each in self.project.cases or () for ref in each.selection_refs}
        for source in (self.project.sources or [])[:2]:
            for selection in source.plain_text_selections:
                if same_guid(selection.guid) not in named:
                    selection.guid = self.guid()
                for coding in selection.codings:
                    coding.guid = self.guid()

    def adds_a_code(self, where: int, name: int, *_: int) -> None:
        parents = [self.project.code_book, ACCESS.guid, TRUST.guid]
        parent = parents[where % 3]
        inside = next((each for each in self.codes() if each.guid == parent), self.project.code_book)
        new = ["Letters", "Hope", "Cost"][name % 3]
        if all(each.name != new for each in self.codes()):
            inside.codes.append(code(new))
            inside.codes[-1].guid = self.guid()

    def describes(self, which: int, words: int, *_: int) -> None:
        self.codes()[which % len(self.codes())].description = ["", "What it is.", "What else?"][words % 3]

    def renames(self, which: int, *_: int) -> None:
        self.codes()[which % 4].name += "!"

    def moves_a_code(self, *_: int) -> None:
        book = self.project.code_book
        access = next(each for each in self.codes() if each.guid == ACCESS.guid)
        trust = next(each for each in self.codes() if each.guid == TRUST.guid)
        assert book is not None
        if access in book.codes and trust in book.codes:
            book.codes.remove(trust)
            access.codes.append(trust)

    def writes_a_memo(self, about: int, *_: int) -> None:
        note = Note(guid=self.guid(), name="Thought", plain_text_content=f"Thought {self.name} {self.made}")
        self.project.notes.append(note)  # type: ignore[union-attr]
        owner = (self.project.sources or [])[about % 3]
        owner.note_refs = (*owner.note_refs, NoteRef(target_guid=note.guid))

    def links(self, one: int, other: int, *_: int) -> None:
        link = Link(guid=self.guid(), name="leads to", direction="OneWay")
        link.origin_guid, link.target_guid = self.codes()[one % 4].guid, self.codes()[other % 4].guid
        if link.origin_guid != link.target_guid:
            self.project.links.append(link)  # type: ignore[union-attr]

    def puts_into_a_set(self, which: int, name: int, *_: int) -> None:
        wanted = ["Paper 1", "Paper 2"][name % 2]
        sets = self.project.sets or []
        found = next((each for each in sets if each.name == wanted), None)
        if found is None:
            found = Set(guid=self.guid(), name=wanted)
            sets.append(found)
        target = (self.project.sources or [])[which % 3].guid
        if all(ref.target_guid != target for ref in found.member_sources):
            found.member_sources = (*found.member_sources, SourceRef(target_guid=target))

    def says_where_somebody_lives(self, who: int, town: int, *_: int) -> None:
        cases = self.project.cases or []
        cases[who % 2].variable_values = (value(TOWN, text_value=["Brno", "Pécs"][town % 2]),)

    def gives_a_passage_to_a_case(self, who: int, which: int, *_: int) -> None:
        selections = (self.project.sources or [])[0].plain_text_selections
        person = (self.project.cases or [])[who % 2]
        if selections:
            ref = SelectionRef(target_guid=selections[which % len(selections)].guid)
            if all(each.target_guid != ref.target_guid for each in person.selection_refs):
                person.selection_refs = (*person.selection_refs, ref)

    def adds_a_variable(self, which: int, *_: int) -> None:
        kind = ["Text", "Integer"][which % 2]
        if all(each.name != "Age" for each in self.project.variables or ()):
            self.project.variables.append(  # type: ignore[union-attr]
                Variable(guid=self.guid(), name="Age", type_of_variable=kind)
            )

    def adds_a_source(self, which: int, *_: int) -> None:
        name = ["Cara", "Dan"][which % 2]
        if all(each.name != name for each in self.project.sources or ()):
            new = text(name, f"{name} says nothing.", coded(0, 3, TRUST))
            new.guid = self.guid()
            for selection in new.plain_text_selections:
                selection.guid = self.guid()
                for coding in selection.codings:
                    coding.guid = self.guid()
            self.project.sources.append(new)  # type: ignore[union-attr]

    def corrects_a_text(self, which: int, at: int, *_: int) -> None:
        source = (self.project.sources or [])[which % 2]
        old = source.plain_text_content
        moving = Moving(WORDS, old)
        place = moving.position(EDITS[at % 3])
        source.plain_text_content = f"{old[:place]}{['Oh well. ', 'So. ', 'Really. '][at % 3]}{old[place:]}"
        for each in source.plain_text_selections:
            if each.start_position >= place:
                each.start_position += len(source.plain_text_content) - len(old)
                each.end_position += len(source.plain_text_content) - len(old)


AGREEABLE = (
    "marks",
    "unmarks",
    "recodes",
    "exports_with_new_guids",
    "adds_a_code",
    "writes_a_memo",
    "links",
    "puts_into_a_set",
    "gives_a_passage_to_a_case",
    "adds_a_source",
    "adds_a_variable",
)
CONTRARY = (*AGREEABLE, "describes", "renames", "moves_a_code", "says_where_somebody_lives")


def copies(deeds: tuple[str, ...], number: int) -> st.SearchStrategy[list[Study]]:
    """Copies of one study in each of which something was done."""
    step = st.tuples(st.sampled_from(deeds), *[st.integers(0, 7)] * 4)
    return st.tuples(*[st.lists(step, max_size=6)] * number).map(_done)


def _done(plans: tuple[list[tuple[Any, ...]], ...]) -> list[Study]:
    done = []
    for name, plan in zip("abc", plans, strict=False):
        hand = Hand(copy_of(base()), name)
        for deed, *numbers in plan:
            getattr(hand, deed)(*numbers)
        done.append(hand.copy)
    return done


def _quotes(study: Study) -> list[tuple[str | None, str]]:
    look = Lookup(study)
    return [(each.source and each.source.name, look.text_of(each)) for each in look.references()]


def meant(merged: Merged) -> dict[str, Any]:
    """What a study says, whatever the order and the GUIDs."""
    look = Lookup(merged.study)
    project = merged.study.project
    names = {same_guid(each.guid): look.path_of(each) for each in look.codes}
    names |= {
        same_guid(each.guid): each.name or ""
        for each in (*(project.sources or ()), *(project.notes or ()), *(project.variables or ()))
    }

    def place(selection: Any) -> Any:
        return (selection.start_position, selection.end_position) if selection is not None else None

    return {
        "codes": {names[same_guid(each.guid)]: (each.color, each.description) for each in look.codes},
        "codings": Counter(
            (each.source and each.source.name, place(each.selection), look.path_of(each.code), each.user.name)
            for each in look.references()
        ),
        "texts": Counter(look.text(each) for each in walk.texts(project)),
        "memos": Counter(
            (each.name, names[ref.target_guid]) for each in project.sources or () for ref in each.note_refs
        ),
        "links": Counter(
            (names[link.origin_guid], names[link.target_guid], link.direction) for link in project.links or ()
        ),
        "sets": {each.name: {names[ref.target_guid] for ref in each.member_sources} for each in project.sets or ()},
        "cases": {
            each.name: {look.text_of(look.selection(ref.target_guid)) for ref in each.selection_refs}
            for each in project.cases or ()
        },
        "variables": Counter((each.name, each.type_of_variable) for each in project.variables or ()),
    }


@settings(deadline=None)
@given(copies((*CONTRARY, "corrects_a_text"), 2))
def test_merged_with_itself_a_study_is_unchanged(two: list[Study]) -> None:
    for each in two:
        again = merge(each, each)
        assert again.study.project == each.project
        assert again.findings == ()


@settings(deadline=None)
@given(copies((*CONTRARY, "corrects_a_text"), 2))
def test_merging_a_copy_once_more_changes_nothing(two: list[Study]) -> None:
    merged = merge(*two)
    for each in two:
        assert merge(merged.study, each).study.project == merged.study.project


@settings(deadline=None)
@given(copies((*CONTRARY, "corrects_a_text"), 3))
def test_merging_in_steps_is_merging_at_once(three: list[Study]) -> None:
    a, b, c = three
    at_once = merge(a, b, c)
    assert meant(merge(merge(a, b).study, c)) == meant(at_once)
    assert meant(merge(a, merge(b, c).study)) == meant(at_once)


@settings(deadline=None)
@given(copies(AGREEABLE, 2))
def test_the_order_decides_nothing_where_copies_agree(two: list[Study]) -> None:
    one, other = merge(*two), merge(*reversed(two))
    assume(not one.conflicts)
    assert meant(one) == meant(other)


@settings(deadline=None)
@given(copies(AGREEABLE, 2))
def test_nothing_that_a_copy_has_is_missing(two: list[Study]) -> None:
    merged = merge(*two)
    assume(not merged.conflicts)
    there = meant(merged)
    for each in two:
        alone = meant(merge(each, each))
        for kind in ("codings", "texts", "memos", "links", "variables"):
            assert alone[kind] <= there[kind], kind
        for kind in ("sets", "cases"):
            for name, members in alone[kind].items():
                assert members <= there[kind][name]
        assert alone["codes"].items() <= there["codes"].items()


@settings(deadline=None)
@given(copies((*CONTRARY, "corrects_a_text"), 2))
def test_no_passage_is_lost_where_only_other_words_were_edited(two: list[Study]) -> None:
    merged = merge(*two)
    assert not merged.lost
    quotes = set(_quotes(merged.study))
    for each in two:
        assert set(_quotes(each)) <= quotes


@settings(deadline=None)
@given(copies((*CONTRARY, "corrects_a_text"), 2))
def test_merging_leaves_the_copies_as_they_were(two: list[Study]) -> None:
    before = [copy_of(each).project for each in two]
    merge(*two)
    assert [each.project for each in two] == before
