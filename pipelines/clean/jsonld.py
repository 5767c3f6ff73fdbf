"""What JSON-LD says about the page's article (schema.org Article and its kinds). Bad JSON is skipped; nothing raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.clean.characters import one_line

MAX_SCRIPT = 1_000_000
"""Characters of one script; articles stay far below, and what is larger is a catalogue or an attack."""
_MAX_NODES = 2000
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Posting|Report|Review|Recipe|CreativeWork|VideoObject|Podcast\w*|Event)$")
_NEWS = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report)$")
_ORGANISATION = re.compile(r"Organi[sz]ation$|WebSite$|Corporation$")
_BEFORE = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_AFTER = ("//]]>", "// ]]>", "/*]]>*/", "]]>", "//-->", "-->", ";")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Linked:
    """The article's properties as written; strings are one-line, lists without empty members."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()  # those of the authors that are said to be no persons
    published: str | None = None
    modified: str | None = None
    publisher: str | None = None
    description: str | None = None
    image: str | None = None
    keywords: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    free_access: bool | None = None
    license: str | None = None
    words: int | None = None  # `wordCount`
    kinds: tuple[str, ...] = ()  # the types of the outermost nodes and of what they are mainly about


def read_linked(scripts: list[str], title: str) -> Linked:
    """The properties of the article among the nodes of all scripts. ``title``, the page's own, chooses between several articles."""
    loaded = [_load(script) for script in scripts]
    nodes = [node for data in loaded for node in _nodes(data)]
    kinds = tuple(dict.fromkeys(kind for data in loaded for node in _outermost(data) for kind in _kinds(node)))
    article = _article(nodes, title)
    if article is None:
        return Linked(publisher=_name_of_type(nodes, ("Organization", "NewsMediaOrganization", "WebSite")), kinds=kinds)
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    page = next((n for n in nodes if _is(n, re.compile("WebPage$")) and n is not article), {})
    creator = article.get("author") or article.get("creator")
    return Linked(
        headline=_text(article.get("headline")) or _text(article.get("name")),
        authors=tuple(dict.fromkeys(_names(creator, by_id))),
        organisations=tuple(_names([c for c in _listed(creator) if _is_organisation(c, by_id)], by_id)),
        published=_text(article.get("datePublished")) or _text(page.get("datePublished")) or _text(article.get("dateCreated")),
        modified=_text(article.get("dateModified")) or _text(page.get("dateModified")),
        publisher=next(iter(_names(article.get("publisher"), by_id)), None),
        description=_text(article.get("description")),
        image=_url(article.get("image"), by_id) or _url(article.get("thumbnailUrl"), by_id),
        keywords=_list(article.get("keywords")),
        sections=_list(article.get("articleSection"), split=False),
        free_access=_free(article),
        license=_url(article.get("license"), by_id),
        words=_count(article.get("wordCount")),
        kinds=kinds,
    )


def _load(script: str) -> Any:
    if len(script) > MAX_SCRIPT:
        return None
    try:
        return json.loads(_unwrap(script), strict=False)
    except (ValueError, RecursionError):
        return None


def _unwrap(script: str) -> str:
    """The JSON in a script that hides it in a comment or a CDATA section, or ends it like a statement."""
    script = script.strip()
    for mark in _BEFORE:
        script = script.removeprefix(mark).lstrip()
    for _ in range(2):
        for mark in _AFTER:
            script = script.removesuffix(mark).rstrip()
    return script


def _nodes(data: Any) -> Iterator[Node]:
    """Every object of a document, outermost first, without recursion."""
    level, seen = [data], 0
    while level and seen < _MAX_NODES:
        deeper: list[Any] = []
        for value in level:
            seen += 1
            if isinstance(value, dict):
                yield value
                deeper += [v for v in value.values() if isinstance(v, dict | list)]
            elif isinstance(value, list):
                deeper += value
        level = deeper[:_MAX_NODES]


def _outermost(data: Any) -> Iterator[Node]:
    """The objects a document consists of, those of its graph, and their main entities."""
    for node in _listed(data):
        if isinstance(node, dict):
            yield node
            for name in ("@graph", "mainEntity"):
                yield from (n for n in _listed(node.get(name)) if isinstance(n, dict))


def _kinds(node: Node) -> list[str]:
    declared = node.get("@type")
    return [t.rpartition("/")[2] for t in _listed(declared) if isinstance(t, str)]


def _is(node: Node, kinds: re.Pattern[str]) -> bool:
    return any(kinds.search(t) for t in _kinds(node))


def _article(nodes: list[Node], title: str) -> Node | None:
    """The node that the page is about: of several news articles the one whose headline shares most words with the title."""
    for kinds in (_NEWS, _ARTICLE):
        found = [n for n in nodes if _is(n, kinds) and (n.get("headline") or n.get("name") or n.get("datePublished"))]
        if found:
            words = set(title.lower().split())
            return max(found, key=lambda n: len(words & set((_text(n.get("headline")) or _text(n.get("name")) or "").lower().split())))
    return next((n for n in nodes if _is(n, re.compile("WebPage$")) and n.get("datePublished")), None)


def _name_of_type(nodes: list[Node], types: tuple[str, ...]) -> str | None:
    return next((name for n in nodes if n.get("@type") in types and (name := _text(n.get("name")))), None)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, str)), None)
    if isinstance(value, dict):
        value = value.get("@value")
    return (one_line(value) or None) if isinstance(value, str) else None


def _names(value: Any, by_id: dict[str, Node]) -> Iterator[str]:
    """Names of persons or organisations, given as text, as objects, as references to objects, or as lists of these."""
    for item in _listed(value):
        if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
            item = by_id.get(item["@id"], item)  # noqa: PLW2901
        names = item.get("name") if isinstance(item, dict) else item
        for name in names if isinstance(names, list) else [names]:
            if text := _text(name):
                yield text


def _listed(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else [value]


def _is_organisation(item: Any, by_id: dict[str, Node]) -> bool:
    if isinstance(item, dict) and "@type" not in item and isinstance(item.get("@id"), str):
        item = by_id.get(item["@id"], item)
    return isinstance(item, dict) and _is(item, _ORGANISATION)


def _url(value: Any, by_id: dict[str, Node]) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        if "url" not in value and isinstance(value.get("@id"), str):
            value = by_id.get(value["@id"], value)
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return _text(value)


def _list(value: Any, split: bool = True) -> tuple[str, ...]:
    items: list[str] = []
    for item in value[:200] if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str):
            items += [one_line(part, 200) for part in (name.split(",") if split else [name])]
    return tuple(i for i in items if i)


def _free(article: Node) -> bool | None:
    """As the article says itself, or not free where one of its parts is not (schema.org, "Subscription and paywalled content")."""
    stated = _truth(article.get("isAccessibleForFree"))
    parts = [_truth(p.get("isAccessibleForFree")) for p in _listed(article.get("hasPart")) if isinstance(p, dict)]
    return False if stated is None and False in parts else stated


def _count(value: Any) -> int | None:
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.strip().lower().rpartition("/")[2] if isinstance(value, str) else None
    return {"true": True, "false": False}.get(word or "")
