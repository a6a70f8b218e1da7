"""What became of the codes between two versions of a study: new, gone, renamed, moved, split, merged, redefined."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.coders.colors import same_color
from qdabridge.coders.comparing.change import Change
from qdabridge.coders.comparing.coding import CodingChanges
from qdabridge.coders.comparing.details import Details
from qdabridge.coders.comparing.pairing import Pair, Pairing
from qdabridge.study.model import Code


def code_changes(pairing: Pairing, coding: CodingChanges, details: Details) -> Iterator[Change]:
    """Give what became of each code, in the order of the earlier codebook, new codes last."""
    explained = {other for shares in (*coding.splits.values(), *coding.mergers.values()) for other in shares}
    for pair in pairing.codes:
        number = pairing.number(pair.there)
        name, guid = pairing.path(pair), pair.there.guid
        if shares := coding.splits.get(number):
            yield Change("code", "split", name, guid, shares=tuple(shares.values()), count=coding.count(number))
        elif number not in explained and number not in coding.mergers and pair.before is None:
            yield Change("code", "added", name, guid, count=coding.count(number))
        elif number not in explained and pair.after is None:
            yield Change("code", "gone", name, guid, count=coding.count(number))
        if shares := coding.mergers.get(number):
            yield Change("code", "merged", name, guid, shares=tuple(shares.values()), count=coding.count(number))
        if pair.both is not None:
            yield from _differing(pairing, coding, details, pair, *pair.both)


def _differing(
    pairing: Pairing, coding: CodingChanges, details: Details, pair: Pair[Code], before: Code, after: Code
) -> Iterator[Change]:
    name = pairing.path(pair)
    share = coding.new_guids.get(pairing.number(before))
    if before.name != after.name or share is not None:
        shares = (share,) if share is not None else ()
        yield Change("code", "renamed", name, before.guid, before=before.name, after=after.name, shares=shares)
    above = pairing.looks[0].parent(before), pairing.looks[1].parent(after)
    if pairing.number(above[0]) != pairing.number(above[1]):
        paths = [look.path_of(each) if each else None for look, each in zip(pairing.looks, above, strict=True)]
        yield Change("code", "moved", name, before.guid, before=paths[0], after=paths[1])
    at = details.of("code", name, before.guid)
    yield from at.text("definition", before.description, after.description)
    yield from at.value("colour", same_color(before.color), same_color(after.color))
    if before.is_codable != after.is_codable:
        yield from at.value("use", _use(before), _use(after))
    yield from at.members("memo", before.note_refs, after.note_refs)


def _use(code: Code) -> str:
    return "for coding" if code.is_codable else "a folder only"
