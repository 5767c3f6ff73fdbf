"""The Seattle Times: seattletimes.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Seattle Times",
    ("seattletimes.com",),
    (
        Layout(
            "seattletimes-2015",
            2015,
            None,
            marks=(css("#article-content"),),
            body=css("#article-content"),
            cut=(
                rule(Cut.AD, ".ad-container, .native-ad-article, .article-ad, .ad"),
                rule(
                    Cut.RELATED,
                    ".most-read-container, .multi-related-article-links, .related-article-link, .article-component.embed-container",
                ),
                rule(Cut.RELATED, ".most-shared, .inline-related"),
                rule(Cut.CAPTION, ".image-single-wrapper, .article-figure-caption, .gallery-wrapper"),
                rule(Cut.BIO, ".extended-byline"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .newsletter-container, [class*=newsletter-]"),
                rule(Cut.COMMENT, ".comments-container, .article-comments-bar, #comments"),
                rule(Cut.PLAYER, ".video-container, .ndn_embed"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
