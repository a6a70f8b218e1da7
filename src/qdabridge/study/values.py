"""Values of variables, typed: the model keeps numbers and dates as written, here they become numbers and dates.

Source: REFI-QDA 1.5, section 13; the value elements are xsd:string, boolean, integer, decimal, date and dateTime.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from qdabridge.study.model import VariableValue

Value: TypeAlias = bool | int | Decimal | date | datetime | str


def value_of(given: VariableValue) -> Value | None:
    """Return a value typed: bool, int, Decimal, date, datetime or str; ``None`` where there is none.

    What does not fit its type is returned as it is written.

    >>> from qdabridge.study.model import VariableRef
    >>> value_of(VariableValue(variable_ref=VariableRef(target_guid="V"), float_value="1.50"))
    Decimal('1.50')
    >>> value_of(VariableValue(variable_ref=VariableRef(target_guid="V"), date_value="spring 2024"))
    'spring 2024'
    """
    for plain in (given.text_value, given.boolean_value, given.integer_value):
        if plain is not None:
            return plain
    if given.float_value is not None:
        written = given.float_value.strip()
        return Decimal(written) if _DECIMAL.fullmatch(written) else given.float_value
    if given.date_value is not None:
        match = _DATE.fullmatch(given.date_value.strip())
        return _date(match["day"], given.date_value) if match else given.date_value
    if given.date_time_value is not None:
        return _moment(given.date_time_value)
    if given.extensions is not None:
        # What could not be understood as a number or a truth value.
        for name in ("IntegerValue", "BooleanValue"):
            if (spelled := given.extensions.lexical.get(name)) is not None:
                return spelled
    return None


def fits(type_of_variable: str, written: str) -> bool:
    """Tell whether what is written can be a value of a type of variable as it stands; anything can be text.

    >>> fits("Integer", " 42"), fits("Integer", "about forty"), fits("Date", "2024-02-30")
    (True, False, False)
    """
    written = written.strip()
    if type_of_variable == "Date":
        match = _DATE.fullmatch(written)
        return match is not None and isinstance(_date(match["day"], written), date)
    if type_of_variable == "DateTime":
        return isinstance(_moment(written), datetime)
    form = {"Boolean": _BOOLEAN, "Integer": _INTEGER, "Float": _DECIMAL}.get(type_of_variable)
    return form is None or form.fullmatch(written) is not None


def holds_nothing(type_of_variable: str, written: str) -> bool:
    """Tell whether what is written for a type of variable says that there is no value: nothing, or white space.

    >>> holds_nothing("Integer", " "), holds_nothing("Text", ""), holds_nothing("Integer", "0")
    (True, False, False)
    """
    return type_of_variable != "Text" and not written.strip()


_BOOLEAN = re.compile(r"true|false|1|0")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")


def _date(day: str, written: str) -> Value:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return written


def _moment(written: str) -> Value:
    if not _MOMENT.fullmatch(written.strip()):
        return written
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError:
        return written
