"""How fast a bundle is pulled from loopback, checks included, against curl and against curl and sha256sum.

    .venv/bin/python bench/pull.py [--megabytes 2000] [--rounds 3] [--folder DIR] [--bundle FILE] [--json]

The server sends the file by sendfile(2), in a process of its own, and honours ranges. The bundle holds stored noise, in files of 64 MB.
Rounds take turns. ``synced`` adds to curl what `pull` does before it gives the file its name: fsync. ``pull`` has nothing to compare the
whole with; ``known`` has, and so takes two digests of each byte: of the whole, and of the file in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any, NamedTuple

from isal import isal_zlib

from archive.bundle.package import About, Resource, digest_json, package_json
from archive.bundle.zip import Entry, central_directory, local_header
from archive.digests import sha256_file

A_FILE = 64 << 20  # bytes


def make(path: Path, megabytes: int) -> None:
    """A sound container whose WARCs are noise: `pull` looks at digests, not at records."""
    noise = random.Random(2016).randbytes(A_FILE)
    resources, entries = [], []
    with path.open("wb") as out:
        for number in range(max(1, megabytes * 1_000_000 // A_FILE)):
            data = number.to_bytes(8) + noise[8:]
            name = f"archive/{number:05d}.warc.gz"
            entries.append(Entry(name, len(data), isal_zlib.crc32(data), out.tell()))
            out.write(local_header(entries[-1]))
            out.write(data)
            resources.append(Resource(name, hashlib.sha256(data).hexdigest(), len(data)))
        about = About("bench", "noise", "2016-05-21T08:30:00Z", "bench", None, {})
        package = package_json(about, resources)
        for name, data in (("datapackage-digest.json", digest_json(package, about, None)), ("datapackage.json", package)):
            entries.append(Entry(name, len(data), isal_zlib.crc32(data), out.tell()))
            out.write(local_header(entries[-1]) + data)
        out.write(central_directory(entries, out.tell()))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    file: Path

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.strip("/") != self.file.name:
            self.send_error(404)
            return
        size = self.file.stat().st_size
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start, end = (int(found[1]), int(found[2] or size - 1) + 1) if found else (0, size)
        self.send_response(206 if found else 200)
        if found:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Content-Length", str(end - start))
        self.send_header("ETag", '"one"')
        self.end_headers()
        self.wfile.flush()
        with self.file.open("rb") as stream:
            while start < end:
                start += os.sendfile(self.connection.fileno(), stream.fileno(), start, end - start)


def serve(file: Path, port: Queue[int]) -> None:
    Handler.file = file
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_address[1])
    server.serve_forever()


class Run(NamedTuple):
    """Of one command: seconds of the clock, seconds of processors, and the largest resident size in bytes."""

    seconds: float
    cpu: float
    memory: int


def timed(command: list[str], cwd: Path) -> Run:
    """Run by a small process, since a child is said to have as much memory as the one that started it."""
    code = (
        "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL);"
        " used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024); sys.exit(code)"
    )
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, *command], cwd=cwd, capture_output=True, text=True, check=True)
    seconds = time.monotonic() - started
    cpu, memory = done.stdout.split()
    return Run(seconds, float(cpu), int(memory))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--bundle", type=Path, help="a real one instead")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="bench-pull-") as name:
        folder = Path(name)
        file = given.bundle or folder / "noise.wacz"
        if given.bundle is None:
            make(file, given.megabytes)
        port: Queue[int] = Queue()
        server = Process(target=serve, args=(file, port), daemon=True)
        server.start()
        url = f"http://127.0.0.1:{port.get()}/{file.name}"
        results = measure(url, file, folder, given.rounds)
        server.kill()
    if given.json:
        print(json.dumps(results, indent=1))
        return
    for name, one in results.items():
        print(
            f"{name:<8} {one['mb_s']:6.0f} MB/s {one['seconds']:7.2f} s {one['cpu']:6.2f} s of processors {one['memory'] / 1e6:5.0f} MB"
            f"  {one['against_curl']:.0%} of curl ({one['least']:.0%} to {one['most']:.0%})"
        )


def measure(url: str, file: Path, folder: Path, rounds: int) -> dict[str, Any]:
    curl = ["curl", "-sf", "-o", "out.wacz", url]
    pull = [sys.executable, "-m", "crawler.cli", "pull", url, "--no-progress", "-o", "pulled"]
    ways: dict[str, list[str]] = {
        "curl": curl,
        "synced": ["sh", "-c", f"curl -sf -o out.wacz {url} && sync out.wacz"],
        "checked": ["sh", "-c", f"curl -sf -o out.wacz {url} && sha256sum out.wacz && sync out.wacz"],
        "pull": pull,
        "known": [*pull, "--sha256", sha256_file(file)],
        "single": [*pull, "--connections", "1"],
    }
    runs: dict[str, list[Run]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, command in ways.items():
            for left in (folder / "out.wacz", folder / "pulled" / file.name):
                left.unlink(missing_ok=True)
            runs[way].append(timed(command, folder))
    return {way: summary(runs[way], runs["curl"], file.stat().st_size) for way in ways}


def summary(runs: list[Run], curl: list[Run], size: int) -> dict[str, Any]:
    """Medians; the ratios are taken round by round, since the machine may be busier in one than in another."""
    seconds = statistics.median(run.seconds for run in runs)
    ratios = sorted(base.seconds / run.seconds for base, run in zip(curl, runs, strict=True))
    return {
        "seconds": seconds,
        "cpu": statistics.median(run.cpu for run in runs),
        "mb_s": size / 1e6 / seconds,
        "memory": max(run.memory for run in runs),
        "against_curl": statistics.median(ratios),
        "least": ratios[0],
        "most": ratios[-1],
    }


if __name__ == "__main__":
    main()
