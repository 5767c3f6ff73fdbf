"""An archive's site profiles: each host's pages are read, what repeats is kept under a name, and the host is forgotten."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from archive import profiles
from archive.errors import NotFound
from archive.model import SiteProfile
from archive.store import Store
from archive.takedown import taken_down
from archive.urls import ascii_host
from pipelines.document import registrable_host
from pipelines.learn.profile import FEWEST_PAGES, learn_profile
from pipelines.survey.captures import PageIndex, index_pages
from pipelines.survey.pages import SiteReader
from pipelines.workers import WorkerPool

State = Literal["new", "unchanged", "too-few"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to learn. ``hosts`` empty: all; ``max_pages`` of a host are read, evenly spread over the time of their capture."""

    hosts: Sequence[str] = ()
    min_pages: int = FEWEST_PAGES
    max_pages: int = 200
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class LearnedSite:
    """What came of a host. ``addresses`` were captured; ``pages`` of those read tell stories of their own."""

    host: str
    state: State
    version: str | None
    addresses: int
    pages: int
    copies: int  # tell the story of one of these again
    unread: int  # extraction failed on them
    blocks: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def shown(self) -> str:
        left_out = "".join(f", {count} {what}" for count, what in ((self.copies, "copies"), (self.unread, "unread")) if count)
        learned = f"{self.blocks} blocks  {self.version}  {self.state}" if self.version else "too few pages with a story of their own"
        return f"{self.host}  {self.addresses} addresses, {self.pages} stories{left_out}: {learned}"


def learn_archive(store: Store, request: Request, pool: WorkerPool, damaged: Callable[[str], None]) -> Iterator[LearnedSite]:
    """Learn from every host of which enough addresses were captured, and keep the profiles; one host in memory at a time.

    ``damaged`` is told of captures that cannot be read; they are left out. Killed anywhere, it has kept some profiles; the next call finds
    these unchanged. Raises `NotFound` for a host without pages, `DamageError` where manifests or the index cannot be read.
    """
    wanted = frozenset(registrable_host(ascii_host(host.strip().rstrip("."))) for host in request.hosts)
    fewest = max(FEWEST_PAGES, request.min_pages)
    with ExitStack() as stack:
        index = stack.enter_context(PageIndex())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warcite-learn-")))
        index_pages(store, index, wanted, taken_down(store).keys())
        hosts = index.hosts()
        for host in sorted(wanted - {host for host, _ in hosts}):
            raise NotFound(f"no page of {host} with a text in {store.uri}; warcite status --targets says what was captured")
        reader = SiteReader(store, pool, directory, damaged)
        for host, addresses in hosts:
            if (addresses >= fewest or wanted) and profiles.can_name(host):
                yield _learn_site(reader, index, host, addresses, request)


def _learn_site(reader: SiteReader, index: PageIndex, host: str, addresses: int, request: Request) -> LearnedSite:
    before = reader.unread
    learned = learn_profile(host, reader.read(index.pages(host, request.max_pages)), request.min_pages)
    profile = learned.profile
    state: State = "too-few" if profile is None else _keep(reader.store, profile, request.dry_run)
    return LearnedSite(
        host=host,
        state=state,
        version=profile.version if profile else None,
        addresses=addresses,
        pages=learned.pages,
        copies=learned.copies,
        unread=reader.unread - before,
        blocks=len(profile.blocks) if profile else 0,
    )


def _keep(store: Store, profile: SiteProfile, dry_run: bool) -> State:
    if dry_run:
        return "unchanged" if (profile.host, profile.version) in profiles.stored(store, profile.host) else "new"
    return "new" if profiles.keep(store, profile) else "unchanged"
