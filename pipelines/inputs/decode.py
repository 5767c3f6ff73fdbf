"""Bytes to text for inputs that are read whole."""

from __future__ import annotations

import codecs

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes) -> tuple[str, int]:
    """The text with ``\\n`` line ends, and the first line (1-based) that is not valid UTF-8; 0 when all is.

    Lines that are not UTF-8 are read as Windows-1252, each for itself: files that one bot re-encoded and the next one
    appended to hold both.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _unix(data[len(bom) :].decode(encoding, "replace")), 0
    try:
        return _unix(data.decode("utf-8")), 0
    except UnicodeDecodeError as error:
        first = data.count(b"\n", 0, error.start) + 1
    return _unix("\n".join(decode_line(line) for line in data.split(b"\n"))), first


def decode_line(line: bytes) -> str:
    """A line as UTF-8, else as Windows-1252, else (for the five bytes that it lacks) as Latin-1."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
