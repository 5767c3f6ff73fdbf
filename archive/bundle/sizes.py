"""What options and environment say of sizes and times."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from archive.errors import InputError

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_SMALLEST = 1 << 20


def byte_count(text: str, option: str) -> int:
    """Like ``1GB`` or ``500MiB``. Raises `InputError`, also for less than a MiB: the fixed parts of a bundle take some of it."""
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", text)
    if not match or match[2].upper() not in _UNITS:
        raise InputError(f"{option}: cannot read {text[:40]!r}; write it like 1GB")
    size = int(float(match[1]) * _UNITS[match[2].upper()])
    if size < _SMALLEST:
        raise InputError(f"{option}: must be 1MiB or more")
    return size


def source_date(text: str | None) -> datetime | None:
    """SOURCE_DATE_EPOCH: seconds since 1970. Raises `InputError`."""
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"SOURCE_DATE_EPOCH: not a number of seconds: {text[:40]!r}") from error
