"""Two recrawls of news pages of which one in twenty changes each time: what is stored, and whether pywb replays it.

``WARCITE_RECRAWL_PAGES=500`` runs it at the size of a release; the figures are in the captured output (``pytest -rP``).
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from archive.warc.reader import iterate_records
from tests.support.editions import Editions, stored_bytes, wrong_replays
from tests.support.shared import shared
from tests.support.warcite import warcite
from tests.torture.small_site import page

PAGES = int(os.environ.get("WARCITE_RECRAWL_PAGES", "60"))
KINDS = ("tagged", "dated", "plain", "chunked", "gzip")
Body = Callable[[str, str], bytes]


def heavy(kind: str, number: str) -> bytes:
    """As many bytes as a news page of today."""
    return page(f"{kind}-{number}", 300)


def of_the_corpus() -> Body:
    """Real pages of news sites, each made one of its own."""
    folder = shared("corpus/pages")
    rows = map(json.loads, (folder / "pages.jsonl").read_bytes().splitlines())
    files = sorted(folder / row["html"] for row in rows if row["source_dataset"] == "fundus")
    assert len(files) > 100
    return lambda _, number: gzip.decompress(files[int(number) % len(files)].read_bytes()) + f"<!-- {number} -->".encode()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("body", [heavy, pytest.param(None, marks=pytest.mark.corpus)], ids=["made up", "corpus"])
def test_two_recrawls(body: Body | None, tmp_path: Path) -> None:
    urls = [f"http://site-{n % 10}.example/{KINDS[n % len(KINDS)]}/{n}" for n in range(PAGES)]
    (tmp_path / "urls.txt").write_text("\n".join(urls) + "\n", encoding="utf-8")
    archive = tmp_path / "warcite-archive"
    with Editions(body or of_the_corpus()) as site:
        options = [o for o in site.options if o not in {"--jobs", "1"}]

        def recrawl() -> dict[str, int]:
            done = warcite("recrawl", "urls.txt", *options, cwd=tmp_path, timeout=1000)
            assert done.code == 0, done.err
            return done.json["outcomes"]

        recrawl()
        first = stored_bytes(archive)
        for edition in (2, 3):
            site.edition, known, before = edition, set(archive.rglob("*")), stored_bytes(archive)
            changed = {url for n, url in enumerate(urls) if n % 20 == edition}
            site.changed = {**site.changed, **dict.fromkeys(changed, edition)}
            now = recrawl()
            assert (now["captured"], now["unchanged"]) == (len(changed), PAGES - len(changed))
            more = stored_bytes(archive) - before - bytes_of(changed, set(archive.rglob("*")) - known)
            print(f"edition {edition}: {100 * more / first:.2f} % of the first run, {more / now['unchanged']:.0f} bytes an unchanged page")
            assert more < 0.03 * first
        assert warcite("verify", "--quick", "--json", cwd=tmp_path).json["damages"] == []
        changed_later = {url for url, edition in site.changed.items() if edition == 3}
        assert {line.split()[1].rstrip(":") for line in wrong_replays(tmp_path, site)} <= changed_later
    print(f"first run: {first / PAGES:.0f} bytes a page")


def bytes_of(urls: Collection[str], files: Collection[Path]) -> int:
    """What is stored of these pages alone: their records, and the documents, of which no other page has one."""
    records = (r for path in files if path.name.endswith(".warc.gz") for r in iterate_records(path))
    return sum(r.length for r in records if r.target_uri in urls) + sum(p.stat().st_size for p in files if p.parent.name == "documents")
