"""The corpus and the judges that may lie beside the checkout; on a user's machine they do not, and such tests skip."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


@functools.cache
def shared(name: str) -> Path:
    """A path below ``../shared``; skips the test when it is not there."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {name} of the shared corpus beside the checkout")
    return path
