"""Which publisher's rules fit a page: by host, then by markup."""

from __future__ import annotations

from types import MappingProxyType

from lxml.html import HtmlElement

from pipelines.sites import (
    al_jazeera,
    anadolu,
    ap,
    bbc,
    blogger,
    cbs_news,
    cnbc,
    cnn,
    ctv_news,
    dw,
    economist,
    el_pais,
    express,
    fox_news,
    guardian,
    hindustan_times,
    huffpost,
    independent,
    japan_times,
    metro,
    new_york_times,
    newsweek,
    nine_news,
    pangea,
    politico,
    reach,
    reuters,
    rt,
    rudaw,
    seattle_times,
    sputnik,
    standard,
    stuff,
    tass,
    telegraph,
    the_context,
    washington_post,
)
from pipelines.sites.layout import Layout, Publisher, SiteReading
from pipelines.sites.selector import Markup

PUBLISHERS: tuple[Publisher, ...] = (
    al_jazeera.PUBLISHER,
    anadolu.PUBLISHER,
    ap.PUBLISHER,
    bbc.PUBLISHER,
    cbs_news.PUBLISHER,
    cnbc.PUBLISHER,
    cnn.PUBLISHER,
    ctv_news.PUBLISHER,
    dw.PUBLISHER,
    economist.PUBLISHER,
    el_pais.PUBLISHER,
    express.PUBLISHER,
    fox_news.PUBLISHER,
    guardian.PUBLISHER,
    hindustan_times.PUBLISHER,
    huffpost.PUBLISHER,
    independent.PUBLISHER,
    japan_times.PUBLISHER,
    metro.PUBLISHER,
    new_york_times.PUBLISHER,
    newsweek.PUBLISHER,
    nine_news.PUBLISHER,
    pangea.PUBLISHER,
    politico.PUBLISHER,
    reach.PUBLISHER,
    reuters.PUBLISHER,
    rt.PUBLISHER,
    rudaw.PUBLISHER,
    seattle_times.PUBLISHER,
    sputnik.PUBLISHER,
    standard.PUBLISHER,
    stuff.PUBLISHER,
    tass.PUBLISHER,
    telegraph.PUBLISHER,
    the_context.PUBLISHER,
    washington_post.PUBLISHER,
)
"""Add a publisher here, and nowhere else."""

PLATFORMS: tuple[Publisher, ...] = (blogger.PUBLISHER,)
"""Systems whose sites have names of their own and say in their head who made them."""


def by_host(publishers: tuple[Publisher, ...]) -> MappingProxyType[str, Publisher]:
    """Publishers by each of their hosts. Raises ValueError when two claim one."""
    table: dict[str, Publisher] = {}
    for publisher in publishers:
        for host in publisher.hosts:
            if host in table:
                raise ValueError(f"{host} belongs to {table[host].name} and to {publisher.name}")
            table[host] = publisher
    return MappingProxyType(table)


_BY_HOST = by_host((*PUBLISHERS, *PLATFORMS))


def publisher_of(host: str) -> Publisher | None:
    """The publisher of the longest registered name that is the host or ends it: ``edition.cnn.com`` before ``cnn.com``."""
    labels = host.lower().rstrip(".").split(".")[-8:]
    names = (".".join(labels[i:]) for i in range(len(labels) - 1))
    return next((found for name in names if (found := _BY_HOST.get(name))), None)


def find_layout(host: str, tree: HtmlElement | Markup) -> Layout | None:
    """The first of the host's layouts whose markup the page has; of a platform's when the page says that one made it. None: no rules fit.

    ``host`` is that of the page's own address: of a copy from a web archive, the original's.
    """
    publisher = publisher_of(host) or _platform(tree.tree if isinstance(tree, Markup) else tree)
    if publisher is None:
        return None
    page = tree if isinstance(tree, Markup) else Markup(tree)
    return next((layout for layout in publisher.layouts if layout.recognise(page)), None)


def read_site(host: str, tree: HtmlElement) -> SiteReading | None:
    """`find_layout` and its reading at the cost of one pass over the page; pages of hosts without rules cost next to nothing."""
    if publisher_of(host) is None and _platform(tree) is None:
        return None
    page = Markup(tree)
    layout = find_layout(host, page)
    return layout.read(page) if layout else None


def _platform(tree: HtmlElement) -> Publisher | None:
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() == "generator":
            made_by = (meta.get("content") or "").strip().lower()
            return next((p for p in PLATFORMS if p.generator and made_by.startswith(p.generator)), None)
    return None
