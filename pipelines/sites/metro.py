"""Metro: metro.co.uk."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

_CUT = (
    rule(
        Cut.RELATED,
        ".post-strip, .trending-post-strip, .zopo-item, .zopo-title, .article-related, .metro-related, .metro-more-link, .trending-now",
    ),
    rule(Cut.RELATED, "p", says=r"(?:more|read more|see also)\s*:"),
    rule(Cut.PLAYER, ".metro-video-player, .vjs-video-container, .metro-video, .video-player"),
    rule(Cut.CAPTION, ".img-container, .wp-caption, .gallery"),
    rule(Cut.NEWSLETTER, ".metro-email-signup, .newsletter-signup, [class*=newsletter]"),
    rule(Cut.OTHER, "p", says=r"(?:get in touch with our news team|for more stories like this|do you have a story to share|got a story)"),
    rule(Cut.SITE_RULE, ".metro-factbox"),
    rule(Cut.SHARE, "p", says=r"follow metro(?:\.co\.uk)? (?:on|across)"),
    rule(Cut.LEGAL, "p, div, span", says=r"this site is protected by recaptcha"),
    rule(Cut.COMMENT, "#comments, .metro-comments, .comments, [class*=comments-]"),
    rule(Cut.SHARE, ".metro-share, .social-share, .shareable-item .share"),
    rule(Cut.TAGS, ".article-tags, .metro-tags, .tags"),
    rule(Cut.AD, ".ad-slot, .ad, .advert, [id^=ad-slot]"),
    CAPTIONS,
)

PUBLISHER = Publisher(
    "Metro",
    ("metro.co.uk",),
    (
        Layout(
            "metro-2024",
            2024,
            None,
            marks=(css("article .article__content__inner"),),
            body=css("article .article__content__inner"),
            cut=_CUT,
        ),
        Layout(
            "metro-2013",
            2013,
            2024,
            marks=(css(".article-body"), css("h1")),
            body=css(".article-body"),
            cut=_CUT,
        ),
    ),
)
