"""Politico: politico.com, and politico.eu, which is a system of its own."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "Politico",
    ("politico.com", "politico.eu"),
    (
        Layout(
            "politico-eu-2021",
            2021,
            None,
            marks=(css(".article__content"), css(".hero__title, .article__header")),
            body=css(".hero__excerpt, .article__content"),
            cut=(
                rule(Cut.AD, ".ad, .article__content .ad__instory"),
                rule(Cut.RELATED, ".related-articles, .card-list, .read-more, .wp-block-politico-related, .js-related"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .wp-block-politico-newsletter, .newsletter"),
                rule(Cut.SHARE, ".social-sharing"),
                rule(Cut.BYLINE, ".article-meta"),
                rule(Cut.NAVIGATION, "aside.sidebar-grid__sidebar"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "politico-2013",
            2013,
            None,
            marks=(css(".story-text"),),
            body=css(".story-text"),
            cut=(
                rule(Cut.SITE_RULE, "aside.story-enhancement, aside.story-supplement, .story-interrupt, .super-duper"),
                rule(Cut.AD, ".ad, .ad-slot, p.story-continued"),
                rule(Cut.RELATED, ".story-related, .content-group.story-tools, .related-stories"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .form-section"),
                rule(Cut.BYLINE, ".story-meta, .story-intro .meta"),
                rule(Cut.TAGS, ".below-article-section, .story-tags"),
                rule(Cut.COMMENT, ".comments, #comments"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
