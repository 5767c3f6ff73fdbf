"""Al Jazeera English: aljazeera.com, until 2012 english.aljazeera.net."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "Al Jazeera",
    ("aljazeera.com", "aljazeera.net"),
    (
        Layout(
            "aljazeera-2020",
            2020,
            None,
            marks=(css(".wysiwyg"), css(".article-header, .l-col, main")),
            body=css(".article__subhead, .wysiwyg"),
            cut=(
                rule(
                    Cut.RELATED,
                    ".more-on, .article-list, .container--recommended, .related-article, .wysiwyg .article-card, .trending-articles",
                ),
                rule(Cut.RELATED, "h3, h2", says=r"(?:recommended stories|list of \d+ items|keep reading)$", extent="parent"),
                rule(Cut.AD, ".article-ad, .ads, .ads__slot, .container--ads, [id*=adslot], [id^=primis]"),
                rule(Cut.NEWSLETTER, ".newsletter-box, .newsletter-signup, .sib-newsletter-form, .container--newsletter"),
                rule(Cut.CAPTION, ".responsive-image figcaption, .article-featured-image"),
                rule(Cut.PLAYER, ".video-player, .article-featured-video, .aj-video-player, .podcast-player"),
                rule(Cut.SHARE, ".article-social, .social-share"),
                rule(Cut.COMMENT, ".article__comments, #comments, .container--comments"),
                rule(Cut.LEGAL, "p, em", says=r"the views expressed in this article are the author"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "aljazeera-2014",
            2014,
            2020,
            marks=(css(".article-p-wrapper, .article-body, #article-body"), css("h1")),
            body=css(".article-heading-des, .article-p-wrapper, .article-body, #article-body"),
            cut=(
                rule(Cut.RELATED, ".article-embeded-content, .article-embed, .more-on-in, .related-articles, .relatedcontent"),
                rule(Cut.CAPTION, ".main-article-caption, .article-embed-img-caption, .main-article-media-img-caption"),
                rule(Cut.SHARE, ".article-sharing, .social-sharing"),
                rule(Cut.TAGS, ".article-tags, .tags"),
                rule(Cut.COMMENT, ".article-comments, #disqus_thread, #comments"),
                rule(Cut.NEWSLETTER, ".newsletter-subscribe"),
                rule(Cut.BIO, ".article-about-author, .about-the-author"),
                rule(Cut.LEGAL, "p, em", says=r"the views expressed in this article are the author"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "aljazeera-2006",
            2006,
            2014,
            marks=(css(".DetailedSummary, #tdTextContent"),),
            body=css("#article-summary, .DetailedSummary, #tdTextContent"),
            cut=(
                rule(Cut.CAPTION, ".Caption, .caption, .imgCaption"),
                rule(Cut.RELATED, ".Skyscrapper_Body, .relatedLinks, .Skyscraper_Body"),
                rule(Cut.SHARE, ".sharing"),
                rule(Cut.COMMENT, "#disqus_thread"),
            ),
            title=field("#DetailedTitle, .DetailedTitle"),
        ),
    ),
)
