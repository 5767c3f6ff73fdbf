"""WARCs and bundles of odd kinds: what is sound in them is taken over, what is not is named, and the archive verifies."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from archive import manifests
from archive.errors import InputError
from archive.index.lookup import captures_of
from archive.rows import rows_of
from archive.store import Store, open_store
from archive.verify import verify_archive
from archive.warc.reader import iterate_records
from pipelines.imports.add import Added, add_files
from pipelines.work import Tally, Work
from pipelines.workers import WorkerPool

SENTENCE = "The old bridge over the Aller is closed to lorries until the spring, the town council said on Saturday after a long debate. "
ARTICLE = f"<article><h1>Bridge</h1><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p></article>"
PAGE = f"<html><head><title>Bridge</title></head><body>{ARTICLE}</body></html>".encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE
NO_ORIGINAL = "a revisit of what is neither in these files nor in the archive"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


def record(path: str = "a", block: bytes = ANSWER, kind: str = "response", **headers: str | None) -> bytes:
    """A record as no library would let one write it; None leaves a header out."""
    number = hashlib.sha256(f"{path}{kind}".encode()).hexdigest()[:12]
    head: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number}>",
        "WARC-Date": "2016-05-01T08:30:00Z",
        "WARC-Target-URI": f"http://news.example/{path}",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value is not None)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def bundle(**parts: bytes) -> bytes:
    """``archive__d`` is ``archive/d``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_json", ".json"), data)
    return out.getvalue()


def package(sha256: str) -> bytes:
    return json.dumps({"resources": [{"path": "archive/d", "hash": f"sha256:{sha256}"}]}).encode()


class World(NamedTuple):
    folder: Path
    store: Store
    pool: WorkerPool

    def add(self, *named: str, **data: bytes) -> Added:
        for name, content in data.items():
            (self.folder / name).write_bytes(content)
        files = [self.folder / name for name in (*named, *data)]
        added = add_files(self.store, files, Work(self.pool, Tally(), lambda _: None))
        assert verify_archive(self.store).damages == []
        return added

    def texts(self) -> dict[str, str]:
        rows = (row for _, m in manifests.load_all(self.store) for row in rows_of(self.store, m, "documents"))
        return {row["url"].rpartition("/")[2]: row["text"] for row in rows}

    def outcomes(self) -> dict[str, str]:
        found = (o for _, m in manifests.load_all(self.store) for o in m.outcomes)
        return {o.url.rpartition("/")[2]: f"{o.outcome} {o.reason}" for o in found}


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1, 60.0, 1 << 30) as pool:
        yield pool


@pytest.fixture
def world(tmp_path: Path, pool: WorkerPool) -> World:
    return World(tmp_path, open_store(str(tmp_path / "archive")), pool)


A, B, C = record("a"), record("b"), record("c")


@pytest.mark.parametrize(
    "data",
    [
        A + B,
        packed(A, B),
        gzip.compress(A + B, mtime=0),
        A.replace(b"WARC-Type: response", b"warc-type:  Response") + B,
        record("a", WARC_Record_ID=None) + record("b", WARC_Record_ID="no id"),
        record("a", WARC_Target_URI="<http://news.example/a>") + record("b", WARC_Truncated=""),
        bundle(archive__d=packed(A, B), datapackage_json=package(hashlib.sha256(packed(A, B)).hexdigest())),
        bundle(archive__d=A + B, indexes__index_cdx=b"example,lie)/ 20160101000000 {}", datapackage_json=b"{"),
    ],
    ids=["plain", "gzip", "one gzip member", "names in other cases", "no ids", "brackets", "bundle", "bundle whose index lies"],
)
def test_what_is_odd_and_whole(world: World, data: bytes) -> None:
    added = world.add(odd=data)
    assert (added.exit_code, added.added, added.damages, added.left_out) == (0, 2, [], {})
    assert sorted(world.texts()) == ["a", "b"]
    assert all("closed to lorries" in text for text in world.texts().values())


