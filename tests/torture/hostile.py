"""M1: the whole hostile server, in a network namespace where that can be had: every case ends as it may, and nobody is let in.

``python -m tests.torture.hostile SIZE WORK`` runs it here, that is in whatever network it finds, and prints the result as JSON.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.urls import surt
from archive.warc.reader import iterate_records
from pipelines.inputs.addresses import fetchable
from tests.support import namespace
from tests.support.hostile_server import SCRIPT, HostileServer, hostile_server
from tests.support.warcite import warcite
from tests.support.watched import Watched, watch
from tests.torture.nothing_lost import judged
from tests.torture.result import Result, Size

ROW, NAME = "M1", "hostile server"
_SECRET = "s3cr3t-URLPASS"  # in an address of the list
_OWN = "hostile.example"  # names of ours that lead to the server, so that cases which take their time do not wait for each other


@dataclass(frozen=True)
class _Limits:
    timeout: float  # seconds, of an exchange
    deadline: str  # seconds, of an extraction
    memory: int  # bytes, of the crawler's process
    slack: float  # seconds that an exchange may end after its time-out
    rounds: int = 1


_LIMITS: dict[Size, _Limits] = {
    "ci": _Limits(15, "3", 400 << 20, slack=60),
    "release": _Limits(15, "20", 400 << 20, slack=10, rounds=3),
}


def run(size: Size, work: Path) -> Result:
    if not SCRIPT.exists():
        return Result(ROW, NAME)
    if not namespace.available():
        return run_here(size, work)
    done = namespace.run("tests.torture.hostile", size, work, timeout=3600)
    if done.returncode:
        return Result(ROW, NAME, failures=[f"exit {done.returncode}: {done.stderr[-2000:]}"])
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def run_here(size: Size, work: Path, *options: str) -> Result:
    """``options`` are more of the server's."""
    result, started = Result(ROW, NAME), time.monotonic()
    scale = ["--scale", "full"] if size == "release" else []
    with hostile_server(work, "--tls", *scale, *options) as server:
        for number in range(_LIMITS[size].rounds):
            directory = work / f"round-{number}"
            directory.mkdir()
            _round(server, _LIMITS[size], directory, result)
    result.counts["in a namespace"] = int("--dns" in options)
    result.seconds = round(time.monotonic() - started, 1)
    return result


def _round(server: HostileServer, limits: _Limits, work: Path, result: Result) -> None:
    cases = [case for case in server.cases() if not case.get("helper")]
    groups = {"quick": [c for c in cases if c["budget"] == "quick"], "slow": [c for c in cases if c["budget"] != "quick"]}
    result.counts["cases"] += len(cases)
    with ThreadPoolExecutor(len(groups)) as threads:
        crawls = [threads.submit(_crawl, server, group, limits, work / name) for name, group in groups.items()]
        for peak, failures in (crawl.result() for crawl in crawls):
            result.counts["peak MB"] = max(result.counts["peak MB"], peak >> 20)
            result.failures += failures
    log = server.log()
    result.failures += [f"canary: {hit}" for hit in log["canary"]] + [f"leak: {leak}" for leak in log["leaks"]]
    result.counts["requests"] += sum(log["hits"].values())


def _crawl(server: HostileServer, cases: list[dict[str, Any]], limits: _Limits, work: Path) -> tuple[int, list[str]]:
    work.mkdir()
    accepted: dict[str, set[str]] = {}
    rules: list[str] = []
    for case in cases:  # spellings of one address are one target: it ends as one of their cases does
        url = case["url"]
        if case["budget"] != "quick" and case["category"] != "tls":
            host = f"{case['id']}.{_OWN}"
            url = f"http://{host}/{case['path']}"
            rules += ["--connect-to", f"{host}:80:127.0.0.1:{server.port}"]
        if not any(blank in url for blank in " \t"):  # in a text list, what follows a blank is no part of the address
            accepted.setdefault(surt(fetchable(url)), set()).update(case["accept"])
        with (work / "urls.txt").open("a", encoding="utf-8") as urls:
            urls.writelines(f"{url}\n" for _ in range(case.get("repeat", 1)))
    allowed = [x for port in server.ports for x in ("--allow-private", f"127.0.0.1:{port}")]
    options = [
        "--delay",
        "0",
        "--timeout",
        f"{limits.timeout:g}",
        "--retries",
        "0",
        "--max-bytes",
        "16MB",
        "--no-progress",
        "--json",
        "-vv",
    ]
    env = {"WARCITE_CRAWL_EXTRACT_DEADLINE": limits.deadline}
    done = watch("recrawl", work / "urls.txt", *allowed, *rules, *options, cwd=work, timeout=900, env=env)
    return done.peak, [f"{work.name}: {failure}" for failure in _broken(done, accepted, limits, work)]


def _broken(done: Watched, accepted: dict[str, set[str]], limits: _Limits, work: Path) -> Iterator[str]:
    if done.code not in {0, 3, 4} or done.json["pending"]:
        yield f"exit {done.code}: {done.err[-3000:]}"
        return
    if done.peak > limits.memory:
        yield f"the crawler took {done.peak >> 20} MB"
    if done.listening:
        yield f"it listened: {done.listening}"
    yield from (f"on the terminal: {line}" for line in done.unsafe())
    if "Traceback" in done.err:
        yield f"a traceback: {done.err[done.err.index('Traceback') :][:1500]}"
    rows = warcite("status", "--targets", "--json", cwd=work).json["targets"]
    states = {surt(row["url"]): row["state"] for row in rows}
    yield from (f"{key}: {states.get(key)}, not {accept}" for key, accept in accepted.items() if states.get(key) not in accept)
    yield from too_slow(work, limits.timeout + limits.slack)
    yield from whole(work)
    if _SECRET in done.out + done.err + "".join(written_by_us(work)):
        yield "the password of an address was repeated"


def too_slow(work: Path, seconds: float) -> Iterator[str]:
    """Exchanges that took longer, by what the archive says of them."""
    for warc in (work / "warcite-archive" / "warc").iterdir():
        for record in iterate_records(warc):
            if record.type == "metadata" and record.block.startswith(b"fetchTimeMs: "):
                took = int(record.block.split(b"\r\n", 1)[0].split()[1]) / 1000
                if took > seconds:
                    yield f"{record.target_uri} took {took:.1f} s"


def whole(work: Path) -> Iterator[str]:
    """Damage that our own `verify` finds in the archive, or the judge beside the checkout."""
    yield from (f"verify: {damage}" for damage in warcite("verify", "--json", cwd=work, timeout=600).json["damages"])
    yield from judged(str(work / "warcite-archive"))


def written_by_us(work: Path) -> Iterator[str]:
    """Everything in the archive but the WARCs: there a server may say a secret itself, and its bytes are kept as they came."""
    for path in (work / "warcite-archive").rglob("*"):
        if path.is_file() and path.parent.name != "warc":
            data = path.read_bytes()
            yield (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")


def main(size: str, work: str) -> None:
    result = run_here("release" if size == "release" else "ci", Path(work), "--offbox", "--dns", "--dns-port", "53")
    print(json.dumps(result.as_json()))


if __name__ == "__main__":
    main(*sys.argv[1:])
