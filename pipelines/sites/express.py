"""Daily Express: express.co.uk."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "Daily Express",
    ("express.co.uk", "the-express.com"),
    (
        Layout(
            "express-2013",
            2013,
            None,
            marks=(css("[data-type=article-body], .ctx_content"),),
            body=css("#singleArticle article header h3, [data-type=article-body], .ctx_content"),
            cut=(
                rule(Cut.RELATED, ".two-related-articles, .related-articles, .top-articles-container, .ctx_content .box, .dont-miss"),
                rule(
                    Cut.RELATED, "p, .text-description", says=r"(?:read more|see more|don['\u2019]?t miss|must read|just in|live updates)\b"
                ),
                rule(Cut.NEWSLETTER, ".whatsapp-group, .newsletter-pure, .newsletter, .ctx_content form"),
                rule(Cut.CAPTION, ".photo, .caption, .newsCaption"),
                rule(Cut.DATE, ".live-events__entry-info"),
                rule(Cut.PLAYER, ".video, .jw-video, .ovp-video"),
                rule(Cut.AD, ".ad, .advert, .taboola, .superlativeads"),
                rule(Cut.TAGS, ".related_entities, .article-elements"),
                rule(Cut.BYLINE, "article header .panel"),
                rule(Cut.COMMENT, "#comments, .comments, .comment-section"),
                CAPTIONS,
            ),
        ),
    ),
)
