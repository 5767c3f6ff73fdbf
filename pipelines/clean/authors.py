"""Authors as a list of names, from what pages write into their author fields."""

from __future__ import annotations

import re

from pipelines.clean.titles import squash

_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|story)\s+(?:by|on)|(?:veröffentlicht|geschrieben)\s+(?:von|am)|publi(?:é|cado)\s+p[ao]r|interview|by|von|par|por|di|da|door|av|af|autor(?:en|in|a|es)?|auteurs?|author|text|texto|"
    r"reporter|автор|текст|記者|记者|作者|yazan)\b\s*:?\s+|^(?:作者|記者|记者|文)\s*[:／/：]\s*",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\s*[;|\u2022/\u3001\u00b7]\s*|\s+(?:and|und|et|y|e|en|og|och|i|ve|и)\s+(?=[^\W\d_])|\s*&\s*|,\s+(?:and|und|et|y)\s+|\s+-\s+"
)
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|//|\S@\S)\S*")
_ROLE = re.compile(
    r"^(?:admin(?:istrator)?|editor(?:s|ial)?|staff|webmaster|guest|user|author|by|von|par|por|name|none|null|undefined|unknown|redaktion|redacción|redazione|root)$",
    re.IGNORECASE,
)


def split_names(line: str) -> list[str]:
    """The names in an author line such as ``By A. Reporter and B. Writer``; "Family, Given" of two single words is one name."""
    names: list[str] = []
    for part in _JOINED.split(_BY.sub("", _ADDRESS.sub("", line).strip())):
        pieces = [p.strip() for p in part.split(",") if p.strip()]
        if len(pieces) == 2 and not any(" " in p for p in pieces):
            pieces = [f"{pieces[1]} {pieces[0]}"]
        elif len(pieces) > 1 and " " in pieces[0]:
            pieces = [p for p in pieces if " " in p]  # "Jane Doe, Reuters": a single word after a full name is no person
        names += pieces
    return names


def clean_names(names: list[str], site_names: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Names without bylines' words, addresses, accounts, roles, the site itself and repetitions, at most 50."""
    excluded = {squash(n) for n in (*site_names, title)}
    kept: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"\s*\([^)]*\)\s*$", "", _BY.sub("", name)).strip(" ,.;:|-\u2013\u2014@\"'")
        plain = plain + "." if re.search(r"\b(?:Jr|Sr)$", plain) else plain
        key = squash(plain)
        if not 2 <= len(plain) <= 100 or len(plain.split()) > 8 or not key or key.isdigit():
            continue
        if key in excluded or _ADDRESS.search(name) or _ROLE.match(plain):
            continue
        kept.setdefault(key, plain)
    return tuple(kept.values())[:50]