def test_http_as_browsers_and_proxies_write_it(world: World) -> None:
    length = b"%x\r\n" % len(PAGE)
    added = world.add(
        odd=record("h2", b"HTTP/2 200\r\n:status: 200\r\ncontent-type: text/html\r\n\r\n" + PAGE)
        + record("h3", b"HTTP/3.0 200 OK\r\ncontent-type: text/html\r\n\r\n" + PAGE, WARC_Protocol="h3")
        + record("h2gone", b"HTTP/2.0 404 \r\n\r\n<p>no")
        + record("chunked", CHUNKED + length + PAGE + b"\r\n0\r\n\r\n")
        + record("dechunked", CHUNKED + PAGE)
        + record("unzipped", CHUNKED.replace(b"Transfer-Encoding: chunked", b"Content-Encoding: gzip") + PAGE)
        + record("resource", PAGE, "resource", Content_Type="text/html")
        + record("nohttp", b"hello")
    )
    assert (added.exit_code, added.added) == (0, 8)
    assert world.outcomes() == dict.fromkeys(
        ("h2", "h3", "chunked", "dechunked", "unzipped", "resource"), "captured ok"
    ) | {"h2gone": "gone not-found", "nohttp": "error protocol"}  # fmt: skip
    assert {name for name, text in world.texts().items() if "closed to lorries" in text} >= {
        *("h2", "h3", "chunked", "dechunked", "unzipped", "resource")
    }


def test_nothing_is_said_that_nobody_knows(world: World) -> None:
    world.add(odd=record("a", WARC_Protocol="http/2") + record("b"))
    (warc,) = (world.folder / "archive" / "warc").iterdir()
    records = list(iterate_records(warc))
    assert [r.header("WARC-Protocol") for r in records if r.type == "response"] == ["http/2", None]
    assert not any(b"fetchTimeMs" in r.block for r in records if r.type == "metadata")
    assert sum(b"capturedFrom: warc-file\r\nwarcFile: odd\r\nwarcFileSha256: " in r.block for r in records) == 2


@pytest.mark.parametrize(
    ("data", "added", "left_out", "damage"),
    [
        (A + record("x", b"t", "conversion"), 1, {"conversion record": 1}, ""),
        (A + record("x", b"t", "continuation"), 1, {"continuation record": 1}, ""),
        (A + record("x", b"t", "strange") + record("x", b"t", "metadata"), 1, {"record of an unknown kind": 1}, ""),
        (A + record("b", WARC_Date="soon") + record("c", WARC_Date=None), 1, {"the WARC-Date": 1, "no WARC-Date": 1}, ""),
        (A + record("b", WARC_Date="9999-12-31T23:59:59-10:00"), 1, {"the WARC-Date": 1}, ""),
        (A + record("b", WARC_Target_URI="urn:text:b") + record("c", b""), 1, {"not an address of the web": 1, "no answer in it": 1}, ""),
        (A + record("b", b"", "revisit", WARC_Refers_To_Date="soon"), 1, {NO_ORIGINAL: 1}, ""),
        (A + B[:60], 1, {}, "does not say how long it is; what follows is left out"),
        ((A + B)[:-300], 1, {}, "the record is cut; what follows"),
        (packed(A, B)[:-50], 1, {}, "the record is cut; what follows"),
        (A + record("b", Content_Length="99999999999") + C, 1, {}, "the record is cut; what follows"),
        (A + b"junk\r\n" + B, 1, {}, "Invalid WARC header; what follows"),
        (packed(A) + b"junk" + packed(B), 1, {}, "what follows"),
        (packed(A) + b"\0" * 100, 1, {}, "what follows"),
        (packed(A, record("b", Content_Length=None), C), 2, {}, "does not say how long it is; the rest of its gzip member"),
        (packed(A, record("b", Content_Length="99999999999"), C), 2, {}, "the record is cut; the rest of its gzip member"),
        (packed(A, b"no record", record("b", Content_Length="-1"), C), 2, {}, "Invalid WARC header; the rest of its gzip member"),
        (record("a", WARC_Block_Digest="sha-256:" + "0" * 64), 1, {}, "its block is not sha-256:000"),
        (bundle(archive__d=packed(A), datapackage_json=package("0" * 64)), 1, {}, "not the one in datapackage.json"),
        (bundle(archive__e=packed(A), datapackage_json=package("0" * 64)), 1, {}, "not in it, though its datapackage.json lists it"),
        (bundle(archive__a=b"", archive__b=b"hello", archive__c=packed(A)), 1, {}, "archive/a: empty"),
        (bundle(archive__c=packed(A))[:-30], 0, {}, "it does not end as a ZIP does"),
    ],
)  # fmt: skip
def test_what_is_sound_comes_and_the_rest_is_named(world: World, data: bytes, added: int, left_out: dict[str, int], damage: str) -> None:
    done = world.add(odd=data)
    assert (done.added, done.left_out) == (added, left_out)
    assert done.exit_code == (5 if damage else 0)
    assert damage in " ".join(done.damages)
    assert all(one.startswith("odd") for one in done.damages)


