"""The promise: after any kill, fault or full disk every target ends once, all is readable, and nothing finished is fetched again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive.status import read_status
from archive.store import open_store
from archive.sweep import sweep
from archive.times import now
from archive.verify import verify_archive
from tests.support.shared import SHARED
from tests.support.warcite import Done, warcite

_JUDGE = SHARED / "tools" / "check_archive.py"


@dataclass(frozen=True)
class Crawl:
    """A crawl command that may be run as often as one likes, and what every address must come to."""

    directory: Path
    arguments: Sequence[str | Path]  # all behind "warcite crawl"
    expected: Mapping[str, str]  # address -> outcome
    environment: Mapping[str, str] = field(default_factory=dict)  # store, credentials
    place: str = "warcite-archive"  # a folder in `directory`, or an s3:// address

    def run(self, *more: str, timeout: float = 400, **env: str) -> Done:
        return warcite("crawl", *self.arguments, *more, cwd=self.directory, timeout=timeout, **{**self.environment, **env})

    def command(self, verb: str, *arguments: str) -> Done:
        return warcite(verb, *arguments, "--json", cwd=self.directory, **self.environment)


def broken_promises(crawl: Crawl, requests: Callable[[], int]) -> Iterator[str]:
    """Every way in which something was lost or doubled, once the crawl has ended. ``requests`` counts what the sites were asked."""
    before = requests()
    again = crawl.run()
    if again.code != 0 or again.json["state"] != "nothing-to-do":
        yield f"a second start: exit {again.code}, {again.out[:300]}, {again.err[-600:]}"
    if requests() != before:
        yield f"a second start made {requests() - before} requests"
    if crawl.place.startswith("s3://"):
        yield from _by_commands(crawl)
        yield from judged(crawl.place, **crawl.environment)
    else:
        yield from _here(crawl)
        yield from judged(str(crawl.directory / crawl.place))


def _here(crawl: Crawl) -> Iterator[str]:
    """What the commands do, in this process: three starts of Python less, hundreds of times."""
    root = crawl.directory / crawl.place
    store, ledger = open_store(str(root)), root.with_name(f"{root.name}.spool") / "ledger.sqlite"
    yield from _outcomes(crawl, read_status(store, ledger, None).targets)
    sweep(store, now() + timedelta(seconds=1))
    report = verify_archive(store, ledger=ledger)
    yield from (f"verify: {damage}" for damage in report.damages)
    yield from (f"after the sweep: {note}" for note in report.notes)


def _by_commands(crawl: Crawl) -> Iterator[str]:
    status, swept = crawl.command("status", "--targets"), crawl.command("sweep", "--older-than", "0s")
    if status.code or swept.code:
        yield f"status: exit {status.code}: {status.err[-600:]}; sweep: exit {swept.code}: {swept.err[-600:]}"
        return
    yield from _outcomes(crawl, status.json["targets"])
    yield from _whole(crawl.command("verify"))


def _outcomes(crawl: Crawl, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    came_to = {row["url"]: row["outcome"] for row in rows}
    if len(rows) != len(came_to):
        yield f"{len(rows)} rows for {len(came_to)} targets"
    for url in crawl.expected.keys() | came_to.keys():
        if crawl.expected.get(url) != came_to.get(url):
            yield f"{url}: {came_to.get(url)}, not {crawl.expected.get(url)}"


def _whole(verified: Done) -> Iterator[str]:
    if verified.code not in {0, 5}:
        yield f"verify: exit {verified.code}: {verified.err[-600:]}"
        return
    yield from (f"verify: {damage}" for damage in verified.json["damages"])
    yield from (f"after the sweep: {note}" for note in verified.json["notes"])


def judged(archive: str, **environment: str) -> Iterator[str]:
    """What the judge that lies beside the checkout finds wrong with an archive, where there is one."""
    if not _JUDGE.exists():
        return
    endpoint = environment.get("AWS_ENDPOINT_URL_S3")
    done = subprocess.run(
        [sys.executable, str(_JUDGE), archive, "--quiet", *(["--endpoint", endpoint] if endpoint else [])],
        env={"PATH": "/usr/bin:/bin", **environment, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        yield f"check_archive: {done.stdout[-1500:]}{done.stderr[-500:]}"
