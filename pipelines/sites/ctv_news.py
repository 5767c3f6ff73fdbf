"""CTV News: ctvnews.ca."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "CTV News",
    ("ctvnews.ca",),
    (
        Layout(
            "ctvnews-2020",
            2020,
            2024,
            marks=(css(".c-text"), css(".c-title, h1")),
            body=css(".c-text"),
            cut=(
                rule(Cut.RELATED, ".c-related, .c-cards, .c-text .related, .c-list"),
                rule(Cut.CAPTION, ".c-image__caption, .c-gallery"),
                rule(Cut.PLAYER, ".c-video, .c-player"),
                rule(Cut.NEWSLETTER, ".c-newsletter"),
                rule(Cut.AD, ".c-ad, .ad"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "ctvnews-2010",
            2010,
            2020,
            marks=(css(".articleBody"),),
            body=css(".articleBody"),
            cut=(
                rule(Cut.RELATED, ".sideItems, .related, .currMain, .columnsplitter, .relatedLinks"),
                rule(Cut.CAPTION, ".imgTop, .imgCaption, .articleBody .image"),
                rule(Cut.SHARE, ".StoryShareBottom, .tools, .gigya-space"),
                rule(Cut.BYLINE, ".s-data"),
                rule(Cut.COMMENT, ".comments, #comments"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
