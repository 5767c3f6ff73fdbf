"""How long a recrawl looks for the last capture of an address, in an archive of a million.

    .venv/bin/python bench/lookup.py [--captures 1000000] [--lookups 20000] [--json]

Makes manifests and indexes of that many captures (a thousand a segment, a fifth of them revisits of the segment before) and one segment of
real WARC records, lets the local cache learn them, opens it anew, and asks for addresses at random: the answer of the cache alone
(``find``), and with the page read from the store (``read``). Times are in milliseconds; ``refresh`` is that of a cache that knows all.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import layout, manifests
from archive.digests import sha256_hex, warc_digest
from archive.index import cdxj
from archive.index.previous import PreviousPages
from archive.index.recent import RecentCaptures
from archive.model import Capture, Exchange, Manifest, OutcomeWord, Reason, StoredObject, TargetOutcome, TextOutcome
from archive.store.local import LocalStore
from archive.times import iso
from archive.urls import surt
from archive.warc.records import encode_exchange

A_SEGMENT = 1000
STARTED = datetime(2016, 1, 1, tzinfo=UTC)
PAGE = ("<p>" + "The harbour board voted on the dredging of the east channel. " * 20 + "</p>\n") * 80


def address(number: int) -> str:
    return f"http://www.news-{number % 4999}.example/2016/{number % 12 + 1:02}/the-board-has-voted-on-the-channel-{number}.html"


def captures(first: int, segment: str) -> Iterator[Capture]:
    """Of a segment: addresses of its own, and every fifth a revisit of one of the segment before."""
    for n in range(first, first + A_SEGMENT):
        again = n % 5 == 0 and n >= A_SEGMENT
        number = n - A_SEGMENT + 1 if again else n
        yield Capture(
            *(f"<urn:uuid:{uuid.UUID(int=n)}>", address(number), STARTED + timedelta(seconds=n), None if again else 200, "text/html"),
            *(warc_digest(b"%d" % number), "revisit" if again else "response", segment, n % A_SEGMENT * 30_000, 30_000),
        )


def outcome(capture: Capture) -> TargetOutcome:
    again, url = capture.kind == "revisit", capture.url
    return TargetOutcome(
        *(url, surt(url), OutcomeWord.UNCHANGED if again else OutcomeWord.CAPTURED, Reason.NOT_MODIFIED if again else Reason.OK, 1),
        *(304 if again else 200, iso(capture.captured_at), None if again else TextOutcome.OK, "live", url, capture.record_id, "archived"),
    )


def commit(store: LocalStore, segment: str, kept: Sequence[Capture], warc: bytes) -> None:
    digest = sha256_hex(warc)
    objects = [StoredObject("warc", layout.data("warc", digest), len(warc), digest, 3 * len(kept))]
    index = cdxj.build(kept, objects[0].key)
    objects.append(StoredObject("cdxj", layout.data("cdxj", sha256_hex(index)), len(index), sha256_hex(index), len(kept)))
    store.put(objects[1].key, index, objects[1].sha256)
    outcomes = tuple(map(outcome, kept))
    counts = {word.value: sum(o.outcome is word for o in outcomes) for word in OutcomeWord}
    at = iso(kept[-1].captured_at)
    manifest = Manifest(manifests.SCHEMA, segment, segment[:4], "sources", at, tuple(objects), outcomes, counts, {})
    store.put_if_absent(layout.manifest(segment), manifests.encode(manifest))


def make_real_segment(store: LocalStore, first: int, pages: int = 200) -> list[str]:
    """A segment whose records can be read, of pages of 100 KB; returns its addresses."""
    segment, data, kept = str(uuid.UUID(int=first)), b"", list[Capture]()
    for n in range(first, first + pages):
        body = PAGE.replace("board", f"board of {n}", 40).encode()
        answer = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "%d"\r\nContent-Length: %d\r\n\r\n' % (n, len(body)) + body
        one = Exchange(address(n), b"GET / HTTP/1.1\r\n\r\n", answer, STARTED + timedelta(seconds=n), 0.1, "192.0.2.1", "http/1.1")
        ids: Callable[[], str] = lambda: f"<urn:uuid:{uuid.uuid4()}>"  # noqa: E731
        encoded = encode_exchange(one, warcinfo_id=ids(), segment=segment, new_id=ids, fields=())
        c = encoded.capture
        place = (c.payload_digest, c.kind, segment, len(data), c.length)
        kept.append(Capture(c.record_id, c.url, c.captured_at, c.status, c.mime, *place))
        data += encoded.data
    store.put(layout.data("warc", sha256_hex(data)), data, sha256_hex(data))
    commit(store, segment, kept, data)
    return [c.url for c in kept]


def timed(calls: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Median, 99th percentile and maximum of the calls, and the mean of their CPU time, which a busy machine does not change."""
    took, cpu = [], time.thread_time()
    for call in calls:
        start = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - start))
    cpu = 1000 * (time.thread_time() - cpu) / len(calls)
    took.sort()
    figures = {"median": statistics.median(took), "p99": took[int(0.99 * len(took))], "max": took[-1], "cpu": cpu}
    return {name: round(value, 4) for name, value in figures.items()}


def measure(total: int, lookups: int, folder: Path) -> dict[str, Any]:
    store, cache = LocalStore(folder / "archive"), folder / "captures.sqlite"
    start = time.perf_counter()
    for first in range(0, total, A_SEGMENT):
        segment = str(uuid.UUID(int=first))
        commit(store, segment, list(captures(first, segment)), b"segment %d" % first)
    real = make_real_segment(store, total + A_SEGMENT)
    print(f"made in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    start = time.perf_counter()
    with RecentCaptures(cache) as recent:
        recent.refresh(store)
        learned = time.perf_counter() - start
    with RecentCaptures(cache) as recent:
        start = time.perf_counter()
        recent.refresh(store)
        refreshed = time.perf_counter() - start
        pages, dice = PreviousPages(recent, store), random.Random(2016)
        asked = [address(dice.randrange(total)) for _ in range(lookups)]
        found = sum(pages.find(surt(url), url) is not None for url in asked[:1000])
        places = [place for url in real if (place := pages.find(surt(url), url))]
        read = [page for place in places if (page := pages.read(place))]
        if found < 700 or len(read) != len(real):
            sys.exit(f"found {found} of 1000, read {len(read)} of {len(real)}")
        return {
            "captures": recent.sql.execute("SELECT count(*) FROM captures").fetchone()[0],
            "cache_mb": round(cache.stat().st_size / 1e6, 1),
            "learn_s": round(learned, 1),
            "refresh_s": round(refreshed, 3),
            "find_ms": timed([lambda url=url: pages.find(surt(url), url) for url in asked]),  # type: ignore[misc]
            "read_ms": timed([lambda place=place: pages.read(place) for place in places]),  # type: ignore[misc]
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=1_000_000)
    parser.add_argument("--lookups", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warcite-lookup-") as folder:
        figures = measure(given.captures, given.lookups, Path(folder))
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<10} {value}")


if __name__ == "__main__":
    main()
