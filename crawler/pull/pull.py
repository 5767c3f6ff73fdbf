"""Bundles from wherever they lie onto this machine: what has its own name there is whole and was checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.digests import sha256_file
from archive.errors import DamageError, StoreError
from crawler.pull.arriving import Digests, Follower
from crawler.pull.check import Checked, check_bundle
from crawler.pull.origin import Changed, Facts, Source
from crawler.pull.part import PartFile, write_failure
from crawler.pull.receive import How, Receiver, ask
from crawler.pull.shelf import Order, Wanted
from crawler.pull.unpack import unpack
from crawler.pull.web import Interrupted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEMA = "warcite.pull/1"
_EMPTY_ZIP = 22  # bytes
_STARTS = 4  # how often a source may change, or one without ranges break off

Told = Callable[[int, int, str], None]
"""Told the bytes that are there, all there will be (0 when nobody knows), and which bundle it is."""


@dataclass(frozen=True, slots=True)
class Options:
    """``trusted`` is the key that must have signed each bundle."""

    folder: Path
    trusted: Ed25519PublicKey | None = None
    full: bool = False
    extract: tuple[str, ...] = ()
    how: How = How()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class PulledBundle:
    """``sha256`` is what it was compared with; without that, the digests of its files say that it is whole."""

    name: str
    path: str
    bytes: int
    sha256: str | None
    files: int
    signed_by: str | None
    resumed: int  # bytes that an earlier pull had left; all of them, when the bundle was there already
    extracted: str | None = None


@dataclass(slots=True)
class Pulled:
    bundles: list[PulledBundle] = field(default_factory=list)
    manifest: str | None = None  # path, of several bundles

    def as_json(self) -> dict[str, Any]:
        """``warcite.pull/1``."""
        return {"schema": SCHEMA, "bundles": [asdict(bundle) for bundle in self.bundles], "manifest": self.manifest}


def pull(wanted: Order, options: Options, told: Told = lambda *_: None) -> Pulled:
    """Each bundle that is wanted; the manifest of several comes last.

    Killed anywhere, the next call goes on where it was. Raises `NotFound`, `StoreError` (not reachable, refused), `DamageError`,
    `LimitReached` (disk full), `Locked`; bundles that came before it stay.
    """
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(error, options.folder) from error
    pulled = Pulled()
    for one in wanted.bundles:
        source = wanted.shelf.source(one.name)
        bundle = _Pull(source, one, options, told).run()
        pulled.bundles.append(bundle)
    if wanted.manifest is not None:
        name, data = wanted.manifest
        pulled.manifest = str(_keep_small(options.folder / name, data))
    return pulled


class _Pull:
    def __init__(self, source: Source, wanted: Wanted, options: Options, told: Told) -> None:
        self._source, self._wanted, self._options, self._told = source, wanted, options, told
        self._final = options.folder / wanted.saved_as

    def run(self) -> PulledBundle:
        here = self._there_already()
        if here is not None:
            return here
        with PartFile(self._options.folder, self._wanted.saved_as) as part:
            arrived, checked = self._arrived(part)
            part.publish()
            resumed = part.resumed
        if arrived.sha256 is not None:
            line = f"{arrived.sha256}  {self._final.name}\n".encode("ascii")
            _keep_small(self._final.with_name(f"{self._final.name}.sha256"), line)
        return self._pulled(arrived.sha256, checked, resumed)

    def _pulled(self, sha256: str | None, checked: Checked, resumed: int) -> PulledBundle:
        extracted = str(unpack(self._final, self._options.extract)) if self._options.extract else None
        name, path, size = self._final.name, str(self._final), self._final.stat().st_size
        return PulledBundle(name, path, size, sha256, checked.files, checked.signed_by, resumed, extracted)

    def _there_already(self) -> PulledBundle | None:
        """The very bundle, by the digest that it must have."""
        expected = self._wanted.sha256
        if expected is None or not self._final.is_file() or sha256_file(self._final) != expected:
            return None
        size = self._final.stat().st_size
        self._told(size, size, self._final.name)
        return self._pulled(expected, self._checked(self._final, Digests(expected), {expected}), size)

    def _arrived(self, part: PartFile) -> tuple[Digests, Checked]:
        failure: Exception = StoreError("not tried")
        for attempt in range(_STARTS):
            facts = self._asked(part)
            try:
                arrived = self._received(part, facts, whole=bool(self._expected(facts)))
            except Changed as error:
                failure = StoreError(f"{error} again and again; try later")
                continue
            except Interrupted as error:
                if part.resumes and part.done:
                    raise StoreError(f"{error}; what came is kept: run the same command again to go on") from error
                failure = StoreError(f"{error}; it cannot be asked for a part, so nothing of it is kept")
                continue
            try:
                return arrived, self._checked(part.path, arrived, self._expected(facts))
            except DamageError:
                if not part.resumed or attempt:
                    part.discard()
                    raise
                part.clear()  # pieces of two versions may have met, which its server did not tell apart
        part.discard()
        raise failure

    def _asked(self, part: PartFile) -> Facts:
        try:
            facts = ask(self._source, self._options.how)
            if facts.size is not None and facts.size < _EMPTY_ZIP:
                raise DamageError(f"{self._source.where}: {facts.size} bytes are no bundle")
        except BaseException:
            part.discard_empty()
            raise
        return facts

    def _expected(self, facts: Facts) -> set[str]:
        """Digests that the whole must have."""
        return {digest for digest in (self._wanted.sha256, facts.sha256) if digest}

    def _received(self, part: PartFile, facts: Facts, *, whole: bool) -> Digests:
        part.begin(self._source.where, facts)
        follower = Follower(part, whole=whole)
        name = self._final.name
        try:
            Receiver(self._source, facts, part, self._options.how, lambda done, total: self._told(done, total, name)).run()
        except BaseException as error:
            part.fail(error)
            follower.join()
            raise
        return follower.result()

    def _checked(self, path: Path, arrived: Digests, expected: set[str]) -> Checked:
        if wrong := expected - {arrived.sha256}:
            raise DamageError(f"{self._source.where}: its SHA-256 is {arrived.sha256}, not {min(wrong)}")
        return check_bundle(path, self._final.name, arrived, self._options.trusted, full=self._options.full)


def _keep_small(path: Path, data: bytes) -> Path:
    hidden = path.with_name(f".{path.name}.new")
    try:
        hidden.write_bytes(data)
        hidden.replace(path)
    except OSError as error:
        raise write_failure(error, path) from error
    return path
