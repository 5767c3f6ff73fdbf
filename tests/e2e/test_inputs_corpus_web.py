"""Real digest pages, served on loopback and read by address: the same events and sources as from the files."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import quote

import pytest

from archive import manifests
from archive.model import Event
from archive.rows import rows_of
from archive.store import open_store
from archive.urls import surt
from archive.verify import verify_archive
from pipelines.inputs.read import InputReader
from tests.support.digest_site import DigestSite
from tests.support.shared import shared
from tests.support.warcite import warcite

PAGES = 60  # event pages of each language


def _read(url: str, path: Path) -> list[Event]:
    return [found for found in InputReader().read_stream(url, io.BytesIO(path.read_bytes())) if isinstance(found, Event)]


@pytest.mark.corpus
@pytest.mark.timeout(900)
def test_digests_of_all_editions_by_address(tmp_path: Path) -> None:
    digests = shared("corpus/digests")
    files: dict[str, Path] = {}
    with DigestSite() as site:
        for edition, prefix in (("en-derived", ""), ("en", ""), ("zh", "/zh")):
            for path in sorted((digests / edition).rglob("*.md")):
                url = site.put(quote(f"{prefix}/{path.relative_to(digests / edition)}"), path.read_bytes())
                files[url] = path
        indexes = [url for url in files if url.endswith("/index.md") and "/news/" in url]
        pages = [url for url in files if "/news/" in url and url not in indexes]
        seeds = [*indexes, *pages[:PAGES], *pages[-PAGES:]]
        done = warcite("crawl", *seeds, *site.options, cwd=tmp_path, timeout=800)
    assert (done.code, done.json["pending"], done.json["inputs"]["pending"]) == (3, 0, 0), done.err[-2000:]

    root = tmp_path / "warcite-archive"
    store = open_store(str(root))
    committed = [m for _, m in manifests.load_all(store)]
    told = {row["id"]: row for m in committed for row in rows_of(store, m, "events")}
    reached = {o.url for m in committed for o in m.outcomes if o.url in files}
    assert set(seeds) <= reached
    expected = {event.id: event for url in sorted(reached - set(indexes)) for event in _read(url, files[url])}
    assert len(expected) >= 2 * PAGES
    assert set(told) == set(expected)
    sources = {surt(c.url) for event in expected.values() for c in event.citations}
    assert {surt(c["url"]) for row in told.values() for c in row["citations"]} == sources
    assert sum(done.json["outcomes"].values()) == done.json["sources"] == len(sources)
    # An index names pages that the sample does not have: each is told by name.
    named = {p["file"] for p in done.json["input_problems"] if "not-found" in p["problem"]}
    assert len(named) == done.json["inputs"]["gone"] >= 200
    assert not named & set(files)
    assert verify_archive(store, ledger=tmp_path / "warcite-archive.spool" / "ledger.sqlite").damages == []
