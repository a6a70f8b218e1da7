"""`qdabridge matrix`: a framework matrix in Excel."""

from __future__ import annotations
