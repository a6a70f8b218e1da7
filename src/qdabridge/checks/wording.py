"""Small words that messages are made of: articles, lists, long names cut short. Knows nothing of what is told."""

from __future__ import annotations

from collections.abc import Sequence


def a(name: str) -> str:
    """Return a name with its article; the standard's containers, which are plurals, take none.

    >>> a("Case"), a("Edge"), a("User"), a("Cases")
    ('a Case', 'an Edge', 'a User', 'Cases')
    """
    if name.endswith("s"):
        return name
    # By sound, and nothing in the standard that begins with U sounds like a vowel.
    return f"{'an' if name[:1] in 'AEIOaeio' else 'a'} {name}"


def capital(sentence: str) -> str:
    """Return a sentence with a capital at its beginning, and nothing else changed."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """Return names as a list in a sentence.

    >>> listed(["guid", "name", "color"]), listed(["dotted", "solid"], "or"), listed(["guid"])
    ('guid, name and color', 'dotted or solid', 'guid')
    """
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}" if len(names) > 1 else "".join(names)


def shortened(text: str, most: int = 60) -> str:
    """Return text on one line, with white space as single spaces, and cut where it is long.

    >>> shortened("I waited\\n four hours", 10)
    'I waited …'
    """
    # A text may be hundreds of megabytes; of that only the beginning is looked at.
    line = " ".join(text.strip()[: 20 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
