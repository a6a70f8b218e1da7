"""How long a text or a recording is, how large a page or a picture: what figures are a share of.

Texts are counted; recordings, pages and pictures say it in their files, if the extra ``qdabridge[media]`` is there to
ask them. Where nothing says it, what is coded must do, and a finding tells so.
"""

from __future__ import annotations

from qdabridge.coders.agreement.counting import Rectangle
from qdabridge.coders.agreement.spans import Axis, Gathered, Mark
from qdabridge.findings import Finding, Findings
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AudioSource, FileSource, PDFSource, PictureSource, VideoSource

_MOST_PAGES = 5000


class Extents:
    """The sizes of axes. What is not known goes to ``findings``."""

    def __init__(self, gathered: Gathered, findings: Findings) -> None:
        from qdabridge.formats.media import Gauge, available

        self._gathered = gathered
        self._findings = findings
        self._gauge = Gauge() if available() else None
        self._pages: dict[int, dict[int, Rectangle]] = {}
        self._marks: dict[int, list[Mark]] = {}
        for by_axis in gathered.marks.values():
            for number, by_person in by_axis.items():
                if gathered.axes[number].kind != "text":
                    self._marks.setdefault(id(gathered.axes[number]), []).extend(
                        mark for marks in by_person.values() for mark in marks
                    )

    def length(self, axis: Axis) -> int:
        """Return the characters of a text or the milliseconds of a recording."""
        if axis.kind == "text":
            characters = self._gathered.length_of(axis)
            if characters is None:
                self._tell_unknown(
                    axis, "The text of a source is not there or cannot be read, so its coding is not counted."
                )
            return characters or 0
        seen = self._last_moment(axis)
        told = self._told_length(axis)
        if told is None:
            self._tell_unknown(
                axis, "How long a recording is cannot be known, so it is taken to end with its last coding or time."
            )
        return max(seen, told or 0)

    def page(self, axis: Axis) -> Rectangle:
        """Return a page or picture, wide enough for everything that is coded on it."""
        known = self._known_pages(axis.source).get(axis.page)
        corners = [Rectangle(each.start, each.low, each.end, each.high) for each in self._marks.get(id(axis), ())]
        if known is not None:
            corners.append(known)
        else:
            self._tell_unknown(
                axis, "How large a page or picture is cannot be known, so it is taken to end where its coding ends."
            )
        return Rectangle(
            min((each.left for each in corners), default=0),
            min((each.low for each in corners), default=0),
            max((each.right for each in corners), default=0),
            max((each.high for each in corners), default=0),
        )

    def rest_of(self, source: int) -> int:
        """Return the area of the pages of a source that nothing is coded on."""
        coded = {axis.page for axis in self._gathered.axes if axis.source == source and axis.kind == "area"}
        pages = self._known_pages(source)
        return sum(
            (each.right - each.left) * (each.high - each.low) for page, each in pages.items() if page not in coded
        )

    # --- files --------------------------------------------------------------------------------------------------------

    def _told_length(self, axis: Axis) -> int | None:
        from qdabridge.formats.media import Length

        for look, source in self._copies(axis.source):
            entry = look.study.files.locate(source.path) if source.path else None
            told = self._gauge.length(entry) if self._gauge is not None and entry is not None else None
            if isinstance(told, Length):
                return told.milliseconds
        return None

    def _last_moment(self, axis: Axis) -> int:
        last = max((each.end for each in self._marks.get(id(axis), ())), default=0)
        for _, source in self._copies(axis.source):
            if isinstance(source, AudioSource | VideoSource):
                times = (point.time_stamp or 0 for text in source.transcripts for point in text.sync_points)
                last = max(last, *times, 0)
        return last

    def _known_pages(self, source: int) -> dict[int, Rectangle]:
        if source not in self._pages:
            self._pages[source] = self._ask_pages(source)
        return self._pages[source]

    def _ask_pages(self, source: int) -> dict[int, Rectangle]:
        from qdabridge.formats.media import Pages, Picture

        for look, each in self._copies(source):
            entry = look.study.files.locate(each.path) if each.path else None
            if self._gauge is None or entry is None:
                continue
            if isinstance(each, PictureSource):
                picture = self._gauge.picture(entry)
                if isinstance(picture, Picture):
                    sides = picture.width, picture.height
                    return {0: Rectangle(0, 0, *(reversed(sides) if picture.on_its_side else sides))}
            elif isinstance(each, PDFSource):
                counted = self._gauge.pages(entry, set())
                pages = isinstance(counted, Pages) and self._gauge.pages(
                    entry, set(range(min(counted.count, _MOST_PAGES)))
                )
                if isinstance(pages, Pages):
                    return {
                        page: Rectangle(0, 0, round(box.right - box.left), round(box.top - box.bottom))
                        for page, box in pages.boxes.items()
                    }
        return {}

    def _copies(self, source: int) -> list[tuple[Lookup, FileSource]]:
        each = self._gathered.sources[source].each
        return [
            (look, one) for look, one in zip(self._gathered.looks, each, strict=True) if isinstance(one, FileSource)
        ]

    def _tell_unknown(self, axis: Axis, message: str) -> None:
        self._findings.add(
            Finding(
                "AGREE-SIZE-UNKNOWN",
                "warning",
                message,
                where=self._gathered.name_of(axis.source),
                hint="qdabridge check says why; for recordings, pages and pictures install qdabridge[media].",
            )
        )
