"""The verdict: whether the XML of a project or codebook follows the schema; why not is explained in ``checks``.

It is libxml2's, on a stream: it costs about as much as parsing, and no memory. Two of libxml2's faults are worked
around in the schema that it is given. Nothing is read but the stream: no DTD, no entity, no schema that the file names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, BinaryIO, NamedTuple

from lxml import etree

from qdabridge.errors import CannotRead
from qdabridge.formats.refi.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE
from qdabridge.safety import doctype_refused
from qdabridge.shipped import shipped

CHUNK = 1 << 16
SAFELY: dict[str, Any] = {"huge_tree": True, "resolve_entities": False, "load_dtd": False, "no_network": True}
"""The options by which a parser touches nothing but the stream."""


class Kind(NamedTuple):
    """One of the two schemas: its file, and the namespace it describes."""

    file: str
    namespace: str


KINDS = {
    "Project": Kind("schemas/Project.xsd", PROJECT_NAMESPACE),
    "CodeBook": Kind("schemas/Codebook.xsd", CODEBOOK_NAMESPACE),
}


def is_valid(open_stream: Callable[[], BinaryIO], where: str = "") -> bool:
    """Tell whether XML is a valid project or codebook of REFI-QDA 1.0 to 1.5 (which share their schemas).

    Reading stops at the first error, so that damage after it is not seen.

    Args:
        open_stream: opens the bytes of a .qde or .qdc file.
        where: what to call the file in messages.

    Raises:
        CannotRead: the XML is not well-formed, or has a DOCTYPE.
    """
    with open_stream() as stream:
        namespace, name = root_of(stream, where)
    kind = KINDS.get(name)
    if kind is None or kind.namespace != namespace:
        return False
    verdict = Verdict(kind)
    with open_stream() as stream, told(where):
        while chunk := stream.read(CHUNK):
            verdict.feed(chunk)
            if verdict.refused:
                return False
        verdict.close()
    return not verdict.refused


class Verdict:
    """The verdict on XML that comes a piece at a time, such as while it is being written."""

    def __init__(self, kind: Kind) -> None:
        self._parser = etree.XMLParser(
            target=_Deaf(),  # type: ignore[arg-type]
            schema=_compiled(kind),
            **SAFELY,
        )

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            etree.XMLSyntaxError: they are not well-formed.
        """
        self._parser.feed(chunk)

    def close(self) -> None:
        """Finish."""
        self._parser.close()

    @property
    def refused(self) -> bool:
        """Whether something so far does not follow the schema."""
        return bool(refusals(self._parser.feed_error_log))

    @property
    def reason(self) -> str:
        """The first thing that does not follow the schema, as libxml2 says it."""
        return next((entry.message for entry in refusals(self._parser.feed_error_log)), "")


class _Deaf:
    """Hears nothing of what is parsed, which is the fastest way to have it validated."""

    def close(self) -> None:
        """Finish."""


class _Root(Exception):
    """Brings the root's tag out of the parser."""

    def __init__(self, tag: str) -> None:
        self.tag = tag


class _UpToTheRoot:
    """Stops the parser at the root, or at a DOCTYPE before anything in it is read."""

    def __init__(self, where: str) -> None:
        self._where = where

    def doctype(self, *_: object) -> None:
        """Refuse the file."""
        raise doctype_refused(self._where)

    def start(self, tag: str, *_: object) -> None:
        """Stop: the first element is the root."""
        raise _Root(tag)

    def close(self) -> None:
        """Finish; never reached in XML that has a root."""


def root_of(stream: BinaryIO, where: str) -> tuple[str, str]:
    """Return the namespace (``""`` for none) and the name of the root."""
    parser = etree.XMLParser(
        target=_UpToTheRoot(where),  # type: ignore[arg-type]
        **SAFELY,
    )
    with told(where):
        try:
            while chunk := stream.read(CHUNK):
                parser.feed(chunk)
            parser.close()
        except _Root as root:
            name = etree.QName(root.tag)
            return name.namespace or "", name.localname
    raise CannotRead("The XML is empty.", where=where, todo="Export the project again.")


class told:  # noqa: N801 - reads as a verb where it is used
    """Turn what the parser raises on damage into one sentence."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, etree.XMLSyntaxError):
            at = f" at line {error.lineno}" if error.lineno else ""
            raise CannotRead(
                f"The XML is damaged{at}.",
                where=self._where,
                todo="Export the project again from the program it comes from.",
            ) from None


def refusals(log: etree._ListErrorLog) -> list[etree._LogEntry]:
    """Return what in a parser's log is about the schema."""
    return [entry for entry in log if entry.domain == etree.ErrorDomains.SCHEMASV]


@cache
def _compiled(kind: Kind) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(made_for_libxml2(text_of(kind))))


def text_of(kind: Kind) -> bytes:
    """Return a schema as it is shipped."""
    return shipped(kind.file).read_bytes()


def made_for_libxml2(xsd: bytes) -> bytes:
    """Return a schema with the same meaning in which libxml2 (seen in 2.14.6) does not go wrong.

    It takes ``#ff33cc33`` for ``{6}|{3}`` digits unless each branch is whole, and refuses the white space around a date
    that XML Schema allows unless a pattern makes it normalise the value first.
    """
    xsd = xsd.replace(b"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})", b"(#[A-Fa-f0-9]{6})|(#[A-Fa-f0-9]{3})")
    dates = b""
    for name in (b"dateTime", b"date"):
        xsd = xsd.replace(b'type="xsd:%s"' % name, b'type="%sAnyhow"' % name)
        dates += (
            b'<xsd:simpleType name="%sAnyhow"><xsd:restriction base="xsd:%s"><xsd:pattern value=".*"/>'
            b"</xsd:restriction></xsd:simpleType>" % (name, name)
        )
    return xsd.replace(b"</xsd:schema>", dates + b"</xsd:schema>")
