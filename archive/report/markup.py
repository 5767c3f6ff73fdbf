"""HTML that cannot be broken into: whatever is not `Html` is escaped where it is put in. The result is well-formed XML too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlsplit

from archive.console import plain

_VOID = frozenset({"meta", "br", "rect", "link", "line"})
_UNFIT = re.compile(r"[\ufffe\uffff]")
_NAME = re.compile(r"[a-z][a-zA-Z0-9-]*")


class Html(str):
    """Markup, made by this module."""

    __slots__ = ()


def text(value: object) -> Html:
    """Words from outside: escaped, without control characters and bidirectional overrides."""
    return Html(escape(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", plain(str(value))), quote=True))


def tag(name: str, *children: Html | str | int | Iterable[Html | str] | None, **attributes: str | int | None) -> Html:
    """An element. ``class_`` is written ``class``, ``aria_label`` ``aria-label``, ``viewBox`` stays; an attribute of None is left out."""
    said = "".join(f' {_attribute(key)}="{text(value)}"' for key, value in attributes.items() if value is not None)
    if name in _VOID:
        return Html(f"<{name}{said}/>")
    return Html(f"<{name}{said}>{''.join(_flat(children))}</{name}>")


def join(parts: Iterable[Html | str], between: str = "") -> Html:
    return Html(text(between).join(_one(part) for part in parts))


def link(url: str, words: str | None = None) -> Html:
    """To an address of the web; any other (``javascript:``, say) is shown and leads nowhere."""
    shown = tag("bdi", words or url)
    return tag("a", shown, href=url, rel="nofollow noopener noreferrer") if _is_web(url) else shown


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _attribute(key: str) -> str:
    name = key.removesuffix("_").replace("_", "-")
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of an attribute: {name!r}")
    return name


def _flat(children: Iterable[Html | str | int | Iterable[Html | str] | None]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield _one(child)
        elif isinstance(child, int):
            yield str(child)
        elif child is not None:
            yield from map(_one, child)


def _one(part: Html | str) -> Html:
    return part if isinstance(part, Html) else text(part)
