"""The Associated Press: apnews.com since 2017, before it hosted.ap.org for members' pages."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "The Associated Press",
    ("apnews.com", "hosted.ap.org", "hosted2.ap.org", "bigstory.ap.org"),
    (
        Layout(
            "ap-2023",
            2023,
            None,
            marks=(css(".RichTextStoryBody"),),
            body=css(".RichTextStoryBody"),
            cut=(
                rule(Cut.RELATED, ".PageListEnhancementGeneric, .HubPeek, .HubLink, .Infobox, .PageList, .RelatedLinks, .ContentTeaser"),
                rule(Cut.CAPTION, ".ImageEnhancement, .CarouselSlide-info, .Figure, .Carousel"),
                rule(Cut.PLAYER, ".VideoEnhancement, .VideoPlaylistModule, .AudioEnhancement, .JWVideoPlayer, .JWPlayer"),
                rule(Cut.NEWSLETTER, ".NewsletterEnhancement, .FormEnhancement, .Newsletter"),
                rule(Cut.AD, ".SovrnAd, .FreeStar, .Advertisement, .GoogleDfpAd, .Taboola"),
                rule(Cut.RELATED, ".RichTextStoryBody .Enhancement"),
                rule(Cut.BYLINE, ".Page-byline, .StoryPage-actions-wrapper"),
                rule(Cut.SHARE, ".Page-actions"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "ap-2017",
            2017,
            2023,
            marks=(css("[data-key=article]"),),
            body=css("[data-key=article]"),
            cut=(
                rule(Cut.RELATED, "[data-key*=related-story], [data-key*=hub-peek], [class*=RelatedStor], [class*=HubPeek]"),
                rule(Cut.CAPTION, "[class*=imageCaption], [class*=LeadFeature], [class*=ImageCaption], [data-key*=media-placeholder]"),
                rule(Cut.AD, "[class*=adPlaceholder], [data-key*=ad-placeholder], .ad-placeholder"),
                rule(Cut.NEWSLETTER, "[data-key*=newsletter], [class*=Newsletter]"),
                rule(Cut.PLAYER, "[class*=VideoPlayer], [data-key*=video]"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "ap-hosted-2010",
            2010,
            2017,
            marks=(css("p.ap-story-p"),),
            body=css(".entry-content, p.ap-story-p"),
            cut=(
                rule(Cut.LEGAL, "p, div", says=r"\u00a9 20\d\d the associated press\. all rights reserved"),
                rule(Cut.CAPTION, ".ap-caption, .ap-photo-caption"),
                rule(Cut.RELATED, ".ap-related, .relatedLinks"),
            ),
            title=field(".entry-title"),
            authors=field(".bylinename"),
        ),
    ),
)
