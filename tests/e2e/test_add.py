"""The verb `add`: what others captured becomes captures of an archive that verifies, rebuilds and bundles as one of our own."""

from __future__ import annotations

import gzip
import io
import signal
import time
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import manifests
from archive.rows import rows_of
from archive.store import open_store
from tests.support.bundles import make_pages
from tests.support.shared import shared
from tests.support.small_archive import make_archive
from tests.support.warcite import Done, start, warcite

PARAGRAPH = "The old bridge over the Aller is closed to lorries until the spring, the town council said on Saturday after a long debate. "
TEXT = f"<h1>Bridge</h1><p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 2}</p>"
PAGE = f"<html><head><title>Bridge</title></head><body><article>{TEXT}</article></body></html>"

# warcio leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Foreign:
    """A WARC as warcio writes it."""

    def __init__(self, packed: bool = True) -> None:
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed)

    @property
    def data(self) -> bytes:
        return self._out.getvalue()

    def response(
        self, url: str, body: bytes = PAGE.encode(), status: str = "200 OK", day: int = 1, kind: str = "response", **headers: str
    ) -> None:
        head = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))], "HTTP/1.1")
        named = {"WARC-Date": f"2016-05-{day:02d}T08:30:00Z", **{name.replace("_", "-"): value for name, value in headers.items()}}
        record = self._writer.create_warc_record(url, kind, io.BytesIO(body), http_headers=head, warc_headers_dict=named)
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.example")], is_http_request=True)
        request = self._writer.create_warc_record(url, "request", http_headers=asked, warc_headers_dict={"WARC-Date": named["WARC-Date"]})
        self._writer.write_request_response_pair(request, record)

    def revisit(self, url: str, of: str, day: int, of_day: int) -> None:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
        digest = "sha1:B6QJ6BNJ3R4B23XXMRKZKHLPGJY2VE4O"
        record = self._writer.create_revisit_record(
            url,
            digest,
            of,
            f"2016-05-{of_day:02d}T08:30:00Z",
            http_headers=head,
            warc_headers_dict={"WARC-Date": f"2016-05-{day:02d}T08:30:00Z"},
        )
        self._writer.write_record(record)

    def resource(self, url: str, body: bytes, media: str) -> None:
        record = self._writer.create_warc_record(url, "resource", io.BytesIO(body), length=len(body), warc_content_type=media)
        self._writer.write_record(record)


def added(folder: Path, *files: Path | str, code: int = 0) -> Done:
    done = warcite("add", *files, "--store", "archive", "--jobs", "1", "--no-progress", "--json", cwd=folder)
    assert done.code == code, done.err + done.out
    return done


def is_sound(folder: Path) -> None:
    done = warcite("verify", "--store", "archive", "--no-progress", cwd=folder)
    assert done.code == 0, done.out


