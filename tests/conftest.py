"""What all tests share: where real files are, and small builders."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the published standard and files of real tools; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the standard's own files and real samples are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def nvivo_sample(shared: Path) -> Path:
    """A project that NVivo for Windows 12.6 wrote."""
    return shared / "samples" / "nvivo-windows-12.6.qdpx"
