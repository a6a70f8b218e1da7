"""The form ``study.toml``: the questions that archives ask, with what the study itself can answer filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable

from qdabridge.study.study import Study

_HEAD = """\
# What an archive asks about a study. Answer between the quotation marks; what you leave empty is listed as missing and
# never invented. Lists look like ["one", "two"]. A long answer may stand between three quotation marks on each side.
"""

_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("subtitle", "A second line of the title, if it has one."),
    ("abstract", "What the study is about, in a paragraph."),
    ("keywords", "Words that somebody would search for, from the archive's thesaurus if it has one."),
    ("languages", 'The languages spoken in it, as in ISO 639: ["en"], ["cy", "en"].'),
    ("version", "The version of the data, such as 1.0."),
    ("publisher", "The archive or repository that publishes it."),
    ("publication_year", "The year in which it is published."),
    ("doi", "The DOI, if the archive has given one already."),
    ("collected_from", "When collecting began: YYYY, YYYY-MM or YYYY-MM-DD."),
    ("collected_until", "When collecting ended."),
    ("country", "The country, or several with commas between."),
    ("place", "The region or town, only if that betrays nobody."),
    ("population", "Whom it is about: adults with asthma who were referred to a class …"),
    ("unit", "The unit of analysis: individual, family, organisation …"),
    ("sampling", "How participants were chosen."),
    ("collection", "How it was collected: semi-structured interviews, focus groups, by whom, recorded how."),
    ("setting", "Where and in which situation: at home, by telephone …"),
    ("coding", "How it was coded and analysed: the Framework Method, two coders, software."),
    ("ethics", "Which committee approved it, with the reference."),
    ("consent", "What participants consented to, archiving and reuse included."),
    ("anonymisation", "How it was anonymised; never the key."),
    ("access", "Who may have access: open, registered, restricted, closed, or in words."),
    ("licence", "The licence, such as CC BY 4.0, or the archive's own."),
    ("embargo_until", "Until when nobody may have it: YYYY-MM-DD."),
    ("contact", "Whom to ask, by a role or an address that lasts."),
    ("citation", "How it is to be cited."),
    ("related", "DOIs or addresses of publications about it."),
)
_LISTS = ("keywords", "languages", "related")


def form_for(study: Study) -> str:
    """Return the form for a study, as TOML.

    Title and abstract come from the project, the people from its users; everything else has to be answered by people.
    """
    project = study.project
    known = {"abstract": project.description or ""}
    lines = [_HEAD, "# The title.", f"title = {_quoted(project.name)}"]
    for name, question in _QUESTIONS:
        lines += ["", f"# {question}", f"{name} = {'[]' if name in _LISTS else _quoted(known.get(name, ''))}"]
    lines += [
        "",
        "# The people who made it, one block each: copy a block for another. These are the users of the project; take",
        "# out whoever does not want to be named. Write each name as “Family, Given”; role says what they did.",
    ]
    for user in [user.name or user.id or "" for user in project.users or ()] or [""]:
        lines += ["[[people]]", *_fields({"name": user, "orcid": "", "affiliation": "", "role": ""}.items()), ""]
    lines += ["# Who paid.", "[[funding]]", *_fields({"funder": "", "grant": ""}.items())]
    return "\n".join(lines) + "\n"


def _fields(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name} = {_quoted(value)}" for name, value in pairs]


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML; those of JSON are such, but for one character."""
    if "\n" in text and "\r" not in text and '"""' not in text:
        inner = "\n".join(_quoted(line)[1:-1].replace('\\"', '"') for line in text.split("\n"))
        if not inner.endswith('"'):
            return f'"""\n{inner}"""'
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
