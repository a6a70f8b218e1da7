"""VAR-TYPE, VAR-DUP: values that do not go with their variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.wording import a, capital, shortened
from qdabridge.findings import Finding, Severity
from qdabridge.study import walk
from qdabridge.study.model import Case, Element, Project, TextDocument, Variable, VariableValue, same_guid
from qdabridge.study.study import Study
from qdabridge.study.values import fits, holds_nothing

_WHOLE = re.compile(r"[+-]?[0-9]+\.0*")
_TYPES = {
    "text_value": "Text",
    "boolean_value": "Boolean",
    "integer_value": "Integer",
    "float_value": "Float",
    "date_value": "Date",
    "date_time_value": "DateTime",
}


def unfit(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find values of another type than their variable's, and second values of one variable."""
    variables = {same_guid(variable.guid): variable for variable in study.project.variables or ()}
    for holder, values in _held(study.project):
        seen: set[str] = set()
        for value in values:
            guid = same_guid(value.variable_ref.target_guid)
            variable = variables.get(guid)
            if variable is None:
                continue
            yield from _of_type(holder, value, variable)
            if guid in seen:
                yield _second(holder, variable)
            seen.add(guid)


def type_of(value: VariableValue) -> str | None:
    """Return the type that a value is written as, such as ``Integer``; ``None`` where there is no value."""
    return next((name for field, name in _TYPES.items() if getattr(value, field) is not None), None)


def _held(project: Project) -> Iterator[tuple[Element, tuple[VariableValue, ...]]]:
    for case in project.cases or ():
        yield case, case.variable_values
    for source in (*(project.sources or ()), *(project.notes or ())):
        yield source, source.variable_values
        for text in walk.texts_of(source):
            if isinstance(text, TextDocument) and text is not source:
                yield text, text.variable_values


def _of_type(holder: Element, value: VariableValue, variable: Variable) -> Iterator[Finding]:
    written, wanted = type_of(value), variable.type_of_variable.strip()
    # Where there is no value there is no type either; an unknown type is the schema's affair.
    if written is None or written == wanted or wanted not in _TYPES.values():
        return
    spelled = _spelled(value)
    kind = "case" if isinstance(holder, Case) else "source"
    severity, said, hint = _judged(wanted, spelled)
    yield Finding(
        "VAR-TYPE",
        severity,
        f"A value of a {kind} is written as {written}, but its variable is of the type {wanted}, {said}.",
        where=f"{called(holder)}, {called(variable)}, “{shortened(spelled)}”",
        hint=hint,
    )


def _judged(wanted: str, spelled: str) -> tuple[Severity, str, str]:
    """Return how bad it is that a value is written as another type than is wanted, why, and what to do."""
    if holds_nothing(wanted, spelled):
        return "warning", "and it says nothing", "Nothing is lost by leaving it out, as qdabridge repair does."
    if fits(wanted, spelled) or (wanted == "Integer" and _WHOLE.fullmatch(spelled)):
        return "warning", "which it fits as well", f"Write the study anew: its values become {wanted}."
    hint = "Correct the value, or the type of the variable, in the program that the study comes from."
    return "error", "which it does not fit", hint


def _spelled(value: VariableValue) -> str:
    if value.boolean_value is not None:
        return "true" if value.boolean_value else "false"
    return next(str(given) for field in _TYPES if (given := getattr(value, field)) is not None)


def _second(holder: Element, variable: Variable) -> Finding:
    return Finding(
        "VAR-DUP",
        "warning",
        f"{capital(a(type(holder).__name__))} has more than one value of a variable; programs keep one of them.",
        where=f"{called(holder)}, {called(variable)}",
        hint="Decide which value is right, in the program that the study comes from.",
    )


RULES = (
    Rule(
        code="VAR-TYPE",
        severity="error",
        section="REFI-QDA 1.5, 3.18 and 13",
        title="a value is not of its variable's type",
        about="""\
A variable says of what type its values are, and here a value is written as another: the schema does not compare them.
An error where the value does not fit the type at all, such as the text “about forty” for a whole number; programs
read nothing there, or 0. A warning where it would fit, such as the text “40” or the fraction 40.0, and where it says
nothing.""",
        mended=(
            "A value that fits is written as its variable's type, and one that says nothing is left out. One that does "
            "not fit needs a person."
        ),
        find=unfit,
    ),
    Rule(
        code="VAR-DUP",
        severity="warning",
        section="REFI-QDA 1.5, 3.18",
        title="a case or source has two values of one variable",
        about="""\
A variable is a named attribute with a value; this case or source has two values of the same variable. Programs keep
the first or the last.""",
        mended=(
            "Where both say the same, one is left out. Which of two different values is right a person has to decide."
        ),
        find=unfit,
    ),
)
