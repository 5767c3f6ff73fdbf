"""What a page says about itself: title, authors, dates, language and so on, by our own pass over its head.

Order of trust: JSON-LD, Open Graph and its kin, plain meta elements, the visible page. trafilatura and htmldate are asked only where no
title or no date was found: they cost more than all of this together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.urls import host_of
from pipelines.clean.authors import clean_names, split_names
from pipelines.clean.bylines import names_part, shown_bylines
from pipelines.clean.characters import one_line
from pipelines.clean.dates import date_in_page, iso_date
from pipelines.clean.head import Head, read_head
from pipelines.clean.jsonld import Linked, read_linked
from pipelines.clean.titles import squash, without_site
from pipelines.clean.vocabulary import AUTHORS, IMAGES, KEYWORDS, MODIFIED, PUBLISHED, SECTIONS, TAGS

_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z0-9])")
_PUBLISHED_TIME = etree.XPath(
    "(//time[@datetime][@pubdate or contains(@itemprop,'datePublished')] | //*[contains(@itemprop,'datePublished')][@content or @datetime]"
    " | //article//time[@datetime] | //header//time[@datetime])[position() <= 3]"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own account of itself. Dates are ISO 8601 as precise as written, addresses absolute."""

    title: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    date_published: str | None = None
    date_modified: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    description: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    license: str | None = None
    free_access: bool | None = None
    page_title: str = ""  # the title element as it is, for quality rules
    dated: bool = False  # the head states the publication date


def read_metadata(tree: HtmlElement, url: str, captured_at: datetime) -> Metadata:
    """Metadata of a page fetched from ``url``; no date it names may lie after ``captured_at``."""
    head = read_head(tree)
    linked = read_linked(head.scripts, head.first("og:title") or head.title)
    base = _join(url, head.base) or url
    site = one_line(head.first("og:site_name") or linked.publisher or head.first("application-name") or "", 200) or None
    names = tuple(n for n in (head.first("og:site_name"), linked.publisher, head.first("application-name", "twitter:site")) if n)
    title = _title(head, linked, tree, names, _bare_host(url))
    byline, authors = _authors(head, linked, tree, names, title or "")
    stated = _first_date([linked.published, *head.all(PUBLISHED)], captured_at)
    canonical = _join(base, head.links.get("canonical") or head.first("og:url") or "")
    return Metadata(
        title=title,
        byline=byline,
        authors=authors,
        date_published=stated or _shown_date(tree, url, captured_at),
        date_modified=_first_date([linked.modified, *head.all(MODIFIED)], captured_at),
        canonical_url=canonical,
        site_name=site,
        description=head.first("og:description", "description", "twitter:description") or linked.description,
        image_url=_join(base, head.first(*IMAGES) or linked.image or ""),
        tags=_tags(head, linked),
        categories=_unique(linked.sections or tuple(head.all(SECTIONS))),
        language=language_tag(head.lang) or language_tag(head.first("og:locale", "content-language", "language", "dc.language") or ""),
        license=_join(base, head.links.get("license") or linked.license or "") or head.first("dcterms.license", "dc.license"),
        free_access=_free_access(head, linked),
        page_title=head.title,
        dated=stated is not None,
    )


def _title(head: Head, linked: Linked, tree: HtmlElement, names: tuple[str, ...], host: str) -> str | None:
    """The headline; JSON-LD's only where it shares words with the page's own title, since related articles are described there too."""
    shown = head.first("og:title", "twitter:title") or head.title
    own = without_site(shown, names, host) if shown else ""
    headline = without_site(linked.headline, names, host) if linked.headline else ""
    if headline and (not own or _akin(headline, own) or _akin(headline, head.title)):
        return headline
    if own:
        heading = next((h for h in _headings(tree) if len(h) >= 0.4 * len(own) and squash(h) and squash(own).startswith(squash(h))), None)
        return heading or own
    return headline or head.first("citation_title", "dc.title", "parsely-title") or next(_headings(tree), None)


def _headings(tree: HtmlElement) -> Iterator[str]:
    return (text for h in tree.iter("h1") if (text := one_line("".join(h.itertext()), 500)))


def _akin(one: str, other: str) -> bool:
    a, b = squash(one), squash(other)
    words = set(one.lower().split())
    return bool(a and b) and (a in b or b in a or len(words & set(other.lower().split())) * 3 >= len(words))


def _bare_host(url: str) -> str:
    """The host less ``www.`` and without its public suffix's second label (``co.uk``): what a site is called in its titles."""
    labels = host_of(url).removeprefix("www.").split(".")
    if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2:
        labels = [*labels[:-2], labels[-1]]
    return ".".join(labels[-2:])


def _authors(head: Head, linked: Linked, tree: HtmlElement, names: tuple[str, ...], title: str) -> tuple[str | None, tuple[str, ...]]:
    """The byline as written and the names in it. A site named as its own author is one only where no person is named anywhere."""
    lines = [line for line in head.all(AUTHORS) if not re.match(r"https?:|www\.", line)]
    for written, excluded in ((linked.authors, names), (lines, names), (None, names), (linked.authors, ())):
        # Looking for the line that readers see costs a pass over the page, so only where the head names nobody.
        shown = shown_bylines(tree) if written is None else list(written)
        named = [names_part(s) for s in shown] if written is None else shown
        authors = clean_names([n for line in named for n in split_names(line)], excluded, title)
        if authors:
            return ", ".join(shown)[:300], authors
    return None, ()


def _shown_date(tree: HtmlElement, url: str, captured_at: datetime) -> str | None:
    times = [e.get("datetime") or e.get("content") for e in _PUBLISHED_TIME(tree)]
    return _first_date(times, captured_at) or date_in_page(tree, url, captured_at)


def _first_date(values: list[str | None], latest: datetime) -> str | None:
    return next((date for v in values if (date := iso_date(v, latest))), None)


def _tags(head: Head, linked: Linked) -> tuple[str, ...]:
    listed = [p for line in head.all(KEYWORDS) for p in re.split(r"[,;，、]", line)]
    return _unique((*linked.keywords, *head.all(TAGS), *listed))


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for value in values:
        plain = value.strip()[:200]
        if plain:
            kept.setdefault(plain.casefold(), plain)
    return tuple(kept.values())[:100]


def _free_access(head: Head, linked: Linked) -> bool | None:
    if linked.free_access is not None:
        return linked.free_access
    return {"free": True, "metered": False, "locked": False}.get((head.first("article:content_tier") or "").lower())


def language_tag(value: str) -> str | None:
    """A language as a page declares it, reduced to a BCP 47 tag: ``en_US.UTF-8`` becomes ``en-US``; None when it is none."""
    found = _LANGUAGE.match(value.strip())
    if not found or found[1].lower() in ("und", "mul", "zxx", "xx"):
        return None
    language, script, region = found.groups()
    return "-".join(p for p in (language.lower(), script and script.title(), region and region.upper()) if p)


def _join(base: str, address: str) -> str | None:
    """An absolute http(s) address, or None."""
    if not address:
        return None
    try:
        joined = urljoin(base, address.strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return one_line(joined.replace("&", "&amp;"), 4000)
