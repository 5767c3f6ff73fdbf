"""The demo's web archive: what it has of the press's dead addresses, found and played back as web.archive.org does it."""

from __future__ import annotations

import json
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

from archive.options import Archive
from crawler.demo import pages
from crawler.demo.press import articles
from crawler.demo.routes import REMEMBERED
from crawler.rescue.moments import read_timestamp

HOST = "memory.example"
ARCHIVE = Archive(HOST, "cdx", index=f"http://{HOST}/cdx", playback=f"http://{HOST}/web/{{timestamp}}id_/{{url}}")

_HEADING = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]

Reply = tuple[int, bytes, dict[str, str]]


def reply(target: str) -> Reply:
    """Status, body and headers for a request target."""
    if target.startswith("/cdx?"):
        return _index(parse_qs(urlsplit(target).query).get("url", [""])[0])
    moment, _, url = target.removeprefix("/web/").partition("id_/")
    at = read_timestamp(moment)
    if at is None or REMEMBERED.get(url) != moment:
        return 404, pages.not_found(), {"Content-Type": "text/html; charset=utf-8"}
    return 200, pages.article(articles()[url]), {"Content-Type": "text/html", "Memento-Datetime": formatdate(at.timestamp(), usegmt=True)}


def _index(url: str) -> Reply:
    rows = [[url, REMEMBERED[url], url, "text/html", "200", "-", "-"]] if url in REMEMBERED else []
    return 200, json.dumps([_HEADING, *rows] if rows else []).encode(), {"Content-Type": "application/json"}
