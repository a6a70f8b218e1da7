"""Types of variables: only those that the tool knows, and only where every value fits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study import walk
from qdabridge.study.model import Case, Source, TextDocument, VariableValue, same_guid
from qdabridge.study.values import value_of

_FIELDS = {
    "Text": "text_value",
    "Boolean": "boolean_value",
    "Integer": "integer_value",
    "Float": "float_value",
    "Date": "date_value",
    "DateTime": "date_time_value",
}


def adapt_variables(draft: Draft) -> None:
    """Bring variables that the tool has no type for to one that it has, and their values with them."""
    if draft.profile.types:
        _leave_empty(draft)
    values: dict[str, list[VariableValue]] = {}
    for value in _values(draft):
        values.setdefault(same_guid(value.variable_ref.target_guid), []).append(value)
    changed = 0
    for variable in draft.project.variables or ():
        own = values.get(same_guid(variable.guid), [])
        wanted = _type_for(variable.type_of_variable.strip(), own, draft.profile.types)
        if wanted == variable.type_of_variable and all(_fits(value, wanted) for value in own):
            continue
        changed += wanted != variable.type_of_variable
        variable.type_of_variable = wanted
        for value in own:
            _retype(value, wanted)
    draft.say(
        "VARIABLE-RETYPED",
        f"{draft.profile.title} does not know a variable's type, or not every value is of it; its values were written "
        "as text or as decimal numbers.",
        changed,
    )


def _holders(draft: Draft) -> Iterator[Case | Source]:
    project = draft.project
    yield from project.cases or ()
    for source in (*(project.sources or ()), *(project.notes or ())):
        yield source
        yield from (text for text in walk.texts_of(source) if text is not source and isinstance(text, TextDocument))


def _values(draft: Draft) -> Iterator[VariableValue]:
    for holder in _holders(draft):
        yield from holder.variable_values


def _leave_empty(draft: Draft) -> None:
    """Leave out values that are none: read as text they would be empty, and as a number nothing."""
    for holder in _holders(draft):
        holder.variable_values = tuple(value for value in holder.variable_values if _spelled(value) is not None)


def _type_for(type_: str, values: list[VariableValue], known: tuple[str, ...]) -> str:
    numbers = all(_is_number(_spelled(value)) for value in values if _spelled(value) is not None)
    if known and type_ not in known:
        type_ = "Float" if type_ == "Integer" and "Float" in known else "Text"
    if type_ == "Float":
        return type_ if numbers else "Text"
    return type_ if type_ == "Text" or all(_fits(value, type_) for value in values) else "Text"


def _fits(value: VariableValue, type_: str) -> bool:
    return _spelled(value) is None or getattr(value, _FIELDS.get(type_, "text_value")) is not None


def _is_number(spelled: str | None) -> bool:
    try:
        return Decimal(spelled or "").is_finite() and "e" not in (spelled or "").lower()
    except InvalidOperation:
        return False


def _spelled(value: VariableValue) -> str | None:
    """Return a value as it is written, or None where there is none."""
    if value.boolean_value is not None:
        return "true" if value.boolean_value else "false"
    for field in ("text_value", "float_value", "date_value", "date_time_value"):
        found: str | None = getattr(value, field)
        if found is not None:
            return found
    found_value = value_of(value)
    return None if found_value is None else str(found_value)


def _retype(value: VariableValue, type_: str) -> None:
    spelled = _spelled(value)
    for field in _FIELDS.values():
        setattr(value, field, None)
    if spelled is not None:
        setattr(value, "float_value" if type_ == "Float" else "text_value", spelled)
