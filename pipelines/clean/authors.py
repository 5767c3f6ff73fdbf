"""Authors as a list of names, from what pages write into their author fields."""

from __future__ import annotations

import re

from pipelines.clean.titles import squash

_BY_WORDS = (
    r"(?:(?:words?|text[eo]?|story|article|guide|recipe|review|report|interview|analysis|opinion|photos?|column|news|fotos?|bilder)"
    r"(?:\s+(?:and|und|&|et|y|e|en)\s+(?:photos?|words|text|interview|fotos?|bilder|pictures|images))?\s+(?:by|von|par|por|di|door)"
    r"|(?:re)?written\s+by|authored\s+by|posted\s+by|published\s+by|reported\s+by|compiled\s+by|contributed\s+by|created\s+by"
    r"|submitted\s+by"
    r"|(?:veröffentlicht|geschrieben|verfasst|erstellt|eingestellt|gepostet)\s+von|(?:publié|écrit|rédigé|proposé)\s+par"
    r"|(?:publicado|escrito)\s+por"
    r"|(?:pubblicato|scritto|postato)\s+da|geschreven\s+door|skriv(?:et|en)\s+a[vf]|napisał|diposting\s+oleh|oleh|Gönderen"
    r"|ein(?:e)?\s+\w+\s+von"
    r"|by|par|por|door|a\s+cura\s+di|via|interview\s+von)"
)
_PARTICLES = r"(?:von|di|da|av|af)\s+(?=(?-i:[A-ZÀ-ÖØ-ÞĀ-ſ])\S*\s+\S)"
"""Words for "by" that also begin names: a given and a family name must follow."""
_LABELS = (
    r"(?:autor(?:\s*/\s*in|:in|\*in|innen|en|in|a|es|i)?|auteurs?|authors?|text(?:o|e)?(?:\s*(?:und|&|\+)\s*\w+)?|tekst|autore|redacteur"
    r"|reporter"
    r"|skribent|kirjoittaja|författare|журналист|автор|текст|作者|文|記者|记者|撰文|編輯|编辑|글|기자|penulis|yazan|yazar|von|par|por|di|da|door|av"
    r"|interview|protokoll|video|tác giả|written|by)"
)
BY = re.compile(
    rf"^\s*(?:{_BY_WORDS}\s*:?\s+|{_PARTICLES}|{_LABELS}\s*[:：／]\s*|(?:作者|記者|记者|文)[／/]\s*|[\u2014\u2013~-]\s+)(?=\S)",
    re.IGNORECASE,
)
"""A word at the start of a line that says that names follow."""
_JOINED = re.compile(
    r"\s*[;|\u2022/\u3001\u00b7\n]\s*"
    r"|\s+(?:and|und|et|y|e|en|og|och|i|ve|и|mit|with|con|ja|a|oraz|及|和|与)\s+(?=[A-ZÀ-ÖØ-ÞĀ-ſΑ-ΩА-Я\u3400-\u9fff\uac00-\ud7af])"
    r"|\s*&\s*|,\s+(?:and|und|et|y)\s+|\s+-\s+|\s+(?:and|und)\s+"
)
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|//|\S@\S|\S\[at\]\S)\S*")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_ACCOUNT = re.compile(r"\s*\(?@[\w.]+\)?")
_ROLE = re.compile(
    r"^(?:admin(?:istrator)?|(?:the )?editor(?:s|ial)?(?: team)?|staff(?: (?:writer|reporter)s?)?|webmaster|guest(?: (?:author|post"
    r"|writer))?|user|author|by|von|par|por"
    r"|name|none|null|undefined|unknown|no author|anonymous|redaktion|redacción|redazione|rédaction|redação|redactie|redakcja"
    r"|redaktionen|root|post author"
    r"|(?:more|all) (?:posts|articles|from).*|contributor|correspondent|reporter|(?:senior |staff |freelance |contributing )?writer"
    r"|journalist(?:in)?|photographer"
    r"|follow|share|print|email|comments?|image|photo|getty images|istock(?:photo)?|shutterstock|profile|bio|read more|subscribe)$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\]]*\]|,?\s*(?:기자|記者|记者|特派員|通讯员|통신원)|\s*[,/]\s*(?:Journalist(?:in)?|Redaktör|Reporter|Redakteur(?:in)?))\s*$"
)
_MAX_LINE = 1500
_NOISE = " ,.;:|-\u2013\u2014@\"'\u201c\u201d\u2022\u00b7*>\u00bb"


def is_label(text: str) -> bool:
    """Whether a text says that names follow, and names nobody: "Written by:"."""
    return len(text) <= 30 and BY.sub("", text + " x") == "x"


def split_names(line: str) -> list[str]:
    """The names in an author line such as ``By A. Reporter and B. Writer``; "Family, Given" is one name."""
    names: list[str] = []
    plain = _PARENTHESES.sub("", _ACCOUNT.sub("", _ADDRESS.sub("", line[:_MAX_LINE])))
    for part in _JOINED.split(BY.sub("", plain.strip())):
        pieces = [p.strip() for p in part.split(",") if p.strip()]
        if len(pieces) == 2 and _is_family_given(*pieces):
            pieces = [f"{pieces[1]} {pieces[0]}"]
        elif len(pieces) > 1 and " " in pieces[0]:
            pieces = [p for p in pieces if " " in p]  # "Jane Doe, Reuters": a single word after a full name is no person
        names += pieces
    return names


def _is_family_given(family: str, given: str) -> bool:
    """``Tolsteeg, Mara`` or ``Tolsteeg, Mara J.``, not ``Staff, The Courier``."""
    if " " in family or _ROLE.match(family):
        return False
    words = given.split()
    return not given[:1].islower() and (len(words) == 1 or (len(words) == 2 and len(words[1].rstrip(".")) == 1))


def clean_names(names: list[str], site_names: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Names without bylines' words, addresses, accounts, roles, the site itself and repetitions, at most 50."""
    excluded = {squash(n) for n in (*site_names, title)}
    kept: dict[str, str] = {}
    for name in names:
        plain = _SUFFIX.sub("", BY.sub("", name)).strip(_NOISE)
        plain = plain + "." if re.search(r"\b(?:Jr|Sr)$", plain) else plain
        key = squash(plain)
        if not 2 <= len(plain) <= 100 or len(plain.split()) > 8 or not key or key.isdigit() or name.lstrip().startswith("("):
            continue
        if key in excluded or _ADDRESS.search(name) or _ROLE.match(plain):
            continue
        kept.setdefault(key, plain)
    return tuple(kept.values())[:50]
