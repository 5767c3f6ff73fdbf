"""HTML of the invented press: an article amid its publisher's navigation, appeals and comments, and the pages that are none."""

from __future__ import annotations

import json
from html import escape
from string import Template

from crawler.demo.press import HERE, Article, Publisher, articles


def article(story: Article) -> bytes:
    """The story in its publisher's layout and charset."""
    template = Template((HERE / "templates" / f"{story.publisher.id}.html").read_text(encoding="utf-8"))
    html = template.substitute(
        charset=story.publisher.charset,
        site=escape(story.publisher.name),
        url=escape(story.url),
        path=escape(story.path),
        title=escape(story.title),
        description=escape(story.description),
        author=escape(story.author),
        published=story.published,
        modified=story.modified,
        day=story.published[:10],
        section=escape(story.section),
        tags=escape(", ".join(story.tags)),
        caption=escape(story.caption),
        paragraphs="\n".join(f"<p>{escape(p, quote=False)}</p>" for p in story.paragraphs),
        teasers=_teasers(story),
        jsonld=_json_ld(story),
    )
    return html.encode(story.publisher.charset)


def _teasers(story: Article) -> str:
    others = [a for a in articles().values() if a.publisher == story.publisher and a != story]
    return "".join(
        f'<div class="teaser"><a href="{escape(a.path)}">{escape(a.title)}</a><p>{escape(a.description)}</p></div>' for a in others
    )


def _json_ld(story: Article) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.description,
        "datePublished": story.published,
        "dateModified": story.modified,
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": story.publisher.name},
        "articleSection": story.section,
        "keywords": list(story.tags),
        "mainEntityOfPage": story.url,
    }
    return json.dumps(data, ensure_ascii=False)


def front_page(publisher: Publisher) -> bytes:
    stories = [a for a in articles().values() if a.publisher == publisher]
    items = "".join(f'<li><a href="{escape(a.path)}">{escape(a.title)}</a><p>{escape(a.description)}</p></li>' for a in stories)
    return _plain(publisher.name, f"<p>News from the bay, every day.</p><ul>{items}</ul>").encode(publisher.charset)


def not_found() -> bytes:
    return _plain(
        "Page not found", "<p>The page you are looking for does not exist or has moved.</p><p><a href='/'>Go to the front page</a></p>"
    ).encode()


def removed() -> bytes:
    return _plain("Gone", "<p>This article has been removed.</p>").encode()


def challenge() -> bytes:
    return _plain(
        "Just a moment...",
        "<p>Checking your browser before accessing the site. Please enable JavaScript and cookies to continue.</p>"
        "<form id='challenge-form' action='/cdn-cgi/challenge' method='post'><input type='hidden' name='token' value='0'></form>",
    ).encode()


def unavailable() -> bytes:
    return _plain("503 Service Unavailable", "<p>We are busy. Please try again in a moment.</p>").encode()


def _plain(title: str, body: str) -> str:
    return (
        f"<!DOCTYPE html>\n<html lang='en'><head><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
