"""The WARC damages of M13 as `warcio check`, `fastwarc check` and `wacz validate` judge them: what other tools find of what `verify` finds.

py-wacz is no dependency of ours: it is run only where it can be imported. It gets the archive's WARCs as a WACZ, packed before an
accident and after a forgery, as it would be; refusing to pack counts as found.

    python -m tests.torture.peers_readers
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.support.damages import DAMAGES, Damaging, Subject
from tests.torture.damage import Archive, crawl
from tests.torture.result import Result, Size

_WARCIO = ("-c", "import sys; from warcio.cli import main; sys.exit(main(sys.argv[1:]))", "check")
_FASTWARC = ("-c", "from fastwarc.cli import main; main()", "check", "--verify-payloads", "--quiet")
_WACZ = ("-c", "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))")


def run(size: Size, work: Path) -> Result:
    """Counts: damages by who did them, and how many each reader finds. A reader that finds fault with a sound archive is a failure."""
    result = Result("readers", "the WARC damages of M13, judged by other tools")
    sound = Archive(work / "sound")
    result.failures += crawl(sound)
    readers = [READERS["warcio check"], READERS["fastwarc check"]]
    if find_spec("wacz"):
        readers.append(READERS["wacz validate"])
    judged = [] if result.failures else [damage for damage in DAMAGES if damage.part == "warc"]
    for reader in readers if judged else ():
        bundle = work / "sound.wacz"
        if reader.finds(Case(sound, bundle, forged=True)):
            result.failures.append(f"{reader.name} finds fault with a sound archive")
            continue
        for damage in judged:
            _judge(result, reader, damage, sound.copy(work / "damaged"), bundle)
    return result


@dataclass(frozen=True)
class Case:
    archive: Archive
    bundle: Path  # the sound archive's WACZ, or where it is to be made
    forged: bool

    @property
    def warcs(self) -> list[Path]:
        return sorted((self.archive.root / "warc").iterdir())


@dataclass(frozen=True)
class Reader:
    name: str
    finds: Callable[[Case], bool]


def _judge(result: Result, reader: Reader, damage: Damaging, copy: Archive, bundle: Path) -> None:
    damage.apply(Subject(copy.root, copy.ledger))
    who = "forgeries" if damage.forged else "accidents"
    result.counts[f"{reader.name}, {who}"] += 1
    result.counts[f"{reader.name}, {who} found"] += reader.finds(Case(copy, bundle, damage.forged))


def _fails(*arguments: str | Path, cwd: Path) -> bool:
    done = subprocess.run([sys.executable, *map(str, arguments)], cwd=cwd, capture_output=True, check=False, timeout=400)
    return done.returncode != 0


def _warcio(case: Case) -> bool:
    return _fails(*_WARCIO, *case.warcs, cwd=case.archive.folder)


def _fastwarc(case: Case) -> bool:
    return any(_fails(*_FASTWARC, warc, cwd=case.archive.folder) for warc in case.warcs)


def _wacz(case: Case) -> bool:
    folder = case.archive.folder
    target = case.bundle if not case.bundle.exists() else folder / "damaged.wacz"
    target.unlink(missing_ok=True)
    if case.forged:
        if _fails(*_WACZ, "create", "-o", target, *case.warcs, cwd=folder):
            return True
    else:
        _repacked(case.bundle, target, case.warcs)
    return _fails(*_WACZ, "validate", "-f", target, cwd=folder)


def _repacked(sound: Path, target: Path, warcs: Sequence[Path]) -> None:
    """The sound bundle with the WARCs as they are now; all else in it is as it was."""
    now = {f"archive/{path.name}": path for path in warcs}
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            if info.filename in now:
                new.write(now[info.filename], info.filename)
            elif not info.filename.startswith("archive/"):
                new.writestr(info, old.read(info.filename))


READERS = {
    name: Reader(name, finds) for name, finds in (("warcio check", _warcio), ("fastwarc check", _fastwarc), ("wacz validate", _wacz))
}


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="readers-") as temporary:
        json.dump(run("release", Path(temporary)).as_json(), sys.stdout, indent=1)
