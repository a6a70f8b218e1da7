"""Agreement of a study: who is compared, on what, in which units, and what is left out."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

import qdabridge
from interviews import MIREILLE, NERYS, case, code, coded, coding, guid, study, text
from qdabridge.coders.agreement import Agreement, DoubleCoding, agree, disagreements
from qdabridge.coders.agreement.bootstrap import Interval
from qdabridge.coders.agreement.measures import Undefined, kappa
from qdabridge.coders.agreement.units import sentences
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.shipped import shipped
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    PictureSelection,
    PictureSource,
    SyncPoint,
    Transcript,
    TranscriptSelection,
    User,
)
from qdabridge.study.study import Study

WAITING, TRUST, BUS = code("Waiting"), code("Trust"), code("Bus")
ACCESS = code("Access", WAITING, BUS)
LENA = User(guid=guid("Lena"), name="Lena Tiwari")
THOUSAND = "x" * 1000


def mp(start: int, end: int, *codes: Any) -> Any:
    return coded(start, end, *codes, by=MIREILLE, name="MP")


def example(**fields: Any) -> Study:
    """50 characters coded by both, 150 by one, 800 by neither."""
    ana = text("Ana", THOUSAND, coded(0, 100, WAITING), mp(50, 150, WAITING), mp(200, 250, WAITING))
    return study(ana, codes=[ACCESS, TRUST], **fields)


def whole(found: Agreement) -> dict[str, Any]:
    return found.tables.whole.pooled


# --- figures ---------------------------------------------------------------------------------------------------------


def test_the_known_answer_is_85_percent() -> None:
    found = agree(example())
    assert [coder.name for coder in found.coders] == ["NS", "MP"]
    assert whole(found)["percent"] == 0.85
    assert found.tables.whole.counts.marks == (800, 150, 50)
    assert found.tables.by_code[0].name == "Access \\ Waiting"


def test_passages_of_one_coder_that_overlap_count_once() -> None:
    ana = text("Ana", THOUSAND, coded(0, 60, WAITING), coded(40, 100, WAITING), mp(0, 100, WAITING))
    assert whole(agree(study(ana, codes=[ACCESS])))["kappa"] == 1


def test_pooled_means_and_weighted_means_are_those_of_a_spreadsheet() -> None:
    ana = text("Ana", "x" * 100, coded(0, 10, WAITING), mp(5, 15, WAITING))
    bea = text("Bea", "x" * 300, coded(0, 60, WAITING), mp(0, 30, WAITING), coded(9, 12, BUS), mp(9, 12, BUS))
    found = agree(study(ana, bea, codes=[ACCESS]))
    line = found.tables.by_code[0]
    one, other = (row.figures["kappa"] for row in found.tables.rows if row.code == 0)
    assert line.counts.marks == (325, 40, 35)
    assert line.pooled["kappa"] == kappa(line.counts)
    assert line.means["kappa"].value == pytest.approx((one + other) / 2)
    assert line.means["kappa"].weighted == pytest.approx((100 * one + 300 * other) / 400)
    # Nobody coded the bus in Ana's talk: no kappa, but NVivo's 1; all of it is agreed upon.
    means = found.tables.by_code[1].means
    assert (means["kappa"].value, means["kappa"].defined, means["kappa"].undefined, means["kappa"].nvivo) == (
        1,
        1,
        1,
        1,
    )
    assert (means["percent"].value, means["percent"].defined) == (1, 2)
    everything = found.tables.whole
    assert everything.means["kappa"].nvivo == pytest.approx((one + other + 1 + 1) / 4)
    assert everything.means["kappa"].nvivo_weighted == pytest.approx((100 * one + 300 * other + 100 + 300) / 800)
    assert everything.means_of_codes["kappa"].value == pytest.approx((line.pooled["kappa"] + 1) / 2)  # type: ignore[operator]


def test_every_figure_of_the_demo_study_is_that_of_counting_its_characters_one_by_one() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    with qdabridge.read(shipped("demo.qdpx")) as demo:
        found, look = agree(demo, draws=0), Lookup(demo)
        checked = 0
        for row in found.tables.rows[::5]:
            entry, source = (
                look.code(found.tables.codes[row.code].guid),
                look.source(found.tables.fields[row.field].guid),
            )
            assert entry is not None and source is not None
            size = row.counts.size
            ratings = {"Nerys Stanway": [0] * size, "Mireille Pagès": [0] * size}
            for reference in look.references_of(source):
                span = (0, size) if reference.selection is None else look.span_of(reference)
                if reference.code is entry and span is not None and reference.user is not None:
                    ratings[reference.user.name or ""][span[0] : span[1]] = [1] * (span[1] - span[0])
            expected = metrics.cohen_kappa_score(*ratings.values())
            assert row.figures["kappa"] == pytest.approx(expected, abs=1e-9)
            checked += 1
    assert checked > 20


def test_intervals_come_from_drawing_sources_and_are_the_same_every_time() -> None:
    talks = [
        text(
            f"Talk {n}",
            "x" * 200,
            coded(0, 20 + n * n, WAITING, name=f"{n}"),
            coded(n, 30, WAITING, by=MIREILLE, name=f"m{n}"),
        )
        for n in range(8)
    ]
    one, again, other = (agree(study(*talks, codes=[ACCESS]), seed=seed) for seed in (1, 1, 2))
    interval = one.tables.whole.intervals["kappa"]
    assert isinstance(interval, Interval)
    assert interval.low < whole(one)["kappa"] < interval.high
    assert again.tables.whole.intervals == one.tables.whole.intervals
    assert other.tables.whole.intervals != one.tables.whole.intervals


def test_one_source_has_no_interval() -> None:
    assert isinstance(agree(example()).tables.whole.intervals["kappa"], Undefined)


# --- units -----------------------------------------------------------------------------------------------------------

TALK = "I waited. It was Dr. Őry!\n\nThen I left. Bye."


def marked(words: str, *codes: Any, by: User = NERYS) -> Any:
    start = TALK.index(words)
    return coded(start, start + len(words), *codes, by=by, name=by.name or "")


@pytest.mark.parametrize(
    ("unit", "marks"),
    [("sentences", (2, 1, 1)), ("paragraphs", (1, 0, 1)), ("sources", (0, 0, 1)), ("cells", (0, 0, 1))],
)
def test_larger_units_count_what_is_touched(unit: Any, marks: tuple[int, ...]) -> None:
    ana = text("Ana", TALK, marked("waited. It", WAITING), marked("It was", WAITING, by=MIREILLE))
    found = agree(study(ana, codes=[ACCESS], cases=[case("Ana", ana)]), unit=unit)
    assert found.tables.whole.counts.marks == marks


def test_white_space_between_sentences_touches_neither() -> None:
    gap = coded(9, 10, WAITING)
    ana = text("Ana", TALK, gap, marked("I waited.", WAITING), marked("I waited.", WAITING, by=MIREILLE))
    assert agree(study(ana, codes=[ACCESS]), unit="sentences").tables.whole.counts.marks == (3, 0, 1)


def test_sentences_end_where_people_end_them() -> None:
    words = "Dr. Ames came at 3.30 p.m. on Tuesday. “Why?” she said. NS: No… I don't know!\nNext line"
    assert [words[s:e] for s, e in sentences(words)] == [
        "Dr. Ames came at 3.30 p.m. on Tuesday.",
        "“Why?” she said.",
        "NS: No…",
        "I don't know!",
        "Next line",
    ]


def recording() -> AudioSource:
    points = [SyncPoint(guid=f"P{n}", time_stamp=n * 1000, position=n * 10) for n in range(5)]
    lines = TranscriptSelection(
        guid=guid("lines"), from_sync_point="P1", to_sync_point="P3", codings=(coding(WAITING, MIREILLE),)
    )
    return AudioSource(
        guid=guid("tape"),
        name="Tape",
        audio_selections=[AudioSelection(guid=guid("a"), begin=0, end=2000, codings=(coding(WAITING, NERYS),))],
        transcripts=[
            Transcript(
                guid=guid("transcript"), plain_text_content="x" * 40, sync_points=points, transcript_selections=[lines]
            )
        ],
    )


def test_a_line_of_a_transcript_is_the_time_it_takes() -> None:
    coded = DoubleCoding(study(recording(), codes=[ACCESS]), unit="seconds")
    found = coded.agreement()
    assert found.tables.whole.counts.marks == (1000, 2000, 1000)
    assert [finding.code for finding in found.findings] == ["AGREE-SIZE-UNKNOWN"]
    assert [each.axis for each in coded.disagreements()] == ["time"]


def test_pictures_are_counted_by_area() -> None:
    picture = PictureSource(
        guid=guid("map"),
        name="Map",
        picture_selections=[
            PictureSelection(guid=guid(f"p{x}"), first_x=x, first_y=0, second_x=x + 10, second_y=10, codings=(who,))
            for x, who in ((0, coding(WAITING, NERYS)), (5, coding(WAITING, MIREILLE)))
        ],
    )
    found = agree(study(picture, codes=[ACCESS]), unit="area")
    assert found.tables.whole.counts.marks == (0, 100, 50)


def test_a_source_coded_as_a_whole_is_all_of_its_characters() -> None:
    ana = text("Ana", "x" * 50, mp(0, 25, WAITING), codings=(coding(WAITING, NERYS),))
    assert agree(study(ana, codes=[ACCESS])).tables.whole.counts.marks == (0, 25, 25)


def test_a_code_may_count_for_the_codes_inside_it() -> None:
    ana = text("Ana", "x" * 50, coded(0, 25, WAITING), mp(0, 25, BUS))
    found = agree(study(ana, codes=[ACCESS]), aggregate=True)
    kappas = {line.name: line.pooled["kappa"] for line in found.tables.by_code}
    assert kappas["Access"] == 1
    assert kappas["Access \\ Bus"] == 0


# --- what is left out ------------------------------------------------------------------------------------------------


def test_a_source_that_one_coder_never_opened_is_left_out_and_named() -> None:
    ana = text("Ana", "x" * 100, coded(0, 10, WAITING), mp(0, 10, WAITING))
    bea = text("Bea", "x" * 100, coded(0, 50, WAITING))
    both = study(ana, bea, codes=[ACCESS])
    found = agree(both)
    assert whole(found)["kappa"] == 1
    assert found.left_out.single_sources == {"Bea": ("NS",)}
    assert disagreements(both) == ()
    counted = agree(both, single_sources=True)
    assert counted.tables.whole.counts.marks == (140, 50, 10)
    assert [each.source for each in disagreements(both, single_sources=True)] == ["Bea"]


def test_a_code_that_one_coder_never_used_counts_unless_that_is_declined() -> None:
    ana = text("Ana", "x" * 100, coded(0, 10, WAITING, TRUST), mp(0, 10, WAITING))
    both = study(ana, codes=[ACCESS, TRUST])
    found = agree(both)
    assert found.left_out.single_codes == {"Trust": ("NS",)}
    assert found.left_out.unused_codes == 2
    assert [entry.path for entry in found.tables.codes] == ["Access \\ Waiting", "Trust"]
    declined = agree(both, single_codes=False)
    assert [entry.path for entry in declined.tables.codes] == ["Access \\ Waiting"]
    assert declined.left_out.single_codes == {"Trust": ("NS",)}


def test_what_has_no_such_units_is_counted_as_elsewhere() -> None:
    ana = text("Ana", "x" * 100, coded(0, 10, WAITING), mp(0, 10, WAITING))
    assert agree(study(ana, recording(), codes=[ACCESS])).left_out.elsewhere == 1


def test_only_some_codes_and_sources() -> None:
    ana = text("Ana", "x" * 100, coded(0, 10, WAITING, TRUST), mp(0, 10, WAITING, TRUST))
    bea = text("Bea", "x" * 100, coded(0, 10, WAITING), mp(0, 20, WAITING))
    found = agree(study(ana, bea, codes=[ACCESS, TRUST]), codes=["Access"], only=["Bea"])
    assert [entry.path for entry in found.tables.codes] == ["Access \\ Waiting"]
    assert [field.name for field in found.tables.fields] == ["Bea"]


# --- coders ----------------------------------------------------------------------------------------------------------


def three() -> Study:
    ana = text(
        "Ana",
        "x" * 100,
        coded(0, 30, WAITING),
        coded(0, 20, WAITING, by=MIREILLE, name="MP"),
        coded(10, 40, WAITING, by=LENA, name="LT"),
    )
    return study(ana, codes=[ACCESS], users=[NERYS, MIREILLE, LENA])


def test_three_coders_have_the_measures_that_allow_it_and_every_pair() -> None:
    found = agree(three())
    assert found.tables.whole.counts.marks == (60, 10, 20, 10)
    assert isinstance(whole(found)["kappa"], Undefined)
    assert isinstance(whole(found)["alpha"], float)
    assert [line.name for line in found.pairs] == ["NS – MP", "NS – LT", "MP – LT"]
    assert found.pairs[0].pooled["kappa"] == whole(agree(three(), coders=["NS", "MP"]))["kappa"]


def test_people_may_count_as_one_coder() -> None:
    found = agree(three(), coders=["Nerys Stanway", "MP+LT"])
    assert [coder.name for coder in found.coders] == ["NS", "MP+LT"]
    assert found.tables.whole.counts.marks == (60, 10, 30)


def test_an_unknown_coder_is_told_who_there_is() -> None:
    with pytest.raises(NotInStudy, match=r"no coder “XY”\. It has Nerys Stanway, Mireille Pagès\."):
        agree(example(), coders=["NS", "XY"])


def test_a_study_of_one_coder_says_so() -> None:
    ana = text("Ana", THOUSAND, coded(0, 10, WAITING))
    with pytest.raises(BadRequest, match="only Nerys Stanway coded"):
        agree(study(ana, codes=[ACCESS]))


def test_a_study_in_which_nobody_coded_says_so_and_one_that_does_not_say_who_too() -> None:
    with pytest.raises(BadRequest, match="nobody coded anything"):
        agree(study(text("Ana", THOUSAND), codes=[ACCESS]))
    with pytest.raises(BadRequest, match="nothing says who coded"):
        agree(study(text("Ana", THOUSAND, coded(0, 9, WAITING, by=None)), codes=[ACCESS]))


def test_one_person_cannot_be_both_coders() -> None:
    with pytest.raises(BadRequest, match="same person"):
        agree(example(), coders=["NS", "Nerys Stanway"])


def test_a_coder_who_coded_nothing_is_named() -> None:
    ana = text("Ana", THOUSAND, coded(0, 10, WAITING))
    with pytest.raises(BadRequest, match="“MP” coded nothing that can be counted in characters"):
        agree(study(ana, codes=[ACCESS]), coders=["NS", "MP"])


def test_coding_that_names_nobody_is_nobodys() -> None:
    ana = text("Ana", THOUSAND, coded(0, 9, WAITING), mp(0, 9, WAITING), coded(20, 30, WAITING, by=None, name="none"))
    found = agree(study(ana, codes=[ACCESS]))
    assert whole(found)["kappa"] == 1
    assert [(each.code, each.count) for each in found.findings] == [("AGREE-NOBODY", 1)]


def test_who_made_the_selection_coded_where_the_coding_does_not_say() -> None:
    selection = msgspec.structs.replace(coded(0, 9, WAITING, by=None, name="none"), creating_user=MIREILLE.guid)
    found = agree(study(text("Ana", THOUSAND, coded(0, 9, WAITING), selection), codes=[ACCESS]))
    assert whole(found)["kappa"] == 1


# --- copies ----------------------------------------------------------------------------------------------------------


def copy(*selections: Any, codes: Any = (ACCESS,), words: str = THOUSAND, name: str = "Ana", **fields: Any) -> Study:
    return study(text(name, words, *selections), codes=codes, **fields)


def test_two_copies_agree_as_the_one_study_does() -> None:
    one = copy(coded(0, 100, WAITING))
    other = copy(mp(50, 150, WAITING), mp(200, 250, WAITING))
    found = agree(one, other, labels=["ns", "mp"])
    assert [coder.name for coder in found.coders] == ["NS", "MP"]
    assert found.tables.whole.counts == agree(example()).tables.whole.counts
    assert not found.left_out.sources


def test_copies_of_one_user_name_are_told_apart_by_their_files() -> None:
    found = agree(copy(coded(0, 9, WAITING)), copy(coded(0, 9, WAITING)), labels=["ns", "mp"])
    assert [coder.name for coder in found.coders] == ["ns", "mp"]
    assert whole(found)["kappa"] == 1


def test_sources_are_matched_by_content_and_codes_by_path() -> None:
    twin = code("Access again", code("Waiting again"))
    twin = msgspec.structs.replace(twin, name="Access", codes=[msgspec.structs.replace(twin.codes[0], name="Waiting")])
    other = copy(mp(0, 100, twin.codes[0]), codes=[twin], name="Ana, other name and GUID")
    found = agree(copy(coded(0, 100, WAITING)), other)
    assert whole(found)["kappa"] == 1
    assert [each.name for each in found.left_out.codes] == ["Access \\ Bus"]


def test_copies_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(BadRequest, match="no source in common"):
        agree(copy(coded(0, 9, WAITING)), copy(mp(0, 9, WAITING), words="else", name="Bea"))
    with pytest.raises(BadRequest, match="content of “Ana” is not the same in every copy"):
        agree(copy(coded(0, 9, WAITING)), copy(mp(0, 9, WAITING), words=THOUSAND + "edited"))
    with pytest.raises(BadRequest, match="no code in common"):
        agree(copy(coded(0, 9, WAITING)), copy(mp(0, 9, TRUST), codes=[TRUST]))


def test_a_copy_with_the_coding_of_several_says_that_all_of_it_counts() -> None:
    found = agree(example(), copy(mp(0, 9, WAITING)), labels=["a", "b"])
    assert [(each.code, each.where) for each in found.findings] == [("AGREE-COPY-OF-SEVERAL", "a")]
    named = agree(example(), copy(mp(0, 9, WAITING)), coders=["NS", "MP"])
    assert not named.findings


# --- segments --------------------------------------------------------------------------------------------------------


def test_passages_are_the_same_if_they_share_enough() -> None:
    ana = text(
        "Ana", THOUSAND, coded(0, 100, WAITING), mp(4, 100, WAITING), coded(200, 300, WAITING), mp(220, 300, WAITING)
    )
    strict, loose = (agree(study(ana, codes=[ACCESS]), overlap=share).segments[-1] for share in (0.9, 0.8))
    assert (strict.marked, strict.found, strict.share) == ((2, 2), (1, 1), 0.5)
    assert loose.share == 1


def test_maxqdas_kappa_takes_one_of_the_codes_for_chance() -> None:
    ana = text("Ana", THOUSAND, coded(0, 9, WAITING, BUS), mp(0, 9, WAITING), mp(20, 29, BUS))
    last = agree(study(ana, codes=[ACCESS])).segments[-1]
    assert last.share == 0.5
    assert last.kappa == (0.5 - 1 / 2) / (1 - 1 / 2)


# --- the list for the meeting ----------------------------------------------------------------------------------------


def test_the_list_has_every_difference_with_its_words() -> None:
    start, end = TALK.index("It"), TALK.index("Őry") + 3
    ana = text("Ana", TALK, marked("It was", WAITING), coded(start, end, WAITING, by=MIREILLE), marked("Bye", BUS))
    one, other = disagreements(study(ana, codes=[ACCESS]))
    assert (one.kind, one.code, one.place, one.text) == ("other limits", "Access \\ Waiting", "l. 1", "It was Dr. Őry")
    assert [(did.coder, did.text) for did in one.did] == [("NS", "It was"), ("MP", "It was Dr. Őry")]
    assert one.before == "I waited. "
    assert one.after.startswith("!\n\nThen I left")
    assert one.shared == pytest.approx(len("It was") / len("It was Dr. Őry"))
    assert (other.kind, other.text, other.did[1].codings) == ("not all coded it", "Bye", ())


def test_what_both_coded_alike_is_not_on_the_list_and_an_overlap_is_one_entry() -> None:
    ana = text("Ana", THOUSAND, coded(0, 9, WAITING), mp(0, 9, WAITING), coded(20, 40, WAITING), mp(30, 50, WAITING))
    assert [(each.start, each.end) for each in disagreements(study(ana, codes=[ACCESS]))] == [(20, 50)]


def test_white_space_and_full_stops_are_told_from_words() -> None:
    ana = text("Ana", TALK, marked("waited", WAITING), marked("waited. ", WAITING, by=MIREILLE))
    assert [each.same_words for each in disagreements(study(ana, codes=[ACCESS]))] == [True]


def test_an_entry_keeps_its_id_until_somebody_codes_otherwise_there() -> None:
    marks = [coded(0, 9, WAITING), mp(5, 12, WAITING), coded(30, 40, BUS)]
    before = {each.id for each in disagreements(copy(*marks))}
    more = {each.id for each in disagreements(copy(*marks, mp(50, 60, WAITING)))}
    changed = {each.id for each in disagreements(copy(marks[0], mp(5, 13, WAITING), marks[2]))}
    assert len(before) == 2
    assert before < more
    assert len(before & changed) == 1


def test_a_source_coded_as_a_whole_by_one_is_one_entry() -> None:
    ana = text("Ana", TALK, mp(0, 5, WAITING), mp(8, 9, BUS), codings=(coding(WAITING, NERYS),))
    found = {each.code: each for each in disagreements(study(ana, codes=[ACCESS]))}
    entry = found["Access \\ Waiting"]
    assert (entry.did[0].whole_source, entry.text, entry.start, entry.end) == (True, TALK, 0, len(TALK))


def test_the_figures_count_what_the_list_shows() -> None:
    """What one coder marked and the other did not is as much in the list as in the counts."""
    with qdabridge.read(shipped("demo.qdpx")) as demo:
        found, listed = agree(demo, draws=0), disagreements(demo)
    differing = 0
    for each in listed:
        if each.axis == "text":
            one, other = ({n for s, e in did.places for n in range(s, e)} for did in each.did)
            differing += len(one ^ other)
    transcript = sum(
        row.counts.marks[1] for row in found.tables.rows if re.match("Answer", found.tables.fields[row.field].name)
    )
    assert differing == found.tables.whole.counts.marks[1] - transcript


def test_everything_passes_through_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(agree(example())), type=dict)["unit"] == "characters"


# --- from strangers --------------------------------------------------------------------------------------------------


def test_more_coders_than_anybody_compares_have_to_be_named() -> None:
    crowd = [User(guid=guid(f"Coder {number}"), name=f"Coder {number}") for number in range(201)]
    passages = [coded(0, 9, WAITING, by=each, name="C") for each in crowd]
    of_crowd = study(text("Ana", THOUSAND, *passages), codes=[WAITING], users=crowd)
    with pytest.raises(BadRequest, match=r"201 people coded in this study.*--coders"):
        agree(of_crowd)
    assert len(agree(of_crowd, coders=["Coder 1", "Coder 2"]).coders) == 2


def test_a_selection_that_reaches_further_than_any_source_has_no_intervals() -> None:
    def area(far: int, by: User) -> PictureSelection:
        return PictureSelection(
            guid=guid(f"area {far}"), first_x=0, first_y=0, second_x=far, second_y=far, codings=[coding(WAITING, by)]
        )

    picture = PictureSource(guid=guid("Hall"), name="Hall", picture_selections=[area(9, NERYS), area(2**62, MIREILLE)])
    with pytest.raises(BadRequest, match="further than any"):
        agree(study(picture, codes=[WAITING]), unit="area", draws=10)
    assert agree(study(picture, codes=[WAITING]), unit="area", draws=0).coders
