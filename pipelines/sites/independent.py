"""The Independent: independent.co.uk and, since 2020, its United States edition at the same host."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_APPEAL = (
    r"(?:from reproductive rights to\b|at such a critical moment in\b|the independent is trusted by\b|your donation allows us to keep\b)"
)

_DONATION = (
    rule(Cut.DONATION, "[data-component*=onation], .donation, .donations, .support-now, .donation-container, [id*=donation]"),
    rule(Cut.DONATION, "h2, h3, h4", says=r"your support helps us to tell the story", extent="parent"),
    rule(Cut.DONATION, "p", says=_APPEAL),
    # The appeal's last sentence is set against the article's first, often in the same paragraph.
    rule(Cut.DONATION, "p, span, em, strong, b", says=r"your support makes all the difference\.?$"),
    rule(Cut.DONATION, "p", says=r"your support makes all the difference\.\s*(?=\S)", extent="start"),
)
_COMMENTS = (
    rule(Cut.COMMENT, "#comments, .show-comments, .comments-list, #commentsDiv, .box-comments, #comments-button-container"),
    rule(Cut.COMMENT, "h2, h3, p", says=r"join our commenting forum", extent="parent"),
    rule(Cut.COMMENT, "h2, h3, p", says=r"join thought-provoking conversations"),
)

PUBLISHER = Publisher(
    "The Independent",
    ("independent.co.uk", "the-independent.com", "independent.com.mx"),
    (
        Layout(
            "independent-2020",
            2020,
            None,
            marks=(css("#articleHeader"), css("#main")),
            body=css("#articleHeader h2, #main"),
            cut=(
                *_DONATION,
                *_COMMENTS,
                rule(Cut.NEWSLETTER, "[data-component=Newsletter], .newsletter-component, [data-newsletter-id]"),
                rule(
                    Cut.RELATED, ".related, [data-component=RelatedArticles], [data-component=RelatedMoreOn], [data-component=Recommended]"
                ),
                rule(Cut.RELATED, "#main aside"),
                rule(Cut.TAGS, "nav.topics, .topics"),
                rule(Cut.CAPTION, "amp-lightbox, .gallery-btn"),
                rule(Cut.PLAYER, "[data-component=VideoPlayer], [data-component=VideoInline], .video-player, [data-component=jwplayer]"),
                rule(Cut.AD, "[data-component=Ad], .ad-wrapper, [data-ad-unit-path], [data-mpu1]"),
                rule(Cut.PAYWALL_OFFER, "#regwall, [id*=piano], .paywall, [data-component=Paywall], #success-hint, .premium-container"),
                rule(Cut.NAVIGATION, ".sidebar"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "independent-2018",
            2018,
            2020,
            marks=(css(".body-content"), css("article h1")),
            body=css("header .beard, header .sub-headline, .body-content"),
            cut=(
                *_DONATION,
                *_COMMENTS,
                rule(Cut.RELATED, ".inline-readmore, .related, .box-related, .mod-related-list, .more-about"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, .newsletter-block, .inline-newsletter"),
                rule(Cut.CAPTION, ".gallery, .image-caption, .inline-gallery"),
                rule(Cut.PLAYER, ".video-popup, .video-inline, .video"),
                rule(Cut.AD, ".ad, .partners, .taboola, [id^=taboola]"),
                rule(Cut.SHARE, ".share-buttons, .gig-share"),
                rule(Cut.LEGAL, ".syndication-btn"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "independent-2014",
            2014,
            2018,
            marks=(css("article.full-article"), css("[itemprop=articleBody]")),
            body=css("article.full-article header .intro, [itemprop=articleBody]"),
            cut=(
                *_DONATION,
                *_COMMENTS,
                rule(Cut.RELATED, ".inline-block-related-list, .inline-block, .related-list"),
                rule(Cut.CAPTION, ".dnd-caption-wrapper, .type-gallery, .type-image, .caption"),
                rule(Cut.PLAYER, ".type-video, .dnd-atom-rendered"),
                rule(Cut.TAGS, "[itemprop=articleBody] ul.inline-pipes-list"),
                rule(Cut.LEGAL, ".syndication-btn"),
                rule(Cut.AD, ".taboola, [id^=taboola], .partners, .push-notifications-cta"),
                rule(Cut.NAVIGATION, ".right-hand-column"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
