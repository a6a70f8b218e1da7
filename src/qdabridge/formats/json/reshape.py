"""Variants of the model's classes that differ in what some of their fields hold.

With ``{TextSource: Raw}`` the variant of ``Project`` is a class of that name whose text sources are raw JSON. What
holds nothing that is replaced, however deep, has no variant. This module knows classes, not studies.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields


def variants(root: type[Struct], replacements: Mapping[type[Struct], Any]) -> dict[type[Struct], Any]:
    """Return class → variant, for the root and all below it that has one; the replacements are among them."""
    found: dict[type[Struct], Any] = dict(replacements)
    _variant(root, found, set())
    return found


def _variant(of: type[Struct], found: dict[type[Struct], Any], seen: set[type[Struct]]) -> Any:
    # A class that is met inside itself (codes hold codes) stands for itself: none such holds what is replaced.
    if of in found or of in seen:
        return found.get(of, of)
    seen.add(of)
    changed = []
    for field in fields(of):
        shape = _shape(field.type, found, seen)
        if shape != field.type:
            default = {"default": field.default, "default_factory": field.default_factory}
            changed.append((field.name, shape, msgspec.field(**default)))
    if not changed:
        return of
    config = of.__struct_config__
    found[of] = msgspec.defstruct(
        of.__name__,
        changed,
        bases=(of,),
        namespace={"__doc__": of.__doc__},
        kw_only=True,
        tag=config.tag,
        tag_field=config.tag_field,
    )
    return found[of]


def _shape(hint: Any, found: dict[type[Struct], Any], seen: set[type[Struct]]) -> Any:
    """Return a type in which the classes that have a variant are replaced by it."""
    arguments = get_args(hint)
    if not arguments:
        return _variant(hint, found, seen) if isinstance(hint, type) and issubclass(hint, Struct) else hint
    shapes = tuple(_shape(argument, found, seen) for argument in arguments)
    if shapes == arguments:
        return hint
    origin = get_origin(hint)
    return reduce(or_, shapes) if origin in (Union, UnionType) else origin[shapes]
