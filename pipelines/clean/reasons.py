"""Why a piece of a page is not in its text: the published list."""

from __future__ import annotations

from enum import StrEnum


class Cut(StrEnum):
    """The values of ``removed[].reason`` in ``warcite.document/1``."""

    AD = "ad"
    BIO = "bio"
    BYLINE = "byline"
    CAPTION = "caption"
    COMMENT = "comment"
    COOKIE = "cookie"
    DATE = "date"
    DONATION = "donation"
    HEADLINE = "headline"  # the title again: it is in `title`
    LEGAL = "legal"
    NAVIGATION = "navigation"
    NEWSLETTER = "newsletter"
    PAYWALL_OFFER = "paywall-offer"
    PLAYER = "player"
    RELATED = "related"
    REPEATED = "repeated-on-site"
    SHARE = "share"
    SIGN_IN = "sign-in"
    SITE_RULE = "site-rule"
    TAGS = "tags"
    OTHER = "boilerplate"  # none of the others, yet not of the article
