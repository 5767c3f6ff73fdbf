"""M4: addresses and strings that break naive code, through everything that names, keys, shows and reads them."""

from __future__ import annotations

import html
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive import strict_json
from archive.console import plain
from archive.errors import InputError
from archive.index.cdxj import line as index_line
from archive.index.cdxj import parse_line
from archive.model import Event, Problem
from archive.spool.entry import event_json
from archive.urls import MAX_URI, ascii_host, escape, host_of, is_front_page, surt, target_uri
from crawler.addresses import AllowedHosts, PrivateAddressError, is_private_name, is_public, parse_host_literal
from pipelines.inputs.addresses import fetchable, shown
from pipelines.inputs.reading import Reading
from tests.support import hostile_samples
from tests.support.exchanges import encode, exchange
from tests.support.odd_server import CLOSE, OddServer, Reply
from tests.support.warcite import warcite
from tests.support.watched import watch
from tests.torture.corpus import CORPUS, answer, files, some
from tests.torture.hostile import whole, written_by_us
from tests.torture.odd_documents import faults
from tests.torture.result import Result, Size

ROW, NAME = "M4", "addresses and strings"
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_URI = re.compile(r"[!-~]*")
_TOTAL: tuple[Callable[[str], Any], ...] = (surt, target_uri, escape, host_of, is_front_page, ascii_host, shown, plain, parse_host_literal)
_KEY = re.compile(
    r"archive\.json|(?:manifests/[0-9a-f-]{36}|manifests/\d{8}T\d{6}Z-[0-9a-f]{4}-events)\.json"
    r"|(?:warc|documents|cdxj|events)/[0-9a-f]{64}(?:\.\w+){1,2}"
)


def run(size: Size, work: Path) -> Result:
    result, started = Result(ROW, NAME), time.monotonic()
    urls, strings = addresses(), naughty_strings()
    if size == "ci":
        urls = some(urls, 1500)
    for url in [*urls, *strings, *(f"http://{s}/" for s in strings), *(f"http://example.org/{s}?{s}#{s}" for s in strings)]:
        result.counts["addresses"] += 1
        result.failures += [f"{url[:80]!r}: {wrong}" for wrong in wrong_with(url)]
    result.failures += [f"{url[:80]!r}: {wrong}" for url, expected in standard() for wrong in _differs(url, expected)]
    result.counts["strings"] = len(strings)
    result.failures += _unreadable(strings, work)
    result.failures += _crawled(some(strings, 60) if size == "ci" else strings, work)
    result.seconds = round(time.monotonic() - started, 1)
    return result


# --- where they come from -----------------------------------------------------------------------------


def addresses() -> list[str]:
    found = [url for url, _ in standard()]
    for path in files("urls"):
        found += [value for case in json.loads(path.read_bytes()) if isinstance(case, dict) for value in _strings_in(case)]
    found += [f"http://{case['input']}/" for path in files("urls") if "Idna" in path.name for case in _cases(path)]
    return list(dict.fromkeys([*found, *hostile_samples.urls(2016, 2000)]))


def naughty_strings() -> list[str]:
    found = [s for path in files("strings") if path.name == "blns.json" for s in json.loads(path.read_bytes())]
    return list(dict.fromkeys([*found, *hostile_samples.STRINGS]))


def standard() -> Iterator[tuple[str, dict[str, Any]]]:
    """The URL standard's own tests of absolute addresses, with what browsers make of them."""
    path = next(iter((CORPUS / "urls").rglob("tests_wpt_urltestdata.json")), None)
    for case in _cases(path) if path else ():
        if case.get("base") in {None, "about:blank"} and not case.get("failure") and case["href"].startswith("http"):
            yield case["input"], case


def _cases(path: Path) -> list[dict[str, Any]]:
    return [case for case in json.loads(path.read_bytes()) if isinstance(case, dict) and "input" in case]


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings_in(part)


# --- one address --------------------------------------------------------------------------------------


def wrong_with(text: str) -> Iterator[str]:
    for function in _TOTAL:
        try:
            function(text)
        except Exception as error:
            yield f"{function.__name__} raised {error!r}"
    for function in (target_uri, escape):
        if function(function(text)) != function(text):
            yield f"{function.__name__} is not idempotent"
    for name, value in (("surt", surt(text)), ("escape", escape(text)), ("shown", shown(text))):
        if _UNSAFE.search(value) or "\n" in value or (name != "shown" and " " in value):
            yield f"{name} gave {value[:80]!r}"
    if target_uri(text):
        yield from _wrong_record(text)
    try:
        fetched = fetchable(text)
    except InputError as error:
        if _UNSAFE.search(str(error)) or "\n" in str(error):
            yield f"the problem is {error}"
        return
    yield from _wrong_target(fetched)


def _wrong_target(url: str) -> Iterator[str]:
    if not _URI.fullmatch(url) or len(url) > MAX_URI or "@" in urlsplit(url).netloc or not url.startswith(("http://", "https://")):
        yield f"to be fetched as {url[:80]!r}"
    if fetchable(url) != url and "&" not in url:  # each reading undoes one level of HTML
        yield f"fetchable is not idempotent: {url[:80]!r}"
    if surt(target_uri(url)) != surt(url):
        yield "the index has another key than the ledger"


def _wrong_record(text: str) -> Iterator[str]:
    """Whatever an address is, a record made for it has as many headers as any other, and its index line is one line."""
    encoded = encode(exchange(text))
    line = index_line(encoded.capture, "warc/" + "0" * 64 + ".warc.gz").encode()
    if parse_line(line).url != encoded.capture.url:
        yield f"its index line is {line[:80]!r}"


