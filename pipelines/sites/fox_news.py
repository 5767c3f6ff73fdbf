"""Fox News: foxnews.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "Fox News",
    ("foxnews.com", "foxbusiness.com"),
    (
        Layout(
            "foxnews-2017",
            2017,
            None,
            marks=(css(".article-body"), css("h1.headline, h1.speakable, h1")),
            body=css("h2.sub-headline, .article-body"),
            cut=(
                rule(Cut.SITE_RULE, "p", says=r"click here (?:to|for)\b"),
                rule(Cut.RELATED, "p", says=r"(?-i:[A-Z0-9][A-Z0-9 '\u2018\u2019\u201c\u201d\",.:;?!&$%/()\u2013\u2014-]{24,})$"),
                rule(Cut.RELATED, ".featured-topics, .related-topics, .sidebar, .article-recirc"),
                rule(Cut.CAPTION, ".caption, .image-ct, .featured-image .info"),
                rule(Cut.PLAYER, ".video-container, .featured-video, .video-ct"),
                rule(Cut.AD, ".ad-container, .ad, .ad-h-250"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .article-newsletter, .email-signup"),
                rule(Cut.BIO, ".article-meta, .author-bio, .author-bottom"),
                rule(Cut.LEGAL, ".copyright, .article-footer"),
                rule(Cut.COMMENT, ".article-comments, #comments, .spotim"),
                rule(Cut.SHARE, ".article-social"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "foxnews-2011",
            2011,
            2017,
            marks=(css(".article-text"),),
            body=css(".article-text"),
            cut=(
                rule(Cut.RELATED, ".related, .more-on, .inline-related"),
                rule(Cut.SITE_RULE, "p", says=r"click (?:here )?(?:to|for)\b"),
                rule(Cut.CAPTION, ".caption, .entry-media"),
                rule(Cut.AD, ".ad-container, .ad"),
                rule(Cut.COMMENT, "#livefyre, #livefyre_comment_stream"),
                CAPTIONS,
            ),
        ),
    ),
)
