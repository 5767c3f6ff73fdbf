"""What single words say of a short text, as bits: the words that boilerplate is made of, in the main languages of news.

Wording alone decides nothing (measured: next to no gain); with place and markup it tells the reasons apart.
"""

from __future__ import annotations

import re

_GROUPS = {
    "related": "related recommended trending popular latest more also next mehr auch weitere interessant lire aussi plus lea también más "
    "noticias relacionadas leggi anche altro leia mais também lees ook meer läs också mer les også læs czytaj także zobacz читайте также "
    "ayrıca ilgili 相关 推荐 関連 관련",
    "subscribe": "newsletter newsletters subscribe subscriber subscribers subscription inbox signup register registered login donate "
    "donation donations membership member members account abonnieren abonnement abonnez abonner suscríbete suscríbase suscripción "
    "inscreva assine iscriviti anmelden registrieren spende spenden abbonati",
    "share": "share tweet facebook twitter whatsapp instagram telegram linkedin pinterest reddit print teilen partager compartir condividi "
    "delen dela follow email e-mail link copy",
    "legal": "© copyright rights reserved terms privacy cookie cookies disclaimer impressum imprint rechte droits derechos "
    "vorbehalten policy",
    "ad": "advertisement advertising advert sponsored anzeige werbung publicidad publicité pubblicità reklama reklam promoted ad ads",
    "photo": "photo photos photograph image images getty afp picture credit foto fotos photographer bild bilder courtesy screenshot "
    "shutterstock istock video gallery illustration graphic caption",
    "byline": "by von par por written posted author reporter editor writer correspondent journalist staff redacción redaktion autor "
    "auteur editing reporting contributor columnist",
    "date": "ago updated published posted modified min read minutes hours aktualisiert publié publicado actualizado stand am pm edt est "
    "gmt",
    "comment": "comment comments reply replies kommentar kommentare commentaires comentarios",
    "contact": "contact phone tel call click download app podcast visit website website: here",
}
WORDINGS = tuple(_GROUPS)
_STRIP = ".,:;!?()[]\"'“”»«|–—-•"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d:\d\d")
_ADDRESS = re.compile(r"@\w|www\.|https?:|\.com\b")


def _bits() -> dict[str, int]:
    bits: dict[str, int] = {}
    for number, words in enumerate(_GROUPS.values()):
        for word in words.split():
            bits[word] = bits.get(word, 0) | 1 << number
    return bits


_BITS = _bits()
BIT = {wording: 1 << number for number, wording in enumerate(WORDINGS)}


def wording_of(text: str) -> int:
    """The groups (bits of `BIT`) that words of a text belong to."""
    bits = 0
    for word in text.lower().split():
        bits |= _BITS.get(word, 0) or _BITS.get(word.strip(_STRIP), 0)
    if _YEAR.search(text):
        bits |= BIT["date"]
    if _ADDRESS.search(text):
        bits |= BIT["contact"]
    return bits
