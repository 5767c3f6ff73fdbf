"""The Economist: economist.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Economist",
    ("economist.com",),
    (
        Layout(
            "economist-2018",
            2018,
            None,
            marks=(css(".article__body-text, .article__body, [data-component=paragraph]"),),
            body=css(".article__description, .layout-article-body, .article__body, .article__body-text, [data-component=paragraph]"),
            cut=(
                rule(Cut.DATE, ".article__aside, .layout-article-meta"),
                rule(Cut.LEGAL, ".layout-article-links, .article__footnote"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .layout-article-promo, .article__newsletter"),
                rule(Cut.RELATED, ".related-articles, .layout-related-articles, .article__related"),
                rule(Cut.PLAYER, ".article-audio-player, .article__audio, .article-audio-player__center-tooltip"),
                rule(Cut.PAYWALL_OFFER, ".paywall, .regwall, [class*=regwall], [class*=paywall]"),
                rule(Cut.AD, ".advert, .adComponent_advert, [class*=advert]"),
                rule(Cut.SHARE, ".layout-article-share, .article__share"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "economist-2010",
            2010,
            2018,
            marks=(css(".main-content, .blog-post__text"), css("h1, h2, h3.headline")),
            body=css(".rubric, .main-content, .blog-post__text"),
            cut=(
                rule(Cut.RELATED, ".related-items, .related-articles, .content-image-related, .in-this-section"),
                rule(Cut.CAPTION, ".content-image-caption, .caption"),
                rule(Cut.AD, ".ec-ads, .ad, .blog-post__inline-ad"),
                rule(Cut.COMMENT, "#comments, .comments-section"),
                rule(Cut.SHARE, ".share_inline_header, .share-links"),
                CAPTIONS,
            ),
        ),
    ),
)