def test_responses_revisits_and_resources(tmp_path: Path) -> None:
    foreign = Foreign()
    foreign.response("http://news.example/a")
    foreign.response("http://news.example/gone", b"<p>no</p>", "404 Not Found")
    foreign.response("http://news.example/moved", b"", "301 Moved")
    foreign.response("http://news.example/a", PAGE.replace("closed", "open").encode(), day=2)
    foreign.revisit("http://news.example/a", "http://news.example/a", 3, 1)
    foreign.revisit("http://news.example/b", "http://elsewhere.example/", 3, 1)
    foreign.resource("http://news.example/style.css", b"p { color: red }", "text/css")
    foreign.resource("urn:x:1", b"x", "text/plain")
    (tmp_path / "foreign").write_bytes(foreign.data)  # its name says nothing
    done = added(tmp_path, "foreign").json
    assert (done["added"], done["known"], done["damages"]) == (6, 0, [])
    assert done["left_out"] == {"a revisit of what is neither in these files nor in the archive": 1, "not an address of the web": 1}
    assert {word: count for word, count in done["outcomes"].items() if count} == {"captured": 3, "gone": 1, "unchanged": 1}
    is_sound(tmp_path)
    store = open_store(str(tmp_path / "archive"))
    outcomes = [o for _, m in manifests.load_all(store) for o in m.outcomes]
    assert {o.via for o in outcomes} == {"warc-file"}
    rows = [row for _, m in manifests.load_all(store) for row in rows_of(store, m, "documents")]
    texts = {(row["url"], row["captured_at"][:10]): row["text"] for row in rows}
    assert "is closed to lorries" in texts["http://news.example/a", "2016-05-01"]
    assert "is open to lorries" in texts["http://news.example/a", "2016-05-02"]
    assert {o.detail for o in outcomes} == {"taken over from foreign"}
    where = ("--store", "archive")
    assert "  via warc-file: taken over from foreign\n" in warcite("show", "http://news.example/a", *where, cwd=tmp_path).out
    traced = warcite("trace", "http://news.example/a", *where, "--json", cwd=tmp_path)
    assert (traced.code, traced.json["capture"]["via"], traced.json["capture"]["detail"]) == (0, "warc-file", "taken over from foreign")
    assert "warc-file: taken over from foreign\n" in warcite("trace", "http://news.example/a", *where, cwd=tmp_path).out
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert {hit["via"] for hit in warcite("search", "bridge", *where, "--json", cwd=tmp_path, **cache).json["hits"]} == {"warc-file"}
    told = warcite("report", "last", *where, "--json", cwd=tmp_path).json
    assert told["vias"] == {"warc-file": told["sources"]}
    assert told["times"]["count"] == 0
    assert told["provenance"]["command"][:3] == ["warcite", "add", "foreign"]
    assert told["provenance"]["options"]["jobs"] == 1
    shown = warcite("show", "http://news.example/style.css", "--store", "archive", "--html", cwd=tmp_path)
    assert shown.out == "p { color: red }"
    again = added(tmp_path, "foreign").json
    assert (again["added"], again["known"], again["segments"]) == (0, 6, [])
    rebuilt = warcite("rebuild", "--all", "--store", "archive", "--no-progress", "--json", cwd=tmp_path).json
    assert rebuilt["lost"] == []
    assert rebuilt["identical"] == rebuilt["checked"] > 0
    bundled = warcite("bundle", "--store", "archive", "-o", "out.wacz", cwd=tmp_path)
    assert bundled.code == 0, bundled.err
    assert warcite("verify", "out.wacz", "--no-progress", cwd=tmp_path).code == 0


def test_a_revisit_of_what_another_file_brought(tmp_path: Path) -> None:
    one, two = Foreign(), Foreign()
    one.response("http://news.example/a")
    two.revisit("http://news.example/a", "http://news.example/a", 9, 1)
    (tmp_path / "1.warc.gz").write_bytes(one.data)
    (tmp_path / "2.warc.gz").write_bytes(two.data)
    added(tmp_path, "1.warc.gz")
    assert added(tmp_path, "2.warc.gz").json["outcomes"]["unchanged"] == 1
    assert added(tmp_path, "2.warc.gz", "1.warc.gz").json["known"] == 2
    is_sound(tmp_path)


def test_our_own_bundle_into_another_archive_and_into_its_own(tmp_path: Path) -> None:
    make_archive(open_store(str(tmp_path / "old")))
    assert warcite("bundle", "--store", "old", "-o", "old.wacz", cwd=tmp_path).code == 0
    done = added(tmp_path, "old.wacz").json
    assert (done["added"], done["outcomes"]["captured"], done["outcomes"]["unchanged"]) == (3, 2, 1)
    is_sound(tmp_path)
    ids = {o.record_id for _, m in manifests.load_all(open_store(str(tmp_path / "archive"))) for o in m.outcomes}
    old = {o.record_id for _, m in manifests.load_all(open_store(str(tmp_path / "old"))) for o in m.outcomes if o.outcome != "error"}
    assert ids == old  # they were free
    own = warcite("add", "old.wacz", "--store", "old", "--json", cwd=tmp_path).json
    assert (own["added"], own["known"]) == (0, 3)


