"""A page's markup and what its head says, as all readers of metadata need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from archive.urls import host_of
from pipelines.clean.head import Head, read_head
from pipelines.clean.jsonld import Linked, read_linked
from pipelines.clean.titles import Site


@dataclass(frozen=True, slots=True)
class Evidence:
    """``url`` is the final address; no date the page names may lie after ``latest``."""

    tree: HtmlElement
    url: str
    latest: datetime
    head: Head
    linked: Linked
    site: Site


def read_evidence(tree: HtmlElement, url: str, latest: datetime) -> Evidence:
    head = read_head(tree)
    linked = read_linked(head.scripts, head.first("og:title") or head.title)
    names = (head.first("og:site_name"), linked.publisher, head.first("application-name", "twitter:site"))
    return Evidence(tree, url, latest, head, linked, Site(tuple(n for n in names if n), _bare_host(url)))


def _bare_host(url: str) -> str:
    """The host less ``www.`` and without its public suffix's second label (``co.uk``): what a site is called in its titles."""
    labels = host_of(url).removeprefix("www.").split(".")
    if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2:
        labels = [*labels[:-2], labels[-1]]
    return ".".join(labels[-2:])
