"""VAR-TYPE, VAR-NUMBER, VAR-TEXT, VAR-EMPTY, VAR-DUP, VAR-UNTYPED: values of variables, and their types.

What can mean only one thing is put right. A value that cannot be understood stays: no type is changed to make room for
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.dates import LEGAL_DAY, LEGAL_MOMENT, day_leads, day_of, moment_of
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, forget_spelling, spelling
from qdabridge.checks.repairs.words import BOOLEAN_MENDED, truth_of
from qdabridge.checks.wording import shortened
from qdabridge.study import walk
from qdabridge.study.model import Case, Source, TextDocument, Variable, VariableValue, same_guid

_FIELDS = {
    "Text": "text_value",
    "Boolean": "boolean_value",
    "Integer": "integer_value",
    "Float": "float_value",
    "Date": "date_value",
    "DateTime": "date_time_value",
}
_TYPES = {
    **{name.lower(): name for name in _FIELDS},
    "string": "Text",
    "bool": "Boolean",
    "int": "Integer",
    "decimal": "Float",
    "double": "Float",
}
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]{1,2}|[0-9]{4,})")
_NUMBERS = ("Integer", "Float")
_MANY_DIGITS = 40
"""How long a number may become when its exponent is written out."""


def mend_values(mending: Mending) -> None:
    """Bring values to the types of their variables, and types, numbers and dates to the standard's form."""
    values: dict[str, list[tuple[Case | Source, VariableValue]]] = {}
    for holder in _holders(mending):
        for value in holder.variable_values:
            values.setdefault(same_guid(value.variable_ref.target_guid), []).append((holder, value))
    for variable in mending.project.variables or ():
        own = values.get(same_guid(variable.guid), [])
        _mend_type(mending, variable, [value for _, value in own])
        wanted = variable.type_of_variable.strip()
        order = day_leads([written for _, value in own if (written := _written(value)) is not None])
        for holder, value in own if wanted in _FIELDS else ():
            _mend_value(mending, holder, value, variable, wanted, order)
    for holder in _holders(mending):
        _mend_twice(mending, holder)


def _holders(mending: Mending) -> Iterator[Case | Source]:
    yield from mending.project.cases or ()
    for source in (*(mending.project.sources or ()), *(mending.project.notes or ())):
        yield source
        yield from (text for text in walk.texts_of(source) if isinstance(text, TextDocument) and text is not source)


def _mend_type(mending: Mending, variable: Variable, values: list[VariableValue]) -> None:
    found = variable.type_of_variable
    if found.strip() in _FIELDS:
        return
    wanted = _TYPES.get(found.strip().lower())
    if wanted is None:
        types = {name for value in values for name, field in _FIELDS.items() if getattr(value, field) is not None}
        # A variable without values may be of any type, and text can hold whatever comes.
        wanted = next(iter(types)) if len(types) == 1 else None if types else "Text"
    if wanted is not None:
        where = f"{called(variable)}, “{found}” → {wanted}"
        variable.type_of_variable = wanted
        forget_spelling(variable, "typeOfVariable")
        message = "The type of a variable was none of the standard's words; it is the one that it means."
        mending.say("VAR-UNTYPED", message, where)


def _mend_value(
    mending: Mending, holder: Case | Source, value: VariableValue, variable: Variable, wanted: str, order: bool | None
) -> None:
    field = _FIELDS[wanted]
    filled = [name for name in _FIELDS.values() if getattr(value, name) is not None]
    if filled == [field] and _is_legal(wanted, getattr(value, field)):
        return
    written = _written(value)
    if written is None:
        return
    where = f"{called(holder)}, {called(variable)}, “{shortened(written)}”"
    if wanted != "Text" and (not written.strip() or (wanted in _NUMBERS and written.strip().lower() == "nan")):
        _put(value, None, None)
        mending.say("VAR-EMPTY", "A value was written that says there is none; it is absent now.", where)
        return
    meant = _meant(wanted, written, order)
    if len(filled) > 1 and (meant is None or not _all_mean(value, filled, wanted, meant, order)):
        return
    if meant is None:
        if filled != ["text_value"] and not (filled and filled != [field]):
            _put(value, "text_value", written)
            message = "A value was none of the type it was written as; it is kept as text, as it was written."
            mending.say("VAR-TEXT", message, where, hint="Correct it, or the type of its variable.")
        return
    before = getattr(value, field)
    _put(value, field, meant)
    if filled != [field]:
        if not filled and wanted == "Boolean":
            mending.say("BOOL-FORM", BOOLEAN_MENDED, where, severity="note")
            return
        message = "A value was not written as its variable's type, which it fits; it is now."
        mending.say("VAR-TYPE" if filled else "VAR-NUMBER", message, where)
    elif before != meant:
        code = "DATE-FORM" if wanted in ("Date", "DateTime") else "VAR-NUMBER"
        message = "A value was written in another way than the standard's; it says the same in its form."
        mending.say(code, message, f"{where} → {meant}", severity="note")


def _written(value: VariableValue) -> str | None:
    """Return a value as it is written, what could not be read as a number or a truth value too."""
    for name in ("IntegerValue", "BooleanValue"):
        if (found := spelling(value, name)) is not None:
            return found
    return next((_spelled(given) for field in _FIELDS.values() if (given := getattr(value, field)) is not None), None)


