"""NVivo for Windows and for Mac, as measured on files of versions 12.6, 12.7 and 15.

Both count UTF-16 units. Windows stores its texts with a byte order mark, which it does not count, and with CR LF, which
it counts as two; the Mac has neither. Windows writes ``Sources/``, the Mac ``sources/``.
"""

from __future__ import annotations

from qdabridge.formats.refi.dialects import Dialect
from qdabridge.study.text import Counting

DIALECT = Dialect(name="nvivo", title="NVivo", origin=r"\bnvivo\b", counting=Counting(unit="utf16"))
