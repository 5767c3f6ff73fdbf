"""The London Standard: standard.co.uk, formerly the Evening Standard. The system is the Independent's, with other names."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Standard",
    ("standard.co.uk",),
    (
        Layout(
            "standard-2020",
            2020,
            None,
            marks=(css("#frameInner article"), css("#main, #article-bottom")),
            body=css("#frameInner article > header p, #main"),
            cut=(
                rule(
                    Cut.NEWSLETTER, "[data-island-hydrate-component=NewsletterSignup], [data-island-hydration-component=NewsletterSignup]"
                ),
                rule(Cut.NEWSLETTER, "#main form", extent="parent"),
                rule(Cut.RELATED, "#main aside, aside.related"),
                rule(Cut.PAYWALL_OFFER, "#piano-reg-wall, #regwall-success-banner, [id*=regwall]"),
                rule(Cut.TAGS, "#article-bottom"),
                rule(Cut.CAPTION, "amp-lightbox, .gallery-btn, .full-bleed-1000"),
                rule(Cut.COMMENT, "#comments"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "standard-2015",
            2015,
            2020,
            marks=(css(".body-content"), css("article h1")),
            body=css("header .beard, .body-content"),
            cut=(
                rule(Cut.RELATED, ".inline-readmore, .related, .mod-related-list, .more-about"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .inline-newsletter"),
                rule(Cut.CAPTION, ".gallery, .image-caption, .inline-gallery"),
                rule(Cut.PLAYER, ".video-popup, .video-inline"),
                rule(Cut.AD, ".ad, .taboola, [id^=taboola]"),
                rule(Cut.COMMENT, "#comments"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
