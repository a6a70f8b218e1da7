"""Office documents as the files that they are packed of, looked into only where they are no larger than people's.

Every one comes from a stranger. What is in the files is not known here.
"""

from __future__ import annotations

import io
import zipfile

from qdabridge.archives import PACKS_TO_NOTHING, SMALL_ENTRY, XML, ZIP_FAULTS, refuse_more_than_said
from qdabridge.errors import CannotRead
from qdabridge.limits import DEFAULT

_MOST_PARTS = 20_000
_MOST_BYTES = 500_000_000
_MOST_WHITE = 100_000_000
_MOST_XML = 50_000_000
"""What is looked into of an Office document; as a tree, XML takes some fifteen times its size."""


def parts_of_document(data: bytes) -> dict[str, bytes]:
    """Return the files that an Office document is packed of, by name; none where it is another kind of archive.

    Raises:
        CannotRead: it is damaged or encrypted, unpacks to far more than any document, or says a name twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if "[Content_Types].xml" not in names:
                return {}
            beyond, twice = is_beyond_documents(infos), len(names) < len(infos)
            parts = {}
            for info in () if beyond or twice else infos:
                refuse_more_than_said(archive, info)
                parts[info.filename] = archive.read(info)
    except (*ZIP_FAULTS, OSError) as error:
        raise CannotRead("The document is damaged or encrypted.") from error
    if beyond:
        raise CannotRead("The document is too large to look into.")
    if twice:
        raise CannotRead("The document is damaged: a file is in it twice.")
    return parts


def is_beyond_documents(infos: list[zipfile.ZipInfo]) -> bool:
    """Tell whether a document has more, or unpacks to more, than people and programs put into one."""
    xml = sum(info.file_size for info in infos if info.filename.lower().endswith(XML))
    white = sum(info.file_size for info in infos if info.filename.lower().endswith(PACKS_TO_NOTHING))
    return (
        len(infos) > _MOST_PARTS
        or sum(info.file_size for info in infos) > _MOST_BYTES
        or xml > _MOST_XML
        or white > _MOST_WHITE
        or any(
            info.file_size > SMALL_ENTRY and info.file_size > DEFAULT.ratio * max(info.compress_size, 1)
            for info in infos
            if not info.filename.lower().endswith(PACKS_TO_NOTHING)
        )
    )
