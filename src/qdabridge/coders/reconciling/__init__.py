"""Reconciling: what a meeting decided on the coders' disagreements becomes the coding of a user who is the consensus.

What all coders coded alike is the consensus without a meeting, so the consensus can be analysed alone. The coders' own
codings stay. The list is in ``coders/agreement``, the workbook in ``formats/spreadsheet``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.coders.agreement.disagreements import Agreed, Disagreement, agreed, disagreements
from qdabridge.coders.agreement.people import choose
from qdabridge.coders.agreement.spans import gather
from qdabridge.coders.reconciling.consensus import Consensus, consensus_user
from qdabridge.coders.reconciling.deciding import Decision, Unclear, Words
from qdabridge.coders.reconciling.places import Place, Places
from qdabridge.coders.reconciling.wanted import Wanted
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.adapting.draft import copied
from qdabridge.formats.spreadsheet.decisions_reading import Row, read_meeting
from qdabridge.formats.spreadsheet.meeting_ids import Parties
from qdabridge.limits import DEFAULT, Limits
from qdabridge.matrix.names import Names
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import User
from qdabridge.study.study import Study
from qdabridge.study.summary_writing import now

__all__ = ["Became", "Reconciled", "Settled", "reconcile"]

CONSENSUS = "Consensus"
"""What the user is called who has the codings of the consensus."""

Became: TypeAlias = Literal["coder", "all", "none", "new passage", "undecided", "not understood", "not there"]

_LONGEST_TITLE = 200


class Settled(Struct, frozen=True, rename="camel"):
    """What became of one disagreement.

    Args:
        became: what was decided; ``not understood`` where that is not clear, ``not there`` where the study has no such
            disagreement any more.
        coder: the short name of the coder who is right, where it is one.
        code, source, place: what it is about; empty where the study has no such disagreement.
        remark: what was remarked.
        where: the row of the list.
        why: what is not clear.
        id: of the disagreement.
    """

    became: Became
    coder: str
    code: str
    source: str
    place: str
    remark: str
    where: str
    why: str
    id: str


class Reconciled(Struct):
    """A study with its consensus.

    Args:
        study: the new one, over the files of the old one, which must stay open; the old one itself where nothing is
            new.
        user: who the consensus is.
        settled: what became of each row of the list.
        agreed: how many places all coded alike.
        unlisted: how many disagreements are not on the list.
        added, removed: how many codings of the consensus were made and taken away.
        findings: what is worth telling.
    """

    study: Study
    user: User
    settled: list[Settled]
    agreed: int
    unlisted: int
    added: int
    removed: int
    findings: list[Finding]

    def count(self, became: Became) -> int:
        """Return how many rows became something."""
        return sum(each.became == became for each in self.settled)


def reconcile(
    study: Study,
    path: str | Path,
    *,
    name: str = CONSENSUS,
    when: str | None = None,
    limits: Limits = DEFAULT,
) -> Reconciled:
    """Give what was decided in a list for the meeting, and what all coded alike, to a user who is the consensus.

    Run again, it changes nothing, unless something was decided otherwise: then that changes.

    Args:
        study: the study that the list was made from; it is not changed.
        path: the workbook, as ``agree --workbook`` made it and people filled it.
        name: what the user is called.
        when: the date and time of what is made, as ``2024-09-11T09:40:00Z``; by default now.
        limits: how large the workbook may be.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
        BadRequest: there is no list in it, or it was made from another study.
    """
    meeting = read_meeting(Path(path), limits)
    when = when or now()
    with garbage_collection_paused():
        draft = Study(copied(study.project), study.files, study.findings, study.form)
        look = Lookup(draft)
        _check_coders(look, meeting.parties, path)
        gathered = gather([look])
        wanted_coders = ["+".join(coder.guids) for coder in meeting.parties.coders]
        chosen = choose(gathered, [Names(look)], wanted_coders, [])
        everywhere = set(range(len(gathered.codes))), set(range(len(gathered.sources)))
        listed = {each.id: each for each in disagreements(gathered, chosen, *everywhere)}
        alike = agreed(gathered, chosen, *everywhere)
        if meeting.rows and not any(row.id in listed for row in meeting.rows if row.id):
            raise _strangers(listed, meeting.parties, path)
        meant = _Meant(look, meeting.parties, listed)
        wanted = [*meant.wanted(meeting.rows), *meant.alike(alike)]
        user = consensus_user(study.project, name)
        _check_user(user, meeting.parties)
        consensus = Consensus(draft, user, when, [*listed, *(each.id for each in alike)])
        consensus.settle(wanted)
        changed = draft.project != study.project
    if changed:
        project = replace(draft.project, modified_date_time=when, modifying_user_guid=user.guid)
        study = Study(project, consensus.files(), study.findings, study.form)
    on_list = {row.id for row in meeting.rows}
    return Reconciled(
        study,
        user,
        meant.settled,
        len(alike),
        sum(each not in on_list for each in listed),
        consensus.added,
        consensus.removed,
        meant.findings.all(),
    )


class _Meant:
    """What rows of a list mean in a study."""

    def __init__(self, look: Lookup, parties: Parties, listed: dict[str, Disagreement]) -> None:
        self._look = look
        self._parties = parties
        self._listed = listed
        self._words = Words(parties.coders)
        self._places = Places(look)
        self.settled: list[Settled] = []
        self.findings = Findings()

    def wanted(self, rows: Sequence[Row]) -> list[Wanted]:
        """Return what is wanted by the rows; what became of each is in ``settled``."""
        found = []
        for same in _by_id(rows):
            row = same[0]
            spot = self._listed.get(row.id)
            if spot is None:
                self._tell_not_there(row)
                continue
            try:
                if any(_said(each) != _said(row) for each in same):
                    where = ", ".join(each.where for each in same[1:])
                    raise Unclear(f"the same disagreement is decided otherwise in {where}")
                decision = self._words.decision(row)
                coded = self._coded(spot, decision)
            except Unclear as unclear:
                self._tell_unclear(row, spot, str(unclear))
                if row.remark:
                    found.append(self._wanted(spot, None, row.remark))
                continue
            coder = self._parties.coders[decision.coder].name if decision.verdict == "coder" else ""
            self._settle(decision.verdict, row, spot, coder=coder)
            if coded is not None or row.remark:
                found.append(self._wanted(spot, coded, row.remark))
        return found

    def alike(self, alike: Iterable[Agreed]) -> list[Wanted]:
        """Return what is wanted because all coded it alike."""
        found = []
        for spot in alike:
            code = self._look.code(spot.code_guid)
            assert code is not None
            found.append(Wanted(spot, code, tuple(self._places.of_coder(spot, spot.did))))
        return found

    def _coded(self, spot: Disagreement, decision: Decision) -> tuple[Place, ...] | None:
        match decision.verdict:
            case "coder":
                return tuple(self._places.of_coder(spot, spot.did[decision.coder]))
            case "all":
                return tuple(self._places.of_all(spot))
            case "none":
                return ()
            case "new passage":
                return tuple(self._places.new(spot, decision.passage))
        return None

    def _wanted(self, spot: Disagreement, coded: tuple[Place, ...] | None, remark: str) -> Wanted:
        code = self._look.code(spot.code_guid)
        assert code is not None
        if not remark:
            return Wanted(spot, code, coded)
        title = f"Remark: {code.name} – {spot.source}, {spot.place}"[:_LONGEST_TITLE]
        return Wanted(spot, code, coded, remark, title, None if coded else self._places.at(spot))

    # --- what is told -------------------------------------------------------------------------------------------------

    def _settle(self, became: Became, row: Row, spot: Disagreement | None, *, coder: str = "", why: str = "") -> None:
        code, source, place = (spot.code, spot.source, spot.place) if spot is not None else ("", "", "")
        self.settled.append(Settled(became, coder, code, source, place, row.remark, row.where, why, row.id))

    def _tell_unclear(self, row: Row, spot: Disagreement, why: str) -> None:
        self._settle("not understood", row, spot, why=why)
        self.findings.add(
            Finding(
                "RECONCILE-UNCLEAR",
                "warning",
                "A decision was not understood, so the row is left undecided.",
                where=f"{row.where}: {why}",
                hint="Put the row right, and reconcile again.",
            )
        )

    def _tell_not_there(self, row: Row) -> None:
        if row.is_empty:
            return
        self._settle("not there", row, None, why="no such disagreement in the study")
        self.findings.add(
            Finding(
                "RECONCILE-NOT-THERE",
                "warning",
                "A decision is about a disagreement that the study does not have, so it was passed over.",
                where=row.where,
                hint="Somebody coded otherwise there after the list was made; make a new list for what is still open.",
            )
        )


def _by_id(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """Return the rows of the same disagreement together: those that say something; else one of them."""
    together: dict[str, list[Row]] = {}
    for row in rows:
        together.setdefault(row.id or row.where, []).append(row)
    return ([row for row in same if not row.is_empty] or same[:1] for same in together.values())


def _said(row: Row) -> tuple[str, str, str]:
    return row.decision, row.passage, row.remark


def _check_coders(look: Lookup, parties: Parties, path: str | Path) -> None:
    for coder in parties.coders:
        if not coder.guids:
            raise BadRequest(
                f"The list does not say who “{coder.name}” is, because the study that it was made from did not.",
                where=str(path),
                todo="Reconcile needs a study that says who coded.",
            )
        if any(look.user(guid) is None for guid in coder.guids):
            people = ", ".join(each.name or each.id or each.guid for each in look.project.users or ())
            raise BadRequest(
                f"The list compares {coder.name}, who is not in this study.",
                where=str(path),
                todo=f"The study has {people}." if people else "The study names nobody.",
            )


def _check_user(user: User, parties: Parties) -> None:
    if any(user.guid in coder.guids for coder in parties.coders):
        raise BadRequest(
            f"{user.name or user.id} is one of the coders, and cannot be the consensus as well.",
            todo="Choose another name with --name.",
        )


def _strangers(listed: dict[str, Disagreement], parties: Parties, path: str | Path) -> BadRequest:
    of = f" of “{parties.study}”" if parties.study else ""
    return BadRequest(
        f"None of the disagreements on the list{of} is in this study.",
        where=str(path),
        todo=f"Name the study that the list was made from, or make a new one: here are {len(listed):,} disagreements.",
    )
