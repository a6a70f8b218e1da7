"""Tables that other programs and archives ask for: the codebook, the coded references, the cases with their values."""

from qdabridge.formats.exports.cases import write_cases
from qdabridge.formats.exports.codebook import write_codebook
from qdabridge.formats.exports.codings import write_codings

__all__ = ["write_cases", "write_codebook", "write_codings"]
