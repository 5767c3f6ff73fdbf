"""The same harm done to Scrapy as it comes, and to us: private addresses reached, and addresses lost when killed once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.hostile_server import SCRIPT, hostile_server
from tests.support.shared import ROOT
from tests.support.warcite import start, warcite
from tests.torture.result import Result, Size
from tests.torture.small_site import SmallSite

_WAYS_IN = {"ssrf", "scheme", "redirect"}
_SECONDS = 300


def run(size: Size, work: Path) -> Result:
    """``counts`` compare; only what warcite itself loses or reaches is a failure."""
    result = Result("peers", "Scrapy as it comes, with JOBDIR")
    if SCRIPT.exists():
        _reach(result, work)
    for percent in (60,) if size == "ci" else range(20, 100, 10):
        directory = work / f"killed-{percent}"
        directory.mkdir()
        _lose(result, directory, 400, percent)
    return result


def _stock(urls: Path, jobdir: str, feed: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.torture.stock_scrapy", str(urls), jobdir, str(feed)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _reach(result: Result, work: Path) -> None:
    """Cases that lead to the canary, which stands for a service behind the fence."""
    for name in ("scrapy", "warcite"):
        directory = work / f"reach-{name}"
        directory.mkdir()
        with hostile_server(directory) as server:
            cases = [c for c in server.cases() if c["category"] in _WAYS_IN and c["budget"] == "quick" and not c.get("helper")]
            urls = directory / "urls.txt"
            urls.write_text("".join(f"{case['url']}\n" for case in cases), encoding="utf-8")
            if name == "scrapy":
                _stock(urls, "-", directory / "feed.jsonl").communicate(timeout=_SECONDS)
            else:
                allowed = [x for port in server.ports for x in ("--allow-private", f"127.0.0.1:{port}")]
                warcite("recrawl", urls, *allowed, "--delay", "0", "--retries", "0", "--timeout", "5", cwd=directory, timeout=_SECONDS)
            hits = len(server.log()["canary"])
        result.counts["ways in"] = len(cases)
        result.counts[f"canary hits, {name}"] = hits
        if name == "warcite" and hits:
            result.failures.append(f"the canary was reached {hits} times")


def _lose(result: Result, work: Path, targets: int, percent: int) -> None:
    """One kill -9 after so many of the requests, then the same command again."""
    enough = targets * percent // 100
    with SmallSite(targets=targets, hosts=1, kinds=("page",)) as site:
        urls = work / "urls.txt"
        urls.write_text("".join(f"http://127.0.0.1:{site.port}/page/{n}\n" for n in range(targets)), encoding="utf-8")
        feed = work / "feed.jsonl"
        _kill_after(_stock(urls, str(work / "jobdir"), feed), site, enough)
        again = _stock(urls, str(work / "jobdir"), feed)
        again.communicate(timeout=_SECONDS)
        fed = {json.loads(line)["url"] for line in feed.read_text(encoding="utf-8").splitlines() if line.endswith("}")}
        result.counts["addresses"] += targets
        result.counts["kills"] += 1
        result.counts["never asked for, Scrapy with JOBDIR"] += targets - len(set(site.asked))
        result.counts["not in the feed, Scrapy with JOBDIR"] += targets - len(fed)
        result.counts["resumed with exit 0, Scrapy with JOBDIR"] += again.returncode == 0
    with SmallSite(targets=targets, hosts=1, kinds=("page",)) as site:
        command = ["crawl", urls, "--connect-to", site.connect_to(), "--delay", "0", "--no-progress", "--json"]
        urls.write_text("".join(f"{url}\n" for url in site.expected), encoding="utf-8")
        _kill_after(start(*command, cwd=work), site, enough)
        done = warcite(*command, cwd=work, timeout=_SECONDS)
        rows = warcite("status", "--targets", "--json", cwd=work).json["targets"]
        lost = targets - sum(row["outcome"] == "captured" for row in rows)
        result.counts["lost, warcite"] += lost
        result.counts["fetched twice, warcite"] += site.refetched()
        if done.code or lost:
            result.failures.append(f"{lost} addresses lost, exit {done.code}: {done.err[-500:]}")


def _kill_after(process: subprocess.Popen[str], site: SmallSite, requests: int) -> None:
    until = time.monotonic() + _SECONDS
    while site.requests() < requests and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
