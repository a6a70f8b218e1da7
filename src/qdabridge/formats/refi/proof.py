"""Proving what was written before it takes its name: by the schema while it is written, and by reading it back.

The schema's verdict is found in a thread of its own while the file is being written, so that on two cores it costs
hardly any time. A faulty file is never left; whose fault it is, is decided by the writer.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import IO, Any, BinaryIO, Self

from lxml import etree

from qdabridge.errors import CannotRead, CannotWrite
from qdabridge.formats.refi.grammar import CodebookFile
from qdabridge.formats.refi.relay import Relay
from qdabridge.formats.refi.verdict import Kind, Verdict
from qdabridge.study import walk
from qdabridge.study.counts import Counts, counts
from qdabridge.study.model import CodeBook, Project, TextDocument
from qdabridge.study.study import Study
from qdabridge.study.text import Counting, Positions

_CHUNK = 1 << 20
_LONGEST_TAG = 256
_TAG = re.compile(
    rb"<(?:[^\s<>/:]+:)?(User|Code|Variable|Case|TextSource|PictureSource|PDFSource|AudioSource|VideoSource|"
    rb"[A-Za-z]+Selection|Coding|Note|Link|Set|Graph)[\s/>]"
)
_NAMESPACE = re.compile(r"\{urn:[^}]*\}")


class Measured:
    """A stream that passes on what is written to it, and has it measured by the schema meanwhile.

    Use it as a context manager: when it ends, all has been measured.
    """

    def __init__(self, stream: BinaryIO | IO[bytes], kind: Kind | None) -> None:
        self._stream = stream
        self._measure = _Measure(kind) if kind is not None else None
        self._relay = Relay(self._measure) if self._measure is not None else None

    @property
    def reason(self) -> str:
        """The first thing that does not follow the schema; empty where all does."""
        return self._measure.reason if self._measure is not None else ""

    def __enter__(self) -> Self:
        if self._relay is not None:
            self._relay.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        if self._relay is not None and self._measure is not None:
            self._relay.__exit__(*raised)
            self._measure.close()

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        if self._relay is not None:
            self._relay.write(data)
        self._stream.write(data)
        return len(data)


class _Measure:
    """Takes XML a piece at a time, up to the first thing that does not follow the schema."""

    def __init__(self, kind: Kind) -> None:
        self.reason = ""
        self._verdict: Verdict | None = Verdict(kind)

    def write(self, data: bytes) -> None:
        if self._verdict is not None:
            self._judge(self._verdict, lambda verdict: verdict.feed(data))

    def close(self) -> None:
        if self._verdict is not None:
            self._judge(self._verdict, Verdict.close)

    def _judge(self, verdict: Verdict, step: Callable[[Verdict], None]) -> None:
        try:
            step(verdict)
            if verdict.refused:
                self.reason, self._verdict = _NAMESPACE.sub("", verdict.reason).strip(), None
        except etree.XMLSyntaxError as error:
            self.reason, self._verdict = f"The XML is not well-formed: {error.msg}", None


def expected(root: Project | CodebookFile) -> Counts:
    """Return how many elements of each kind a file must have."""
    if isinstance(root, CodebookFile):
        return counts(Project(name="", code_book=CodeBook(codes=root.codes), sets=root.sets))
    return counts(root)


def drain(stream: BinaryIO | IO[bytes]) -> None:
    """Read a stream to its end; one out of an archive then verifies its checksum.

    Raises:
        CannotWrite: it is not what was written.
    """
    try:
        while stream.read(_CHUNK):
            pass
    except zipfile.BadZipFile:
        raise our_fault("what was written cannot be read again") from None


def read_back(stream: BinaryIO | IO[bytes], wanted: Counts) -> None:
    """Read XML again and see that nothing is missing.

    Foreign elements that are kept may look like ours, so there may be more.

    Raises:
        CannotWrite: there is less than there should be.
    """
    found: Counter[bytes] = Counter()
    rest = b""
    while chunk := stream.read(_CHUNK):
        data = rest + chunk
        # A tag that is cut at the end is seen whole with the next piece, and once.
        cut = data.rfind(b"<", max(0, len(data) - _LONGEST_TAG))
        data, rest = (data, b"") if cut < 0 else (data[:cut], data[cut:])
        found.update(_TAG.findall(data))
    found.update(_TAG.findall(rest))
    sums = {
        "users": found[b"User"],
        "codes": found[b"Code"],
        "variables": found[b"Variable"],
        "cases": found[b"Case"],
        "sources": sum(number for tag, number in found.items() if tag.endswith(b"Source")),
        "selections": sum(number for tag, number in found.items() if tag.endswith(b"Selection")),
        "codings": found[b"Coding"],
        "notes": found[b"Note"],
        "links": found[b"Link"],
        "sets": found[b"Set"],
        "graphs": found[b"Graph"],
    }
    for kind, number in sums.items():
        if number < getattr(wanted, kind):
            raise our_fault(f"of {getattr(wanted, kind):,} {kind}, {number:,} are there")


def same_passages(written: Study, again: Project, texts: Study, counting: Counting) -> None:
    """See that every passage, counted as the tool counts, has the words that it had.

    Args:
        written: what was to be written, in code points.
        again: the project as it stands in the file, in the tool's counting.
        texts: gives the texts of the file.
        counting: the tool's.

    Raises:
        CannotWrite: one has not.
    """
    before, after = list(walk.texts(written.project)), list(walk.texts(again))
    if len(before) != len(after):
        raise our_fault(f"of {len(before):,} texts, {len(after):,} are there")
    for was, now in zip(before, after, strict=True):
        if not isinstance(was, TextDocument) or not isinstance(now, TextDocument) or not was.plain_text_selections:
            continue
        text, text_now = _text(written, was), _text(texts, now)
        if text is None or text_now is None:
            continue
        counted = Positions(text_now, counting)
        for one, other in zip(was.plain_text_selections, now.plain_text_selections, strict=False):
            start, end = counted.to_codepoints(other.start_position), counted.end_to_codepoints(other.end_position)
            if text[one.start_position : one.end_position] != text_now[start:end]:
                raise our_fault(f"a passage of “{was.name or was.guid}” has other words")


def our_fault(what: str) -> CannotWrite:
    """Return the error for a file that did not turn out as it should."""
    return CannotWrite(
        f"What was written is not what should have been written ({what}). This is a fault in qdabridge; nothing was "
        "changed.",
        todo="Please report it, and write with --for standard meanwhile.",
    )


def _text(study: Study, document: TextDocument) -> str | None:
    try:
        return study.text_of(document)
    except CannotRead:
        return None
