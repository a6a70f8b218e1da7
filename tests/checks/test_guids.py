"""Two things of one kind with one GUID."""

from __future__ import annotations

import pytest

from checks.studies import coding, found, guid, project, study
from qdabridge.checks.rules.guids import repeated
from qdabridge.study.model import Code, Link, Note, PDFSource, SyncPoint, TextSource, User


def test_a_sound_study_has_no_guid_twice_of_one_kind() -> None:
    """Though the area and the words of a PDF share one in it, as ATLAS.ti has it."""
    assert found(repeated, study()) == []


@pytest.mark.parametrize("spelled", [guid(2), "{" + guid(2) + "}", guid(2).upper()])
def test_two_codes_with_one_guid_are_an_error_however_it_is_spelled(spelled: str) -> None:
    changed = project()
    changed.code_book.codes[0].codes[0].codes = [Code(guid=spelled, name="Getting in")]
    (finding,) = found(repeated, study(changed))
    assert (finding.code, finding.severity) == ("GUID-DUP", "error")
    assert finding.message.startswith("Two codes share one GUID")
    assert finding.where == f"Code “Getting in”, guid {spelled}"


def test_sources_of_different_types_are_one_kind() -> None:
    changed = project()
    changed.sources.append(PDFSource(guid=guid(10), name="Copy"))
    (finding,) = found(repeated, study(changed))
    assert finding.message.startswith("Two sources share one GUID")


def test_things_of_different_kinds_with_one_guid_are_only_a_warning() -> None:
    changed = project()
    changed.notes.append(Note(guid=guid(10).upper(), name="Copy"))
    (finding,) = found(repeated, study(changed))
    assert (finding.code, finding.severity) == ("GUID-DUP", "warning")
    assert finding.message.startswith("A source and a note share one GUID")
    assert finding.where == f"Note “Copy”, guid {guid(10).upper()}"


def test_a_guid_that_is_there_three_times_in_different_spellings_is_told_twice() -> None:
    changed = project()
    changed.sources[0].codings += (coding(13), coding(13))
    changed.sources[0].codings[-1].guid = "{" + guid(13).upper() + "}"
    assert len(found(repeated, study(changed))) == 2


def test_a_case_that_is_also_a_code_is_two_kinds() -> None:
    """NVivo writes every case so."""
    changed = project()
    changed.code_book.codes.append(Code(guid=guid(5), name="Ana"))
    assert found(repeated, study(changed)) == []


@pytest.mark.parametrize("what", ["a stretch of sound", "a passage of another source"])
def test_an_area_of_a_pdf_shares_its_guid_only_with_the_words_in_it(what: str) -> None:
    changed = project()
    if what == "a stretch of sound":
        changed.sources[1].representation.plain_text_selections = []
        changed.sources[2].audio_selections[0].guid = guid(21).upper()
    else:
        changed.sources[1].representation.plain_text_selections = []
        changed.sources[0].plain_text_selections[0].guid = "{" + guid(21) + "}"
    (finding,) = found(repeated, study(changed))
    assert (finding.code, finding.severity) == ("GUID-DUP", "error")
    assert finding.message.startswith("An area of a PDF and a selection elsewhere share one GUID")


def test_codings_with_one_guid_are_only_a_warning() -> None:
    changed = project()
    changed.sources[0].codings += (coding(13),)
    (finding,) = found(repeated, study(changed))
    assert finding.severity == "warning"
    assert finding.message == "Two codings share one GUID; programs that check strictly refuse the file."
    assert finding.where == f"Coding {guid(13)} in TextSource “Interview Ana”, guid {guid(13)}"


def test_every_repetition_is_a_finding() -> None:
    changed = project()
    changed.users += [User(guid=guid(1)), User(guid=guid(1))]
    changed.links.append(Link(guid=guid(50)))
    changed.sources[2].transcripts[0].sync_points.append(SyncPoint(guid=guid(34)))
    assert sorted(finding.message.split()[1] for finding in found(repeated, study(changed))) == [
        "links",
        "sync",
        "users",
        "users",
    ]


def test_an_absent_guid_is_left_to_the_schema() -> None:
    changed = project()
    changed.sources += [TextSource(guid=""), TextSource(guid="")]
    assert found(repeated, study(changed)) == []
