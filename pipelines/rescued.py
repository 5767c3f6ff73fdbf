"""A document that came from a web archive says so: which, where, how sure, and why."""

from __future__ import annotations

import json
from dataclasses import asdict

from archive.model import Rescue

_NONE = b'"rescue": null'


def with_rescue(line: bytes, rescue: Rescue | None) -> bytes:
    """The document's line of JSON with its ``rescue``. The empty value cannot be mistaken: inside a JSON string its quotes are escaped."""
    if rescue is None:
        return line
    said = json.dumps(asdict(rescue), ensure_ascii=False, allow_nan=False)
    return line.replace(_NONE, b'"rescue": ' + said.encode("utf-8", "replace"), 1)
