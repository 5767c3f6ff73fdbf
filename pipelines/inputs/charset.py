"""The charset of a text that is written in one charset throughout: what it declares, else what its bytes look like."""

from __future__ import annotations

import re
from collections.abc import Iterator

import cchardet

from pipelines.inputs.decode import decode

_DECLARED = re.compile(
    rb"""<meta[^<>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})|^%\s*!?\s*encoding\s*[:=]\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_SAMPLE = 1 << 20  # bytes looked at
_SURE = 0.6  # of a guess, in [0, 1]
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")


def decode_whole(data: bytes) -> tuple[str, str]:
    """The text with ``\\n`` line ends, and the name of its charset when it is not UTF-8, "" otherwise."""
    text, first = decode(data)
    if first == 0:
        return text, ""
    for name in _charsets(data):
        try:
            return data.decode(name).replace("\r\n", "\n").replace("\r", "\n"), name.lower()
        except (LookupError, ValueError):
            continue
    return text, "windows-1252"


def _charsets(data: bytes) -> Iterator[str]:
    declared = _DECLARED.search(data[:4096])
    if declared:
        yield (declared[1] or declared[2]).decode("ascii")
    guess = cchardet.detect(data[:_SAMPLE])
    if guess.get("encoding") and (guess.get("confidence") or 0) >= _SURE:
        yield str(guess["encoding"])
    # Too short to guess, but Chinese letters come as pairs of bytes, those of Latin-1 mostly alone.
    if all(len(run) % 2 == 0 for run in _NOT_ASCII.findall(data[:_SAMPLE])):
        yield "gb18030"
