"""How long the catalog of an archive takes to make, and how long searches in it take.

    .venv/bin/python bench/catalog.py [--documents 100000] [--rounds 5] [--keep DIR] [--json]

Makes documents objects of invented text (a thousand documents a segment; words drawn by Zipf's law from 200,000, lengths as of news: half
of the texts over 450 words, one in ten over 1,100; one in twenty in Chinese), with blocks, removed blocks and citing events, lets the
catalog read them, in one process, and searches. Times are in milliseconds of one search with 20 hits and their snippets, without the start
of a process and the look at the store; ``cpu`` is not changed by what else the machine does.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from isal import igzip_lib

from archive import layout, manifests
from archive.catalog.catalog import Catalog
from archive.catalog.syntax import parse_query
from archive.compression import LEVEL
from archive.digests import sha256_hex
from archive.model import DocumentContext, Manifest, OutcomeWord, StoredObject
from archive.search.query import Wanted, search
from archive.selection.select import Selection
from archive.store.local import LocalStore
from archive.times import iso
from pipelines.document import empty_document

A_SEGMENT = 1000
WORDS = 200_000
STARTED = datetime(2016, 1, 1, tzinfo=UTC)


class Words:
    """The n-th word is in about 1 / (n + 2.7) of all places; its name says its rank."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        letters = "bcdfghjklmnprstv", "aeiou"
        self.names = [
            "".join(itertools.chain(*((dice.choice(letters[0]), dice.choice(letters[1])) for _ in range(2 + n % 3)))) + f"{n:x}"
            for n in range(WORDS)
        ]
        self._weights = list(itertools.accumulate(1 / (n + 2.7) for n in range(WORDS)))
        self._paragraphs = [self.some(dice.randrange(20, 90)) for _ in range(20_000)]

    def some(self, count: int) -> str:
        return " ".join(self._dice.choices(self.names, cum_weights=self._weights, k=count)).capitalize() + "."

    def paragraphs(self, words: int) -> list[str]:
        return [self._dice.choice(self._paragraphs) for _ in range(max(1, words // 55))]

    def chinese(self, characters: int) -> list[str]:
        ranks = self._dice.choices(range(3000), cum_weights=self._weights[:3000], k=characters)
        return ["".join(chr(0x4E00 + rank) for rank in ranks[n : n + 90]) + "\u3002" for n in range(0, characters, 90)]


def document(words: Words, dice: random.Random, number: int, run: str) -> dict[str, Any]:
    url = f"http://www.news-{number % 997}.example/2016/{number % 12 + 1:02}/{number}.html"
    at = STARTED + timedelta(minutes=5 * number)
    context = DocumentContext(
        *(url, url, iso(at), OutcomeWord.CAPTURED, 200, f"<urn:uuid:{uuid.UUID(int=number)}>", None, 0, 100, run),
    )
    is_chinese = number % 20 == 0
    texts = words.chinese(900) if is_chinese else words.paragraphs(int(dice.lognormvariate(6.1, 0.7)))
    event = f"{at:%Y-%m-%d}-{number // 5:012x}"
    cited = {"event_id": event, "event_date": f"{at:%Y-%m-%d}", "event_title": words.some(16), "event_url": None}
    removed = [{"reason": "navigation", "text": one, "at": 0} for one in words.paragraphs(250)]
    return asdict(empty_document(context)) | {
        "title": texts[0][:30] if is_chinese else words.some(10),
        "description": words.some(25),
        "site_name": f"News {number % 997}",
        "authors": [f"Author {dice.randrange(5000)}"],
        "date_published": f"{at:%Y-%m-%d}",
        "language": "zh" if is_chinese else "en",
        "text": "\n".join(texts),
        "blocks": [{"kind": "paragraph", "text": one} for one in texts],
        "removed": removed,
        "words": 600,
        "citations": [cited | {"digest_file": "a.md", "source_name": f"News {number % 997}", "position": 1}],
    }


def event_of(row: dict[str, Any]) -> dict[str, Any]:
    (cited,) = row["citations"]
    names = {
        "id": cited["event_id"],
        "date": cited["event_date"],
        "title": cited["event_title"],
        "digest_file": "a.md",
        "digest_sha256": "0",
    }
    return names | {"citations": [{"url": row["url"]}]}


def commit(store: LocalStore, rows: list[dict[str, Any]], number: int) -> int:
    """Returns the bytes of its documents before compression."""
    segment, objects, size = str(uuid.UUID(int=number)), list[StoredObject](), 0
    for kind, made in (("documents", rows), ("events", [event_of(row) for row in rows])):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made).encode()
        size = size or len(lines)
        data = bytes(igzip_lib.compress(lines, LEVEL, igzip_lib.COMP_GZIP))
        stored = StoredObject(kind, layout.data(kind, sha256_hex(data)), len(data), sha256_hex(data), len(made))  # type: ignore[arg-type]
        store.put(stored.key, data, stored.sha256)
        objects.append(stored)
    counts = {word.value: 0 for word in OutcomeWord}
    manifest = Manifest(manifests.SCHEMA, segment, rows[0]["run"], "sources", rows[-1]["captured_at"], tuple(objects), (), counts, {})
    store.put_if_absent(layout.manifest(segment), manifests.encode(manifest))
    return size


def searches(words: Words) -> Iterator[tuple[str, str, Selection, Any]]:
    everywhere, often, some, rare = (words.names[n] for n in (0, 40, 400, 20_000))
    host, day = Selection(hosts=("*news-7*",)), Selection(since="2016-02", until="2016-02")
    yield "rare word", rare, Selection(), "score"
    yield "word in some", some, Selection(), "score"
    yield "word in many", often, Selection(), "score"
    yield "word in nearly all", everywhere, Selection(), "score"
    yield "four words", f"{often} {some} {words.names[200]} {words.names[90]}", Selection(), "score"
    yield "two alternatives", f"{often} OR {some}", Selection(), "score"
    yield "phrase", f'"{words.names[1]} {words.names[3]}"', Selection(), "score"
    yield "without", f"{some} -{often}", Selection(), "score"
    yield "beginning", f"{some[:4]}*", Selection(), "score"
    yield "two Chinese characters", "\u4e02\u4e09", Selection(), "score"
    yield "in many, of a host", often, host, "score"
    yield "in some, in a month", some, day, "score"
    yield "in many, by date", often, Selection(), "date"
    yield "nearly all, by date", everywhere, Selection(), "date"
    yield "nearly all, of a host", everywhere, host, "score"
    yield "nearly all, in a month", everywhere, day, "score"
    yield "nearly all, in ten months", everywhere, Selection(since="2016-02", until="2016-11"), "score"
    yield "nearly all, in a language", everywhere, Selection(langs=("zh",)), "score"


def timed(call: Callable[[], Any], rounds: int) -> dict[str, float]:
    took, cpu = [], time.thread_time()
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - start))
    return {
        "median": round(statistics.median(took), 2),
        "max": round(max(took), 2),
        "cpu": round(1000 * (time.thread_time() - cpu) / rounds, 2),
    }


