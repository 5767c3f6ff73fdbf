"""Index lines, the index rebuilt from the WARC alone, and the search in it."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import DamageError
from archive.index import cdxj
from archive.index.lookup import captures_of
from archive.model import Capture
from archive.store import open_store
from archive.warc.records import encode_revisit
from tests.support.exchanges import STARTED, WARCINFO_ID, chunked, encode, exchange, record_ids, response, warcinfo
from tests.support.small_archive import CHUNKED, FIRST, SECOND, STORY, make_archive

KEY = "warc/" + "ab" * 32 + ".warc.gz"


def capture(**changes: object) -> Capture:
    whole = Capture(
        record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
        url="https://www.news.example/Story?b=2&a=1",
        captured_at=STARTED,
        status=200,
        mime="text/html",
        payload_digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        kind="response",
        segment="seg",
        offset=318,
        length=502,
    )
    return replace(whole, **changes)


def test_a_line_as_text() -> None:
    assert cdxj.line(capture(), KEY) == (
        'example,news)/story?a=1&b=2 20160521083000 {"url": "https://www.news.example/Story?b=2&a=1", "mime": "text/html", '
        '"status": "200", "digest": "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "length": "502", "offset": "318", '
        f'"filename": "{"ab" * 32}.warc.gz"}}'
    )


def test_what_is_not_known_is_a_dash() -> None:
    line = cdxj.line(capture(status=None, mime=None, payload_digest=None), KEY)
    assert '"mime": "unk", "status": "-", "digest": "-"' in line
    read = cdxj.parse_line(line.encode())
    assert (read.status, read.digest) == (None, None)


def test_a_revisit_says_so_in_its_media_type() -> None:
    assert '"mime": "warc/revisit"' in cdxj.line(capture(kind="revisit", mime="text/html"), KEY)


@given(
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters=' "<>'), max_size=30),
    st.integers(100, 999),
    st.integers(0, 10**12),
    st.integers(1, 10**9),
)
def test_a_line_reads_back(path: str, status: int, offset: int, length: int) -> None:
    written = capture(url="http://news.example/" + path, status=status, offset=offset, length=length)
    read = cdxj.parse_line(cdxj.line(written, KEY).encode() + b"\n")
    assert (read.url, read.status, read.offset, read.length) == (written.url, status, offset, length)
    assert (read.timestamp, read.digest, read.mime) == ("20160521083000", written.payload_digest, "text/html")
    assert read.filename == KEY.removeprefix("warc/")


@given(st.binary(max_size=120))
def test_other_lines_are_damage(raw: bytes) -> None:
    with pytest.raises(DamageError, match="index line"):
        cdxj.parse_line(raw)


def test_an_index_is_sorted_by_bytes_without_repetitions_whatever_the_order() -> None:
    captures = [capture(url=f"http://{host}.example/", offset=n) for n, host in enumerate(["zeta", "alpha", "münchen", "alpha"])]
    captures += [captures[0], capture(kind="metadata", url="http://gone.example/")]
    data = cdxj.build(captures, KEY)
    lines = gzip.decompress(data).splitlines(keepends=True)
    assert lines == sorted(lines)
    assert len(lines) == len(set(lines)) == 4
    assert cdxj.build(reversed(captures), KEY) == data
    assert data[4:8] == bytes(4), "no time in the gzip header"


def test_the_index_from_the_warc_alone_is_byte_for_byte_the_one_made_while_writing(tmp_path: Path) -> None:
    new_id = record_ids()
    answers = [
        response(),
        response(chunked(b"a" * 2000), "Transfer-Encoding: chunked"),
        b"HTTP/1.1 103 Early\r\n\r\n" + response(),
        b"not http",
        b"",
        b"HTTP/1.1 200 OK\r\n \r\nContent-Type: TEXT/HTML ; charset=x\r\n\r\nbody",
        b"HTTP/1.1 301 Moved\r\nLocation: /\xff\r\n\r\n",
    ]
    data, captures = warcinfo(), []
    for number, answer in enumerate(answers):
        encoded = encode(exchange(f"http://news.example/{number}\u00fc ", answer, after=number), new_id)
        captures.append(replace(encoded.capture, offset=encoded.capture.offset + len(data)))
        data += encoded.data
    revisit = encode_revisit(
        exchange(after=99),
        captures[0],
        profile="identical-payload-digest",
        warcinfo_id=WARCINFO_ID,
        segment="seg",
        new_id=new_id,
        fields=(),
        keep_head=True,
    )
    captures.append(replace(revisit.capture, offset=len(data)))
    path = tmp_path / "seg.warc.gz"
    path.write_bytes(data + revisit.data)
    rebuilt = cdxj.from_warc(path, KEY)
    assert gzip.decompress(rebuilt.data).decode() == gzip.decompress(cdxj.build(captures, KEY)).decode()
    assert rebuilt.data == cdxj.build(captures, KEY)
    assert (rebuilt.lines, rebuilt.records) == (7, 1 + 6 * 3 + 2 + 3)


def test_captures_of_an_address_newest_last_in_any_spelling(tmp_path: Path) -> None:
    archive = make_archive(open_store(tmp_path.as_uri()))
    found = captures_of(archive.store, "HTTPS://WWW.news.example:443/story?id=7#part")
    assert [(f.segment, f.line.url, f.line.mime) for f in found] == [(FIRST, STORY, "text/html"), (SECOND, STORY, "warc/revisit")]
    assert [f.warc_key for f in found] == [archive.first.key("warc"), archive.second.key("warc")]
    assert [f.line.url for f in captures_of(archive.store, CHUNKED)] == [CHUNKED]
    assert captures_of(archive.store, "http://news.example/") == []
    assert captures_of(archive.store, "http://aaa.example/") == captures_of(archive.store, "http://zzz.example/") == []
