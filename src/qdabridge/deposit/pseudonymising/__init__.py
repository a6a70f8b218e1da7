"""Pseudonyms for names, everywhere in a study where a name can hide; positions move, GUIDs stay.

What is done is told place by place, never with the original. What cannot be changed, such as the pages of a PDF, is
named; leaving it out is another's part (``unchangeable``).
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.deposit.pseudonymising.finding import Match, Matcher
from qdabridge.deposit.pseudonymising.key import Entry, Key, read_key
from qdabridge.deposit.pseudonymising.places import Places
from qdabridge.deposit.pseudonymising.scopes import Scopes
from qdabridge.deposit.pseudonymising.spool import Spool
from qdabridge.deposit.pseudonymising.tally import Done, Tally
from qdabridge.deposit.pseudonymising.telling import told
from qdabridge.deposit.pseudonymising.texts import Texts, Untouched
from qdabridge.findings import Finding, Findings
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.study import Study

__all__ = ["Done", "Entry", "Key", "Match", "Matcher", "Pseudonymised", "Untouched", "pseudonymise", "read_key"]


class Pseudonymised(Struct, frozen=True):
    """What came of pseudonymising.

    Args:
        study: the new study; close it after writing it, and the old one after that: files that did not change are
            read from there.
        findings: what somebody should look at.
        done: what was replaced, place by place.
        untouched: the files whose inside could not be changed.
    """

    study: Study
    findings: tuple[Finding, ...]
    done: tuple[Done, ...]
    untouched: tuple[Untouched, ...]


def pseudonymise(study: Study, key: Key) -> Pseudonymised:
    """Replace every name of a key in a copy of a study.

    Word documents go through ``documents.document_replaced``; what the matcher given to it counts stands in the log.

    Args:
        study: the study; it is not changed.
        key: what is replaced by what.

    Raises:
        BadRequest: an entry is confined to a source or case that the study does not have.
    """
    matcher, scopes, tally, spool = Matcher(key), Scopes(study, key), Tally(), Spool()
    try:
        with garbage_collection_paused():
            texts = Texts(study, matcher, scopes, tally, spool)
            places = Places(matcher, scopes, texts, tally)
            project = places.replaced(study.project)
            form = study.form
            if form is not None:
                form = replace(
                    form,
                    before=tuple(map(places.aside, form.before)),
                    after=tuple(map(places.aside, form.after)),
                    project_entry=texts.step(form.project_entry),
                )
            files = texts.files()
    except BaseException:
        spool.close()
        raise
    findings = Findings()
    for finding in (*key.findings, *texts.findings.all(), *places.findings.all(), *told(study, project, key, tally)):
        findings.add(finding)
    return Pseudonymised(Study(project, files, form=form), tuple(findings.all()), tally.done(), texts.untouched())
