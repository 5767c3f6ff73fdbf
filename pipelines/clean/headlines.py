"""The headline: what the head of a page says it is, checked against the headings that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from unicodedata import combining, normalize
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipelines.clean.characters import one_line
from pipelines.clean.evidence import Evidence
from pipelines.clean.titles import ADDED, CLOSES_START, OPENS_REST, Site, squash, without_site
from pipelines.clean.vocabulary import TITLES, WEAK_TITLES

_ELSEWHERE = frozenset({"nav", "aside", "footer", "form", "dialog", "template", "noscript"})
_OWN_ASIDE = re.compile(r"meta|byline|author|submitted|entry|node|info|header|date", re.IGNORECASE)
_ELSEWHERE_CLASS = re.compile(
    r"(?<!no-)(?<!with-)(?<!has-)(?:breadcrumb|related|recommend|sidebar|comment|newsletter|cookie|consent|popup|teaser"
    r"|(?<![a-z])(?:modal|logo)(?![a-z])|(?<!post-)(?<!entry-)(?<!article-)footer)",
    re.IGNORECASE,
)
_TITLE_CLASS = re.compile(r"title|headline|heading|entry|post|article|story|hero", re.IGNORECASE)
_INLINE = frozenset({"em", "i", "b", "strong", "wbr", "abbr", "sup", "sub", "mark", "q", "cite", "font", "u"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"\w+")
_SLUG_WORD = re.compile(r"[^\W\d_]{3,}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})
_MAX_HEADINGS, _MAX_PARTS, _MAX_ANCESTORS, _NEAR, _MAX_SEARCHED = 12, 6, 12, 5, 60
_MIN_TITLE, _SHORT_ASIDE = 12, 60


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as readers see it; ``parts`` are the texts of its elements, such as kicker and headline."""

    element: HtmlElement
    text: str
    parts: tuple[str, ...]
    titled: bool  # its markup calls it a title, or it stands in the article


def plain_title(text: str | None) -> str:
    """A title on one line, without soft hyphens and other marks that only a renderer needs."""
    return one_line(_INVISIBLE.sub("", text), 500) if text else ""


def headline(
    tree: HtmlElement, strong: Iterable[str | None], weak: Iterable[str | None], site: Site, url: str
) -> tuple[str, HtmlElement] | None:
    """The headline that both the head and a heading of the page give, with that heading; None where they do not agree.

    ``strong`` are the head's titles, the most trusted first (JSON-LD, Open Graph, title element); ``weak`` are those that many pages fill
    with something else. A heading agrees when it is one of them, when a longer one adds a section or a site to it, or when it has words of
    the address.
    """
    known = _Known([t for s in strong if (t := plain_title(s))], [t for s in weak if (t := plain_title(s))], site)
    first = [h for h in shown_headings(tree, "h1") if not site.is_named(h.text)]
    second = (h for h in shown_headings(tree, "h2") if len(h.text.split()) > 2)
    for headings, agree in ((first, known.same), (second, known.same), (first, known.within_longer)):
        for heading in headings:
            if text := agree(heading):
                return text, heading.element
    return next(((h.text, h.element) for h in first[:1] if known.alike(h, url)), None)


def title_of(evidence: Evidence) -> tuple[str | None, HtmlElement | None]:
    """The headline, and the heading that shows it.

    JSON-LD's unseen one counts only where it shares words with the page's own title, since related articles are described there too.
    """
    head, site = evidence.head, evidence.site
    given = [evidence.linked.headline, *(head.first(n) for n in TITLES), head.title]
    if found := headline(evidence.tree, given, [head.first(n) for n in WEAK_TITLES], site, evidence.url):
        return found
    own = without_site(plain_title(head.first("og:title", "twitter:title") or head.title), site)
    described = without_site(plain_title(evidence.linked.headline), site)
    if described and (not own or _akin(described, own) or _akin(described, head.title)):
        own = described
    title = _shortest_known(own, given) or described or head.first("citation_title", "dc.title", "parsely-title")
    heading = heading_of(evidence.tree, title)
    return title or (plain_title("".join(heading.itertext())) if heading is not None else None) or None, heading


def _shortest_known(own: str, given: list[str | None]) -> str:
    """``own``, or another of the head's titles that it is with a section or a site added."""
    others = [t for g in given if (t := plain_title(g)) and len(t) >= _MIN_TITLE]
    return next((t for t in others if own.startswith(t) and ADDED.match(own[len(t) :])), own)


def _akin(one: str, other: str) -> bool:
    a, b = squash(one), squash(other)
    words = set(one.lower().split())
    return bool(a and b) and (a in b or b in a or len(words & set(other.lower().split())) * 3 >= len(words))