def _spelled(given: object) -> str:
    return str(given).lower() if isinstance(given, bool) else str(given)


def _is_legal(wanted: str, given: object) -> bool:
    """Tell whether a value in the right element is spelled as the schema has it."""
    if wanted == "Float":
        return _DECIMAL.fullmatch(str(given).strip()) is not None
    if wanted == "Date":
        return LEGAL_DAY.fullmatch(str(given)) is not None
    return wanted != "DateTime" or LEGAL_MOMENT.fullmatch(str(given)) is not None


def _meant(wanted: str, written: str, order: bool | None) -> str | int | bool | None:
    """Return what is written as a value of a type, or None where it is none."""
    if wanted == "Text":
        return written
    if wanted == "Boolean":
        return {"1": True, "0": False}.get(written.strip(), truth_of(written))
    if wanted in ("Integer", "Float"):
        number = _number(written)
        if number is None or wanted == "Float":
            return number
        whole = Decimal(number)
        return int(whole) if whole == whole.to_integral_value() else None
    if wanted == "Date":
        if LEGAL_DAY.fullmatch(written):
            return written
        midnight = re.fullmatch(r"(.+)T00:00:00(\.0+)?(Z|[+-]00:00)?", written.strip())
        return midnight[1] if midnight and LEGAL_DAY.fullmatch(midnight[1]) else day_of(written, day_first=order)
    return written if LEGAL_MOMENT.fullmatch(written) else moment_of(written, day_first=order)


def _number(written: str) -> str | None:
    """Return a number as xsd:decimal, or None where it is none or may mean several.

    Three digits after a comma may be thousands, so that is left.
    """
    found = written.strip()
    if _DECIMAL.fullmatch(found):
        return found
    if match := _COMMA.fullmatch(found):
        return f"{match[1]}.{match[2]}"
    try:
        number = Decimal(found)
    except InvalidOperation:
        return None
    if not found.isascii() or not number.is_finite() or "_" in found:
        return None
    if abs(number.adjusted()) > _MANY_DIGITS:
        return None
    return f"{number:f}"


def _all_mean(value: VariableValue, filled: list[str], wanted: str, meant: object, order: bool | None) -> bool:
    """Tell whether all that a value says is the same."""
    return all(_meant(wanted, _spelled(getattr(value, field)), order) == meant for field in filled)


def _put(value: VariableValue, field: str | None, meant: str | int | bool | None) -> None:
    for name in _FIELDS.values():
        setattr(value, name, None)
    if field is not None:
        setattr(value, field, meant)
    forget_spelling(value, "BooleanValue", "IntegerValue")


def _mend_twice(mending: Mending, holder: Case | Source) -> None:
    """Leave out the second of two values of one variable that say the same."""
    kept: list[VariableValue] = []
    for value in holder.variable_values:
        guid = same_guid(value.variable_ref.target_guid)
        if guid and any(_says_the_same(value, other) for other in kept):
            message = "A value of a variable was there twice; it is there once."
            mending.say("VAR-DUP", message, f"{called(holder)}, “{shortened(_written(value) or '')}”")
            continue
        kept.append(value)
    if len(kept) < len(holder.variable_values):
        holder.variable_values = tuple(kept)


def _says_the_same(one: VariableValue, other: VariableValue) -> bool:
    if same_guid(one.variable_ref.target_guid) != same_guid(other.variable_ref.target_guid):
        return False
    return all(getattr(one, field) == getattr(other, field) for field in _FIELDS.values()) and _written(
        one
    ) == _written(other)


MENDS = (
    Mend(
        code="VAR-TYPE",
        title="a value is not of its variable's type",
        does="A value that fits is written as its variable's type.",
        leaves="A value that does not fit: the value may be wrong, or the type.",
        step=mend_values,
    ),
    Mend(
        code="VAR-NUMBER",
        title="a number is written as `4,5` or `1e3`",
        does="A comma becomes a point where it cannot stand before thousands, and an exponent is written out.",
        leaves="`4,500`, infinity, and what is no number.",
        step=mend_values,
    ),
    Mend(
        code="VAR-TEXT",
        title="what stands as a number, date or truth value is none",
        does="It is kept as a text value, as it is written, so that the file is valid and nothing is lost.",
        leaves="The value: it does not fit its variable, which `VAR-TYPE` tells.",
        step=mend_values,
    ),
    Mend(
        code="VAR-EMPTY",
        title="a number, date or truth value is empty, or `NaN`",
        does="There is no value.",
        step=mend_values,
    ),
    Mend(
        code="VAR-DUP",
        title="a case or source has two values of one variable",
        does="Where both say the same, one is left out.",
        leaves="Two different values: which of them is right.",
        step=mend_values,
    ),
    Mend(
        code="VAR-UNTYPED",
        title="the type of a variable is `integer`, `String`, or absent",
        does="It becomes the standard's word for it; where there is none, what all its values are written as, and Text "
        "where there are no values.",
        leaves="A word that means nothing while the values are of several types.",
        step=mend_values,
    ),
)
