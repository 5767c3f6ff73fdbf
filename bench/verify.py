"""Verify one archive with warcite, and read its WARCs with fastwarc and warcio, in turn; print how fast each reads.

    .venv/bin/python bench/verify.py [--pages 2000] [--rounds 5] [--archive DIR] [--json]

fastwarc and warcio recompute the block digest of every record and the payload digest of every response, and do nothing else. warcite does
what ``verify --full`` does, with one process and with two; the other files of the archive are read too. Figures are medians of the rounds.
CPU is that of all processes; unlike the wall clock it hardly changes with what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawl import Job, warcite
from fastwarc.warc import ArchiveIterator, WarcRecordType
from target import Target
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive.store import open_store
from archive.verify import verify_archive
from archive.warc.verify import Place, scan_warc


@dataclass(frozen=True)
class Read:
    """One reading of the archive by one contender."""

    records: int
    size: int  # bytes of the files that were read
    wall_s: float
    cpu_s: float


def files_in(archive: Path, folder: str = "") -> list[Path]:
    return sorted(path for path in (archive / folder).rglob("*") if path.is_file())


def fastwarc(archive: Path) -> int:
    records = 0
    for path in files_in(archive, "warc"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                records += 1
                is_response = record.record_type == WarcRecordType.response
                whole = record.verify_block_digest(not is_response)
                if is_response:
                    record.parse_http()
                    whole &= record.verify_payload_digest(True)
                if not whole:
                    sys.exit(f"fastwarc finds damage in {path}")
    return records


def warcio(archive: Path) -> int:
    records = 0
    for path in files_in(archive, "warc"):
        with path.open("rb") as stream:
            for record in WarcioIterator(stream, check_digests="raise"):
                records += 1
                while record.raw_stream.read(1 << 16):
                    pass
    return records


def scan(archive: Path) -> int:
    records = 0
    for path in files_in(archive, "warc"):
        with path.open("rb") as stream:
            for found in scan_warc(stream, f"warc/{path.name}"):
                if not isinstance(found, Place):
                    sys.exit(f"damage in {path}: {found}")
                records += 1
    return records


def verify(archive: Path, jobs: int) -> int:
    report = verify_archive(open_store(str(archive)), jobs=jobs)
    if report.damages:
        sys.exit(f"damage: {report.damages[:3]}")
    return report.checked["records"]


CONTENDERS: dict[str, tuple[Callable[[Path], int], str]] = {
    "fastwarc": (fastwarc, "warc"),
    "warcio": (warcio, "warc"),
    "warcite, WARCs alone": (scan, "warc"),
    "warcite, 1 process": (lambda archive: verify(archive, 1), ""),
    "warcite, 2 processes": (lambda archive: verify(archive, 2), ""),
}


def measure(archive: Path, rounds: int) -> dict[str, list[Read]]:
    """Every contender in turn, once unmeasured: then files are in the page cache, and processes are there to be forked from."""
    found: dict[str, list[Read]] = {name: [] for name in CONTENDERS}
    for number in range(rounds + 1):
        for name, (read, folder) in CONTENDERS.items():
            size = sum(path.stat().st_size for path in files_in(archive, folder))
            started, spent = time.perf_counter(), cpu_seconds()
            records = read(archive)
            if number:
                found[name].append(Read(records, size, time.perf_counter() - started, cpu_seconds() - spent))
    return found


def cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def summary(found: dict[str, list[Read]]) -> dict[str, dict[str, float]]:
    """Medians; the ratios are made within each round, since the machine is not the same in the next."""
    rows = {}
    for name, reads in found.items():
        base = found["fastwarc"]
        rows[name] = {
            "ms_per_record": statistics.median(1000 * r.wall_s / r.records for r in reads),
            "cpu_ms_per_record": statistics.median(1000 * r.cpu_s / r.records for r in reads),
            "mb_per_s": statistics.median(r.size / r.wall_s / 1e6 for r in reads),
            "records_to_fastwarc": statistics.median(b.wall_s / r.wall_s for r, b in zip(reads, base, strict=True)),
            "records_to_fastwarc_by_cpu": statistics.median(b.cpu_s / r.cpu_s for r, b in zip(reads, base, strict=True)),
            "bytes_to_fastwarc": statistics.median(r.size / r.wall_s / (b.size / b.wall_s) for r, b in zip(reads, base, strict=True)),
        }
    return rows


COLUMNS = {
    "ms_per_record": ("ms/record", 4),
    "cpu_ms_per_record": ("CPU ms", 4),
    "mb_per_s": ("MB/s", 1),
    "records_to_fastwarc": ("records", 2),
    "records_to_fastwarc_by_cpu": ("by CPU", 2),
    "bytes_to_fastwarc": ("bytes", 2),
}


def crawled(directory: Path, pages: int) -> Path:
    """An archive of so many pages, by a crawl."""
    with Target(directory, pages, min(50, pages)) as target:
        urls = directory / "urls.txt"
        urls.write_text("\n".join(target.urls) + "\n")
        work = directory / "work"
        work.mkdir()
        if warcite(Job(urls, target, work)).pages != pages:
            sys.exit("the crawl did not get every page, so there are no figures")
    return work / "archive"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--archive", type=Path, help="an archive that is there, instead of a crawl")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warcite-bench-") as name:
        archive = given.archive or crawled(Path(name), given.pages)
        load = os.getloadavg()[0]
        found = measure(archive, given.rounds)
        setting = {
            "warc_mb": round(found["fastwarc"][0].size / 1e6, 1),
            "archive_mb": round(found["warcite, 1 process"][0].size / 1e6, 1),
            "records": found["fastwarc"][0].records,
            "rounds": given.rounds,
            "cores": os.cpu_count(),
            "load": round(load, 2),
        }
    rows = summary(found)
    if given.json:
        print(json.dumps({"setting": setting, "medians": rows}, indent=1))
        return
    print(", ".join(f"{key} {value}" for key, value in setting.items()))
    print(f"{'':22}" + "".join(f"{title:>12}" for title, _ in COLUMNS.values()) + "   (the last three: times fastwarc's speed)")
    for name, row in rows.items():
        print(f"{name:22}" + "".join(f"{row[key]:12.{digits}f}" for key, (_, digits) in COLUMNS.items()))


if __name__ == "__main__":
    main()
