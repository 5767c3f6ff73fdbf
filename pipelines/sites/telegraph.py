"""The Telegraph: telegraph.co.uk."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Telegraph",
    ("telegraph.co.uk",),
    (
        Layout(
            "telegraph-2020",
            2020,
            None,
            marks=(css("[data-test=article-body-text], [data-test=article-content], [data-js=article-body]"),),
            body=css("[data-test=standfirst], [data-test=article-body-text], [data-js=article-body], [itemprop=articleBody]"),
            cut=(
                rule(Cut.RELATED, "[data-test=related-content], .e-related, .recirculation, [class*=related-content], .teaser"),
                rule(
                    Cut.NEWSLETTER,
                    "[data-test=newsletter], .newsletter-container, .html-embed [class*=newsletter], .martech-modular-newsletter",
                ),
                rule(Cut.AD, ".advert, [data-test=advert], [class*=article-betting-unit], .e-advert"),
                rule(Cut.PAYWALL_OFFER, "[data-test=paywall], .martech-paywall, #paywall, [class*=martech-overlay]"),
                rule(Cut.CAPTION, ".e-caption, [data-test=image-caption], [class*=caption]"),
                rule(Cut.COMMENT, "[data-test=comments], .tmg-comments, #comments"),
                rule(Cut.SHARE, ".e-share, [data-test=share]"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "telegraph-2015",
            2015,
            2020,
            marks=(css(".article-body-text, .articleBodyText"),),
            body=css(".lead-asset-standfirst, .article-body-text, .articleBodyText"),
            cut=(
                rule(Cut.RELATED, ".relatedContent, .related-content, .inline-related"),
                rule(Cut.CAPTION, ".caption, .image-caption, .article-body-image-caption"),
                rule(Cut.AD, ".advert, .adWrapper, [class*=betting]"),
                rule(Cut.NEWSLETTER, ".newsletter, .article-body-newsletter"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "telegraph-2008",
            2008,
            2015,
            marks=(css("#mainBodyArea"),),
            body=css(".storyHead h2, #mainBodyArea"),
            cut=(
                rule(Cut.RELATED, ".related_links_inline, .relatedLinksInline, .storyFunc, .gutterUnder"),
                rule(Cut.CAPTION, ".caption, .storyEmbSlide, .imgCaption"),
                rule(Cut.SHARE, ".shareBtns, .shareFunc"),
                rule(Cut.COMMENT, "#disqus_thread, .comments"),
                rule(Cut.AD, ".adbox, .oas_ad"),
                see_also(),
            ),
            authors=field(".bylineBody a[rel=author], .byline .bylineBody", part=r"(?:By\s+)?([^,]+)"),
        ),
    ),
)
