"""The New York Times: nytimes.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "The New York Times",
    ("nytimes.com",),
    (
        Layout(
            "nytimes-2018",
            2018,
            None,
            marks=(css("section[name=articleBody]"),),
            body=css("#article-summary, section[name=articleBody]"),
            cut=(
                rule(Cut.AD, "[id^=story-ad], .ad, [data-testid=StandardAd], #dfp-ad-top, [id*=-ad-]"),
                rule(
                    Cut.RELATED, "[data-testid=RelatedLinks], [data-testid=related-links-block], [aria-labelledby=styln-title], [id^=styln]"
                ),
                rule(Cut.NEWSLETTER, "[data-testid=newsletter-module], [id^=NEWSLETTER], [id*=newsletter]"),
                rule(Cut.PAYWALL_OFFER, "#gateway-content, [data-testid=optimistic-truncator-noscript], [data-testid=inline-message]"),
                rule(
                    Cut.CAPTION,
                    "[data-testid=photoviewer-children], [data-testid=imageblock-wrapper] figcaption, [data-testid=imageContainer]",
                ),
                rule(Cut.PLAYER, "[data-testid=video-block], [data-testid=VideoBlock], [data-testid=audio-block]"),
                rule(Cut.BIO, ".bottom-of-article, [data-testid=bottom-of-article]"),
                rule(Cut.COMMENT, "#commentsContainer, [data-testid=comments-panel]"),
                rule(Cut.NAVIGATION, ".visually-hidden, [class*=visually-hidden]"),
                rule(Cut.NEWSLETTER, "p", says=r"(?:follow the new york times opinion section on|like this .{3,40}\? sign up)"),
                CAPTIONS,
                rule(Cut.RELATED, "section[name=articleBody] p", says=r"\[(?:read|see|watch|listen|sign up|like|follow|what)\b"),
            ),
        ),
        Layout(
            "nytimes-2014",
            2014,
            2018,
            marks=(css("p.story-body-text, .story-body-text"),),
            body=css("p.story-body-text, .story-body-text, .story-subheading, .story-body h4.story-subheading"),
            cut=(
                rule(Cut.NEWSLETTER, ".newsletter-signup"),
                rule(Cut.NEWSLETTER, "p", says=r"(?:follow the new york times opinion section on|sign up for the .{3,60}newsletter)"),
                rule(Cut.AD, ".ad, .ad-placeholder, .nocontent, [id^=story-continues]"),
                rule(Cut.RELATED, ".related-coverage, .marginalia, .interactive-promo, .related-links"),
                rule(Cut.CAPTION, ".caption"),
                rule(Cut.COMMENT, ".comments-view, #commentsContainer"),
                CAPTIONS,
            ),
        ),
        Layout(
            "nytimes-2006",
            2006,
            2014,
            marks=(css(".articleBody, #articleBody, .nytint-post"),),
            body=css(".articleBody, #articleBody, .nytint-post"),
            cut=(
                rule(Cut.RELATED, ".articleInline, .relatedArticles, .columnGroup, .inlineModule, .runaroundLeft"),
                rule(Cut.CAPTION, ".caption, .credit, .image"),
                rule(Cut.SHARE, ".articleTools, .shareToolsBox, #shareMenu"),
                rule(Cut.BIO, ".authorIdentification"),
                rule(Cut.LEGAL, ".articleCorrection .legal, #upNextWrapper"),
                rule(Cut.NAVIGATION, "#pageLinks"),
            ),
        ),
    ),
)