@pytest.mark.parametrize(
    ("said", "captured_at"),
    [
        ("2016", "2016-01-01T00:00:00.000000Z"),
        ("2016-05", "2016-05-01T00:00:00.000000Z"),
        ("2016-05-21", "2016-05-21T00:00:00.000000Z"),
        ("2016-05-21T08:30Z", "2016-05-21T08:30:00.000000Z"),
        ("2016-05-21T08:30:00", "2016-05-21T08:30:00.000000Z"),
        ("2016-05-21T10:30:00+02:00", "2016-05-21T08:30:00.000000Z"),
        ("2016-05-21T08:30:00.123456789Z", "2016-05-21T08:30:00.123456Z"),
    ],
)
def test_dates_as_precise_as_they_are(world: World, said: str, captured_at: str) -> None:
    world.add(odd=record(WARC_Date=said))
    assert [o.captured_at for _, m in manifests.load_all(world.store) for o in m.outcomes] == [captured_at]


def test_the_first_of_several_segments_of_a_record_is_no_whole_page(world: World) -> None:
    world.add(odd=record(WARC_Segment_Number="1"))
    assert world.outcomes() == {"a": "error too-large"}


def test_rules_for_robots_are_kept_and_are_no_source(world: World) -> None:
    rules = record("robots.txt", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\r\n")
    assert world.add(odd=rules + record("robots.txt.html")).added == 2
    assert world.outcomes() == {"robots.txt.html": "captured ok"}
    assert len(captures_of(world.store, "http://news.example/robots.txt")) == 1


def test_a_file_that_is_none_keeps_no_other_out(world: World) -> None:
    done = world.add(a=A, empty=b"", page=b"<html>", b=packed(B))
    assert (done.exit_code, done.added, done.files) == (5, 2, 2)
    assert [damage.rpartition(": ")[2] for damage in done.damages] == ["empty", "neither a WARC nor a WACZ"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"<html>", "neither a WARC nor a WACZ"),
        (b"filedesc://x.arc 0.0.0.0 20140101000000 text/plain 1\n", "warcio recompress"),
        (bundle(pages__pages_jsonl=b"{}"), "no WACZ"),
    ],
)
def test_what_is_no_warc_at_all(world: World, data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        world.add(odd=data)


def test_a_name_that_was_mistyped_is_said_before_anything_is_done(world: World) -> None:
    (world.folder / "a").write_bytes(A)
    for name in ("b", "archive.d", "."):
        with pytest.raises(InputError, match=r"no such file|not a file"):
            world.add("a", name)
    assert list(manifests.load_all(world.store)) == []
