"""NVivo for Windows and for Mac, as measured on files of versions 12.6, 12.7 and 15.

Both count UTF-16 units. Windows stores its texts with a byte order mark, which it does not count, and with CR LF, which
it counts as two; the Mac has neither. Windows writes ``Sources/``, the Mac ``sources/``.
"""

from __future__ import annotations

from msgspec.structs import replace

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.formats.refi.profile import Profile
from qdabridge.study.model import Project, same_guid
from qdabridge.study.text import Counting
from qdabridge.study.walk import codes


def _a_case_is_a_code(project: Project) -> bool:
    cases = {same_guid(case.guid) for case in project.cases or ()}
    return bool(cases) and any(same_guid(code.guid) in cases for code in codes(project))


_FOR_WINDOWS = Profile(
    name="nvivo",
    title="NVivo",
    counting=Counting(unit="utf16"),
    guids="lower",
    line_ends="crlf",
    byte_order_mark=True,
    rich_text="made",
    notes_as_files=True,
    selections="per coding",
    annotations_as_notes=True,
    cases="codes",
    drops=(
        ("graphs", "NVivo does not import them."),
        ("pdf-passages", "NVivo imports areas of PDFs and not passages of their text."),
        ("remarks-outside-text", "NVivo makes memos of them, which do not say what they are about."),
    ),
)
_FOR_MAC = replace(_FOR_WINDOWS, name="nvivo-mac", title="NVivo for Mac", line_ends="lf", byte_order_mark=False)

DIALECT = Dialect(
    name="nvivo",
    title="NVivo",
    origin=r"\bnvivo\b",
    namespace=r"urn:QDA-XML:codebook:1:0",
    shape=_a_case_is_a_code,
    shape_is="a case and a code with one GUID",
    counting=Counting(unit="utf16"),
    facts=(
        "Every text is there twice, as .docx and as .txt; Windows writes a byte order mark and CR LF, the Mac neither.",
        "Each coding has a selection of its own, without a name; the same passage may recur.",
        "A case is also a code with the same GUID; a coding with it says that the passage belongs to the case.",
        "An annotation is a selection without coding; a link leads from its note to it.",
        "Windows names the folder Sources; the Mac puts project.qde last and adds an empty sources/.root.",
        "Codebooks use the namespace codebook:0:4 (Windows, codes wrapped in “Nodes”) or codebook:1:0 (Mac).",
    ),
    evidence="measured on files that NVivo wrote (12.6, 12.7, 15); cases and annotations as other programs read them",
    profiles=(_FOR_WINDOWS, _FOR_MAC),
)
