"""Small studies in a few words: ``study(text("Ana", "I waited.", coded("waited", ACCESS)), codes=[ACCESS])``.

GUIDs are made from what a thing is called, so that tests can name them: ``guid("Ana")``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from qdabridge.study.files import Files
from qdabridge.study.model import (
    Case,
    Code,
    CodeBook,
    CodeRef,
    Coding,
    PlainTextSelection,
    Project,
    SelectionRef,
    SourceRef,
    TextSource,
    User,
    Variable,
    VariableRef,
    VariableValue,
)
from qdabridge.study.study import Study

NERYS = User(guid=str(uuid5(NAMESPACE_URL, "Nerys Stanway")), name="Nerys Stanway")
MIREILLE = User(guid=str(uuid5(NAMESPACE_URL, "Mireille Pagès")), name="Mireille Pagès")


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def code(name: str, *inside: Code, color: str | None = None, codable: bool = True) -> Code:
    return Code(guid=guid(f"code {name}"), name=name, codes=list(inside), color=color, is_codable=codable)


def coding(of: Code | Case, by: User | None = NERYS, name: str = "") -> Coding:
    return Coding(
        guid=guid(f"coding {name or of.name}"),
        creating_user=by.guid if by else None,
        code_ref=CodeRef(target_guid=of.guid),
    )


def coded(start: int, end: int, *codes: Code | Case, by: User | None = NERYS, name: str = "") -> PlainTextSelection:
    return PlainTextSelection(
        guid=guid(f"selection {name or f'{start}-{end}'}"),
        start_position=start,
        end_position=end,
        codings=tuple(coding(each, by, f"{name}{start}-{end} {each.name}") for each in codes),
    )


def text(name: str, words: str, *selections: PlainTextSelection, **fields: Any) -> TextSource:
    return TextSource(
        guid=guid(name), name=name, plain_text_content=words, plain_text_selections=list(selections), **fields
    )


def case(name: str | None, *of: TextSource | PlainTextSelection | Code | VariableValue, **fields: Any) -> Case:
    return Case(
        guid=guid(f"case {name}"),
        name=name,
        code_refs=tuple(CodeRef(target_guid=each.guid) for each in of if isinstance(each, Code)),
        source_refs=tuple(SourceRef(target_guid=each.guid) for each in of if isinstance(each, TextSource)),
        selection_refs=tuple(
            SelectionRef(target_guid=each.guid) for each in of if isinstance(each, PlainTextSelection)
        ),
        variable_values=tuple(each for each in of if isinstance(each, VariableValue)),
        **fields,
    )


def variable(name: str, kind: str = "Text") -> Variable:
    return Variable(guid=guid(f"variable {name}"), name=name, type_of_variable=kind)


def value(of: Variable, **fields: Any) -> VariableValue:
    return VariableValue(variable_ref=VariableRef(target_guid=of.guid), **fields)


def study(
    *sources: Any,
    codes: Sequence[Code] = (),
    cases: Sequence[Case] = (),
    variables: Sequence[Variable] = (),
    files: Files | None = None,
    **fields: Any,
) -> Study:
    given = {
        "name": "Waiting for care",
        "users": [NERYS, MIREILLE],
        "code_book": CodeBook(codes=list(codes)),
        "cases": list(cases),
        "variables": list(variables),
        "sources": list(sources),
    }
    return Study(Project(**(given | fields)), files)
