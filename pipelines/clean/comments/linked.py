"""Comments that a page lists in its JSON-LD (schema.org Comment, Answer)."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from archive.model import Comment
from pipelines.clean.characters import one_line
from pipelines.clean.comments.lines import lines_of, no_comment, written_by
from pipelines.clean.comments.moments import read_moment
from pipelines.clean.comments.survey import Survey

MAX_SCRIPT = 2_000_000
_MAX_COMMENTS, _MAX_NODES = 5000, 50_000
_COMMENT = frozenset(("comment",))
_ANSWERS = _COMMENT | {"suggestedAnswer", "acceptedAnswer"}
_NAMED = re.compile(r'"(?:comment|suggestedAnswer|acceptedAnswer)"\s*:\s*[\[{]')
_QUESTION = re.compile(r'"@type"\s*:\s*\[?\s*"QAPage"')
_OWN_QUESTIONS = re.compile(r'"FAQPage"')
_FORUM = re.compile(r'"@type"\s*:\s*\[?\s*"(?:DiscussionForumPosting|QAPage)"')
_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|LiveBlogPosting|Product|Recipe)"')
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def linked_comments(found: Survey) -> tuple[list[Comment], bool]:
    """The comments and answers, and whether the page declares itself a forum thread or a question and nothing else."""
    scripts = [
        text
        for script in found.asides
        if script.tag == "script" and "ld+json" in (script.get("type") or "").lower() and (text := script.text) and len(text) <= MAX_SCRIPT
    ]
    named = [text for text in scripts if any(f'"{key}"' in text for key in _ANSWERS) and _NAMED.search(text)]
    if not named:
        return [], False
    comments = [comment for text in named for comment in _comments(_load(text), _keys(text))]
    forum = any(_FORUM.search(text) for text in scripts) and not any(_ARTICLE.search(text) for text in scripts)
    return comments[:_MAX_COMMENTS], forum


def _keys(text: str) -> frozenset[str]:
    """Answers are readers' on a page of questions and answers; those of a FAQPage are the publisher's own."""
    return _ANSWERS if _QUESTION.search(text) and not _OWN_QUESTIONS.search(text) else _COMMENT


def _load(text: str) -> Any:
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _comments(data: Any, keys: frozenset[str]) -> list[Comment]:
    found: list[Comment] = []
    todo: list[tuple[Any, int]] = [(data, -1)]
    seen = 0
    while todo and seen < _MAX_NODES:
        node, depth = todo.pop()
        seen += 1
        if isinstance(node, list):
            todo += [(item, depth) for item in reversed(node)]
        elif isinstance(node, dict):
            comment = _comment(node, depth) if depth >= 0 else None
            if comment is not None:
                found.append(comment)
            for key, value in reversed(node.items()):
                if key in keys:
                    todo.append((value, depth + 1))
                elif depth < 0 and isinstance(value, dict | list):
                    todo.append((value, -1))
    return found


def _comment(node: dict[str, Any], depth: int) -> Comment | None:
    text = node.get("text") or node.get("commentText") or node.get("articleBody")
    if not isinstance(text, str):
        return None
    plain = "\n".join(lines_of([html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text)))]))
    if not plain or no_comment(plain):
        return None
    dates = [value for key in ("dateCreated", "datePublished", "dateModified") if isinstance(value := node.get(key), str)]
    return Comment(_author(node.get("author") or node.get("creator")), read_moment(dates), plain, depth, "this")


def _author(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return written_by(one_line(value)) if isinstance(value, str) else None
