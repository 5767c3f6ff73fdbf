"""What class and id names say of an element, as bits: authors of pages name boxes after what they hold, in every language of the web."""

from __future__ import annotations

import re

_GROUPS = {
    "article": "article story news post entry blogpost singlepost artikel articulo artigo noticia",
    "body": "body content text main paragraph copy prose richtext wysiwyg articlebody storybody postbody maincontent contenido texto "
    "fulltext bodytext",
    "related": "related relatedcontent recommended recommend recommendation recommendations readnext also trending popular most mostread "
    "mostpopular latest teaser teasers suggest suggested suggestions further topic topics more morestories similar relacionadas "
    "relacionados relacionada verwandte promo outbrain taboola zergnet upnext next prev previous carousel slider swiper card cards tease "
    "headlines feed river list listing collection grid inline readmore",
    "share": "share shares sharing social socials addthis sharebar follow facebook twitter whatsapp pinterest linkedin email print tools "
    "toolbar actions icons",
    "comment": "comment comments commentlist guestbook gastebuch gaestebuch readers disqus reply replies respond discussion discussions "
    "commenting kommentar kommentare comentarios commentaires",
    "newsletter": "newsletter newsletters subscribe subscriptions subscriptions signup sign login register donate donation donations "
    "support membership paywall promo promotion cta callout banner appeal offer form premium",
    "ad": "ad ads adv advert advertisement advertisment advertising sponsor sponsored dfp gpt adslot adunit adsense commercial native "
    "anzeige werbung publicidad partner",
    "foot": "footer foot copyright legal disclaimer terms endnote footnotes footnote bottom colophon credits credit source sources notes "
    "correction corrections",
    "author": "author authors byline bio contributor writer profile autor redaktion reporter avatar about",
    "caption": "caption captions figure figcaption photo image images img gallery media video player credit slideshow lightbox legend "
    "picture thumbnail thumb poster embed",
    "meta": "meta date time timestamp tag tags category categories keyword keywords breadcrumb breadcrumbs info published publish posted "
    "updated details kicker label section eyebrow dateline",
    "nav": "nav navigation menu navbar header masthead sidebar aside widget widgets rail side toc skip secondary right left tertiary col "
    "column mega dropdown topbar toolbar logo search pagination pager cookie consent gdpr modal popup overlay lightbox notice alert hidden",
    "intro": "intro introduction summary standfirst dek lead lede abstract excerpt subhead subtitle subheadline subheading deck chapo "
    "description teaser vorspann bajada entradilla sumario key points highlights takeaways",
    "title": "title headline heading titulo header hed",
    "quote": "quote blockquote pullquote tweet twitter instagram embed citation",
    "box": "box infobox factbox aside sidebar panel module callout widget fact facts explainer",
}

GROUPS = tuple(_GROUPS)
BIT = {group: 1 << number for number, group in enumerate(GROUPS)}
CONSENT = 1 << len(GROUPS)
"""The bit of a layer that asks for consent to cookies: such names leave no doubt."""

_LAYER = re.compile(
    r"(?:^|[\s_-])(?:(?:cookie|gdpr|consent|privacy)s?[_-]?(?:notice|notification|banner|bar|consent|pop-?up|modal|message|msg|law|overlay"
    r"|warning|alert|prompt|dialog|layer|toast|hint)(?![a-z])|onetrust-(?:banner|consent|pc)|didomi-(?:host|popup|notice)|usercentrics|cybotcookie"
    r"|cc-(?:window|banner)|qc-cmp|cmplz|iubenda-cs|borlabs|cky-consent|moove_gdpr|osano-cm|truste(?![a-z]))",
    re.IGNORECASE,
)
_PREFIXES = {"comment": BIT["comment"], "related": BIT["related"], "article": BIT["article"]}
_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 300  # characters of a class attribute that are read


def _bits() -> dict[str, int]:
    bits: dict[str, int] = {}
    for group, words in _GROUPS.items():
        for word in words.split():
            bits[word] = bits.get(word, 0) | BIT[group]
    return bits


_BITS = _bits()


def names_of(names: str) -> int:
    """`CONSENT`, and the groups (bits of `BIT`) of the words in class and id names: ``relatedStories-box`` is of ``related`` and
    ``box``.
    """
    bits = CONSENT if _LAYER.search(names[:_LONGEST]) else 0
    for word in _WORD.findall(_CAMEL.sub(" ", names[:_LONGEST]).lower()):
        bits |= _BITS.get(word, 0)
        if len(word) > 6:
            bits |= _PREFIXES.get(word[:7], 0)
    return bits
