"""Reach plc's national and local titles: the Mirror and its kin, of one system."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_TITLES = (
    "mirror.co.uk themirror.com irishmirror.ie dailyrecord.co.uk manchestereveningnews.co.uk liverpoolecho.co.uk walesonline.co.uk "
    "birminghammail.co.uk chroniclelive.co.uk bristolpost.co.uk belfastlive.co.uk dublinlive.ie corkbeo.ie glasgowlive.co.uk "
    "edinburghlive.co.uk leeds-live.co.uk mylondon.news nottinghampost.com leicestermercury.co.uk plymouthherald.co.uk hulldailymail.co.uk "
    "stokesentinel.co.uk kentlive.news essexlive.news cornwalllive.com devonlive.com somersetlive.co.uk examinerlive.co.uk "
    "coventrytelegraph.net football.london gazettelive.co.uk lancs.live cambridge-news.co.uk irishstar.com galwaybeo.ie"
)

PUBLISHER = Publisher(
    "Reach",
    tuple(_TITLES.split()),
    (
        Layout(
            "reach-2025",
            2025,
            None,
            marks=(css("article[data-testid=body], #article-body[data-testid]"),),
            body=css("[data-testid=leadtext], article[data-testid=body], #article-body[data-testid]"),
            cut=(
                rule(Cut.HEADLINE, "article[data-testid=body] h1"),
                rule(Cut.BYLINE, "[data-testid=byline], [class*=Byline_byline]"),
                rule(
                    Cut.AD, "[data-testid^=commercial], [class*=BoxStyles_commercial], [class*=commercial-label], [data-testid*=commercial]"
                ),
                rule(Cut.CAPTION, "[data-testid=image-group], [class*=ImageEmbed], [class*=SlideViewerButton], [data-testid=leadimage]"),
                rule(Cut.RELATED, "[data-testid=read-more], [class*=ReadMore], [class*=Recirculation], [data-testid*=recirculation]"),
                rule(Cut.NEWSLETTER, "[data-testid*=newsletter], [class*=Newsletter], [class*=NewsletterSignup], [data-testid*=whatsapp]"),
                rule(Cut.PLAYER, "[data-testid*=video], [class*=VideoEmbed]"),
                rule(Cut.COMMENT, "[data-testid=commenting-box], [class*=Commenting]"),
                rule(Cut.SHARE, "[data-testid=social-follow], [class*=SocialFollowBar], [class*=ShareBar]"),
                rule(Cut.TAGS, "[data-testid=content-tags]"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "reach-2013",
            2013,
            None,
            marks=(css(".article-body"), css("article, .article-main")),
            body=css(".lead-content__sub-title, p.sub-title, .article-body"),
            cut=(
                rule(Cut.RELATED, "aside.read-more-links, .read-more-links, .related-article, .readMore, .inlineRecirc, .recirculation"),
                rule(Cut.RELATED, "reach-recirculation, reach-readmore, .skimlinks-container, .factbox"),
                rule(Cut.CAPTION, ".image-container, .image__caption, .image__caption--embedded, .caption, .photo-gallery"),
                rule(
                    Cut.NEWSLETTER,
                    ".newsletter, .email-signup, email-slide-in, .form-mailing-list, .whatsapp-banner, .in-article-newsletter",
                ),
                rule(Cut.PLAYER, ".video-container, .jwplayer, .embed-video"),
                rule(Cut.SHARE, "social-follow-comment-bar, .social-sites, .sharebar"),
                rule(Cut.TAGS, ".more-on, .tag-list, .read-more-tags"),
                rule(Cut.COMMENT, "#comments, .comments-module, .viafoura, #comments-wrapper"),
                rule(Cut.AD, ".ad, .teads-inread, .mpu-container, .advert"),
                rule(Cut.DATE, ".live-event-entry .entry-info, .live-event-lead-entry .entry-info"),
                rule(Cut.BYLINE, "article-sso, .byline-container, .author-information-container"),
                CAPTIONS,
                rule(Cut.RELATED, "p", says=r"(?:read more|don['\u2019]?t miss|sign up to)\b"),
            ),
            authors=field(".byline-container .author a, .byline .author a"),
        ),
    ),
)
