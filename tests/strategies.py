"""Random studies for property tests: every class of the model, any order, any text.

``projects()`` holds whatever the model can hold, senseless or not. ``projects(valid=True)`` keeps to what the
standard's schema allows in single values (colours, dates, kinds of variables, characters that XML can carry), though
its GUIDs point nowhere in particular. ``studies()`` adds files: texts that documents refer to, and others with names of
any kind.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from qdabridge.study import model, walk
from qdabridge.study.files import Entry, Files
from qdabridge.study.form import Form
from qdabridge.study.study import Study
from qdabridge.study.text import Counting

_Any = TypeVar("_Any")

_ODDITIES = [
    "",
    " ",
    "\ufeff",
    "\r\n",
    "a\rb\nc",
    "e\u0301",
    "👩‍👩‍👧",
    "\U0010ffff",
    "שלום",
    "=1+1",
    "]]>",
    "&amp;",
    '"\\',
]
_UNSPEAKABLE_IN_XML = ["\0", "\x1b[0m", "\ufffe"]
_FEW = 2


def texts(*, valid: bool = False) -> SearchStrategy[str]:
    """Strings without halves of surrogate pairs; valid ones hold only what XML can carry."""
    alphabet = (
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
        if valid
        else st.characters(exclude_categories=("Cs",))
    )
    odd = st.sampled_from(_ODDITIES if valid else _ODDITIES + _UNSPEAKABLE_IN_XML)
    return st.one_of(st.text(alphabet, max_size=6), odd)


def guids() -> SearchStrategy[str]:
    """GUIDs as tools write them: any case, with or without braces."""
    spelling = st.sampled_from([str.lower, str.upper, "{{{}}}".format])
    return st.builds(lambda guid, spelled: spelled(str(guid)), st.uuids(), spelling)


def projects(*, valid: bool = False) -> SearchStrategy[model.Project]:
    """Projects with something of everything."""
    return elements(model.Project, valid=valid)


@cache
def elements(of: type[_Any], *, valid: bool = False) -> SearchStrategy[_Any]:
    """Instances of one class of the model."""
    return _Elements(valid).of(of)


@st.composite
def studies(draw: DrawFn, *, valid: bool = False) -> Study:
    """Studies with files; documents share them, have a text besides, or have files that are no text."""
    project = draw(projects(valid=valid))
    files: dict[str, Entry | bytes] = draw(st.dictionaries(_file_names(), st.binary(max_size=8), max_size=3))
    text_files = draw(st.dictionaries(_text_file_names(), _text_bytes(), max_size=3))
    files |= text_files
    paths = [f"{scheme}{name}" for name in text_files for scheme in ("internal://", "internal:///", "")]
    for document in walk.texts(project):
        path = draw(st.sampled_from([*paths, None])) if paths else None
        if path is not None:
            document.plain_text_path = path.replace("sources/", "")
            document.plain_text_content = draw(st.sampled_from([None, None, document.plain_text_content, ""]))
    form = draw(st.none() | elements(Form, valid=valid))
    return Study(project, Files(dict(draw(st.permutations(list(files.items()))))), form=form)


class _Elements:
    """Makes strategies from the types of the fields."""

    def __init__(self, valid: bool) -> None:
        self._valid = valid
        self._made: dict[tuple[type, int], SearchStrategy[Any]] = {}

    def of(self, of: type[Any], within: int = 0) -> SearchStrategy[Any]:
        """Instances of a class; ``within`` counts how often it stands in itself already."""
        if (of, within) not in self._made:
            self._made[of, within] = self._build(of, within)
        return self._made[of, within]

    def _build(self, of: type[Any], within: int) -> SearchStrategy[Any]:
        required: dict[str, SearchStrategy[Any]] = {}
        optional: dict[str, SearchStrategy[Any]] = {}
        for field in msgspec.structs.fields(of):
            if self._valid and field.name == "extensions":
                continue
            recursive = str(of.__name__) in str(field.type) and of in (model.Code, model.Extensions)
            if recursive and within >= _FEW:
                continue
            values = self._values(field.name, field.type, within + 1 if recursive else 0)
            if of is Form and field.name == "project_entry":
                values = _file_names()
            # What holds elements is nearly always there, or the deeper ones would hardly ever be.
            always = field.required or (_holds_elements(field.type) and field.name != "extensions")
            (required if always else optional)[field.name] = values
        made = st.fixed_dictionaries(required, optional=optional)
        if self._valid and of is model.VariableValue:
            made = made.map(_with_one_value)
        return made.map(lambda values: of(**values))

    def _values(self, name: str, hint: Any, within: int) -> SearchStrategy[Any]:
        arguments = get_args(hint)
        origin = get_origin(hint)
        if origin in (Union, types.UnionType):
            times = _FEW if _holds_elements(hint) else 1
            choices = arguments[:-1] * times + arguments[-1:]
            return st.one_of(*(self._values(name, choice, within) for choice in choices))
        if origin is list or origin is tuple:
            least = 1 if self._valid and name in _NEVER_EMPTY else 0
            most = len(arguments[0].__args__) if name == "sources" else _FEW
            many = st.lists(self._values(name, arguments[0], within), min_size=least, max_size=most)
            return many if origin is list else many.map(tuple)
        if origin is dict:
            return st.dictionaries(texts(), self._values(name, arguments[1], within), max_size=_FEW)
        if hint is type(None):
            return st.none()
        if hint is bool:
            return st.booleans()
        if hint is int:
            return st.integers(0, 2**31 - 1) if self._valid else st.integers() | st.integers(-(10**40), 10**40)
        if hint is str:
            return self._strings(name)
        if origin is not None:
            return st.sampled_from(arguments)
        return st.builds(Counting, **_COUNTINGS) if hint is Counting else self.of(hint, within)

    def _strings(self, name: str) -> SearchStrategy[str]:
        if not self._valid:
            return texts()
        for ending, values in _VALID_STRINGS.items():
            if name.endswith(ending):
                return values
        return texts(valid=True)


def _holds_elements(hint: Any) -> bool:
    """Whether there is a class of the model somewhere in a type."""
    if arguments := get_args(hint):
        return any(_holds_elements(argument) for argument in arguments)
    return isinstance(hint, type) and issubclass(hint, model.Element)


_COUNTINGS: Mapping[str, SearchStrategy[Any]] = {
    "unit": st.sampled_from(["codepoint", "utf16"]),
    "crlf": st.sampled_from([1, 2]),
    "bom": st.booleans(),
    "inclusive": st.booleans(),
}

_NEVER_EMPTY = {"users", "variables", "cases", "sources", "notes", "links", "sets", "graphs", "codes"}

_DATE_TIMES = st.sampled_from(["2024-02-29T23:59:60Z", "2023-01-01T00:00:00.1234567+02:00", "1999-12-31T24:00:00"])

_VALID_STRINGS: Mapping[str, SearchStrategy[str]] = {
    "guid": guids(),
    "_user": guids(),
    "_sync_point": guids(),
    "_vertex": guids(),
    "date_time": _DATE_TIMES,
    "date_time_value": _DATE_TIMES,
    "date_value": st.sampled_from(["2024-02-29", "-0044-03-15", "2023-01-01Z"]),
    "float_value": st.sampled_from(["0", "-1.50", "+007.0", ".5", "3."]),
    "color": st.from_regex("#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", fullmatch=True),
    "direction": st.sampled_from(["Associative", "OneWay", "Bidirectional"]),
    "line_style": st.sampled_from(["dotted", "dashed", "solid"]),
    "shape": st.sampled_from(["Person", "Oval", "RoundedRectangle", "Note"]),
    "type_of_variable": st.sampled_from(["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]),
}


def _with_one_value(values: dict[str, Any]) -> dict[str, Any]:
    filled = [name for name in values if name.endswith("_value") and values[name] is not None]
    return {name: value for name, value in values.items() if name not in filled[1:]}


def _file_names() -> SearchStrategy[str]:
    awkward = [
        "sources/",
        "sources/aux.txt",
        "sources/Film.MP4",
        "film.mp4",
        "...",
        "sources/12:30?.wav",
        "-",
        "sources/ana.txt ",
    ]
    plain = st.characters(exclude_categories=("Cs",), exclude_characters="/\\:\0")
    return st.one_of(st.sampled_from(awkward), st.text(plain, min_size=1, max_size=6).filter(lambda name: name != ".."))


def _text_file_names() -> SearchStrategy[str]:
    return st.sampled_from(["sources/ana.txt", "Sources/Béla.txt", "sources/one/ana.txt", "note"])


def _text_bytes() -> SearchStrategy[bytes]:
    mark = st.sampled_from(["", "\ufeff"])
    stored = st.builds(lambda start, text: (start + text).encode(), mark, texts())
    return st.one_of(stored, st.sampled_from([b"", b"\xff\xfe\x00", b"caf\xe9", b"\xef\xbb\xbf\xef\xbb\xbf"]))
