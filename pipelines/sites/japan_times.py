"""The Japan Times: japantimes.co.jp."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Japan Times",
    ("japantimes.co.jp",),
    (
        Layout(
            "japantimes-2013",
            2013,
            2021,
            marks=(css("#jtarticle"),),
            body=css("#jtarticle"),
            cut=(
                rule(Cut.RELATED, ".content-related-stories, .related-stories"),
                rule(Cut.SHARE, ".single-sns-area"),
                rule(Cut.NAVIGATION, "#content_footer_menu, .basic-footer-menu"),
                rule(Cut.COMMENT, ".join-the-conversation, #disqus_thread"),
                rule(Cut.NEWSLETTER, ".with-take5, .newsletter-signup"),
                rule(Cut.DONATION, ".support-message, .coronavirus-message"),
                rule(Cut.AD, ".jt-ad, .ad, [id^=div-gpt-ad]"),
                rule(Cut.CAPTION, ".caption, .attachment"),
                CAPTIONS,
                see_also(),
            ),
            authors=field("article header .credit, .meta_extras .writer a, h5.writer a", part=r"(?:by\s+)?(.+)"),
        ),
        Layout(
            "japantimes-2021",
            2021,
            None,
            marks=(css(".article-body"), css("h1.title-article, h1.article-title, .article-header h1")),
            body=css(".article-body"),
            cut=(
                rule(Cut.RELATED, ".related-articles, .related-stories, .article-related"),
                rule(Cut.AD, ".dfp-article-unit, .ad, [id^=div-gpt-ad]"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .jtnewsletter"),
                rule(Cut.PAYWALL_OFFER, ".paywall, .piano-container, #piano-inline"),
                rule(Cut.CAPTION, ".inline_image figcaption, .media-caption, .article-image-caption"),
                rule(Cut.TAGS, ".article-tags, .tags"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
