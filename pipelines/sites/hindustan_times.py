"""Hindustan Times: hindustantimes.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "Hindustan Times",
    ("hindustantimes.com",),
    (
        Layout(
            "hindustantimes-2020",
            2020,
            None,
            marks=(css(".storyDetails .detail, .fullStory .storyDetails, .storyParagraphs"),),
            body=css(".storyDetails .sortDec, .fullStory .sortDec, .storyDetails .detail, .storyParagraphs"),
            cut=(
                rule(
                    Cut.RELATED,
                    ".relatedStory, .related-stories, .recommended, .alsoRead, .storyDetails .cartHolder, .htImpressionTracking",
                ),
                rule(Cut.RELATED, "p", says=r"(?:also read|read (?:also|more|here)|read|watch)\s*(?::|\|)"),
                rule(Cut.NEWSLETTER, ".subscribe-update, .newsletter, .whatsapp-follow, .whatsappFollow"),
                rule(Cut.AD, ".adHolder, .adMinHeight, .ad, [id^=ad_], .storyAd"),
                rule(Cut.CAPTION, ".storyImgSec, .pic-caption"),
                rule(Cut.BIO, ".authorCard, .aboutAuthor, .editor-info"),
                rule(Cut.TAGS, ".storyTags, .topicArea, .topic-tags"),
                rule(Cut.SHARE, ".shareArticle, .socialShare"),
                CAPTIONS,
            ),
        ),
        Layout(
            "hindustantimes-2015",
            2015,
            2020,
            marks=(css(".storyDetail, .story-details, .sty_txt"),),
            body=css(".storyArea > h2, .storyDetail, .story-details, .sty_txt"),
            cut=(
                rule(Cut.RELATED, ".relatedStory, .related-stories, .read-more, .also-read, .storyDetail .topicArea"),
                rule(Cut.RELATED, "p", says=r"(?:also read|read (?:also|more|here)|read|watch)\s*(?::|\|)"),
                rule(Cut.NEWSLETTER, ".subscribe-update"),
                rule(Cut.AD, ".adHolder, .ad, [id^=ad_]"),
                rule(Cut.TAGS, ".topicArea, .topic-tags"),
                rule(Cut.BYLINE, ".userDetails, .text-dt"),
                CAPTIONS,
            ),
        ),
    ),
)
