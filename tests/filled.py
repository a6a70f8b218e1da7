"""One study with every class of the model in it and every field filled, made from the types of the fields.

For tests that must not forget a field: what is added to the model is in it at once. The values are of the right type
and otherwise arbitrary.
"""

from __future__ import annotations

import types
from itertools import count
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from qdabridge.study.form import Form
from qdabridge.study.model import Code, Extensions, Project

_Any = TypeVar("_Any")

_RECURSIVE = (Code, Extensions)


def filled_project() -> Project:
    """A project that holds every element that the model knows, of each kind of source one."""
    return _Filler().instance(Project, ())


def filled_form() -> Form:
    """A form in which nothing is left as it is by default."""
    return _Filler().instance(Form, ())


class _Filler:
    def __init__(self) -> None:
        self._numbers = count(1)

    def instance(self, of: type[_Any], inside: tuple[type, ...]) -> _Any:
        values = {}
        for field in msgspec.structs.fields(of):  # type: ignore[arg-type]
            if of in inside and field.name in ("codes", "containers"):
                continue
            values[field.name] = self._value(field.name, field.type, (*inside, of) if of in _RECURSIVE else inside)
        return of(**values)

    def _value(self, name: str, hint: Any, inside: tuple[type, ...]) -> Any:
        arguments, origin = get_args(hint), get_origin(hint)
        if origin in (Union, types.UnionType):
            return self._value(name, arguments[0], inside)
        if origin in (list, tuple):
            kinds = get_args(arguments[0]) or (arguments[0],)
            return origin(self._value(name, kind, inside) for kind in kinds)
        if origin is dict:
            return {f"{name} {next(self._numbers)}": self._value(name, arguments[1], inside)}
        if origin is not None:
            return arguments[-1]
        if hint is str:
            return f"{name} {next(self._numbers)}"
        if hint is int:
            return next(self._numbers)
        return False if hint is bool else self.instance(hint, inside)
