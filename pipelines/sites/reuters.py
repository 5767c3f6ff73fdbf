"""Reuters: reuters.com with its editions (uk., in., af. and so on), all of one system at any time."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_TRUST = rule(Cut.LEGAL, "p, div, span", says=r"our standards:\s*the thomson reuters trust principles")
_REGISTER = rule(
    Cut.SIGN_IN,
    "p, div, span",
    says=r"(?:register now for free unlimited access|register for free to reuters|create an account to continue)",
)
_SIGN_UP = rule(Cut.NEWSLETTER, "p", says=r"(?:the reuters .{3,80}newsletter .{3,200})?sign up here\.?$")

PUBLISHER = Publisher(
    "Reuters",
    ("reuters.com",),
    (
        Layout(
            "reuters-2021",
            2021,
            None,
            marks=(css("[data-testid^=paragraph-], [data-testid=ArticleBody], [class*=article-body__content]"),),
            body=css("[data-testid=ArticleBody], [class*=article-body__content], [data-testid^=paragraph-]"),
            cut=(
                _TRUST,
                _REGISTER,
                _SIGN_UP,
                rule(Cut.LEGAL, "[data-testid=TrustPrinciples], [class*=trust-badge], [class*=trust-principles]"),
                rule(
                    Cut.NEWSLETTER, "[data-testid=NewsletterSignup], [data-testid=promo-box], [class*=newsletter-widget], [class*=signup]"
                ),
                rule(Cut.AD, "[data-testid=ResponsiveAdSlot], [data-testid*=AdSlot], [class*=ad-slot]"),
                rule(Cut.RELATED, "[class*=read-next], [data-testid=ReadNext], [data-testid=RelatedArticles], [data-testid=ContextWidget]"),
                rule(Cut.RELATED, "[data-testid=ArticleBody] aside"),
                rule(Cut.PLAYER, "[data-testid=VideoPlayer], [data-testid*=video-player], [class*=video-player]"),
                rule(
                    Cut.CAPTION,
                    "[data-testid=ImageCaption], [data-testid=primary-image], [data-testid=primary-gallery], [data-testid=Image]",
                ),
                rule(Cut.SHARE, "[data-testid=SocialToolbar], [class*=toolbar]"),
                rule(Cut.BIO, "[data-testid=AuthorBio], [class*=author-bio], [class*=author-body]"),
                rule(Cut.BYLINE, "[data-testid=AuthorByline], [data-testid=AuthorName], [class*=info-content__author-date]"),
                rule(Cut.LEGAL, "[class*=licensing], [data-testid=LicenceContentButton]"),
                rule(Cut.TAGS, "[class*=tags-with-], [data-testid=Tags]"),
                CAPTIONS,
                see_also("[data-testid^=paragraph-]"),
            ),
        ),
        Layout(
            "reuters-2017",
            2017,
            2021,
            marks=(css("[class*=StandardArticleBody_body], [class*=ArticleBodyWrapper], [class*=ArticleBody__content]"),),
            body=css("[class*=StandardArticleBody_body], [class*=ArticleBodyWrapper], [class*=ArticleBody__content]"),
            cut=(
                _TRUST,
                rule(Cut.LEGAL, "[class*=trustBadgeContainer], [class*=TrustBadge], [class*=trust-badge]"),
                rule(Cut.RELATED, "[class*=RelatedCoverage], [class*=related-coverage], [class*=ReadNext]"),
                rule(Cut.CAPTION, "[class*=Image_caption], [class*=Image_container], [class*=Slideshow], [class*=PrimaryAsset]"),
                rule(Cut.PLAYER, "[class*=VideoPlayer], [class*=Video_container]"),
                rule(Cut.BYLINE, "[class*=BylineBar]"),
                rule(Cut.AD, "[class*=DPSlot], [class*=InlineAd], [class*=ad-slot]"),
                rule(Cut.SHARE, "[class*=SocialTool], [class*=share-button]"),
                rule(Cut.DATE, "[class*=ReadTime], [class*=MinRead]"),
                CAPTIONS,
            ),
            authors=field("[class*=BylineBar_byline] a, [class*=Byline-author] a"),
        ),
        Layout(
            "reuters-2008",
            2008,
            2017,
            marks=(css("#articleText, #article-text, #resizeableText"),),
            body=css("#articleText, #article-text, #resizeableText"),
            cut=(
                rule(Cut.RELATED, ".relatedTopicButtons, .related-topics, .linebreak, .related-content, .relatedRail"),
                rule(Cut.CAPTION, ".relatedPhoto, .related-photo-container, .module-caption, .slideshow, #articleImage"),
                rule(Cut.BYLINE, ".byline, #articleInfo, .articleLocation .author"),
                rule(Cut.SHARE, ".articleShare, .social-buttons, #shareArticle"),
                rule(Cut.AD, ".ad, .adslot, [id^=ad-]"),
                CAPTIONS,
            ),
            authors=field("#articleInfo .byline a, .byline a, .author a"),
        ),
    ),
)
