"""The README of a deposit: what lies where, in words, for somebody with a text editor and a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from qdabridge import __version__
from qdabridge.deposit.archiving.describing import Described
from qdabridge.deposit.archiving.metadata import Answers, Extent, unanswered
from qdabridge.findings import Finding

NAME = "README.md"

OUTSIDE = """\
This folder is a deposit of a qualitative study. Begin with data/README.md.

The files manifest-sha256.txt and manifest-sha512.txt hold a checksum for every file in data: with them anybody can see
whether a file is as it was (BagIt, RFC 8493).
"""

_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("population", "Whom it is about"),
    ("country", "Country"),
    ("place", "Region or town"),
    ("languages", "Languages"),
    ("collected_from", "When collecting began"),
    ("collected_until", "When collecting ended"),
    ("sampling", "How participants were chosen"),
    ("collection", "How it was collected"),
    ("setting", "In which situation"),
    ("coding", "How it was coded"),
    ("ethics", "Ethics"),
    ("consent", "Consent"),
    ("anonymisation", "Anonymisation"),
    ("access", "Access"),
    ("licence", "Licence"),
    ("embargo_until", "Embargo until"),
    ("contact", "Whom to ask"),
    ("citation", "How to cite it"),
    ("version", "Version"),
    ("doi", "DOI"),
    ("related", "Publications about it"),
)


def readme(
    name: str, answers: Answers, extent: Extent, described: list[Described], lost: Sequence[tuple[str, Finding]]
) -> str:
    """Return the README.

    Args:
        name: what the project is called.
        answers: what the archive was told.
        extent: how much there is.
        described: the files.
        lost: what some file here cannot hold, each with that file in words; empty where it is none of them.
    """
    lines = [f"# {_line(answers.title or name)}", ""]
    if answers.subtitle.strip():
        lines += [f"*{_line(answers.subtitle)}*", ""]
    if answers.abstract.strip():
        lines += [answers.abstract.strip(), ""]
    lines += _people(answers)
    lines += ["## What there is", "", _extent(extent), ""]
    lines += ["| file | what it is |", "|---|---|"]
    lines += [
        f"| `{each.path}` | {_line(f'{each.title}. {each.about}' if each.about else each.title)} |"
        for each in described
    ]
    lines += ["", "## How to find something", "", *_FINDING, ""]
    told = [(title, _answer(getattr(answers, key))) for key, title in _QUESTIONS]
    if any(text for _, text in told):
        lines += ["## How it was made", ""]
        lines += [f"- **{title}:** {_line(text)}" for title, text in told if text]
        lines += [""]
    if lacking := unanswered(answers):
        lines += ["## What is not said", "", "Nobody has said:", "", *(f"- {each}" for each in lacking), ""]
    lines += ["## What is to be known", ""]
    if lost:
        lines += ["`study.json` holds everything. Other files cannot hold all of it; what is left out there:", ""]
        lines += [
            f"- {f'{file}: ' if file else ''}{each.message}"
            f"{f' ({each.count} ×)' if each.count > 1 and not each.says_count else ''}"
            for file, each in lost
        ]
    else:
        lines += ["Nothing of the project is left out."]
    lines += ["", "`findings.csv` has all that is to be said of the study.", "", "## In thirty years", "", *_LATER]
    return "\n".join(lines) + "\n"


_FINDING = (
    "All tables (.csv) open in any spreadsheet program; they are UTF-8, with commas between the columns. All texts",
    "(.txt) open in any text editor.",
    "",
    "- **A quote:** look for its words in `codings.csv`, in the column *text*. The row says which code it has, who",
    "  coded it, and in which source and on which line it stands. The text of the source is in `sources`, under its",
    "  name; `files.csv` says which file is which source.",
    "- **Everything with one code:** filter `codings.csv` by the column *code*. `codebook.md` says what it means.",
    "- **Everything about one participant:** filter `codings.csv` by the column *case*; `cases.csv` has who it is.",
    "- **The whole of an interview:** the folder `sources` has the text under the interview's name.",
)
_LATER = (
    "The tables, texts and `study.json` need no program but a text editor. `study.json` uses the names of the",
    "REFI-QDA standard, version 1.5, and counts positions in texts in Unicode code points, from 0, the end",
    f"exclusive. The deposit was written by qdabridge {__version__}, which also checks it (`qdabridge archive",
    "--verify DEPOSIT`) and makes a project of it again (`qdabridge convert DEPOSIT project.qdpx`).",
)


def _answer(answer: str | tuple[str, ...]) -> str:
    return answer.strip() if isinstance(answer, str) else ", ".join(each.strip() for each in answer if each.strip())


def _people(answers: Answers) -> list[str]:
    people = [
        _line(", ".join(filter(None, (person.name, person.role, person.affiliation, person.orcid_address()))))
        for person in answers.named_people()
    ]
    funded = [_line(f"{each.funder} {each.grant}") for each in answers.named_funding()]
    lines = ["By:", "", *(f"- {person}" for person in people), ""] if people else []
    return [*lines, f"Paid for by {'; '.join(funded)}.", ""] if funded else lines


def _extent(extent: Extent) -> str:
    counted = [
        _counted(extent.cases, "case") if extent.cases else "",
        extent.sources,
        _counted(extent.codes, "code") if extent.codes else "",
        f"{_counted(extent.codings, 'coding')} by {_counted(extent.coders, 'coder')}" if extent.codings else "",
    ]
    return f"{', '.join(each for each in counted if each)}." if any(counted) else "An empty project."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _line(text: str) -> str:
    """Return a text on one line, in which nothing is a column of a table."""
    return " ".join(text.split()).replace("|", "\\|")
