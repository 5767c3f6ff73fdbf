"""Hostile files that no one here wrote, from the shared corpus where it lies beside the checkout, and what we make ourselves everywhere."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.support import hostile_samples
from tests.support.shared import SHARED

CORPUS = SHARED / "corpus" / "hostile"
SEED = 2016

T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """A body with its Content-Type; without one, a whole HTTP answer."""

    name: str
    data: bytes
    content_type: str | None = None


def files(category: str) -> list[Path]:
    return sorted(path for path in (CORPUS / category).rglob("*") if path.is_file())


def some(items: Sequence[T], count: int | None) -> list[T]:
    """``count`` of them, the same ones each time; all for None."""
    return list(items) if count is None or count >= len(items) else random.Random(SEED).sample(items, count)


def answers() -> list[Sample]:
    """Whole HTTP answers as servers, and people who look for holes in clients, have written them."""
    found = [Sample(f"{path.parent.parent.name}/{path.name}", path.read_bytes()) for c in ("http_raw", "http_fuzz") for path in files(c)]
    return found + [Sample(f"made/{name}", data) for name, data in hostile_samples.answers(SEED, 300)]


def coded_bodies() -> list[Sample]:
    """Bodies that say they are compressed and often are not, as whole answers."""
    return [
        Sample(f"gzip/{path.name}", answer(path.read_bytes(), "text/html", b"Content-Encoding: " + _coding(path.name)))
        for path in files("gzip")
    ]


def _coding(name: str) -> bytes:
    codings = {"bzip2": b"bzip2", "zlib": b"deflate", "flate": b"deflate", "zstd": b"zstd", "-br": b"br"}
    return next((coding for part, coding in codings.items() if part in name), b"gzip")


def answer(body: bytes, content_type: str | None, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    if content_type is not None:
        lines.insert(1, b"Content-Type: " + content_type.encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


_TYPES = {
    "html": "text/html",
    "charset": "text/html",
    "html5lib_tok": "text/html; charset=utf-8",
    "strings": "text/html; charset=utf-8",
    "xml": "application/xhtml+xml",
    "xml_fuzz": "text/html",
    "feeds": "application/xml",
    "json": "text/html",
    "image_fuzz": "text/html",
    "gzip": "text/html",
    "zip_fuzz": "application/octet-stream",
    "cdx": "text/plain",
    "warc": None,
    "robots": "text/plain",
    "http_raw": "text/html",
}


def documents() -> list[Sample]:
    """Bodies to make documents of, most of them under a type that they do not have: servers mislabel, and parsers must live with it."""
    found = [
        Sample(f"{category}/{path.name}", path.read_bytes(), content_type)
        for category, content_type in _TYPES.items()
        for path in files(category)
    ]
    found += [Sample(f"feeds as pages/{path.name}", path.read_bytes(), "text/html") for path in files("feeds")]
    found += [Sample(name, body, "text/html; charset=utf-8") for name, body in _cases("html5lib_tree", b"#data\n", b"\n#errors")]
    found += [Sample(name, body, "text/html; charset=utf-8") for name, body in _cases("charset", b"#data\n", b"\n#encoding")]
    found += [Sample(name, body, "text/html; charset=utf-8") for name, body in _tokens()]
    return found + [Sample(f"made/{name}", body, kind) for name, kind, body in hostile_samples.documents(SEED, 300)]


def _tokens() -> Iterator[tuple[str, bytes]]:
    for path in files("html5lib_tok"):
        for number, test in enumerate(json.loads(path.read_bytes()).get("tests", ())):
            yield f"html5lib_tok/{path.name}:{number}", str(test["input"]).encode("utf-8", "surrogatepass")


def _cases(category: str, start: bytes, end: bytes) -> Iterator[tuple[str, bytes]]:
    """The cases in html5lib's files of them."""
    for path in files(category):
        for number, case in enumerate(path.read_bytes().split(start)[1:]):
            yield f"{category}/{path.name}:{number}", case.split(end, 1)[0]
