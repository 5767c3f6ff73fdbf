"""M13: a crawled archive is damaged in every way we know, and byte by byte; `verify` finds it and names file, record and address."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.audit.damage import Damage
from archive.store.local import LocalStore
from archive.verify import verify_archive
from crawler.demo.press import DIGESTS
from crawler.demo.site import DemoSite
from tests.support.damages import DAMAGES, Damaging, Subject
from tests.support.demo import demo_options
from tests.support.warcite import warcite
from tests.torture.result import Result, Size

_SEED = 13


def run(size: Size, work: Path) -> Result:
    result = Result("M13", "damages found, file and address named")
    sound = Archive(work / "sound")
    result.failures += crawl(sound)
    if not result.failures:
        for damage in DAMAGES:
            count(result, damage, sound.copy(work / "damaged"))
        flip(result, sound, work / "damaged", 60 if size == "ci" else 2000)
        result.failures += exit_codes(sound, work / "damaged")
    return result


@dataclass(frozen=True)
class Archive:
    """A folder with an archive and its ledger, as a crawl in that folder leaves them."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "warcite-archive"

    @property
    def ledger(self) -> Path:
        return self.folder / "warcite-archive.spool" / "ledger.sqlite"

    def damages(self) -> list[Damage]:
        return verify_archive(LocalStore(self.root), ledger=self.ledger).damages

    def copy(self, folder: Path) -> Archive:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Archive(folder)


def crawl(archive: Archive) -> list[str]:
    """The demo's press in many small segments."""
    archive.folder.mkdir()
    with DemoSite() as site:
        done = warcite("crawl", DIGESTS, *demo_options(site), cwd=archive.folder, WARCITE_CRAWL_SEGMENT_CAPTURES="10")
    if done.code != 3:
        return [f"the crawl: exit {done.code}: {done.err[-600:]}"]
    return [f"before any damage: {damage}" for damage in archive.damages()]


def count(result: Result, damaging: Damaging, copy: Archive) -> None:
    """Damage a copy and count what was found of what had to be."""
    expected = damaging.apply(Subject(copy.root, copy.ledger))
    found = copy.damages()
    result.counts["damages"] += 1
    result.counts["found"] += bool(found)
    for what, wanted in (("file", "object"), ("address", "url"), ("record", "record_id")):
        names = {getattr(one, wanted) for one in expected} - {None}
        if names:
            result.counts[f"{what} to name"] += 1
            result.counts[f"{what} named"] += names <= {getattr(damage, wanted) for damage in found}
    for one in expected:
        if not any(_is(damage, (one.kind, one.object, one.url), one.record_id) for damage in found):
            result.failures.append(f"{damaging.name}: no {one} in {found[:4]}")


def _is(damage: Damage, named: tuple[str, str, str | None], record_id: str | None) -> bool:
    return (damage.kind, damage.object, damage.url) == named and record_id in {None, damage.record_id}


def flip(result: Result, sound: Archive, folder: Path, number: int) -> None:
    """Single bits, anywhere in any file of the archive: each time that file must be named."""
    dice = random.Random(_SEED)
    copy = sound.copy(folder)
    for path, position, bit in flips(dice, sorted(path for path in copy.root.rglob("*") if path.is_file()), number):
        whole = path.read_bytes()
        path.write_bytes(whole[:position] + bytes([whole[position] ^ bit]) + whole[position + 1 :])
        key = path.relative_to(copy.root).as_posix()
        result.counts["bits flipped"] += 1
        named = any(damage.object == key for damage in copy.damages())
        result.counts["flips found"] += named
        if not named:
            result.failures.append(f"bit {bit} of byte {position} of {key} flipped: not found")
        path.write_bytes(whole)


def flips(dice: random.Random, paths: Sequence[Path], number: int) -> Iterator[tuple[Path, int, int]]:
    for turn in range(number):
        path = paths[turn % len(paths)]
        yield path, dice.randrange(path.stat().st_size), 1 << dice.randrange(8)


def exit_codes(sound: Archive, folder: Path) -> Iterator[str]:
    """The command line says it with its exit code, in every depth that can see it."""
    if (code := warcite("verify", cwd=sound.folder).code) != 0:
        yield f"a sound archive: exit {code}"
    copy = sound.copy(folder)
    warc = max((copy.root / "warc").iterdir(), key=lambda path: path.stat().st_size)
    warc.write_bytes(warc.read_bytes()[:-8])
    for depth in ("--full", "--quick", "--sample=100%"):
        if (code := warcite("verify", depth, "--json", cwd=copy.folder).code) != 5:
            yield f"a damaged archive, {depth}: exit {code}"
