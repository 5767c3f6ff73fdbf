"""Whether comments are about the page they stand on, or shown there to lead to others."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.clean.comments.notices import is_notice

_MAX_LINKS = 400
_ANCHOR = re.compile(
    r"(?:div-|li-)?(?:comm?ent|kommentar|c|cmt|reply|post|reactie|comentario|commentaire)[\w-]*\d|(?:comments|kommentare|disqus_thread)$",
    re.IGNORECASE,
)
_NEUTRAL_PATH = re.compile(r"/(?:comments?|node|permalink)/[\d/]*$|^(?:https?:)?//[^/]*/?(?:index\.php)?(?:\?|$)", re.IGNORECASE)
_PAGING = re.compile(r"/comment-page-\d+|/amp\b|\.html?$|/$|/page/\d+")
_ONLY_A_TITLE = re.compile(
    r"(?:on|bei|zu|in|sur|dans|en|su|a|op|på|om|til|di|pada|к|на|w|u|v|do|em|about|commented on|über)\s+\S", re.IGNORECASE
)
_TITLE_SIZE, _TITLE, _FEW = 200, 20, 5


def links_of(element: HtmlElement, url: str) -> tuple[int, list[str]]:
    """How many links to single comments stay on this page, and the pages that the others lead to."""
    own = 0
    others: list[str] = []
    here = _page(url)
    for link in islice(element.iter("a"), _MAX_LINKS):
        page, hash_mark, anchor = (link.get("href") or "").strip()[:2000].partition("#")
        if not hash_mark or not _ANCHOR.match(anchor):
            continue
        there = _page(page)
        if not page or there == here or there is None:
            own += 1
        elif not _NEUTRAL_PATH.search(page):
            others.append(there)
    return own, others


def _page(address: str) -> str | None:
    """The last part of the path, that tells one page of a site from another."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return None
    return "/" + _PAGING.sub("", _PAGING.sub("", path.strip())).rpartition("/")[2]


def stands_by_title(comment: HtmlElement) -> bool:
    """Whether a link beside a comment is long enough to be the title of another story."""
    parent = comment.getparent()
    links = (link for link in (() if parent is None else parent) if link.tag == "a")
    return any(len(" ".join("".join(link.itertext()).split())) >= _TITLE and not is_notice(link.text or "") for link in islice(links, _FEW))


def says_only_where(text: str) -> bool:
    """Whether a text could be no more than "on" and the title of what was commented on."""
    return len(text) <= _TITLE_SIZE and "\n" not in text and _ONLY_A_TITLE.match(text) is not None
