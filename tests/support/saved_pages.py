"""Pages as files, lists of them, and WARC files as other programs write them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TOO_LONG = b"<html><body><div " + b" ".join(b"a%06d" % n for n in range(400_000)) + b"><p>text</p></div></body></html>"
"""A tag with 400,000 attributes: libxml2 compares each with all before it, which takes minutes."""

_SENTENCES = (
    "The ferry to the northern islands ran again on Monday after three weeks in dock.",
    "Its owners had promised the islanders a date twice, and twice the spare part came late.",
    "A smaller boat carried the mail meanwhile, and on good days eleven passengers.",
    "Shopkeepers on the largest island said that flour had become scarce in the second week.",
    "The harbour office expects the autumn timetable to hold, weather permitting.",
)


def page(number: int, extra: str = "") -> bytes:
    """A small article of its own."""
    paragraphs = "".join(f"<p>{sentence} That was trip {number}, paragraph {at}.</p>" for at, sentence in enumerate(_SENTENCES))
    title = f"Ferry runs again, trip {number}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Island Herald</title>'
        f'<meta name="author" content="Ada Holm"><meta property="article:published_time" content="2016-05-{number % 28 + 1:02}">'
        f'<meta property="og:site_name" content="Island Herald"></head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{title}</h1>{paragraphs}{extra}</article><footer>All rights reserved</footer></body></html>"
    ).encode()


def list_line(id: object, path: Path | str, url: str = "http://herald.example/ferry", **more: object) -> str:
    return json.dumps({"id": id, "path": str(path), "url": url, **more}) + "\n"


def bomb(size: int) -> bytes:
    """A gzip file that unpacks to so many bytes of blanks."""
    return gzip.compress(b" " * size, 9, mtime=0)


def foreign_record(kind: str, url: str, block: bytes, number: int, date: str | None = "2014-02-03T04:05:06Z") -> bytes:
    """A WARC/1.0 record with the headers that every program writes."""
    head = [f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>", f"WARC-Target-URI: {url}"]
    head += [f"WARC-Date: {date}"] if date else []
    head += [f"Content-Type: application/http; msgtype={kind}", f"Content-Length: {len(block)}"]
    return "\r\n".join(["WARC/1.0", *head]).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def answer(body: bytes, content_type: str = "text/html", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_lines(text: str | bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def write_pages(folder: Path, numbers: Iterable[int]) -> dict[int, Path]:
    """Every third one gzipped."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for number in numbers:
        packed = number % 3 == 0
        paths[number] = folder / f"{number}.html{'.gz' if packed else ''}"
        paths[number].write_bytes(gzip.compress(page(number), mtime=0) if packed else page(number))
    return paths
