"""What a page says about itself: title, authors, dates, language and so on, by our own pass over it.

Order of trust: JSON-LD, Open Graph and its kin, plain meta elements, the lines around the headline, elements marked up as author or date.
htmldate is asked only where an article shows no date in any of these: it costs more than all of this together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.clean.authorship import authorship
from pipelines.clean.characters import one_line
from pipelines.clean.evidence import Evidence, read_evidence
from pipelines.clean.headlines import title_of
from pipelines.clean.opening import Opening
from pipelines.clean.pagetype import Traits, read_traits
from pipelines.clean.publication import modified_date, shown_date, stated_date
from pipelines.clean.vocabulary import IMAGES, KEYWORDS, SECTIONS, TAGS

_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z0-9])")


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
    stated_words: int | None = None  # how many words the publisher says the article has
    traits: Traits = field(default_factory=Traits)  # what tells the kind of page


def read_metadata(tree: HtmlElement, url: str, captured_at: datetime) -> Metadata:
    """Metadata of a page fetched from ``url``; no date it names may lie after ``captured_at``."""
    evidence = read_evidence(tree, url, captured_at)
    head, linked = evidence.head, evidence.linked
    base = _join(url, head.base) or url
    title, heading = title_of(evidence)
    opening = Opening(heading)
    byline, authors = authorship(evidence, opening, title or "")
    language = language_tag(head.lang) or language_tag(head.first("og:locale", "content-language", "language", "dc.language") or "")
    stated = stated_date(evidence, opening, language)
    return Metadata(
        title=title,
        byline=byline,
        authors=authors,
        date_published=stated or shown_date(evidence, opening, language),
        date_modified=modified_date(evidence),
        canonical_url=_join(base, head.links.get("canonical") or head.first("og:url") or ""),
        site_name=one_line(head.first("og:site_name") or linked.publisher or head.first("application-name") or "", 200) or None,
        description=head.first("og:description", "description", "twitter:description") or linked.description,
        image_url=_join(base, head.first(*IMAGES) or linked.image or ""),
        tags=_tags(evidence),
        categories=_unique(linked.sections or tuple(head.all(SECTIONS))),
        language=language,
        license=_join(base, head.links.get("license") or linked.license or "") or head.first("dcterms.license", "dc.license"),
        free_access=_free_access(evidence),
        page_title=head.title,
        dated=stated is not None,
        stated_words=linked.words,
        traits=read_traits(tree, head, linked),
    )


def _tags(evidence: Evidence) -> tuple[str, ...]:
    listed = [p for line in evidence.head.all(KEYWORDS) for p in re.split(r"[,;，、]", line)]
    return _unique((*evidence.linked.keywords, *evidence.head.all(TAGS), *listed))


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for value in values:
        plain = value.strip()[:200]
        if plain:
            kept.setdefault(plain.casefold(), plain)
    return tuple(kept.values())[:100]


def _free_access(evidence: Evidence) -> bool | None:
    if evidence.linked.free_access is not None:
        return evidence.linked.free_access
    return {"free": True, "metered": False, "locked": False}.get((evidence.head.first("article:content_tier") or "").lower())


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
