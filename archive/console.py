"""How commands speak: data on standard output, talk on standard error, one JSON document where `--json` is given, also on failure."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from typing import Any, TextIO, cast

from archive.errors import WarciteError

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def emit_json(document: Mapping[str, Any]) -> None:
    """The one JSON document of a command. Raises `WarciteError` when it cannot be written."""
    _write_data(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1))


def emit(line: str = "") -> None:
    """A line of data, safe for a terminal. Raises `WarciteError` when it cannot be written."""
    _write_data(plain(line))


def _write_data(text: str) -> None:
    try:
        sys.stdout.write(text + "\n")
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WarciteError(f"the result cannot be written: {error.strerror}; nothing else is lost") from error


def say(line: str) -> None:
    """A line of talk, safe for a terminal. Talk that nobody can hear is no reason to stop."""
    with contextlib.suppress(OSError):
        sys.stderr.write(plain(line) + "\n")


def open_streams() -> None:
    """Put ``/dev/null`` where a standard stream is closed: its number would go to the next file, and what is said into that file."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    sys.stdin = sys.stdin or _stream(0, "r")
    sys.stdout = sys.stdout or _stream(1, "w")
    sys.stderr = sys.stderr or _stream(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no reason to stop


def _stream(number: int, mode: str) -> TextIO:
    return cast("TextIO", os.fdopen(number, mode, encoding="utf-8", closefd=False))


def flush_streams() -> int:
    """The last act of a command: write out what waits. Returns the exit code of a result that could not be delivered, 0 when it was.

    From here on nothing is left to save, and Ctrl-C ends the process without a word.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter tries again at its end, and complains
        return 141 if isinstance(error, BrokenPipeError) else WarciteError.exit_code
    return 0


def plain(text: str) -> str:
    """Text from pages and headers without control characters and bidirectional overrides: they could rewrite the terminal."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def report_failure(error: WarciteError, as_json: bool) -> int:
    """Say what happened; returns the exit code."""
    say(f"warcite: {error}")
    if as_json:
        with contextlib.suppress(WarciteError):  # it may be just that which failed
            emit_json({"schema": "warcite.error/1", "error": type(error).__name__, "message": str(error), "exit_code": error.exit_code})
    return error.exit_code
