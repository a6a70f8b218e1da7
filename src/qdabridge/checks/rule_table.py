"""Writes ``docs/checks.md`` from the rules, so that what the page says is what ``check`` looks for.

``python -m qdabridge.checks.rule_table docs/checks.md`` writes it; without a file name it is printed. Knows Markdown
and nothing of any rule.
"""

from __future__ import annotations

import sys
from pathlib import Path

from qdabridge.checks.repairs import MENDS
from qdabridge.checks.rules import RULES, Rule

_HEAD = """# What `check` looks at

<!-- made by `python -m qdabridge.checks.rule_table docs/checks.md`; edit the rules in src/qdabridge/checks/rules
instead -->

    qdabridge check study.qdpx
    qda.check("study.qdpx")        # in Python: a list of findings, errors first

A check reads the whole study, measures its XML by the schema of REFI-QDA 1.0 to 1.5, and then looks for what no schema
can see. Each finding has a code that never changes its meaning. *Errors* are data that is wrong or lost, or a file that
strict programs refuse; *warnings* are worth a look; *notes* are good to know. The table says the worst that a rule
gives. What is so in many places is one finding with a count and the first few places. A study in JSON is measured as it
would be written to .qdpx.

What had to be mended while reading comes too, with [the codes of the format](findings.md) it was read from.
`qdabridge repair` mends what can be mended without guessing.

| rule | | what is so | mended |
|---|---|---|---|
"""


def page() -> str:
    """Return the page as Markdown."""
    return _HEAD + "".join(map(_row, RULES)) + "".join(map(_section, RULES))


def _row(rule: Rule) -> str:
    return (
        f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.title} | {'yes' if rule.mended else '–'} |\n"
    )


def _section(rule: Rule) -> str:
    parts = [f"**{rule.severity.capitalize()}** · {rule.section}", rule.about]
    if rule.needs:
        parts.append(
            f"Needs `pip install qdabridge[{rule.needs}]`; without it the rule is skipped, and a note says so."
        )
    parts.append(f"*Repair:* {_repair(rule)}")
    return "".join(f"\n{part}\n" for part in (f"## {rule.code}", *parts))


def _repair(rule: Rule) -> str:
    if rule.mended:
        return rule.mended
    in_part = next((mend.does for mend in MENDS if mend.code == rule.code), "")
    return f"in part. {in_part} The rest needs a person." if in_part else "nothing; this needs a person."


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page())
