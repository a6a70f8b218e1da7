"""``python -m qdabridge`` is the command line."""

from __future__ import annotations

from qdabridge.cli import main

if __name__ == "__main__":
    main()
