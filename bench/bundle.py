"""How fast a bundle is packed, streamed and verified, against `cp` of the same bytes, and how much memory that takes.

    .venv/bin/python bench/bundle.py [--megabytes 2000] [--folder DIR] [--json]

Makes an archive of pages of about 27 kB each (packed), with documents of 4 kB of text, and then, each in a process of its own and in turn
for each round: ``bundle`` to a file, ``cp`` of it with an fsync, as bundles are fsynced, ``part`` of it (every page but those of one host
in 50, so that each segment is walked and no WARC is copied as it is), ``stream`` to a pipe, and ``verify``. Ratios are of the same round.
CPU is that of all processes. Memory is the largest resident size of one; to a file two of them bundle.
"""

from __future__ import annotations

import argparse
import base64
import json
import multiprocessing
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import layout, manifests
from archive.compression import gzip_stream
from archive.digests import sha256_file, sha256_hex
from archive.index import cdxj
from archive.model import (
    Capture,
    DocumentContext,
    Exchange,
    Manifest,
    OutcomeWord,
    Reason,
    StoredObject,
    TargetOutcome,
    TextOutcome,
)
from archive.store.local import LocalStore
from archive.times import iso
from archive.urls import surt
from archive.warc.records import encode_exchange, warcinfo_member
from pipelines.document import document_json, empty_document

A_SEGMENT = 1000
STARTED = datetime(2016, 1, 1, tzinfo=UTC)
NOISE = base64.b64encode(random.Random(2016).randbytes(4 << 20))
WORDS = [f"word{n:03x}" for n in range(4096)]


def ids() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def page(number: int) -> tuple[Exchange, str]:
    """An answer whose body packs to about 27 kB, and the text of it."""
    dice = random.Random(number)
    text = " ".join(dice.choices(WORDS, k=550))
    at = dice.randrange(len(NOISE) - 33_000)
    body = b"<html><title>Story %d</title><p>%s</p><!-- %s --></html>" % (number, text.encode(), NOISE[at : at + 33_000])
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    url = f"http://host{number % 50}.example/story/{number}"
    return Exchange(url, b"GET / HTTP/1.1\r\n\r\n", answer, STARTED + timedelta(seconds=number), 0.1, "192.0.2.1", "http/1.1"), text


def make_segment(store: LocalStore, number: int, folder: Path) -> int:
    """Returns the bytes of its WARC."""
    name, info, data, kept = str(uuid.UUID(int=number)), ids(), bytearray(), list[tuple[Capture, str]]()
    data += warcinfo_member(name, [("software", "bench")], info, STARTED)
    for n in range(number * A_SEGMENT, (number + 1) * A_SEGMENT):
        exchange, text = page(n)
        encoded = encode_exchange(exchange, warcinfo_id=info, segment=name, new_id=ids, fields=[("target", exchange.url)])
        kept.append((replace(encoded.capture, offset=len(data)), text))
        data += encoded.data
    warc = put(store, "warc", bytes(data), 1 + 3 * A_SEGMENT)
    index = put(store, "cdxj", cdxj.build([c for c, _ in kept], warc.key), A_SEGMENT)
    path = folder / "documents"
    with gzip_stream(path) as out:
        for capture, text in kept:
            out.write(document_line(capture, text, warc.key))
    documents = put(store, "documents", path.read_bytes(), A_SEGMENT)
    outcomes = tuple(outcome(c) for c, _ in kept)
    counts = {word.value: A_SEGMENT * (word is OutcomeWord.CAPTURED) for word in OutcomeWord}
    manifest = Manifest(manifests.SCHEMA, name, "bench", "sources", iso(STARTED), (warc, index, documents), outcomes, counts, {})
    store.put_if_absent(layout.manifest(name), manifests.encode(manifest))
    return warc.size


def make_archive(megabytes: int, folder: Path) -> None:
    store, size, number = LocalStore(folder / "archive"), 0, 0
    while size < megabytes * 1_000_000:
        size += make_segment(store, number, folder)
        number += 1


def put(store: LocalStore, kind: Any, data: bytes, rows: int) -> StoredObject:
    stored = StoredObject(kind, layout.data(kind, sha256_hex(data)), len(data), sha256_hex(data), rows)
    store.put(stored.key, data, stored.sha256)
    return stored


