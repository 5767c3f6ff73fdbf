"""How commands speak: data on standard output, talk on standard error, one JSON document where `--json` is given, also on failure."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from archive.errors import WarciteError

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def emit_json(document: Mapping[str, Any]) -> None:
    """The one JSON document of a command."""
    sys.stdout.write(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1) + "\n")


def emit(line: str = "") -> None:
    """A line of data, safe for a terminal."""
    sys.stdout.write(plain(line) + "\n")


def say(line: str) -> None:
    """A line of talk, safe for a terminal."""
    sys.stderr.write(plain(line) + "\n")


def plain(text: str) -> str:
    """Text from pages and headers without control characters and bidirectional overrides: they could rewrite the terminal."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def report_failure(error: WarciteError, as_json: bool) -> int:
    """Say what happened; returns the exit code."""
    say(f"warcite: {error}")
    if as_json:
        emit_json({"schema": "warcite.error/1", "error": type(error).__name__, "message": str(error), "exit_code": error.exit_code})
    return error.exit_code
