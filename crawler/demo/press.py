"""The invented publishers and their articles, read from ``articles.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DIGESTS = HERE / "digest"
"""The folder of the digest pages that cite this press."""


@dataclass(frozen=True, slots=True)
class Publisher:
    id: str  # also the name of its page template
    name: str
    host: str
    charset: str


@dataclass(frozen=True, slots=True)
class Article:
    """One story; ``paragraphs`` is what a reader would call its text."""

    publisher: Publisher
    path: str
    title: str
    description: str
    author: str
    published: str  # ISO 8601, as precise as this publisher writes it
    modified: str
    section: str
    tags: tuple[str, ...]
    caption: str
    paragraphs: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"http://{self.publisher.host}{self.path}"


@cache
def publishers() -> dict[str, Publisher]:
    return {id_: Publisher(id_, row["name"], row["host"], row["charset"]) for id_, row in _data()["publishers"].items()}


@cache
def articles() -> dict[str, Article]:
    """Every article by its URL."""
    return {a.url: a for a in map(_article, _data()["articles"])}


def _article(row: dict[str, Any]) -> Article:
    return Article(
        publisher=publishers()[row["publisher"]],
        path=row["path"],
        title=row["title"],
        description=row["description"],
        author=row["author"],
        published=row["published"],
        modified=row.get("modified", row["published"]),
        section=row["section"],
        tags=tuple(row["tags"]),
        caption=row["caption"],
        paragraphs=tuple(p for p in row["text"].split("\n") if p),
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8"))
