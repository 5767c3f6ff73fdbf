"""`trace` and `report` as users call them: on a crawled archive, and of a bundle with nothing else at hand."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support.demo import demo_options
from tests.support.shared import ROOT
from tests.support.warcite import Done, warcite

pytestmark = pytest.mark.timeout(300)

BUNDLE = "all.wacz"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that was crawled and crawled again, a bundle of it, and a folder with the bundle alone."""
    directory = tmp_path_factory.mktemp("traced")
    with DemoSite() as site:
        options = demo_options(site)
        crawled = warcite("crawl", DIGESTS, *options, cwd=directory)
        assert crawled.code == 3, crawled.err
        (directory / "run.json").write_text(crawled.out, encoding="utf-8")
        assert warcite("recrawl", "--run", "last", *options, cwd=directory).code == 3
    alone = directory / "alone"
    alone.mkdir()
    assert warcite("bundle", "-o", alone / BUNDLE, "--no-progress", cwd=directory).code == 0
    return directory


def story() -> str:
    return next(url for url, outcome in EXPECTED.items() if outcome == "captured")


def checked(done: Done, name: str) -> Any:
    schema = json.loads((ROOT / "docs" / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(done.json)] == []
    return done.json


def test_every_document_is_made_again_from_its_bytes(place: Path) -> None:
    with zipfile.ZipFile(place / "alone" / BUNDLE) as bundle:
        rows = [json.loads(line) for line in gzip.decompress(bundle.read("data/documents.jsonl.gz")).splitlines()]
    assert len(rows) > 10
    for row in rows[::4]:
        done = warcite("trace", row["id"], "--json", cwd=place)
        found = checked(done, "trace")
        assert (done.code, found["derived"]["verdict"], [c["name"] for c in found["checks"] if not c["ok"]]) == (0, "equal", []), done.out
        assert (found["document"]["id"], found["capture"]["record_id"]) == (row["id"], row["warc_record_id"])


def test_a_bundle_alone_says_the_same_as_the_archive(place: Path) -> None:
    url = story()
    in_archive, in_bundle = (
        warcite("trace", f"{url}#2", "--json", cwd=place),
        warcite("trace", f"{url}#2", "--bundle", BUNDLE, "--json", cwd=place / "alone", PATH="/nowhere"),
    )
    one, other = checked(in_archive, "trace"), checked(in_bundle, "trace")
    assert (in_archive.code, in_bundle.code) == (0, 0)
    assert other["paragraph"]["equal"] is True
    for name in ("document", "paragraph", "citations", "capture", "checks", "derived", "extraction", "rescue", "later"):
        assert one[name] == other[name], name
    assert one["revisit"]["record_id"] == other["revisit"]["record_id"]
    assert one["place"]["member_sha256"] == other["place"]["member_sha256"]
    assert [p.name for p in (place / "alone").iterdir()] == [BUNDLE]
    digest = Path(one["citations"][0]["digest_file"])
    line = digest.read_text(encoding="utf-8").splitlines()[one["citations"][0]["line"] - 1]
    assert url in line


def test_the_member_is_what_the_place_says(place: Path) -> None:
    found = warcite("trace", story(), "--bundle", BUNDLE, "--json", cwd=place / "alone").json["place"]
    with zipfile.ZipFile(place / "alone" / BUNDLE) as bundle:
        data = bundle.read(found["file"])[found["offset"] : found["offset"] + found["length"]]
    assert hashlib.sha256(data).hexdigest() == found["member_sha256"]
    assert gzip.decompress(data).startswith(b"WARC/1.1\r\nWARC-Type: response")


def test_damage_is_told(place: Path, tmp_path: Path) -> None:
    found = warcite("trace", story(), "--bundle", BUNDLE, "--json", cwd=place / "alone").json["place"]
    data = bytearray((place / "alone" / BUNDLE).read_bytes())
    with zipfile.ZipFile(place / "alone" / BUNDLE) as bundle:
        info = bundle.getinfo(found["file"])
    at = info.header_offset + 30 + len(info.filename) + found["offset"] + found["length"] // 2
    data[at] ^= 0xFF
    (tmp_path / "bad.wacz").write_bytes(data)
    done = warcite("trace", story(), "--bundle", "bad.wacz", "--json", cwd=tmp_path)
    assert (done.code, done.json["derived"]["verdict"]) == (5, "damaged")
    (tmp_path / "none.wacz").write_bytes(b"PK not a bundle")
    assert warcite("trace", story(), "--bundle", "none.wacz", cwd=tmp_path).code == 5
    assert warcite("trace", story(), "--bundle", "absent.wacz", cwd=tmp_path).code == 7
    assert warcite("trace", "http://nowhere.example/", "--bundle", BUNDLE, cwd=place / "alone").code == 7


def test_report_of_a_crawl(place: Path, tmp_path: Path) -> None:
    run = json.loads((place / "run.json").read_text(encoding="utf-8"))
    done = warcite("report", run["run"], "-o", tmp_path / "r", "--json", cwd=place)
    assert done.code == 0, done.err
    report = checked(done, "report")
    assert report["outcomes"] == run["outcomes"]
    assert (report["run"]["state"], report["run"]["seconds"]) == (run["state"], run["seconds"])
    assert report["run"]["bytes_fetched"] == run["bytes"]["fetched"]
    assert report["unknown"] == []
    assert {f["url"] for f in report["failures"]} == {p["url"] for p in run["problems"]}
    assert json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8")) == report
    ET.fromstring((tmp_path / "r" / "report.html").read_text(encoding="utf-8").removeprefix("<!DOCTYPE html>"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r" / "sources.csv").read_text(encoding="utf-8"))))
    assert {row["url"]: row["outcome"] for row in rows} == EXPECTED


def test_report_beside_the_archive_and_compared(place: Path) -> None:
    done = warcite("report", "--compare", json.loads((place / "run.json").read_text(encoding="utf-8"))["run"], cwd=place)
    assert done.code == 0, done.err
    written = [place / line.split("/traced", 1)[1].split("/", 1)[1] for line in done.out.splitlines()]
    assert [p.name for p in written] == ["report.html", "report.json", "sources.csv"]
    report = json.loads(written[1].read_text(encoding="utf-8"))
    assert report["changes"]["counts"]["same"] == 7 == report["comparison"]["moves"]["captured"]["unchanged"]
    assert warcite("verify", "--quick", "--json", cwd=place).json["damages"] == []
    assert warcite("report", "no-such-run", cwd=place).code == 7
    assert warcite("report", "--format", "pdf", cwd=place).code == 2
