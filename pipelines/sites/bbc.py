"""BBC News: bbc.co.uk and bbc.com, from news.bbc.co.uk on: a fifth of all that the digests cite."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_TEXT_BLOCKS = ("text", "subheadline", "unordered-list", "ordered-list", "crosshead", "quote")

PUBLISHER = Publisher(
    "BBC",
    ("bbc.co.uk", "bbc.com"),
    (
        Layout(
            "bbc-2020",
            2020,
            None,
            marks=(css("article [data-component=text-block]"),),
            body=css(", ".join(f"article [data-component={b}-block]" for b in _TEXT_BLOCKS)),
            cut=(
                rule(Cut.RELATED, "[data-component=links-block], [data-component=see-alsos], [data-component=related-content-block]"),
                rule(Cut.TAGS, "[data-component=topic-list], [data-component=tags]"),
                rule(Cut.BYLINE, "[data-component=byline-block]"),
                rule(Cut.HEADLINE, "[data-component=headline-block]"),
                rule(Cut.CAPTION, "[data-component=image-block], [data-component=caption-block]"),
                rule(Cut.PLAYER, "[data-component=media-block], [data-component=video-block], [data-component=audio-block]"),
                rule(Cut.AD, "[data-component=ad-slot], [data-component=advertisement]"),
                rule(
                    Cut.NEWSLETTER,
                    "[data-component=text-block]",
                    says=r"(?:get our flagship newsletter|sign up (?:for|to) our .{3,60}newsletter)",
                ),
                rule(Cut.COMMENT, "#comments, [data-component=comments]"),
                CAPTIONS,
            ),
        ),
        Layout(
            "bbc-2014",
            2014,
            2020,
            marks=(css(".story-body__inner"),),
            body=css(".story-body__inner"),
            cut=(
                rule(
                    Cut.CAPTION, ".media-caption, .image-and-copyright-container, .media-with-caption, .story-image-copyright, .off-screen"
                ),
                rule(Cut.PLAYER, ".media-player, .js-media-player-unprocessed, .player-with-placeholder, .media-placeholder"),
                rule(
                    Cut.RELATED, ".story-body__list-links, .story-more, .bbc-news-vj-related, .related-links, .topic-tags, .story-feature"
                ),
                rule(Cut.SHARE, ".share, .share__tools, .with-extracted-share-icons"),
                rule(Cut.TAGS, "#topic-tags, .tags-container"),
                rule(Cut.COMMENT, "#comments, #comp-comments-button, .comments_module"),
                rule(Cut.RELATED, ".story-body__inner ul.story-body__unordered-list", says=r"(?:read more|live updates|latest updates)\b"),
                CAPTIONS,
                see_also(".story-body__inner h2, .story-body__inner p"),
            ),
            byline=field(".byline__name"),
            authors=field(".byline__name"),
        ),
        Layout(
            "bbc-2010",
            2010,
            2014,
            marks=(css(".story-body"), css("h1.story-header, .story-body .introduction, #story_continues_1")),
            body=css(".story-body"),
            cut=(
                rule(Cut.HEADLINE, ".story-body h1.story-header"),
                rule(Cut.DATE, ".story-date, .date, .time-text, #last-updated, .relative-time"),
                rule(Cut.RELATED, ".story-feature, .story-related, .see-also, .related-internet-links, .related-bbc-links, .hypertabs"),
                rule(Cut.CAPTION, ".caption, .map-caption"),
                rule(Cut.PLAYER, ".videoInStoryA, .videoInStoryB, .videoInStoryC, .emp, .emp-decription"),
                rule(Cut.SHARE, ".share-help, .bbccom_display_none, .social-links, .share-tools, .page-bookmark-links-head"),
                rule(Cut.BYLINE, ".byline"),
                rule(Cut.COMMENT, "#comments, .dna-comments_module, #dna-comments"),
                rule(Cut.AD, ".bbccom_advert_placeholder, [id^=bbccom]"),
                rule(Cut.NAVIGATION, ".embedded-hyper, .accessibility-links"),
            ),
            authors=field(".byline-name", part=r"(?:By\s+)?(.+)"),
        ),
        Layout(
            "bbc-2003",
            1999,
            2010,
            marks=(css("td.storybody, div.storybody, .storytext"),),
            body=css("td.storybody, div.storybody, .storytext"),
            cut=(
                rule(Cut.HEADLINE, ".storybody .sh, .storybody .headline, .storybody h1"),
                rule(Cut.DATE, ".storybody .ds, .storybody .lu"),
                rule(Cut.RELATED, ".storybody .ibox, .storybody .sibtbg, .storybody .sih, .storybody .seealso, .storyextra, .rhslinks"),
                rule(Cut.CAPTION, ".storybody .cap, .storybody .caption"),
                rule(Cut.PLAYER, ".storybody .embed, .storybody .videoInStoryA, .storybody .mvb, .storybody .emp"),
                rule(Cut.SHARE, "#socialBookMarks, .sharesb, .storybody .bookmarks"),
                rule(Cut.BYLINE, ".storybody .byl, .storybody .byd"),
            ),
            published=field("meta[name=OriginalPublicationDate]", "content"),
        ),
    ),
)
