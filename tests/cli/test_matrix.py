"""`qdabridge matrix` makes attributes of sets only when asked to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import qdabridge as qda
from interviews import code, coded, guid, study, text
from qdabridge.study.model import Set, SourceRef


@pytest.mark.parametrize("asked", [False, True])
def test_atlastis_groups_of_documents_are_attributes_if_asked_for(run: Any, tmp_path: Path, asked: bool) -> None:
    trust = code("Trust")
    ana = text("Ana", "I trusted her.", coded(2, 9, trust))
    carers = Set(guid=guid("carers"), name="Role::Carer", member_sources=(SourceRef(target_guid=ana.guid),))
    qda.write(study(ana, codes=[trust], sets=[carers]), tmp_path / "study.json")
    flags = ["--values-from-sets"] if asked else []
    ended = run("matrix", tmp_path / "study.json", tmp_path / "matrix.xlsx", *flags)
    assert ended.status == 0
    sheet = load_workbook(tmp_path / "matrix.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert (("Role" in cells), ("Carer" in cells)) == (asked, asked)
    assert ("--values-from-sets" in ended.out) != asked