def _differs(url: str, expected: dict[str, Any]) -> Iterator[str]:
    """Another host than browsers go to is a way around the guard; and what they find to be an inner address must be refused."""
    try:
        ours = urlsplit(fetchable(url)).hostname or ""
    except InputError:
        return
    theirs = str(expected["hostname"])
    literal = parse_host_literal(theirs)
    if literal is None and ours != theirs:
        yield f"goes to {ours}, in browsers to {theirs}"
    if literal is not None and parse_host_literal(ours) != literal:
        yield f"{ours} is not {literal}"
    if (literal is not None and not is_public(str(literal))) or theirs.rstrip(".") == "localhost":
        try:
            AllowedHosts().check_literal(ours, 80)
        except PrivateAddressError:
            return
        yield "an inner address was let through"
    is_private_name(ours)


# --- inputs and pages made of them ----------------------------------------------------------------------


def _unreadable(strings: list[str], work: Path) -> Iterator[str]:
    """Digests, lists and tables of them are read, or said to be unreadable, without an error, and what is read can be written."""
    flat = [" ".join(s.split("\n")) for s in strings]
    texts = {
        "digest.md": "### [2016-05-3](/news/2016/05/3/)\n"
        + "".join(f"##### {s}\n#  {s}\n{s}\n### Sources:\n1. [{s}](http://example.org/{n})\n2. [x]({s})\n" for n, s in enumerate(flat)),
        "list.txt": "\n".join(flat),
        "list.csv": "url,title,date\n" + "".join(f'"http://example.org/{n}","{s}","{s}"\n"{s}",x,\n' for n, s in enumerate(flat)),
        "list.jsonl": "".join(
            json.dumps({"url": s, "title": s}) + "\n" + json.dumps({"url": "http://example.org/", "event": s}) + "\n" for s in strings
        ),
        "article.wiki": "".join(
            f"* {s} <ref>{{{{cite web|url=http://example.org/{n}|title={s}|publisher={s}}}}}</ref>\n" for n, s in enumerate(flat)
        ),
    }
    for name, text in texts.items():
        path = work / name
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        reading = Reading([str(path)], io.BytesIO())
        for event in reading:
            yield from (f"{name}: {wrong}" for wrong in _wrong_event(event))
        yield from (f"{name}: {wrong}" for problem in reading.problems for wrong in _wrong_problem(problem))


def _wrong_event(event: Event) -> Iterator[str]:
    try:
        strict_json.loads(event_json(event).encode("utf-8"))
    except ValueError as error:
        yield f"event {event.id}: {error}"
    for citation in event.citations:
        yield from (f"{citation.url[:80]!r}: {wrong}" for wrong in _wrong_target(citation.url))


def _wrong_problem(problem: Problem) -> Iterator[str]:
    if not problem.problem or _UNSAFE.search(problem.problem):
        yield f"line {problem.line}: {problem.problem[:80]!r}"


def _crawled(strings: list[str], work: Path) -> Iterator[str]:
    """Pages that carry them in every field, and headers that do: none reaches a terminal, a log or a key as it is."""
    replies: dict[str, Reply] = {f"/{n}": (_page(s), CLOSE) for n, s in enumerate(strings)}
    (work / "urls.txt").write_text("".join(f"http://h{n % 20}.example/{n}\n" for n in range(len(strings))), encoding="utf-8")
    with OddServer(replies, otherwise=(answer(b"", None), CLOSE)) as server:
        options = ["--connect-to", f"::127.0.0.1:{server.port}", "--robots", "ignore", "--delay", "0", "--retries", "0", "-vv"]
        done = watch("recrawl", work / "urls.txt", *options, "--no-progress", cwd=work, timeout=600)
    if done.code not in {0, 3} or "Traceback" in done.err:
        yield f"exit {done.code}: {done.err[-2000:]}"
        return
    said = [warcite("status", "--targets", cwd=work), warcite("show", "http://h0.example/0", cwd=work), warcite("verify", cwd=work)]
    lines = [
        *done.unsafe(),
        *(repr(line)[:200] for s in said for line in (s.out + s.err).split("\n") if _UNSAFE.search(line.replace("\r", ""))),
    ]
    yield from (f"on the terminal: {line}" for line in lines)
    archive = work / "warcite-archive"
    yield from (f"a key: {name}" for p in archive.rglob("*") if p.is_file() and not _KEY.fullmatch(name := str(p.relative_to(archive))))
    for text in written_by_us(work):
        for line in text.splitlines():
            if line.startswith('{"schema": "warcite.document/1"'):
                yield from faults(line.encode("utf-8"))
    yield from whole(work)


def _page(string: str) -> bytes:
    value = html.escape(string)
    linked = json.dumps({"@type": "NewsArticle", "headline": string, "author": {"name": string}})
    named = ("author", "keywords", "description")
    properties = ("og:title", "og:site_name", "article:published_time", "article:tag")
    body = (
        f'<!doctype html><html lang="{value}"><head><meta charset=utf-8><title>{string}</title><link rel=canonical href="{value}">'
        + "".join(f'<meta name="{name}" content="{value}">' for name in named)
        + "".join(f'<meta property="{name}" content="{value}">' for name in properties)
        + f'<script type="application/ld+json">{linked}</script>'
        + f"</head><body><article><h1>{string}</h1><p>{string}</p>{hostile_samples.ARTICLE}</article></body></html>"
    ).encode("utf-8", "surrogatepass")
    header = string.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"")[:2000]
    return answer(body, "text/html", b"X-String: " + header, b"Set-Cookie: " + header, b"Server: " + header)
