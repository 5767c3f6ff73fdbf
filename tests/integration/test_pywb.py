"""What we keep replays in pywb, byte for byte, found through the index lines we write ourselves."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.index import cdxj
from archive.model import Capture
from archive.store import open_store
from archive.warc.http import decode_body, parse_http
from archive.warc.reader import iterate_records
from archive.warc.records import encode_revisit
from tests.support.exchanges import PAGE, WARCINFO_ID, chunked, encode, exchange, gzipped, record_ids, response, warcinfo
from tests.support.pywb import fetch, replaying
from tests.support.small_archive import CHUNKED, STORY, make_archive

ODD = "http://news.example/Ein%20Weg/%C3%BCber?Q=%26amp;&b=a+b&a=[1]|x"
SESSION = "http://news.example/story.php?PHPSESSID=0123456789abcdef0123456789abcdef&id=9"
IDN = "http://xn--mnchen-3ya.example:8080/a//b/../c/"
MOVED = "http://news.example/old"
BROTLI_LIKE = "http://news.example/unknown-coding"
LATER = "http://news.example/later"


@dataclass(frozen=True, slots=True)
class Kept:
    address: str
    answers: dict[str, bytes]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    answers = {
        STORY: response(),
        CHUNKED: response(chunked(gzipped(PAGE)), "Content-Type: text/html", "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        "http://news.example/gz": response(gzipped(PAGE), "Content-Type: text/html", "Content-Encoding: gzip"),
        ODD: response(b"odd \xff bytes\0"),
        SESSION: response(b"with a session number"),
        IDN: response(b"on another port"),
        MOVED: response(b"moved", "Location: /new", "Content-Length: 5", status="301 Moved Permanently"),
        "http://news.example/404": response(b"not here", status="404 Not Found"),
        BROTLI_LIKE: response(b"as it is", "Content-Encoding: nonsense"),
        LATER: response(chunked(PAGE), "Content-Type: text/html", "Transfer-Encoding: chunked"),
    }
    new_id = record_ids()
    data, captures = warcinfo(), dict[str, Capture]()
    for number, (url, answer) in enumerate(answers.items()):
        encoded = encode(exchange(url, answer, after=number), new_id)
        captures[url] = encoded.capture
        data += encoded.data
    for after, head, keep in ((86400, b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", False), (172800, answers[LATER], True)):
        data += encode_revisit(
            exchange(LATER, head, after=after),
            captures[LATER],
            profile="identical-payload-digest" if keep else "server-not-modified",
            warcinfo_id=WARCINFO_ID,
            segment="seg",
            new_id=new_id,
            fields=(),
            keep_head=keep,
        ).data
    folder = tmp_path_factory.mktemp("pywb")
    path = folder / "seg.warc.gz"
    path.write_bytes(data)
    index = cdxj.from_warc(path, "warc/seg.warc.gz")
    with replaying(folder / "pywb", {"seg.warc.gz": data}, gzip.decompress(index.data)) as address:
        yield Kept(address, answers)


@pytest.mark.parametrize("url", [STORY, CHUNKED, "http://news.example/gz", ODD, SESSION, IDN, BROTLI_LIKE])
def test_a_capture_replays_byte_for_byte(kept: Kept, url: str) -> None:
    status, headers, body = fetch(f"{kept.address}/20160521083000id_/{url}")
    message = parse_http(kept.answers[url])
    assert status == 200
    # pywb takes the chunk framing off to send its own; the content coding stays on.
    assert body == decode_body(message).body if "content-encoding" not in headers else body == without_chunks(message.body)
    assert headers.get("content-type") == message.header("content-type")


def without_chunks(body: bytes) -> bytes:
    return decode_body(parse_http(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)).body


def test_a_chunked_and_gzipped_page_comes_out_as_the_page(kept: Kept) -> None:
    _, headers, body = fetch(f"{kept.address}/20160521083000id_/{CHUNKED}")
    assert (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body) == PAGE


@pytest.mark.parametrize(
    ("spelling", "url"), [("https://www.NEWS.example:443/story?id=7", STORY), ("http://news.example/story.php?id=9", SESSION)]
)
def test_other_spellings_of_an_address_find_it(kept: Kept, spelling: str, url: str) -> None:
    status, _, body = fetch(f"{kept.address}/20160521083000id_/{spelling}")
    assert (status, body) == (200, parse_http(kept.answers[url]).body)


def test_statuses_replay(kept: Kept) -> None:
    status, headers, _ = fetch(f"{kept.address}/20160521083006id_/{MOVED}")
    assert status == 301
    assert headers["location"].endswith("/new")
    status, _, body = fetch(f"{kept.address}/20160521083007id_/http://news.example/404")
    assert (status, body) == (404, b"not here")


@pytest.mark.parametrize("at", ["20160521083009", "20160522083000", "20160523083000"], ids=["original", "304", "identical"])
def test_revisits_replay_the_page_they_refer_to(kept: Kept, at: str) -> None:
    status, _, body = fetch(f"{kept.address}/{at}id_/{LATER}")
    assert (status, body) == (200, PAGE)


def test_pywb_lists_what_the_index_lists(kept: Kept) -> None:
    status, _, body = fetch(f"{kept.address}/cdx?url={LATER}&output=json")
    lines = [json.loads(line) for line in body.splitlines()]
    assert status == 200
    assert [(line["timestamp"], line["mime"]) for line in lines] == [
        ("20160521083009", "text/html"),
        ("20160522083000", "warc/revisit"),
        ("20160523083000", "warc/revisit"),
    ]


def test_what_is_not_kept_is_not_found(kept: Kept) -> None:
    assert fetch(f"{kept.address}/20160521083000id_/http://news.example/never")[0] == 404


def test_an_archive_of_two_segments_replays_from_its_objects(tmp_path: Path) -> None:
    archive = make_archive(open_store((tmp_path / "archive").as_uri()))
    keys = [segment.key("warc") for segment in (archive.first, archive.second)]
    lines = [
        line
        for s in (archive.first, archive.second)
        for line in gzip.decompress(archive.store.get(s.key("cdxj"))).splitlines(keepends=True)
    ]
    warcs = {key.rpartition("/")[2]: archive.store.get(key) for key in keys}
    with replaying(tmp_path / "pywb", warcs, b"".join(sorted(lines))) as address:
        assert fetch(f"{address}/20160521083000id_/{STORY}")[2] == PAGE
        assert fetch(f"{address}/20160522083000id_/{STORY}")[2] == PAGE, "the revisit finds its original in the other segment"
    assert len(list(iterate_records(tmp_path / "archive" / keys[1]))) == 4
