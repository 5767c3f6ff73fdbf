"""Newsweek: newsweek.com. Its boxes for subscribers and its promises stand in the article's own container."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_HEADINGS = "h2, h3, h4, h5, strong, p, div.title, div.h2"

_CUT = (
    rule(Cut.PAYWALL_OFFER, _HEADINGS, says=r"uncommon knowledge$", extent="rest"),
    rule(Cut.PAYWALL_OFFER, "p", says=r"newsweek is committed to\b"),
    rule(Cut.BIO, "h2, h3, h4, h5, div.title", says=r"about the writer$", extent="rest"),
    rule(Cut.BIO, ".author-bio, .about-author, .author-info, .authors-bio, .writer-info, #writer-info"),
    rule(Cut.LEGAL, "p, div.ai-disclosure", says=r"to read how newsweek uses ai\b"),
    rule(Cut.PAYWALL_OFFER, ".subscribe-block, .magazine-subscription, .subscriptions, .article-subscribe, .block-subscribe"),
    rule(Cut.PAYWALL_OFFER, "ul", says=r"(?:\u2022\s*)?newsweek (?:magazine|voices|app)\b"),
    rule(Cut.NEWSLETTER, ".newsletter, .newsletter-signup, .article-newsletter, .block-nw-newsletter, .sign-up-newsletter"),
    rule(Cut.RELATED, ".related-articles, .related, .block-related, .recommended, .read-more, .readmore, .in-article-link, .most-read"),
    rule(Cut.SHARE, ".social-share, .share-tools, .article-share, .social-links"),
    rule(Cut.AD, ".ad, .dfp-tag-wrapper, .block-openadstream, .inline-ad, [id^=dfp-ad]"),
    rule(Cut.PLAYER, ".video-block, .jw-player, .video-container, .inline-video"),
    rule(Cut.TAGS, ".topics, .article-tags, .tags-list"),
    rule(Cut.COMMENT, "#comments, .comments, .article-comments, .viafoura, #disqus_thread"),
    rule(Cut.CAPTION, ".caption, .photo-caption, .image-caption, figure .credit"),
    CAPTIONS,
    see_also(),
)

PUBLISHER = Publisher(
    "Newsweek",
    ("newsweek.com",),
    (
        Layout(
            "newsweek-2014",
            2014,
            None,
            marks=(css(".article-body"),),
            body=css("article .article-summary, .article-header .summary, .article-body"),
            cut=_CUT,
        ),
        Layout("newsweek-wording", None, None, marks=(css("h1"),), cut=_CUT, note="markup unknown: only what the words give away"),
    ),
)
