"""Office documents are looked into only where they are no larger than what people write."""

from __future__ import annotations

import io
import zipfile

import pytest

import qdabridge as qda
from qdabridge.deposit.office_documents import parts_of_document


def document(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        for name, part in parts.items():
            made.writestr(name.replace("_", "."), part)
    return out.getvalue()


def test_the_parts_of_a_document_are_given_by_name() -> None:
    assert parts_of_document(document(a_xml=b"<a/>")) == {"[Content_Types].xml": b"<Types/>", "a.xml": b"<a/>"}


def test_an_archive_that_is_no_document_has_no_parts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", b"I waited four hours.")
    assert parts_of_document(out.getvalue()) == {}


@pytest.mark.parametrize("parts", [{"a_xml": bytes(5_000_000)}, {"a_bin": bytes(5_000_000)}])
def test_a_document_that_unpacks_to_far_more_than_any_is_not_looked_into(parts: dict[str, bytes]) -> None:
    with pytest.raises(qda.CannotRead, match="too large to look into"):
        parts_of_document(document(**parts))


def test_a_document_with_more_xml_than_anybody_writes_is_not_looked_into() -> None:
    line = b"".join(b"<p>%d</p>" % (number * 7_919) for number in range(100_000))
    with pytest.raises(qda.CannotRead, match="too large to look into"):
        parts_of_document(document(a_xml=line * 40))


def test_a_white_picture_in_a_document_is_no_reason_to_leave_its_names() -> None:
    assert set(parts_of_document(document(white_bmp=b"\xff" * 6_000_000))) == {"[Content_Types].xml", "white.bmp"}
    with pytest.raises(qda.CannotRead, match="too large to look into"):
        parts_of_document(document(white_bmp=b"\xff" * 101_000_000))
