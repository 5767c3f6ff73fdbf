"""M14: all that is derived is deleted or damaged, and comes back byte for byte from WARCs and manifests, after a crawl that was killed."""

from __future__ import annotations

import hashlib
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.warcite import Done, warcite
from tests.torture import victims
from tests.torture.nothing_lost import Crawl
from tests.torture.result import Result, Size
from tests.torture.small_site import KINDS, SmallSite

_TARGET = "job, key, url, host, state, attempts, outcome, reason, http_status, final_url, captured_at, via, detail, text_outcome, segment"
_COMMITTED = (
    f'SELECT {_TARGET}, record_id, "offset", length, digest FROM targets ORDER BY job, key',
    "SELECT id, date, title, url, digest_file, json, manifest FROM events ORDER BY id",
    "SELECT key, event_id, position, label FROM citations ORDER BY key, event_id, position",
    "SELECT segment FROM manifests ORDER BY segment",
)
_DERIVED = ("cdxj", "documents")


def run(size: Size, work: Path) -> Result:
    result = Result("M14", "derived data made again from WARCs and manifests")
    with SmallSite(targets=48 if size == "ci" else 480, kinds=(*KINDS, "soft", "soft")) as site:
        case = _Case(work, site, kills=2 if size == "ci" else 12)
        result.counts["kills"] = case.kills
        result.failures += case.crawl()
        whole = case.state()
        for name, harm in _HARMS.items():
            result.counts["cases"] += 1
            harm(case.archive, case.spool)
            result.failures += [f"{name}: {line}" for line in case.rebuilt(whole)]
        result.counts["objects"] = sum(1 for _ in case.derived())
    return result


@dataclass(frozen=True)
class _Case:
    work: Path
    site: SmallSite
    kills: int

    @property
    def archive(self) -> Path:
        return self.work / "warcite-archive"

    @property
    def spool(self) -> Path:
        return self.work / "warcite-archive.spool"

    def derived(self) -> Iterator[Path]:
        for kind in _DERIVED:
            yield from _objects(self.archive / kind)

    def crawl(self) -> list[str]:
        """Several starts, each but the last killed with captures to recover, each with one more digest that cites what the others cite."""
        digests = [self._digest(number) for number in range(self.kills + 1)]
        env = {"WARCITE_CRAWL_SEGMENT_CAPTURES": "7"}
        failures = []
        for number in range(self.kills):
            started = Crawl(self.work, [*digests[: number + 1], *self.site.options], {}, env)
            died = victims.run(started, ("captures are acknowledged, not extracted", "a full segment is about to be renamed")[number % 2])
            if died.code != -signal.SIGKILL:
                failures.append(f"start {number} was not killed: {_said(died)}")
        done = warcite("crawl", *digests, *self.site.options, cwd=self.work, **env)
        return failures if done.code == 3 else [*failures, f"the last crawl: {_said(done)}"]

    def _digest(self, number: int) -> Path:
        """An event that cites every address; each digest knows the paper by another name."""
        cited = self.site.expected
        listed = "\n".join(f"{n}. [Paper {number}]({url})" for n, url in enumerate(cited, 1))
        path = self.work / f"digest {number}.md"
        path.write_text(
            f"### [2016-05-{number + 1:02}](/index.md)\n\n# Event {number} \n\nIt happened.\n\n### Source:\n\n{listed}\n", encoding="utf-8"
        )
        return path

    def state(self) -> dict[str, str]:
        """The archive byte for byte, and what the ledger says of all that is committed."""
        files = _objects(self.archive)
        found = {str(path.relative_to(self.archive)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        with closing(sqlite3.connect(self.spool / "ledger.sqlite")) as sql:
            found["ledger"] = repr([sql.execute(query).fetchall() for query in _COMMITTED])
        return found

    def rebuilt(self, whole: dict[str, str]) -> Iterator[str]:
        done = warcite("rebuild", "--json", "--no-progress", cwd=self.work)
        if done.code or done.json["lost"]:
            yield _said(done)
            return
        now = self.state()
        yield from (f"{name} differs" for name in whole.keys() | now.keys() if whole.get(name) != now.get(name))
        again = warcite("rebuild", "--all", "--json", "--no-progress", cwd=self.work)
        if again.code or again.json["restored"] or again.json["identical"] != again.json["checked"]:
            yield f"made again: {_said(again)}"


def _objects(folder: Path) -> list[Path]:
    """Without the temporary files that killed writes leave: those are no part of the archive."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _said(done: Done) -> str:
    return f"exit {done.code}: {done.out[:800]} {done.err[-500:]}"


def _lose_derived(archive: Path, spool: Path) -> None:
    for kind in _DERIVED:
        shutil.rmtree(archive / kind)


def _damage_derived(archive: Path, spool: Path) -> None:
    for number, path in enumerate(p for kind in _DERIVED for p in _objects(archive / kind)):
        data = bytearray(path.read_bytes())
        if number % 3 == 0:
            del data[-8:]
        else:
            data[len(data) // 2] ^= 0x20
        path.write_bytes(data)


def _lose_ledger(archive: Path, spool: Path) -> None:
    for path in spool.glob("ledger*"):
        path.unlink()


def _damage_ledger(archive: Path, spool: Path) -> None:
    (spool / "ledger.sqlite").write_bytes(b"no database at all" * 1000)


def _edit_ledger(archive: Path, spool: Path) -> None:
    with closing(sqlite3.connect(spool / "ledger.sqlite")) as sql:
        sql.execute("UPDATE targets SET outcome = 'gone', reason = 'removed' WHERE outcome = 'captured'")
        sql.execute("DELETE FROM citations")
        sql.commit()


_HARMS: dict[str, Callable[[Path, Path], None]] = {
    "nothing": lambda archive, spool: None,
    "derived objects lost": _lose_derived,
    "derived objects damaged": _damage_derived,
    "ledger lost": _lose_ledger,
    "ledger overwritten": _damage_ledger,
    "ledger edited": _edit_ledger,
}
