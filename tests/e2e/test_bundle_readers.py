"""What other programs make of a bundle of two crawls: pywb, warcio, DuckDB, and py-wacz and mlcroissant where they are installed.

A second bundle has the recrawl alone, so its revisits stand on captures of another run. Loading datasets is
`tests/integration/test_dataset_loads.py`.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.timeutils import iso_date_to_timestamp

from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support.demo import demo_options
from tests.support.pywb import fetch, replaying_bundles
from tests.support.warcite import warcite

pytestmark = pytest.mark.timeout(300)

DIGESTS = Path(str(files("crawler.demo") / "digest"))
BUNDLES = ("all.wacz", "second.wacz")


class Capture(NamedTuple):
    """As warcio reads it; of a revisit, status and body are those of the capture it refers to."""

    url: str
    timestamp: str
    kind: str
    whole: bool
    status: int
    body: bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundles")
    with DemoSite() as site:
        options = demo_options(site)
        assert warcite("crawl", DIGESTS, *options, cwd=directory).code == 3
        again = warcite("recrawl", "--run", "last", *options, cwd=directory)
    assert again.json["outcomes"]["unchanged"] > 0, again.err
    for name, chosen in zip(BUNDLES, ([], ["--run", "last"]), strict=True):
        assert warcite("bundle", *chosen, "-o", name, cwd=directory).code == 0
    return directory


def captures(bundle: Path) -> list[Capture]:
    answers: dict[str, tuple[int, bytes]] = {}
    found = []
    with zipfile.ZipFile(bundle) as packed:
        for name in sorted(name for name in packed.namelist() if name.startswith("archive/")):
            with packed.open(name) as stream:
                for record in ArchiveIterator(stream, check_digests="raise"):
                    body = record.content_stream().read()
                    if record.rec_type == "response":
                        answers[record.rec_headers["WARC-Record-ID"]] = int(record.http_headers.get_statuscode()), body
                    if record.rec_type in {"response", "revisit"}:
                        found.append((record.rec_headers, record.rec_type))
    return [
        Capture(
            head["WARC-Target-URI"],
            iso_date_to_timestamp(head["WARC-Date"]),
            kind,
            head["WARC-Truncated"] is None,
            *answers[head["WARC-Refers-To" if kind == "revisit" else "WARC-Record-ID"]],
        )
        for head, kind in found
    ]


def lines_of(bundle: Path) -> list[tuple[str, dict[str, str]]]:
    with zipfile.ZipFile(bundle) as packed:
        lines = gzip.decompress(packed.read("indexes/index.cdx.gz")).decode().splitlines()
    fields = (line.split(" ", 2) for line in lines if not line.startswith("!"))
    return [(timestamp, json.loads(rest)) for _, timestamp, rest in fields]


@pytest.fixture(scope="module")
def wayback(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with replaying_bundles(tmp_path_factory.mktemp("pywb"), [folder / name for name in BUNDLES]) as address:
        yield address


@pytest.mark.parametrize("name", BUNDLES)
def test_pywb_replays_every_capture(folder: Path, wayback: str, name: str) -> None:
    kept = captures(folder / name)
    assert Counter(capture.kind for capture in kept)["revisit"] > 0
    assert Counter(capture.status for capture in kept)[200] > 10
    collection = f"{wayback}/{name.removesuffix('.wacz')}"
    for capture in (capture for capture in kept if capture.whole):  # pywb announces the length that a cut answer had announced
        status, headers, body = fetch(f"{collection}/{capture.timestamp}id_/{capture.url}")
        assert status == capture.status, capture.url
        assert (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body) == capture.body, capture.url
    listed = fetch(f"{collection}/cdx?url={kept[0].url}&output=json")[2].splitlines()
    assert sorted(json.loads(line)["timestamp"] for line in listed) == sorted(c.timestamp for c in kept if c.url == kept[0].url)


@pytest.mark.parametrize("name", BUNDLES)
def test_warcio_finds_a_capture_at_every_line_of_the_index(folder: Path, name: str) -> None:
    found = []
    with zipfile.ZipFile(folder / name) as packed:
        for timestamp, line in lines_of(folder / name):
            with packed.open(f"archive/{line['filename']}") as stream:
                stream.seek(int(line["offset"]))
                record = next(iter(ArchiveIterator(stream, check_digests="raise")))
                record.content_stream().read()
            assert iso_date_to_timestamp(record.rec_headers["WARC-Date"]) == timestamp
            assert record.rec_headers["WARC-Target-URI"] == line["url"]
            found.append((line["url"], timestamp, record.rec_type))
    assert sorted(found) == sorted(capture[:3] for capture in captures(folder / name))


@pytest.mark.parametrize("name", BUNDLES)
def test_duckdb_reads_the_tables_of_a_bundle(folder: Path, name: str, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    with zipfile.ZipFile(folder / name) as packed:
        packed.extractall(tmp_path)
        counts = json.loads(packed.read("datapackage.json"))["warcite"]["counts"]
    assert dict(duckdb.sql(f"SELECT outcome, count(*) FROM '{tmp_path}/data/sources.csv' GROUP BY 1").fetchall()) == counts["outcomes"]
    cited = f"SELECT DISTINCT unnest(citations).event_id AS id FROM '{tmp_path}/data/documents.jsonl.gz'"
    told = f"SELECT id FROM '{tmp_path}/data/events.jsonl.gz'"
    assert duckdb.sql(f"SELECT count(*) FROM ({cited}) WHERE id NOT IN ({told})").fetchall() == [(0,)]
    assert duckdb.sql(f"SELECT count(DISTINCT url) FROM '{tmp_path}/data/sources.csv'").fetchall() == [(len(EXPECTED),)]


@pytest.mark.parametrize("name", BUNDLES)
def test_py_wacz_finds_a_bundle_valid(folder: Path, name: str) -> None:
    pytest.importorskip("wacz", reason="py-wacz is not installed: pip install wacz")
    script = "import sys; from wacz.main import main; sys.exit(main(['validate', '-f', sys.argv[1]]))"
    done = subprocess.run([sys.executable, "-c", script, folder / name], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mlcroissant_loads_what_was_crawled(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    done = warcite("bundle", "--format", "jsonl", "-o", tmp_path / "news", "--json", cwd=folder)
    assert done.code == 0, done.err
    monkeypatch.chdir(tmp_path / "news")
    dataset = mlcroissant.Dataset("croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    for table in ("documents", "events", "sources"):
        assert sum(1 for _ in dataset.records(table)) == done.json["counts"][table] > 0
