"""Lines of a list of any length, in constant memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.inputs.decode import decode_line

MAX_LINE = 1_048_576  # characters


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # 1-based
    text: str  # without its line end
    problem: str = ""


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a binary stream at its start: any line end, UTF-8 (or Windows-1252, line by line) or UTF-16 with a BOM.

    A line longer than MAX_LINE comes out empty, with its problem named.
    """
    head = stream.read(2)
    stream.seek(0)
    utf16 = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    wrapper = io.TextIOWrapper(stream, "utf-16" if utf16 else "utf-8-sig", errors="replace" if utf16 else "surrogateescape", newline=None)
    try:
        yield from _numbered(wrapper)
    finally:
        # The stream belongs to the caller: collecting the wrapper must not close it.
        wrapper.detach()


def _numbered(wrapper: io.TextIOWrapper) -> Iterator[Line]:
    number, told = 0, False
    while text := wrapper.readline(MAX_LINE):
        number += 1
        if len(text) == MAX_LINE and not text.endswith("\n"):
            while (rest := wrapper.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
            yield Line(number, "", f"line longer than {MAX_LINE} characters: not read")
            continue
        text = text.removesuffix("\n")
        if text.isascii():
            yield Line(number, text)
            continue
        mended = _mended(text)
        yield Line(number, mended, "" if told or mended == text else "not valid UTF-8: its lines that are not are read as Windows-1252")
        told = told or mended != text


def _mended(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return decode_line(text.encode("utf-8", "surrogateescape"))
    return text
