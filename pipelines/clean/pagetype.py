"""What kind of page it is: by JSON-LD, Open Graph, body classes, generator and address, and by how much of its text is links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.clean.head import Head
from pipelines.clean.jsonld import Linked


class PageType(StrEnum):
    """The values of ``page_type`` in ``warcite.document/1``."""

    ARTICLE = "article"
    LIVE_BLOG = "live-blog"
    FRONT_PAGE = "front-page"
    LISTING = "listing"
    VIDEO = "video"
    AUDIO = "audio"
    GALLERY = "gallery"
    FORUM = "forum"
    PRODUCT = "product"
    PROFILE = "profile"
    DOCUMENTATION = "documentation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Traits:
    """What markup and head say about the kind of page, before anything is known of its text."""

    kinds: frozenset[str] = frozenset()  # JSON-LD types of the page itself
    og_type: str = ""
    generator: str = ""
    body: str = ""  # classes and id of the body
    articles: int = 0  # article elements, at most 20
    buys: bool = False  # a price in the head, or a button that puts something into a cart
    live: bool = False  # an element that is marked up as a live blog
    published: bool = False  # the head gives a publication date under a name for articles


_NEWS = frozenset(
    {
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "Report",
    }
    | {
        "Article",
        "BlogPosting",
        "ScholarlyArticle",
        "MedicalScholarlyArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "Recipe",
        "Review",
    }
)
_BY_KIND = (
    (PageType.LIVE_BLOG, frozenset({"LiveBlogPosting"})),
    (PageType.FORUM, frozenset({"DiscussionForumPosting", "QAPage"})),
    (PageType.DOCUMENTATION, frozenset({"TechArticle", "APIReference"})),
    (PageType.ARTICLE, _NEWS),
    (PageType.PRODUCT, frozenset({"Product", "ProductGroup", "IndividualProduct", "Book", "SoftwareApplication", "Vehicle"})),
    (PageType.PROFILE, frozenset({"ProfilePage"})),
    (PageType.GALLERY, frozenset({"ImageGallery", "MediaGallery"})),
    (PageType.AUDIO, frozenset({"PodcastEpisode", "RadioEpisode", "PodcastSeries", "MusicRecording", "MusicAlbum"})),
    (PageType.VIDEO, frozenset({"TVEpisode", "Movie", "Clip", "TVSeries"})),
    (PageType.LISTING, frozenset({"CollectionPage", "SearchResultsPage", "OfferCatalog"})),
)
_FORUM = re.compile(
    r"phpbb|vbulletin|xenforo|discourse|nodebb|flarum|simple machines|mybb|invision|vanilla forums|fluxbb|woltlab|burning board",
    re.IGNORECASE,
)
_MANUAL = re.compile(
    r"sphinx|mkdocs|docusaurus|gitbook|javadoc|rustdoc|doxygen|vitepress|vuepress|readme\.io|mdbook|antora|docsify|docfx|hugo.*docsy"
    r"|asciidoctor",
    re.IGNORECASE,
)
_FORUM_URL = re.compile(
    r"^(?:forums?|boards?|community|discuss|discourse|bbs)\.|/(?:forums?|boards?|bbs)(?:/|\.php)"
    r"|/(?:threads?|topics?|discussions?|questions|thread|t|d|comments|s)"
    r"/[\w.-]*\d|(?:showthread|viewtopic|viewthread|topic)[.,?=-]|[?&](?:topic|thread|tid)=\d",
    re.IGNORECASE,
)
_MANUAL_URL = re.compile(
    r"^(?:docs?|help|support|manual|api|wiki|man|devdocs|kb)\.|\.readthedocs\."
    r"|/(?:docs?|documentation|manual|reference|api|handbook|wiki|man|javadoc|apidocs"
    r"|en/latest|en/stable|tutorial)(?:/|$)",
    re.IGNORECASE,
)
_MANUAL_HOST = re.compile(r"^(?:docs?|devdocs|man|help|support)\.|\.readthedocs\.|^developers?\.[^/]+/.*docs?/", re.IGNORECASE)
_LISTING_URL = re.compile(
    r"/(?:categor(?:y|ies|ia|ie)|kategorie|tags?|search|suche|archives?|archiv|collections?|browse|catalog(?:ue)?|themen|rubrik|c|cat"
    r"|plp|subcategory)"
    r"(?:/[\w%.-]+){0,3}/?$|[?&](?:q|s|query|search|page|category|c)=|/page/\d+/?$",
    re.IGNORECASE,
)
_MAYBE_LISTING_URL = re.compile(
    r"/(?:topics?|shop|section|b|department|products?|latest|all|jobs|issues|news|blog|parts|directory)(?:/[\w%-]+){0,2}/?$", re.IGNORECASE
)
_STORY_URL = re.compile(
    r"/(?:blogs?|news|articles?|artikel|story|stories|posts?|insights?|magazin\w*|actualit\w*|noticias?|nachrichten|nyheter|aktuell\w*"
    r"|meldung\w*|learn|resources|press\w*"
    r"|columnists?|opinion|politi\w+|sport|kultur\w*)/|/20\d\d/",
    re.IGNORECASE,
)
_PRODUCT_URL = re.compile(r"/(?:products?|p|dp|item|itm|produkt|produit|producto|prod|pd)/[^/]+", re.IGNORECASE)
_PROFILE_URL = re.compile(r"/(?:authors?|autor|profiles?|users?|members?|people|staff|u)/[^/]+/?$|^/@[\w.-]+/?$", re.IGNORECASE)
_VIDEO_URL = re.compile(
    r"(?:^|\.)(?:youtube\.com/watch|youtu\.be/|vimeo\.com/\d|dailymotion\.com/video)|/(?:videos?|watch)/[^/]+", re.IGNORECASE
)
_AUDIO_URL = re.compile(r"/(?:podcasts?|audio|episodes?)/[^/]+", re.IGNORECASE)
_GALLERY_URL = re.compile(
    r"/(?:galler(?:y|ies)|galerie|photo-?gallery|photos|fotostrecke|bildergalerie|bilder|diaporama|slideshows?|fotogalerie|galeria"
    r"|photo-?essays?|in-pictures)[/_-]",
    re.IGNORECASE,
)
_LIVE_URL = re.compile(
    r"/live/[^/]+|[/-]live-?(?:blog|ticker|updates?|news|coverage)\b|-live-\d|liveblog|newsblog|/en-direct/|minuto-a-minuto", re.IGNORECASE
)
_LISTING_BODY = re.compile(
    r"(?:^|\s)(?:archive|category|tag|search-results|search|tax-[\w-]+|post-type-archive|page-type-category|catalog-category-view"
    r"|template-collection|collection"
    r"|woocommerce-shop|page-products)(?:\s|$)",
    re.IGNORECASE,
)
_PRODUCT_BODY = re.compile(
    r"(?:^|\s)(?:single-product|catalog-product-view|template-product|product-page|product-template[\w-]*|page-product)(?:\s|$)",
    re.IGNORECASE,
)
_WORD_BREAK = re.compile(r"[-_]")
_STATIC_BODY = re.compile(r"(?:^|\s)page(?:\s|$|-template|-id-)", re.IGNORECASE)
_SINGLE_BODY = re.compile(r"(?:^|\s)(?:single|postid-\d+|node-type-(?:article|news|story|blog)|article-page|is-single)", re.IGNORECASE)
_ROOT = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default|start|main)(?:\.\w{2,5})?/?)?$", re.IGNORECASE)
_CART = re.compile(
    r"add[\s_-]?to[\s_-]?(?:cart|bag|basket)|in den (?:warenkorb|einkaufswagen)|ajouter au panier|añadir al carrito|buy[\s_-]?now",
    re.IGNORECASE,
)
_LIVE_CLASS = re.compile(r"(?:^|[\s_-])live-?(?:blog|ticker|event|feed|updates?)", re.IGNORECASE)
_MANY, _SOME_LINKED, _LINKED, _MOSTLY_LINKED = 4, 0.3, 0.5, 0.7
_FEW_WORDS, _SOME_WORDS, _LONG_TEXT = 120, 250, 600


def read_traits(tree: HtmlElement, head: Head, linked: Linked) -> Traits:
    """One short look at the markup."""
    body = tree.find("body")
    return Traits(
        kinds=frozenset(linked.kinds),
        og_type=(head.first("og:type") or "").lower(),
        generator=head.first("generator") or "",
        body=f"{body.get('class') or ''} {body.get('id') or ''}"[:2000] if body is not None else "",
        articles=sum(1 for _ in islice(tree.iter("article"), 20)),
        buys=head.first("product:price:amount", "og:price:amount") is not None or _sells(tree),
        live=any(_is_live(e.get("class")) for e in islice(tree.iter("article", "main", "section", "div"), 120)),
        published=head.first("article:published_time", "parsely-pub-date", "sailthru.date", "citation_publication_date") is not None,
    )


def page_type(traits: Traits, url: str, *, words: int, link_share: float, dated: bool = False, signed: bool = False) -> PageType:
    """The kind of a page fetched from ``url`` (after redirects).

    ``words`` are those of the clean text; ``link_share`` (0 to 1) is the share of the words of the page's body that stand in links;
    ``dated`` and ``signed`` say that a publication date and an author were found, wherever.
    """
    place, path = _place(url)
    told = _told(traits, place)
    if _ROOT.fullmatch(path) and "?" not in place and told not in (PageType.ARTICLE, PageType.LIVE_BLOG, PageType.PRODUCT):
        return PageType.FRONT_PAGE
    if told is None or told is PageType.ARTICLE:
        told = _by_medium(traits, place, words) or told
    if told is not None:
        return told
    if _is_story(traits, path, words=words, link_share=link_share, dated=dated, signed=signed):
        return PageType.ARTICLE
    return _by_address(traits, place, path, words=words, link_share=link_share)


def _told(traits: Traits, place: str) -> PageType | None:
    """What the page says of itself: by the system that made it, in JSON-LD, Open Graph and body classes; forums also by their addresses."""
    listed = _LISTING_BODY.search(traits.body) is not None
    og_type = traits.og_type
    by_kind = next((kind for kind, names in _BY_KIND if traits.kinds & names and not (kind is PageType.PRODUCT and listed)), None)
    sold = og_type.startswith(("product", "og:product", "ebay-objects", "book")) and "group" not in og_type
    signs = (
        (PageType.FORUM, _FORUM.search(traits.generator)),
        (PageType.DOCUMENTATION, _MANUAL.search(traits.generator)),
        (by_kind, by_kind),
        (PageType.PRODUCT, sold or _PRODUCT_BODY.search(traits.body)),
        (PageType.FORUM, _FORUM_URL.search(place)),
        (PageType.ARTICLE, traits.published and og_type in ("article", "") and not listed),
        (PageType.VIDEO, og_type.startswith("video")),
        (PageType.AUDIO, og_type.startswith("music")),
        (PageType.PROFILE, og_type == "profile"),
    )
    return next((kind for kind, holds in signs if holds), None)


def _by_medium(traits: Traits, place: str, words: int) -> PageType | None:
    """What publishers file as an article too: a live blog, a gallery, a video or a recording with a few words."""
    if traits.live and _LIVE_URL.search(place):
        return PageType.LIVE_BLOG
    if words < _FEW_WORDS and ("VideoObject" in traits.kinds or _VIDEO_URL.search(place)):
        return PageType.VIDEO
    if words < _FEW_WORDS and ("AudioObject" in traits.kinds or _AUDIO_URL.search(place)):
        return PageType.AUDIO
    if words < _SOME_WORDS and _GALLERY_URL.search(place):
        return PageType.GALLERY
    return PageType.DOCUMENTATION if _MANUAL_HOST.search(place) else None


def _is_story(traits: Traits, path: str, *, words: int, link_share: float, dated: bool, signed: bool) -> bool:
    """Enough to read, and two of the marks of an article."""
    named = _is_long_name(path)
    if words < _FEW_WORDS or _LISTING_BODY.search(traits.body) or (_LISTING_URL.search(path) and not named):
        return False
    if link_share >= (_MOSTLY_LINKED if words >= _LONG_TEXT else _LINKED) and not named:
        return False
    if _STATIC_BODY.search(traits.body) and not _SINGLE_BODY.search(traits.body) and not (dated and signed):
        return False
    marks = (
        traits.og_type == "article" and words >= _SOME_WORDS,
        traits.articles == 1,
        dated,
        signed,
        named,
        _STORY_URL.search(path) is not None,
        _SINGLE_BODY.search(traits.body) is not None,
    )
    return sum(marks) >= 2


def _by_address(traits: Traits, place: str, path: str, *, words: int, link_share: float) -> PageType:
    """By the shape of the address and of the text, where nothing else tells."""
    few = words < _SOME_WORDS
    some_links, many_links = link_share >= _SOME_LINKED, link_share >= _LINKED
    signs = (
        (PageType.LISTING, _LISTING_BODY.search(traits.body) or _LISTING_URL.search(place) or "group" in traits.og_type),
        (PageType.PROFILE, _PROFILE_URL.search(path)),
        (PageType.VIDEO, few and _VIDEO_URL.search(place)),
        (PageType.PRODUCT, traits.buys and _PRODUCT_URL.search(path)),
        (PageType.DOCUMENTATION, words >= _FEW_WORDS and not many_links and _MANUAL_URL.search(place)),
        (PageType.LISTING, "ItemList" in traits.kinds or many_links or (some_links and traits.articles >= _MANY)),
        (PageType.LISTING, (some_links or few) and _MAYBE_LISTING_URL.search(place)),
    )
    return next((kind for kind, holds in signs if holds), PageType.OTHER)


def _is_long_name(path: str) -> bool:
    """Whether the last segment is a headline: four words or more."""
    return sum(1 for word in _WORD_BREAK.split(path.rstrip("/").rpartition("/")[2]) if word) >= 4


def _place(url: str) -> tuple[str, str]:
    """Host, path and query of an address, without ``www.``; and the path alone."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}{'?' + parts.query if parts.query else ''}", parts.path


def _is_live(classes: str | None) -> bool:
    return classes is not None and "ive" in classes and _LIVE_CLASS.search(classes) is not None


def _sells(tree: HtmlElement) -> bool:
    return any(
        _CART.search(f"{b.get('class')} {b.get('name')} {b.get('id')} {(b.text or '')[:60]}")
        for b in islice(tree.iter("button", "input"), 60)
    )
