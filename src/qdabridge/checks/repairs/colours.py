"""COLOR-FORM: colours that say red, green and blue in another way than the standard does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.study.model import Code, Edge, Link, Vertex

_LEGAL = re.compile(r"\s*#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\s*")
_NO_SIGN = re.compile(r"(?=[0-9]*[A-Fa-f])([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
_EIGHT = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{4})([0-9A-Fa-f]{2})")
_FUNCTION = re.compile(r"rgba?\(\s*(\d+)\s*[, ]\s*(\d+)\s*[, ]\s*(\d+)\s*([,/]\s*[\d.]+%?\s*)?\)", re.IGNORECASE)
_DOTNET = re.compile(r"Color\s*\[A=\d+, R=(\d+), G=(\d+), B=(\d+)\]")
_DOTNET_NAME = re.compile(r"Color\s*\[(\w+)\]")
_NAMES = {
    "aqua": "#00ffff",
    "black": "#000000",
    "blue": "#0000ff",
    "cyan": "#00ffff",
    "fuchsia": "#ff00ff",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "lime": "#00ff00",
    "magenta": "#ff00ff",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "white": "#ffffff",
    "yellow": "#ffff00",
}
"""The names of CSS 2.1, with those that CSS 3 has for the same."""


def mend_colours(mending: Mending) -> None:
    """Write every colour that can be understood as ``#rrggbb``."""
    coloured = list(_coloured(mending))
    alpha_leads = _alpha_leads([element.color or "" for element in coloured])
    for element in coloured:
        found = element.color or ""
        if not found.strip():
            mending.say("COLOR-FORM", "A colour that was empty was left out.", called(element), severity="note")
            element.color = None
            continue
        colour = _understood(found.strip(), alpha_leads)
        if colour is not None:
            element.color = colour
            message = "A colour was written in another way than the standard's; it is now #rrggbb."
            mending.say("COLOR-FORM", message, f"{called(element)}, {found} → {colour}", severity="note")


def _coloured(mending: Mending) -> Iterator[Code | Link | Vertex | Edge]:
    for element in mending.elements():
        if not isinstance(element, Code | Link | Vertex | Edge) or element.color is None:
            continue
        if not _LEGAL.fullmatch(element.color):
            yield element


def _understood(found: str, alpha_leads: bool | None) -> str | None:
    """Return a colour as the standard has it, or None where it may mean several."""
    if _NO_SIGN.fullmatch(found):
        return f"#{found}"
    if match := _FUNCTION.fullmatch(found) or _DOTNET.fullmatch(found):
        return _of_parts(*(int(part) for part in match.groups()[:3]))
    if match := _DOTNET_NAME.fullmatch(found):
        found = match[1]
    if (match := _EIGHT.fullmatch(found)) and (alpha_leads is not None or len(set(match[0][1:].lower())) == 1):
        return f"#{match[2]}{match[3]}" if alpha_leads else f"#{match[1]}{match[2]}"
    if re.fullmatch(r"-\d{1,10}", found) and -(1 << 24) <= int(found) < 0:
        # A signed number with the opacity in its highest byte, which makes it negative where nothing shines through.
        return f"#{int(found) & 0xFFFFFF:06x}"
    return _NAMES.get(found.lower())


def _of_parts(red: int, green: int, blue: int) -> str | None:
    return f"#{red:02x}{green:02x}{blue:02x}" if max(red, green, blue) < 256 else None


def _alpha_leads(colours: list[str]) -> bool | None:
    """Tell whether the opacity comes first in colours of eight digits, or None where the study does not tell.

    Programs write it first or last. Codes are opaque, so it is where every colour of the study has ff.
    """
    eights = [match for match in map(_EIGHT.fullmatch, map(str.strip, colours)) if match]
    first = all(match[1].lower() == "ff" for match in eights)
    last = all(match[3].lower() == "ff" for match in eights)
    return None if first == last else first


MENDS = (
    Mend(
        code="COLOR-FORM",
        title="a colour is written as `rgb(255,0,0)`, `#FFFF0000`, `red`, `Color [A=255, R=255, G=0, B=0]`",
        does="It becomes `#rrggbb`; how far it shines through is dropped, since the standard has no place for it. "
        "Eight digits are read by where all such colours of the study have `ff`. An empty one is left out.",
        leaves="Positive whole numbers, six digits without a letter and without `#`, eight digits that do not "
        "tell where the opacity stands, and names beyond those of CSS 2.1.",
        step=mend_colours,
    ),
)
