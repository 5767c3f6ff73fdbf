"""What `warcite doctor` looks at: each check does the real thing once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive import layout
from archive.errors import WarciteError
from archive.options import CrawlOptions
from archive.spool.directory import Spool, find_spool
from archive.store import open_store


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str
    exit_code: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(options: CrawlOptions) -> Iterator[Check]:
    store = open_store(options.store)
    yield _check("python", lambda: f"{sys.version.split()[0]}, {os.cpu_count()} cores")
    yield _check("store", lambda: f"{store.uri}: {sum(1 for _ in store.list(layout.MANIFESTS))} manifests")
    yield _check("create-only writes", store.probe)
    yield _check("spool", lambda: _spool(find_spool(store.uri, options.spool, os.environ)))
    yield _check("extraction", _extraction)
    yield _check("contact", lambda: options.contact or "none: set --contact or WARCITE_CONTACT, so that sites can reach you")


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except WarciteError as error:
        return Check(name, False, str(error), error.exit_code)
    except OSError as error:
        return Check(name, False, str(error), 1)


def _spool(directory: Path) -> str:
    """Lock the spool and write to its file system."""
    with Spool(directory), tempfile.TemporaryFile(dir=directory) as file:
        file.write(b"x")
        os.fsync(file.fileno())
    free = os.statvfs(directory)
    return f"{directory}: {free.f_bavail * free.f_frsize / 1e9:.1f} GB free"


def _extraction() -> str:
    from pipelines.clean.maintext import EXTRACTOR, extractor_version  # noqa: PLC0415  # half a second of imports

    return f"{EXTRACTOR} {extractor_version()}"
