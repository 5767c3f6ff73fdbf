"""Crawl one loopback site with plain Scrapy, with wget and with warcite, in turn, and print their cost and its ratios.

    .venv/bin/python bench/crawl.py [--pages 2000] [--hosts 50] [--rounds 3] [--json]

CPU seconds are those of a contender's whole process tree (wait4), the server's not counted. Figures are medians of the rounds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from target import Target

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Measured:
    """One run of one contender."""

    pages: int
    wall_s: float
    cpu_s: float
    peak_rss_mib: float  # of its largest process
    crawler_cpu_s: float | None = None
    extraction_cpu_s: float | None = None


@dataclass(frozen=True)
class Job:
    urls: Path
    target: Target
    directory: Path  # empty at the start


Contender = Callable[[Job], Measured]


def run(command: list[str], directory: Path, **env: str) -> tuple[str, float, float, float]:
    """Standard output, wall seconds, CPU seconds of the tree, peak MiB of its largest process."""
    out, err = directory / "stdout", directory / "stderr"
    started = time.monotonic()
    with out.open("wb") as stdout, err.open("wb") as stderr:
        child = subprocess.Popen(
            command, cwd=directory, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env={**os.environ, "no_proxy": "*", **env}
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}:\n{err.read_text()[-2000:]}")
    return out.read_text(), wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def scrapy(job: Job) -> Measured:
    out, wall, cpu, rss = run([sys.executable, str(HERE / "plain_scrapy.py"), str(job.urls)], job.directory)
    return Measured(int(out), wall, cpu, rss)


def wget(job: Job) -> Measured:
    warc = job.directory / "wget"
    command = ["wget", "-q", "-e", "robots=off", "--tries=1", "--header=Accept-Encoding: gzip", f"--warc-file={warc}", "--no-warc-keep-log"]
    _, wall, cpu, rss = run([*command, "-O", "/dev/null", "-i", str(job.urls)], job.directory)
    return Measured(_responses(Path(f"{warc}.warc.gz")), wall, cpu, rss)


def _responses(warc: Path) -> int:
    with gzip.open(warc, "rb") as lines:
        return sum(line.rstrip() == b"WARC-Type: response" for line in lines)


def warcite(job: Job) -> Measured:
    return _warcite(job)


def unsynced(job: Job) -> Measured:
    """warcite on Debian's libeatmydata, whose fsync returns at once: what durability costs is the difference."""
    [library] = sorted(Path("/usr/lib").glob("*/libeatmydata.so*"))[:1] or sys.exit("unsynced needs Debian's package libeatmydata1")
    return _warcite(job, LD_PRELOAD=str(library))


def _warcite(job: Job, **env: str) -> Measured:
    command = [sys.executable, "-m", "crawler.cli", "recrawl", str(job.urls), "--store", str(job.directory / "archive")]
    command += ["--delay", "0", "--robots", "ignore", "--jobs", "2", "--contact", "bench", "--no-progress", "--json"]
    for host in job.target.hosts:
        command += ["--allow-private", f"{host}:{job.target.port}"]
    out, wall, cpu, rss = run(command, job.directory, PYTHONPATH=str(HERE.parent), **env)
    report = json.loads(out)
    spent = report.get("cpu") or {}
    return Measured(report["outcomes"]["captured"], wall, cpu, rss, spent.get("crawler_s"), spent.get("extraction_s"))


CONTENDERS: dict[str, Contender] = {"scrapy": scrapy, "wget": wget, "warcite": warcite, "unsynced": unsynced}
USUAL = ("scrapy", "wget", "warcite")


def measure(target: Target, directory: Path, rounds: int, names: list[str]) -> dict[str, list[Measured]]:
    """Every contender in turn, ``rounds`` times. Exits when one did not get every page."""
    urls = directory / "urls.txt"
    urls.write_text("\n".join(target.urls) + "\n")
    found: dict[str, list[Measured]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            place = directory / f"{name}-{number}"
            place.mkdir()
            one = CONTENDERS[name](Job(urls, target, place))
            if one.pages != len(target.urls):
                said = (place / "stderr").read_text()[-2000:]
                sys.exit(f"{name} got {one.pages} of {len(target.urls)} pages, so there are no figures. It said:\n{said}")
            found[name].append(one)
            shutil.rmtree(place)
    return found


def summary(found: dict[str, list[Measured]]) -> dict[str, dict[str, float | None]]:
    """Medians for each contender, per page, with ratios of CPU to the two peers."""
    rows: dict[str, dict[str, float | None]] = {}
    for name, runs in found.items():
        pages = runs[0].pages
        rows[name] = {
            "pages_per_s": statistics.median(pages / r.wall_s for r in runs),
            "cpu_ms_per_page": statistics.median(1000 * r.cpu_s / pages for r in runs),
            "crawler_cpu_ms_per_page": _median_ms([r.crawler_cpu_s for r in runs], pages),
            "extraction_cpu_ms_per_page": _median_ms([r.extraction_cpu_s for r in runs], pages),
            "peak_rss_mib": statistics.median(r.peak_rss_mib for r in runs),
        }
    for row in rows.values():
        own = row["crawler_cpu_ms_per_page"] or row["cpu_ms_per_page"]
        for peer in ("scrapy", "wget"):
            base = rows.get(peer, {}).get("cpu_ms_per_page")
            row[f"fetch_cpu_to_{peer}"] = own / base if own and base else None
    return rows


def _median_ms(seconds: list[float | None], pages: int) -> float | None:
    known = [1000 * s / pages for s in seconds if s is not None]
    return statistics.median(known) if known else None


COLUMNS = {
    "pages_per_s": ("pages/s", 1),
    "cpu_ms_per_page": ("CPU ms/page", 2),
    "crawler_cpu_ms_per_page": ("crawler", 2),
    "extraction_cpu_ms_per_page": ("extraction", 2),
    "fetch_cpu_to_scrapy": ("x Scrapy", 2),
    "fetch_cpu_to_wget": ("x wget", 2),
    "peak_rss_mib": ("peak MiB", 0),
}


def show(rows: dict[str, dict[str, float | None]]) -> None:
    print(f"{'':8}" + "".join(f"{title:>13}" for title, _ in COLUMNS.values()))
    for name, row in rows.items():
        cells = ("-" if row[key] is None else f"{row[key]:.{digits}f}" for key, (_, digits) in COLUMNS.items())
        print(f"{name:8}" + "".join(f"{cell:>13}" for cell in cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=50, help="loopback addresses, at most 250")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=CONTENDERS, action="append", help="a contender; repeatable (default: all but unsynced)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not (1 <= given.hosts <= 250 and given.pages >= given.hosts and given.rounds >= 1):
        parser.error("needs 1 to 250 hosts, at least as many pages, and one round")
    with tempfile.TemporaryDirectory(prefix="warcite-bench-") as name:
        with Target(Path(name), given.pages, given.hosts) as target:
            found = measure(target, Path(name), given.rounds, given.only or list(USUAL))
        setting = {
            "pages": given.pages,
            "hosts": given.hosts,
            "rounds": given.rounds,
            "server": target.server,
            "html_bytes": target.mean_sizes[0],
            "gzip_bytes": target.mean_sizes[1],
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2),
        }
    rows = summary(found)
    if given.json:
        print(json.dumps({"setting": setting, "medians": rows, "runs": {n: [asdict(r) for r in rs] for n, rs in found.items()}}, indent=1))
        return
    print(", ".join(f"{key} {value}" for key, value in setting.items()))
    show(rows)


if __name__ == "__main__":
    main()