def measure(total: int, rounds: int, folder: Path) -> dict[str, Any]:
    dice = random.Random(2016)
    words, store = Words(dice), LocalStore(folder / "archive")
    size = 0
    for first in range(0, total, A_SEGMENT):
        rows = [document(words, dice, number, f"run-{first // 10_000}") for number in range(first, min(first + A_SEGMENT, total))]
        size += commit(store, rows, first)
    print(f"made {size / 1e6:.0f} MB of documents", file=sys.stderr)
    with Catalog(store, folder / "catalog.sqlite") as catalog:
        start, cpu = time.perf_counter(), time.process_time()
        catalog.refresh()
        built = {"wall": round(time.perf_counter() - start, 1), "cpu": round(time.process_time() - cpu, 1)}
    with Catalog(store, folder / "catalog.sqlite") as catalog:
        refreshed = timed(catalog.refresh, rounds)
        found: dict[str, Any] = {}
        for name, text, selection, sort in searches(words):
            wanted = Wanted(parse_query(text), selection, sort)
            result = search(catalog, wanted)
            if not result.hits:
                sys.exit(f"{name}: nothing found")
            found[name] = {"found": result.found} | timed(lambda wanted=wanted: search(catalog, wanted), rounds)  # type: ignore[misc]
    parts = [path.stat().st_size for path in folder.glob("catalog.sqlite*")]
    figures = {"documents": total, "documents_mb": round(size / 1e6), "catalog_mb": round(sum(parts) / 1e6)}
    return figures | {"build_s": built, "refresh_ms": refreshed, "search_ms": found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="an empty folder for archive and catalog, which stay")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warcite-catalog-") as folder:
        figures = measure(given.documents, given.rounds, given.keep or Path(folder))
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        if name != "search_ms":
            print(f"{name:<14} {value}")
    for name, value in figures["search_ms"].items():
        print(f"{name:<24} {value}")


if __name__ == "__main__":
    main()
