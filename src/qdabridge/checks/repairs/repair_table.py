"""Writes ``docs/repairs.md`` from the mends and the rules, so that what the page says is what ``repair`` does.

``python -m qdabridge.checks.repairs.repair_table docs/repairs.md`` writes it; without a file name it is printed. Knows
Markdown, and which findings the reader and the writers already answer for.
"""

from __future__ import annotations

import sys
from pathlib import Path

from qdabridge.checks.repairs import MENDS
from qdabridge.checks.rules import RULES

_HEAD = """# What `repair` mends

<!-- made by `python -m qdabridge.checks.repairs.repair_table docs/repairs.md`; edit the mends in
src/qdabridge/checks/repairs instead -->

    qdabridge repair study.qdpx mended.qdpx
    qdabridge repair study.qdpx --dry-run      # what would be mended
    repaired = qda.repair(study)               # in Python: .study, .mended, .each, .left

A study is read as leniently as always, mended, and written as the standard says (or `--for` a tool). What can mean
only one thing is put right, and each mend is told; `--report FILE` lists every single one. What could mean several is
left as it is and named, so that a person can decide: a mend never guesses. Quotes, users, dates and every GUID that is
one stay as they are; a sound study comes out as it went in, and repairing twice is repairing once. The file that is
read is never changed.

The status is 0 when no errors are left, 1 when the mended study was written and has errors that need a person, 3 when
the file cannot be read at all, and 4 when the mended study could not be written.

"""

_BY_READING = (
    (
        "`UTF16-POSITIONS`, `CRLF-AS-1`, `BOM-POSITIONS`, `END-INCLUSIVE`",
        "Positions are brought to code points, the end exclusive.",
    ),
    ("`NAME-REANCHOR`, `PDF-PAGE-DRIFT`", "A selection beside the passage that it is named after is moved there."),
    ("`POSITION-INSIDE-CHARACTER`", "A position between the halves of an emoji is moved to its beginning."),
    ("`REF-ATTR`", "A pointer that has its GUID in another attribute, or as text, is read all the same."),
    ("`NS-VERSION`, `ORDER`", "Any version of the namespace is read, and elements in any order."),
    ("`Sources`, `.DOCX`", "Names in the package are found in any case of letters."),
    ("a byte order mark at the beginning of a text", "It is not part of the text."),
)

_BY_WRITING = (
    (
        "empty containers, what the standard does not know",
        "They are left out, and the latter is told (`FOREIGN-LEFT`).",
    ),
    ("`internal:///`", "It becomes `internal://`."),
    ("GUIDs with braces or capitals", "They stay: the schema allows them, and they are compared without."),
    ("colours in capitals, dates without a zone", "They stay: the schema allows them, and nobody knows the zone."),
    ("a sound recording written as a film (MAXQDA)", "It stays one, and is understood."),
    ("passages marked twice (NVivo)", "They stay two. `convert --for atlasti` joins them."),
    ("line ends CR CR LF", "They stay: no program known counts them so that its positions could be told."),
)


def page() -> str:
    """Return the page as Markdown."""
    by_code = {mend.code for mend in MENDS}
    by_writing = [rule for rule in RULES if rule.mended and rule.code not in by_code]
    by_nobody = [rule for rule in RULES if not rule.mended and rule.code not in by_code]
    return (
        _HEAD
        + "| code | what is wrong | what is done | what is left to a person |\n|---|---|---|---|\n"
        + "".join(f"| `{mend.code}` | {mend.title} | {mend.does} | {mend.leaves or '–'} |\n" for mend in MENDS)
        + "\n## Mended while reading\n\nWhatever is read, by any command, is mended so far.\n\n| | |\n|---|---|\n"
        + "".join(f"| {codes} | {does} |\n" for codes, does in _BY_READING)
        + "\n## Settled by writing\n\nWriting the study anew is all that these need, or they may stay.\n\n| | "
        "|\n|---|---|\n"
        + "".join(f"| [{rule.code}](checks.md#{rule.code.lower()}) | {rule.mended} |\n" for rule in by_writing)
        + "".join(f"| {codes} | {does} |\n" for codes, does in _BY_WRITING)
        + "\n## What needs a person\n\nThese are named and left as they are; [checks](checks.md) says what to do "
        "by hand.\n\n"
        + "".join(f"- [{rule.code}](checks.md#{rule.code.lower()}): {rule.title}\n" for rule in by_nobody)
        + "\nA package whose project lies in a folder, XML that is damaged, and archives that are damaged, locked or "
        + "dangerous cannot be\nread at all; the message says why and what to do.\n"
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page())
