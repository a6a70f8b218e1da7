"""A layout asked for by a name that there is not, and workbooks from before .xlsx: one sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from qdabridge.errors import QdabridgeError

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("nvivo-codebok", "Did you mean nvivo-codebook"),
        ("dedoose", "Did you mean dedoose-excerpts?"),
        ("zzz", "Use one of atlasti-"),
        ("", "Use one of atlasti-"),
    ],
)
def test_a_layout_that_there_is_not_is_answered_with_those_that_are_near(asked: str, said: str, tmp_path: Path) -> None:
    table = tmp_path / "matrix.csv"
    table.write_text("Name,Access\nAna,I waited long.\n")
    with pytest.raises(QdabridgeError) as caught:
        qda.read(table, layout=asked)
    assert said in caught.value.sentence()


@pytest.mark.parametrize(("data", "said"), [(OLD, "save it as .xlsx"), (b"<html><table></table></html>", "a web page")])
def test_a_table_that_ends_in_xls_says_what_to_do(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "matrix.xls").write_bytes(data)
    with pytest.raises(QdabridgeError) as caught:
        qda.read(tmp_path / "matrix.xls")
    assert said in caught.value.sentence()
