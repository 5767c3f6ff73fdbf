"""Digests in their written forms.

WARC and CDXJ carry ``sha1:`` + base32 (what every reader checks); manifests and object names carry SHA-256 in hex.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path


def warc_digest(data: bytes | memoryview) -> str:
    """``sha1:`` + base32, as in WARC 1.1 sections 5.8 and 5.9."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file in hex, read once in constant memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
