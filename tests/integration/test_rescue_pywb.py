"""A real web archive server: what pywb has of a page is found by CDX, TimeMap and TimeGate, and fetched as it was captured."""

from __future__ import annotations

import asyncio
import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.index import cdxj
from archive.model import Capture, Via
from archive.times import now
from archive.warc.records import encode_revisit
from crawler.rescue.cdx import CdxSource
from crawler.rescue.copies import Copy, CopyRefused, Fetched, fetch_copy
from crawler.rescue.memento import MementoSource
from crawler.rescue.source import Answer, ArchiveSource, Candidate, Question, Wanted
from tests.support.exchanges import WARCINFO_ID, encode, exchange, gzipped, record_ids, response, warcinfo
from tests.support.gazette import story, title
from tests.support.pywb import replaying
from tests.support.warcite import warcite

STORY = "http://paper.example/2016/story?id=7&b=1"
MOVED = "http://paper.example/2016/old"
GONE = "http://paper.example/2016/gone"
NEVER = "http://paper.example/2016/never"
BODY = story("/2016/story")
DAY = 86400


@dataclass(frozen=True)
class Kept:
    address: str
    at: datetime  # of the first capture of the story


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A story captured twice, the second time as a revisit; a redirect to it; a page that was captured as 404."""
    new_id, captures, data = record_ids(), list[Capture](), warcinfo()
    zipped = response(gzipped(BODY), "Content-Type: text/html", "Content-Encoding: gzip")
    for url, answer, after in (
        (STORY, zipped, 0),
        (MOVED, response(b"", f"Location: {STORY}", "Content-Length: 0", status="301 Moved Permanently"), 60),
        (GONE, response(b"not here", status="404 Not Found"), 120),
    ):
        encoded = encode(exchange(url, answer, after=after), new_id)
        captures.append(encoded.capture)
        data += encoded.data
    data += encode_revisit(
        exchange(STORY, zipped, after=200 * DAY),
        captures[0],
        profile="identical-payload-digest",
        warcinfo_id=WARCINFO_ID,
        segment="kept",
        new_id=new_id,
        fields=(),
        keep_head=True,
    ).data
    folder = tmp_path_factory.mktemp("pywb")
    warc = folder / "kept.warc.gz"
    warc.write_bytes(data)
    index = gzip.decompress(cdxj.from_warc(warc, "warc/kept.warc.gz").data)
    with replaying(folder, {"kept.warc.gz": data}, index) as address:
        yield Kept(address, captures[0].captured_at.replace(microsecond=0))


async def ask(question: Question) -> Answer:
    """As a program asks: nothing is followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())
    request = urllib.request.Request(question.url, headers=dict(question.headers))
    try:
        with opener.open(request, timeout=60) as answer:
            return Answer(question.url, answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(question.url, error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


async def fetch(question: Question, via: Via) -> Fetched:
    answer = await ask(question)
    return Fetched(
        answer, Capture("<urn:uuid:0>", question.url, now(), answer.status, None, None, "response", "", 0, 1, via=via), whole=True
    )


def sources(kept: Kept) -> dict[str, ArchiveSource]:
    root = kept.address
    return {
        "cdx": CdxSource("kept", f"{root}/cdx", root + "/{timestamp}id_/{url}"),
        "timemap": MementoSource("kept", timemap=root + "/timemap/link/{url}"),
        "timegate": MementoSource("kept", timegate=root + "/{url}"),
    }


def candidates(kept: Kept, kind: str, url: str, near: datetime) -> list[Candidate]:
    return asyncio.run(sources(kept)[kind].candidates(Wanted(url, near), ask))


def copy_of(candidate: Candidate, url: str = STORY, window: timedelta = timedelta(days=30)) -> Copy:
    return asyncio.run(fetch_copy(candidate, url, fetch, window))


@pytest.mark.parametrize("kind", ["cdx", "timemap", "timegate"])
def test_the_copy_near_the_cited_day(kept: Kept, kind: str) -> None:
    for near, expected in ((kept.at - timedelta(hours=5), kept.at), (kept.at + timedelta(days=190), kept.at + timedelta(days=200))):
        found = candidates(kept, kind, STORY, near)
        assert found[0].at.replace(microsecond=0) == expected
        copy = copy_of(found[0])
        assert (copy.original, copy.at) == (STORY, expected)
        assert copy.memento == f"{kept.address}/{expected:%Y%m%d%H%M%S}id_/{STORY}"


@pytest.mark.parametrize("kind", ["cdx", "timemap"])
def test_bytes_as_captured(kept: Kept, kind: str) -> None:
    question = candidates(kept, kind, STORY, kept.at)[0].question
    assert asyncio.run(ask(question)).body == BODY
    zipped = asyncio.run(ask(replace(question, headers=(("Accept-Encoding", "gzip"),))))
    assert (zipped.headers["content-encoding"], gzip.decompress(zipped.body)) == ("gzip", BODY)


@pytest.mark.parametrize("kind", ["cdx", "timemap", "timegate"])
def test_what_it_does_not_have(kept: Kept, kind: str) -> None:
    assert candidates(kept, kind, NEVER, kept.at) == []


def test_a_404_that_was_captured(kept: Kept) -> None:
    assert candidates(kept, "cdx", GONE, kept.at) == []
    with pytest.raises(CopyRefused, match="captured with status 404"):
        copy_of(candidates(kept, "timemap", GONE, kept.at)[0], GONE)


def test_a_redirect_that_was_captured_leads_to_the_copy_of_where_it_led(kept: Kept) -> None:
    copy = copy_of(candidates(kept, "timemap", MOVED, kept.at)[0], MOVED)
    assert copy.original == STORY
    assert copy.memento.startswith(kept.address)


def test_a_copy_months_away(kept: Kept) -> None:
    far = Candidate("kept", STORY, kept.at + timedelta(days=95), f"{kept.address}/{kept.at + timedelta(days=95):%Y%m%d%H%M%S}id_/{STORY}")
    with pytest.raises(CopyRefused, match="days from the copy asked for"):
        copy_of(far)
    assert copy_of(far, window=timedelta(days=200)).at in {kept.at, kept.at + timedelta(days=200)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["cdx", "memento"])
def test_a_crawl_asks_it(kept: Kept, kind: str, tmp_path: Path) -> None:
    """From a dead citation to the document, through the command line; the archive is on a private address, which has to be allowed."""
    root, host = kept.address, urlsplit(kept.address)
    how = (
        f'index = "{root}/cdx", playback = "{root}/{{timestamp}}id_/{{url}}"'
        if kind == "cdx"
        else f'timemap = "{root}/timemap/link/{{url}}"'
    )
    (tmp_path / "warcite.toml").write_text(f'[rescue]\narchives = [{{name = "kept", kind = "{kind}", {how}}}]\n', encoding="utf-8")
    day = kept.at.astimezone(UTC)
    links = "".join(f"{n}. [Gazette]({url})\n" for n, url in enumerate((STORY, NEVER), 1))
    digest = f"### [{day:%Y-%m-%d}](/news/index.md)\n\n#  {title('/2016/story')} \n\n### Source:\n\n{links}"
    (tmp_path / "digest.md").write_text(digest, encoding="utf-8")
    dead = [
        "--connect-to",
        "paper.example:80:127.0.0.1:9",
        "--allow-private",
        f"{host.hostname}:{host.port}",
        "--delay",
        "0",
        "--retries",
        "0",
    ]
    args = ["crawl", "digest.md", "--rescue", "--rescue-threshold", "0", "--cdx-rate", "6000", "--no-progress", "--json", *dead]
    done = warcite(*args, cwd=tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
    outcomes = done.json["outcomes"]
    assert (outcomes["rescued"], outcomes["error"]) == (1, 1), done.err
    shown = warcite("show", STORY, "--json", cwd=tmp_path)
    (document,) = json.loads(shown.out)["documents"]
    assert document["title"] == title("/2016/story")
    assert document["rescue"]["memento"] == f"{root}/{kept.at:%Y%m%d%H%M%S}id_/{STORY}"
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []
