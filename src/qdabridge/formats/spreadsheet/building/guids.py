"""GUIDs that follow from names: the same table gives the same study, and a codebook fits the quotes beside it."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

_OURS = uuid5(NAMESPACE_URL, "urn:qdabridge:tables")


def made(kind: str, *names: object) -> str:
    """Return the GUID of something of a kind, by the names that tell it from others of that kind."""
    return str(uuid5(_OURS, "\n".join((kind, *map(str, names)))))
