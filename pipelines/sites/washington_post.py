"""The Washington Post: washingtonpost.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Washington Post",
    ("washingtonpost.com",),
    (
        Layout(
            "washingtonpost-2019",
            2019,
            None,
            marks=(
                css("[data-qa=article-body], .article-body, .teaser-content"),
                css("[data-qa=headline], h1#main-content, h1.font--headline, h1"),
            ),
            body=css("[data-qa=subheadline], [data-qa=article-body], .article-body, .teaser-content, .remainder-content"),
            cut=(
                rule(Cut.RELATED, "[data-qa=interstitial], .interstitial, .interstitial-link, [data-qa=recirc], [data-testid=most-read]"),
                rule(Cut.AD, "[data-qa=article-body-ad], [data-qa*=ad-slot], .ad, .hide-for-print, wp-ad"),
                rule(Cut.NEWSLETTER, "[data-qa*=newsletter], .newsletter-inline-unit, [data-testid*=newsletter], .inline-newsletter"),
                rule(Cut.CAPTION, "[data-qa=article-image], [data-testid=photo-caption], .pb-caption"),
                rule(Cut.PLAYER, "[data-qa=video], .powa, .wpv-hide"),
                rule(Cut.COMMENT, "#comments-wrapper, [data-qa=comments], [data-qa=comments-btn]"),
                rule(Cut.BIO, "[data-qa=author-bio], [data-qa=bio]"),
                rule(Cut.SHARE, "[data-qa=share-bar], [data-qa=actionbar]"),
                CAPTIONS,
                rule(Cut.RELATED, "p", says=r"\[(?:[^\]]{10,200})\]$"),
                see_also(),
            ),
        ),
        Layout(
            "washingtonpost-2013",
            2013,
            2019,
            marks=(css("#article-body, article[itemprop=articleBody]"),),
            body=css("#article-body article, article[itemprop=articleBody], #article-body"),
            cut=(
                rule(Cut.RELATED, ".interstitial-link, .pb-related, .rel-content, .related-content"),
                rule(Cut.CAPTION, ".pb-caption, .inline-photo .caption, .photo-caption"),
                rule(Cut.NEWSLETTER, ".inline-newsletter, .newsletter-inline-unit, .newsletter-hed"),
                rule(Cut.PLAYER, ".inline-video, .posttv-video-embed, .powa"),
                rule(Cut.AD, ".pb-f-ad-flex, .pb-ad, .ad"),
                rule(Cut.BIO, ".pb-f-article-article-author-bio, .pb-author-bio"),
                rule(Cut.SHARE, ".pb-f-sharebars-top-share-bar, .social-tools-wrapper"),
                rule(Cut.COMMENT, "#comments, .pb-comment-wrapper"),
                CAPTIONS,
                rule(Cut.RELATED, "p", says=r"\[(?:[^\]]{10,200})\]$"),
                see_also(),
            ),
        ),
        Layout(
            "washingtonpost-2008",
            2008,
            2013,
            marks=(css("#article_body, .article_body"),),
            body=css("#article_body .article_body, #article_body, .article_body"),
            cut=(
                rule(Cut.RELATED, ".module, .relative, .related-box"),
                rule(Cut.CAPTION, ".imgTop, .caption"),
                rule(Cut.COMMENT, "#comments, #echo_container"),
            ),
        ),
    ),
)