def test_ids_that_are_taken(tmp_path: Path) -> None:
    foreign = Foreign()
    taken = "<urn:uuid:aaaaaaaa-0000-4000-8000-000000000000>"
    foreign.response("http://news.example/a", WARC_Record_ID=taken)
    foreign.response("http://news.example/b", WARC_Record_ID=taken)
    (tmp_path / "f.warc.gz").write_bytes(foreign.data)
    added(tmp_path, "f.warc.gz")
    ids = [o.record_id for _, m in manifests.load_all(open_store(str(tmp_path / "archive"))) for o in m.outcomes]
    assert len(set(ids)) == 2
    assert taken in ids
    is_sound(tmp_path)


def test_damages_are_named_and_the_rest_comes(tmp_path: Path) -> None:
    foreign = Foreign(packed=False)
    foreign.response("http://news.example/a")
    foreign.response("http://news.example/b", PAGE.replace("Aller", "Leine").encode())
    data = foreign.data.replace(b"over the Aller is closed", b"over the Aller is blosed")
    (tmp_path / "bad.warc").write_bytes(data)
    done = added(tmp_path, "bad.warc", code=5).json
    assert done["added"] == 2
    assert ["bad.warc at offset 0: its block is not sha1" in damage for damage in done["damages"]] == [True]
    is_sound(tmp_path)
    (tmp_path / "cut.warc.gz").write_bytes(gzip.compress(data)[:-300])
    assert added(tmp_path, "cut.warc.gz", code=5).json["damages"]


@pytest.mark.parametrize("data", [b"", b"x" * 100, b"PK\x03\x04", b"\x1f\x8b\x08broken", b"<html>"])
def test_what_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "none").write_bytes(data)
    done = warcite("add", "none", "--store", "archive", "--json", cwd=tmp_path)
    assert done.code in {2, 5}, done.err
    assert "Traceback" not in done.err
    assert warcite("add", "missing.warc", "--store", "archive", cwd=tmp_path).code == 2


@pytest.mark.timeout(500)
def test_killed_it_goes_on(tmp_path: Path) -> None:
    make_pages(open_store(str(tmp_path / "old")), segments=3, pages=700, size=2000)
    assert warcite("bundle", "--store", "old", "-o", "old.wacz", cwd=tmp_path).code == 0
    for seconds in (3.0, 6.0):
        running = start("add", "old.wacz", "--store", "archive", "--jobs", "1", "--no-progress", cwd=tmp_path, TMPDIR=str(tmp_path))
        time.sleep(seconds)  # wherever it is by then
        running.send_signal(signal.SIGKILL)
        running.communicate()
    done = added(tmp_path, "old.wacz").json
    assert done["added"] + done["known"] == 2103
    is_sound(tmp_path)
    records = [o.record_id for _, m in manifests.load_all(open_store(str(tmp_path / "archive"))) for o in m.outcomes]
    assert len(records) == len(set(records)) == 2103


@pytest.mark.corpus
@pytest.mark.timeout(500)
def test_files_of_other_tools(tmp_path: Path) -> None:
    """One after the other, then all once more: sound each time, and nothing is added twice."""
    files = [path for path in sorted(shared("corpus/hostile/warc").glob("*/*")) if path.name.endswith((".warc.gz", ".warc", ".wacz"))]
    assert len(files) > 20
    first = warcite("add", *files, "--store", "archive", "--no-progress", "--json", cwd=tmp_path)
    assert first.code == 5
    assert first.json["added"] >= 50
    assert first.json["outcomes"]["captured"] >= 40
    is_sound(tmp_path)
    again = warcite("add", *files, "--store", "archive", "--no-progress", "--json", cwd=tmp_path).json
    assert again["added"] == 0
    assert again["left_out"] == first.json["left_out"]
