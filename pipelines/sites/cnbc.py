"""CNBC: cnbc.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "CNBC",
    ("cnbc.com",),
    (
        Layout(
            "cnbc-2019",
            2019,
            None,
            marks=(css("[data-module=ArticleBody], .ArticleBody-articleBody, [class*=ArticleBody-articleBody]"),),
            body=css("[data-module=ArticleBody], .ArticleBody-articleBody, [class*=ArticleBody-articleBody]"),
            cut=(
                rule(Cut.RELATED, "[class*=RelatedContent], [class*=RelatedQuotes], [class*=TransporterList], [class*=RelatedContentList]"),
                rule(Cut.PLAYER, "[class*=PlaceHolder-wrapper], [class*=InlineVideo], [class*=VideoEmbed]"),
                rule(Cut.CAPTION, "[class*=InlineImage]"),
                rule(Cut.NEWSLETTER, "[class*=InlineNewsletter], [class*=NewsletterSignup], [class*=EmailSignup]"),
                rule(Cut.PAYWALL_OFFER, "[class*=ProPill], [class*=ArticleGate], [class*=PaywallBanner]"),
                rule(Cut.TAGS, "[class*=RelatedTags]"),
                rule(Cut.AD, "[class*=BoxRail], [class*=InlineAd], [class*=BoxInline]"),
                rule(Cut.NAVIGATION, "[class*=SidebarArticle]"),
                rule(Cut.LEGAL, "p", says=r"disclaimer$"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "cnbc-2013",
            2013,
            2019,
            marks=(css("#article_body, #article_deck"),),
            body=css("#article_deck .group, #article_body .group"),
            cut=(
                rule(Cut.RELATED, ".inline-related, .related, .embed-container .asset-listing"),
                rule(Cut.PLAYER, ".inline-player, .cnbc-video, .embed-video"),
                rule(Cut.CAPTION, ".embed-container .credits, .source"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