def document_line(c: Capture, text: str, warc: str) -> bytes:
    place = (c.record_id, c.payload_digest, c.offset, c.length, "bench")
    context = DocumentContext(c.url, c.url, iso(c.captured_at), OutcomeWord.CAPTURED, 200, *place)
    row = json.loads(document_json(empty_document(context)))
    row |= {"text": text, "text_sha256": sha256_hex(text.encode()), "chars": len(text), "text_outcome": "ok", "warc_file": warc}
    row["blocks"] = [{"kind": "paragraph", "text": text}]
    return json.dumps(row).encode() + b"\n"


def outcome(c: Capture) -> TargetOutcome:
    said = (OutcomeWord.CAPTURED, Reason.OK, 1, 200, iso(c.captured_at), TextOutcome.OK, "live", c.url, c.record_id, "archived")
    return TargetOutcome(c.url, surt(c.url), *said)


def bundle(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "crawler.cli", *map(str, arguments), "--no-progress"]


class Run(NamedTuple):
    seconds: float
    cpu_s: float
    peak_mib: int


def timed(command: list[str], output: Path | None = None) -> Run:
    start = time.perf_counter()
    with (output or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10)


def contenders(folder: Path) -> Iterator[tuple[str, Callable[[], Run]]]:
    store, file = folder / "archive", folder / "all.wacz"
    hosts = [part for n in range(1, 50) for part in ("--host", f"host{n}.example")]
    yield "bundle", lambda: timed(bundle("bundle", "--store", store, "-o", file))
    yield "cp", lambda: timed(["sh", "-c", 'cp "$0" "$1" && sync "$1"', str(file), str(folder / "copy.wacz")])
    yield "part", lambda: timed(bundle("bundle", "--store", store, "-o", folder / "part.wacz", *hosts))
    yield "stream", lambda: timed(bundle("bundle", "--store", store, "-o", "-"))
    yield "verify", lambda: timed(bundle("verify", file))


def measure(megabytes: int, rounds: int, folder: Path) -> dict[str, Any]:
    maker = multiprocessing.get_context("spawn").Process(target=make_archive, args=(megabytes, folder))
    maker.start()  # apart: what follows is forked from here, and a child's peak begins with its parent's size
    maker.join()
    if maker.exitcode:
        sys.exit("the archive could not be made")
    size = sum(stat.size for stat in LocalStore(folder / "archive").list("warc/"))
    print(f"{size / 1e6:.0f} MB of WARC, own {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB", file=sys.stderr)
    found: dict[str, list[Run]] = {}
    for _ in range(rounds):
        for name, run in contenders(folder):
            found.setdefault(name, []).append(run())
            print(f"{name:<8} {found[name][-1].seconds:7.2f} s {found[name][-1].peak_mib:5} MiB", file=sys.stderr)
    bytes_ = (folder / "all.wacz").stat().st_size
    figures = {
        name: {
            "seconds": round(statistics.median(run.seconds for run in runs), 2),
            "mb_per_s": round(bytes_ / 1e6 / statistics.median(run.seconds for run in runs), 1),
            "of_cp": round(statistics.median(cp.seconds / run.seconds for cp, run in zip(found["cp"], runs, strict=True)), 2),
            "cpu_s": round(statistics.median(run.cpu_s for run in runs), 2),
            "peak_mib": max(run.peak_mib for run in runs),
        }
        for name, runs in found.items()
    }
    return {"bytes": bytes_, "sha256": sha256_file(folder / "all.wacz"), "warc_bytes": size, "figures": figures}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warcite-bench-", dir=options.folder) as folder:
        found = measure(options.megabytes, options.rounds, Path(folder))
    if options.json:
        print(json.dumps(found))
        return
    print(f"{found['bytes'] / 1e6:.0f} MB, {found['warc_bytes'] / 1e6:.0f} MB of it WARC")
    for name, figures in found["figures"].items():
        speed = f"{figures['seconds']:8} s {figures['mb_per_s']:8} MB/s {figures['of_cp']:6} of cp"
        print(f"{name:<8} {speed} {figures['cpu_s']:8} s CPU {figures['peak_mib']:5} MiB")


if __name__ == "__main__":
    main()
