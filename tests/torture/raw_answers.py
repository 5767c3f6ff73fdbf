"""M2: answers that break clients, sent byte for byte: each target ends, none hangs, and what came is in the archive."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support.odd_server import CLOSE, OddServer, Reply
from tests.support.warcite import warcite
from tests.support.watched import Watched, watch
from tests.torture.corpus import Sample, answer, answers, coded_bodies, documents, some
from tests.torture.hostile import too_slow, whole
from tests.torture.result import Result, Size

ROW, NAME = "M2", "raw answers"
TIMEOUT = 5.0  # seconds, of an exchange
_SLACK: dict[Size, float] = {"ci": 60.0, "release": 10.0}  # seconds more that one may take
_HOSTS = 40  # names that all lead to the one server, so that hangs do not wait for each other
_PAGES = ("feeds", "xml", "json", "robots")


def run(size: Size, work: Path) -> Result:
    result, started = Result(ROW, NAME), time.monotonic()
    samples = some(answers(), 200 if size == "ci" else None) + some(coded_bodies(), 40 if size == "ci" else None)
    pages = [s for s in documents() if s.name.partition("/")[0] in _PAGES]
    samples += [Sample(s.name, answer(s.data, "text/html")) for s in some(pages, 40 if size == "ci" else None)]
    urls = {f"http://h{number % _HOSTS}.example/{number}": sample for number, sample in enumerate(samples)}
    replies: dict[str, Reply] = {"/" + url.rpartition("/")[2]: (sample.data, CLOSE) for url, sample in urls.items()}
    (work / "urls.txt").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    with OddServer(replies, otherwise=(answer(b"", None), CLOSE)) as server:
        rules = [x for port in (80, 443) for x in ("--connect-to", f":{port}:127.0.0.1:{server.port}")]
        limits = ["--robots", "ignore", "--delay", "0", "--retries", "0", "--timeout", f"{TIMEOUT:g}", "--no-progress", "--json", "-vv"]
        done = watch("recrawl", work / "urls.txt", *rules, *limits, cwd=work, timeout=1800)
    result.failures = list(_broken(done, urls, work, result.counts))
    result.failures += too_slow(work, TIMEOUT + _SLACK[size])
    result.counts["cases"] = len(urls)
    result.seconds = round(time.monotonic() - started, 1)
    return result


def _broken(done: Watched, urls: dict[str, Sample], work: Path, counts: Counter[str]) -> Iterator[str]:
    if done.code not in {0, 3} or done.json["pending"]:
        yield f"exit {done.code}: {done.err[-3000:]}"
        return
    yield from (f"on the terminal: {line}" for line in done.unsafe())
    if "Traceback" in done.err:
        yield f"a traceback: {done.err[done.err.index('Traceback') :][:1500]}"
    if done.listening or {host for host, _ in done.peers} - {"127.0.0.1"}:
        yield f"sockets: {done.listening} {done.peers}"
    rows = {row["url"]: row for row in warcite("status", "--targets", "--json", cwd=work).json["targets"]}
    for url, sample in urls.items():
        row = rows.get(url, {"state": None, "reason": None, "outcome": None, "detail": ""})
        counts[f"{row['outcome']}"] += 1
        if row["state"] not in {"archived", "truncated", "failed", "blocked", "excluded"} or row["reason"] == "internal":
            yield f"{sample.name}: {row['state']} {row['reason']} {row['detail']}"
    yield from whole(work)
