"""What is marked in media, compared with the media themselves."""

from __future__ import annotations

import io

import pytest

from checks.studies import CALL, LEAFLET, found, guid, project, study
from fixtures.rules.sound import png
from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules import media as rules
from qdabridge.findings import Finding
from qdabridge.formats import media
from qdabridge.formats.media import Box
from qdabridge.study.files import Files
from qdabridge.study.model import (
    AudioSelection,
    PDFSelection,
    PictureSelection,
    PictureSource,
    Project,
    SyncPoint,
)
from qdabridge.study.study import Study

if not media.available():
    pytest.skip("needs the extra qdabridge[media]", allow_module_level=True)


def told(of: Project, files: dict[str, bytes] | None = None) -> list[tuple[str, str]]:
    findings: list[Finding] = found(rules.outside, study(of, files))
    return [(finding.code, finding.severity) for finding in findings]


def areas(*corners: tuple[int, int, int, int], page: int = 0) -> Project:
    changed = project()
    changed.sources[1].pdf_selections = [
        PDFSelection(guid=guid(60 + number), page=page, first_x=a, first_y=b, second_x=c, second_y=d)
        for number, (a, b, c, d) in enumerate(corners)
    ]
    return changed


def test_areas_to_the_very_edge_of_the_page_are_in_order_whichever_corners_they_name() -> None:
    assert told(areas((0, 0, 595, 842), (596, 843, -1, -1), (10, 800, 20, 2))) == []


def test_areas_over_the_edge_and_outside_are_told_apart() -> None:
    assert told(areas((500, 0, 600, 10))) == [("PDF-AREA", "warning")]
    assert told(areas((600, 0, 700, 10))) == [("PDF-AREA", "error")]
    assert told(areas((0, -30, 10, -20))) == [("PDF-AREA", "error")]


@pytest.mark.parametrize("page", [1, 7, -1])
def test_a_page_that_is_not_there_is_told(page: int) -> None:
    assert told(areas((0, 0, 10, 10), page=page)) == [("PDF-PAGE", "error")]


def test_what_lies_outside_of_any_page_or_picture_is_told_without_the_file() -> None:
    changed = areas((0, 0, 10, 10), page=-1)
    changed.sources.append(
        PictureSource(
            guid=guid(90),
            path="internal://gone.png",
            picture_selections=[
                PictureSelection(guid=guid(91), first_x=-9, first_y=0, second_x=-1, second_y=5),
                PictureSelection(guid=guid(92), first_x=-9, first_y=0, second_x=3, second_y=5),
            ],
        )
    )
    findings = list(rules.outside(Study(changed, Files()), Inventory(changed)))
    assert [(each.code, each.severity) for each in findings] == [("PDF-PAGE", "error"), ("PICTURE-REGION", "error")]
    assert guid(91) in findings[1].where


def test_a_page_is_compared_in_every_measure_in_which_programs_may_have_marked_it() -> None:
    def outside_of(box: Box, *corners: int) -> bool:
        (area,) = areas(corners).sources[1].pdf_selections  # type: ignore[arg-type]
        return bool(list(rules._on_page(area, project().sources[1], box)))  # type: ignore[arg-type]

    shifted = Box(100, 100, 300, 400)
    assert not outside_of(shifted, 0, 0, 200, 300)
    assert not outside_of(shifted, 100, 100, 300, 400)
    assert outside_of(shifted, 100, 100, 350, 400)
    assert not outside_of(Box(0, 0, 595, 842, 90), 700, 10, 842, 500)
    assert outside_of(Box(0, 0, 595, 842, 180), 700, 10, 842, 500)


def with_region(picture: bytes, *corners: int) -> list[tuple[str, str]]:
    changed = project()
    a, b, c, d = corners
    region = PictureSelection(guid=guid(61), first_x=a, first_y=b, second_x=c, second_y=d)
    changed.sources = [PictureSource(guid=guid(62), path="internal://p.jpg", picture_selections=[region])]
    return told(changed, {"sources/p.jpg": picture})


def test_regions_of_a_picture_are_compared_with_it() -> None:
    assert with_region(png(40, 30), 0, 0, 40, 30) == []
    assert with_region(png(40, 30), 41, 31, 0, 0) == []
    assert with_region(png(40, 30), 20, 20, 40, 35) == [("PICTURE-REGION", "warning")]
    assert with_region(png(40, 30), 40, 0, 60, 10) == [("PICTURE-REGION", "error")]


def test_a_picture_that_is_shown_turned_is_compared_as_it_is_shown() -> None:
    from PIL import Image

    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("L", (40, 30)).save(out, "JPEG", exif=exif)
    assert with_region(out.getvalue(), 0, 0, 30, 40) == []
    assert with_region(out.getvalue(), 35, 0, 40, 30) == [("PICTURE-REGION", "warning")]
    assert with_region(out.getvalue(), 50, 0, 60, 30) == [("PICTURE-REGION", "error")]


def stretch(begin: int, end: int) -> Project:
    changed = project()
    changed.sources[2].audio_selections = [AudioSelection(guid=guid(31), begin=begin, end=end)]
    return changed


def test_a_stretch_may_end_a_second_after_its_recording() -> None:
    assert told(stretch(4000, 6000)) == []
    assert told(stretch(4000, 6001)) == [("MEDIA-TIME", "warning")]
    assert told(stretch(6001, 7000)) == [("MEDIA-TIME", "error")]


def test_a_sync_point_after_the_end_of_its_recording_is_told() -> None:
    changed = project()
    changed.sources[2].transcripts[0].sync_points.append(SyncPoint(guid=guid(36), time_stamp=60_000, position=5))
    assert told(changed) == [("MEDIA-TIME", "error")]


def test_a_file_in_which_nothing_is_marked_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = project()
    changed.sources[1].pdf_selections = []
    changed.sources[2].audio_selections = []
    changed.sources[2].transcripts = []
    monkeypatch.setattr(media, "_ask", None)
    assert told(changed) == []


def test_what_cannot_be_measured_is_said() -> None:
    files = {f"sources/{LEAFLET}": b"%PDF-1.4", f"sources/{CALL}": b"\x1aE\xdf\xa3"}
    assert told(project(), files) == [("MEDIA-UNREAD", "warning"), ("MEDIA-UNREAD", "note")]


def test_without_the_extra_what_was_skipped_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "available", lambda: False)
    findings = found(rules.outside, study())
    assert [(finding.code, finding.severity) for finding in findings] == [("RULE-SKIPPED", "note")] * 2
    assert all("qdabridge[media]" in finding.hint for finding in findings)
    changed = project()
    changed.sources = changed.sources[:1]
    assert found(rules.outside, study(changed)) == []
