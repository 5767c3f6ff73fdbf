"""HuffPost, The Huffington Post until 2017: huffpost.com, huffingtonpost.com and the editions that used its system."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_ALSO_ON = rule(
    Cut.RELATED, "h2, h3, h4, p, div.slideshow__title", says=r"(?:also|more|related|before you go).{0,12}\bhuff", extent="parent"
)
_BEFORE_YOU_GO = rule(
    Cut.RELATED, "h2, h3, h4, div", says=r"before you go$|popular in the community$|related (?:coverage|articles|posts)\b"
)

PUBLISHER = Publisher(
    "HuffPost",
    ("huffpost.com", "huffingtonpost.com", "huffingtonpost.co.uk", "huffingtonpost.ca", "huffingtonpost.com.au", "huffingtonpost.in"),
    (
        Layout(
            "huffpost-2017",
            2017,
            None,
            marks=(css(".entry__content-list"),),
            body=css(".headline__subtitle, .entry__header .dek, .entry__content-list"),
            cut=(
                rule(Cut.RELATED, ".cli-related-articles, .cli-related-list, .related-articles, .cli-internal-promo, [class*=below-entry]"),
                rule(Cut.NEWSLETTER, ".cli-newsletter, .newsletter-component, .inline-newsletter, [class*=newsletter-signup]"),
                rule(Cut.AD, ".cli-advertisement, .advertisement, .ad, [class*=ad-entry], [data-vars-slot-name*=ad]"),
                rule(Cut.DONATION, ".cli-support-huffpost, .support-huffpost, .cli-membership, [class*=support-hp], [class*=contribution]"),
                rule(
                    Cut.DONATION,
                    "div, section, p, h2, h3",
                    says=r"support huffpost$|our 20\d\d coverage needs you|your support (?:fuels|keeps)",
                ),
                rule(Cut.PLAYER, ".cli-video, .cli-embed--video, .vdb_player"),
                rule(Cut.CAPTION, ".cli-image__caption, .cli-image__credit, .image__credit, .slideshow"),
                rule(Cut.COMMENT, "#comments, .comments, .js-comments"),
                rule(Cut.SHARE, ".share-bar, .entry__share, .social-share"),
                rule(Cut.BIO, ".entry__wirepartner-badge, .author-card, .entry__byline"),
                rule(Cut.TAGS, ".entry__tags, .tag-cloud"),
                _ALSO_ON,
                _BEFORE_YOU_GO,
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "huffpost-2015",
            2015,
            2017,
            marks=(css(".entry__body, .entry__text"),),
            body=css(".headline__subtitle, .entry__body .content-list-component.text, .entry__body .entry__text, .entry__text"),
            cut=(
                rule(Cut.RELATED, ".related-articles, .read-more, .related-list, .also-on, .extra-content, .below-entry, .entry__recirc"),
                rule(Cut.NEWSLETTER, ".inline-newsletter, .newsletter, .entry__newsletter"),
                rule(Cut.AD, ".advertisement, .ad_spot, .ad, [id^=ad_]"),
                rule(Cut.PLAYER, ".video-body, .entry-video"),
                rule(Cut.CAPTION, ".image__credit, .image__caption, .slideshow"),
                rule(Cut.COMMENT, "#comments, .comments, .fb-comments"),
                rule(Cut.SHARE, ".social-share, .share-bar, .entry__social"),
                rule(Cut.TAGS, ".tag-cloud, .entry__tags"),
                rule(Cut.BIO, ".author-card"),
                _ALSO_ON,
                _BEFORE_YOU_GO,
                CAPTIONS,
                see_also(),
            ),
            published=field(".timestamp__date--published[datetime], time.timestamp[datetime]", "datetime"),
        ),
        Layout(
            "huffpost-2008",
            2008,
            2015,
            marks=(css("#mainentrycontent, .entry_body_text, .articleBody"),),
            body=css("#mainentrycontent, .entry_body_text, .articleBody"),
            cut=(
                rule(Cut.RELATED, ".related_news, .read_more, .big_read_more, .entry-related, .also_on, #related_entries"),
                rule(Cut.SHARE, ".share_boxes, .share_bar, .entry_sidebar, .quick_tweet, .follow_huffpost"),
                rule(Cut.NEWSLETTER, ".newsletter_signup, .email_signup"),
                rule(Cut.PLAYER, ".video_embed, .fiveminute_player"),
                rule(Cut.CAPTION, ".slideshow, .hp_slideshow, .image_caption"),
                rule(Cut.COMMENT, "#comments, #comments_inner, .comments_content, .comment_wrapper"),
                rule(Cut.AD, ".ad, .ad_wrapper, [id^=ad_]"),
                rule(Cut.TAGS, ".tag_cloud, .bottom_tags"),
                _ALSO_ON,
                see_also(),
            ),
        ),
    ),
)