class _Known:
    """The head's titles, as written and less the site's name."""

    def __init__(self, strong: list[str], weak: list[str], site: Site) -> None:
        self.written = [*strong, *weak]
        self.plain = [without_site(t, site) for t in self.written]
        self.short = {squash(t): t for t in reversed(self.plain)}
        self.long = {squash(w): p for w, p in reversed(list(zip(self.written, self.plain, strict=True)))}
        self.first = squash(self.plain[0]) if self.plain else ""

    def same(self, heading: Heading) -> str | None:
        """A part of the heading that is one of the titles (the rest is a kicker), the whole heading when it is one, or its first part."""
        whole, several = squash(heading.text), len(heading.parts) > 1
        for part in heading.parts[1:] if several else ():
            if len(part) > 12 and squash(part) in self.short:
                return part
        if whole in self.short and (whole == self.first or len(heading.text.split()) > 1):
            return self.short[whole] if several else heading.text
        if whole in self.long:
            return self.long[whole]
        if several and len(heading.parts[0]) > 12 and squash(heading.parts[0]) in self.short:
            return heading.parts[0]
        return None

    def within_longer(self, heading: Heading) -> str | None:
        """The heading, or a part of it, where a title is that and a section or a site, parted by a bar or a colon."""
        for text in dict.fromkeys((heading.text, *heading.parts)):
            if len(squash(text)) < 4 or (text != heading.text and " " not in text):
                continue
            for title in (*self.plain, *self.written):
                rest = title[len(text) :]
                if title.startswith(text) and OPENS_REST.match(rest) and squash(rest) not in self.short:
                    return text
                if title.endswith(text) and " " in text and CLOSES_START.search(title[: -len(text)]):
                    return text
        return None

    def alike(self, heading: Heading, url: str) -> bool:
        """Whether a heading that is marked up as a title has half of the words of the address: editors reword titles, rarely addresses."""
        whole = squash(heading.text)
        if any(s in whole for s, title in self.short.items() if title.count(" ") > 1):
            return False  # the heading says more than the title: a date, a section, a number of comments
        words = {f for w in _WORD.findall(heading.text.lower()) for f in (_folded(w), _folded(w.translate(_UMLAUTS)))}
        slug = {_folded(w) for w in _slug_words(url)}
        return heading.titled and len(words) >= 2 and bool(slug) and 2 * len(slug & words) >= len(slug)


def shown_headings(tree: HtmlElement, level: str) -> Iterator[Heading]:
    """The first headings of a level that do not belong to navigation, side rails, forms or the footer."""
    for element in islice(tree.iter(level), _MAX_HEADINGS):
        text = plain_title("".join(islice(element.itertext(), 200)))
        if text and not stands_elsewhere(element):
            parts = tuple(t for p in islice(_parts(element), _MAX_PARTS) if (t := plain_title(p)))
            yield Heading(element, text, parts, _is_titled(element))


def heading_of(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """The heading that shows a title, of whatever level; else the first one of the highest level."""
    wanted = squash(title or "")
    for element in islice(tree.iter("h1", "h2", "h3", "h4", "h5"), _MAX_SEARCHED) if wanted else ():
        text = squash("".join(islice(element.itertext(), 50))[:600])
        if text == wanted or (_MIN_TITLE < 0.6 * len(wanted) <= len(text) and (text in wanted or wanted in text)):
            return element
    first = next(shown_headings(tree, "h1"), None)
    return first.element if first else None


def _parts(element: HtmlElement) -> Iterator[str]:
    """The texts of child elements, and of loose runs between them; markup within a sentence does not part it."""
    run = [element.text or ""]
    for child in element:
        if child.tag in _INLINE or not isinstance(child.tag, str):
            run.append("".join(islice(child.itertext(), 100)))
        else:
            yield "".join(run)
            yield "".join(islice(child.itertext(), 100))
            run = []
        run.append(child.tail or "")
    yield "".join(run)


def _is_titled(element: HtmlElement) -> bool:
    if _TITLE_CLASS.search(element.get("class") or "") or element.get("itemprop") == "headline":
        return True
    return any(a.tag in ("article", "main") for a in islice(element.iterancestors(), _MAX_ANCESTORS))


def stands_elsewhere(element: HtmlElement) -> bool:
    """Whether an element belongs to navigation, a side rail, a form, comments or the footer."""
    current: HtmlElement | None = element
    for level in range(_MAX_ANCESTORS):
        if current is None or current.tag in ("body", "article", "main", "html"):
            return False
        # Farther up, such a class is that of a layout ("mainwrap sidebar"), not of the side rail itself.
        if current.tag in _ELSEWHERE if level > _NEAR else is_elsewhere(current):
            return True
        current = current.getparent()
    return False


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element by itself is one of those. A footer or an aside may hold the article's own author and date."""
    classes = f"{element.get('class') or ''} {element.get('id') or ''}"
    if classes != " " and _ELSEWHERE_CLASS.search(classes):
        return True
    if element.tag in ("footer", "aside"):
        return not _OWN_ASIDE.search(classes) and sum(len(t.strip()) for t in islice(element.itertext(), 40)) > _SHORT_ASIDE
    return element.tag in _ELSEWHERE


def _slug_words(url: str) -> list[str]:
    """The words of an address's last segment, or of the last two where that is short."""
    try:
        segments = unquote(urlsplit(url).path).lower().rstrip("/").split("/")
    except ValueError:
        return []
    return _SLUG_WORD.findall(segments[-1] if len(segments[-1]) > 8 else " ".join(segments[-2:]))


def _folded(word: str) -> str:
    return "".join(c for c in normalize("NFKD", word.lower()) if not combining(c))
