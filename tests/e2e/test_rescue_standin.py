"""Real digests against the stand-in web, its weather and its web archive: with every copy taken, each outcome is the truth."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.shared import shared
from tests.support.standin import Standin, standin
from tests.support.warcite import warcite

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(600)]

PER_MINUTE = 1200
ARCHIVE = (
    '[rescue]\narchives = [{name = "web.archive.org", kind = "cdx", index = "http://web.archive.org/cdx/search/cdx",'
    ' playback = "http://web.archive.org/web/{timestamp}id_/{url}"}]\n'
)
"""Without TLS: through a proxy the stand-in then sees whole addresses, and takes no copy's address for the page's own."""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    with standin(tmp_path_factory.mktemp("standin")) as web:
        yield web


def digests() -> list[Path]:
    pages = [p for p in sorted(shared("corpus/digests").rglob("*.md")) if p.name not in {"README.md", "index.md"}]
    return random.Random(2019).sample(pages, 120)


def test_every_outcome_is_the_truth(web: Standin, tmp_path: Path) -> None:
    (tmp_path / "warcite.toml").write_text(ARCHIVE, encoding="utf-8")
    proxy = f"http://127.0.0.1:{web.port}"
    environment = {**web.environment, "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "XDG_STATE_HOME": str(tmp_path / "state")}
    how = ["--delay", "0.02", "--timeout", "20", "--rescue", "--rescue-threshold", "0", "--cdx-rate", str(PER_MINUTE)]
    done = warcite("crawl", *digests(), *how, "--no-progress", "--json", cwd=tmp_path, timeout=500, **environment)
    assert done.code == 3, done.err
    rows = warcite("status", "--targets", "--json", cwd=tmp_path).json["targets"]
    truths = {row["url"]: web.truth(row["url"]) for row in rows}
    wrong = [(r["url"], r["outcome"], truths[r["url"]], r["detail"]) for r in rows if r["outcome"] != truths[r["url"]]["outcome"]]
    assert wrong == []
    assert sum(done.json["outcomes"].values()) == len(rows) > 100
    assert done.json["outcomes"]["rescued"] >= 5
    verified = warcite("verify", "--json", cwd=tmp_path)
    assert (verified.code, verified.json["damages"]) == (0, [])
    _asked_politely(web, {url for url, truth in truths.items() if truth["outcome_live"] in {"captured", "skipped", "blocked"}})


def _asked_politely(web: Standin, alive: set[str]) -> None:
    """The stand-in's log: no look-up for what is alive, and never more than the rate."""
    log = [json.loads(line) for line in web.log().splitlines()]
    lookups = [row for row in log if row["url"].startswith("http://web.archive.org/cdx/")]
    assert lookups
    asked = {row["url"] for row in lookups}
    assert len(asked) == len(lookups), "the same was asked twice"
    assert not [url for url in alive if any(row["url"].startswith(_exactly(url)) for row in lookups)]
    times = sorted(row["t"] for row in lookups)
    per_second = PER_MINUTE / 60
    for first in range(len(times)):
        for last in range(first + 10, len(times)):
            assert last - first <= (times[last] - times[first]) * per_second + 2, "more look-ups than the rate allows"


def _exactly(url: str) -> str:
    return f"http://web.archive.org/cdx/search/cdx?{urlencode([('url', url)])}&"
