"""CBS News: cbsnews.com. Its local stations are another system."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_COPYRIGHT = rule(Cut.LEGAL, ".copyright, .content__copyright, .content__footer, .article-copyright")

PUBLISHER = Publisher(
    "CBS News",
    ("cbsnews.com",),
    (
        Layout(
            "cbsnews-2019",
            2019,
            None,
            marks=(css("article.content-article, article.content"), css("h1.content__title, .content__body")),
            body=css("article.content-article > section, article.content .content__body"),
            cut=(
                rule(
                    Cut.RELATED, ".content-recirculation, .content-recirculation__wrapper, .content__recirc, .component--type-recirculation"
                ),
                rule(Cut.PLAYER, ".embed--type-video, .embed--type-content_video, .player-overlay__container"),
                rule(Cut.CAPTION, ".embed--type-image figcaption, .embed__caption-container, .embed--type-gallery"),
                rule(Cut.NEWSLETTER, ".newsletter-form, .component-newsletter, .embed--type-newsletter, .form-newsletter"),
                rule(Cut.BIO, ".content-author, .content__authors, .content-author__bio"),
                rule(Cut.AD, ".ad-wrapper, [id^=ad-], .ad"),
                rule(Cut.SHARE, ".content__social, .sharebar"),
                rule(Cut.TAGS, ".content__tags"),
                rule(Cut.RELATED, ".component--view-bulk-component, #component-topic-stacks"),
                _COPYRIGHT,
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "cbsnews-2013",
            2013,
            2020,
            marks=(css("#article-entry"),),
            body=css("#article-entry .content__body, #article-entry"),
            cut=(
                rule(Cut.RELATED, ".content-recirculation, .related-media, .listing-mini, .module-listing, .article-recirc"),
                rule(Cut.PLAYER, ".embed--type-video, .video-embed"),
                rule(Cut.CAPTION, ".img-caption, .image-caption, .embed--type-image figcaption"),
                rule(Cut.SHARE, ".sharebar_expanded, .inline-sharebar, .social"),
                rule(Cut.NEWSLETTER, ".newsletter-signup"),
                _COPYRIGHT,
                CAPTIONS,
                see_also(),
            ),
            authors=field("#article .byline", part=r"^(?:By\s+)?(\D+?)\s+(?:[A-Z][a-z]+ \d{1,2}, \d{4}|/)"),
        ),
        Layout(
            "cbsnews-2008",
            2008,
            2013,
            marks=(css(".storyText, #contentBody"),),
            body=css(".storyText, #contentBody"),
            cut=(
                rule(Cut.RELATED, ".relatedLinks, .storyRelated, .moreLinks"),
                rule(Cut.CAPTION, ".storyPhoto, .imageCaption"),
                rule(Cut.SHARE, ".shareBar, .storyTools"),
                _COPYRIGHT,
                see_also(),
            ),
        ),
    ),
)
