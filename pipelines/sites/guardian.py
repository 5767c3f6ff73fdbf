"""The Guardian: theguardian.com, until 2013 guardian.co.uk."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

_EPIC = (
    rule(Cut.DONATION, ".contributions__epic, #slot-body-end, [data-component*=epic], .js-contributions-epic, gu-island[name*=Epic]"),
    rule(Cut.DONATION, "gu-island[name=SlotBodyEnd], gu-island[name=LiveBlogEpic], [data-component*=contributions]"),
)
_COMMENTS = rule(
    Cut.COMMENT, "#comments, .discussion, #discussion, gu-island[name=DiscussionLayout], [data-component=discussion], #d2-root"
)

PUBLISHER = Publisher(
    "The Guardian",
    ("theguardian.com", "guardian.co.uk"),
    (
        Layout(
            "guardian-2020",
            2020,
            None,
            marks=(css("[data-gu-name=body], .article-body-commercial-selector, .article-body-viewer-selector"),),
            body=css("[data-gu-name=standfirst], .article-body-commercial-selector, .article-body-viewer-selector"),
            cut=(
                *_EPIC,
                _COMMENTS,
                rule(
                    Cut.RELATED,
                    "gu-island[name=RichLinkComponent], [data-component=rich-link], .element-rich-link, aside.element-rich-link",
                ),
                rule(Cut.RELATED, "[data-spacefinder-role=richLink], gu-island[name*=MostView], gu-island[name=OnwardsUpper]"),
                rule(
                    Cut.NEWSLETTER,
                    "gu-island[name*=SecureSignup], gu-island[name*=Newsletter], [data-component=newsletter-signup], .email-signup",
                ),
                rule(Cut.SIGN_IN, "#sign-in-gate, gu-island[name=SignInGateSelector], #sign-in-gate-selector"),
                rule(Cut.AD, ".ad-slot, .ad-slot-container, [data-link-name^='ad slot'], .js-ad-slot"),
                rule(
                    Cut.CAPTION,
                    "[data-gu-name=media] figcaption, [data-spacefinder-type*=ImageBlockElement] figcaption, [data-component=caption]",
                ),
                rule(Cut.PLAYER, "gu-island[name*=YoutubeBlock], gu-island[name*=VideoAtom], gu-island[name*=AudioAtom]"),
                rule(Cut.TAGS, ".submeta, [data-link-name*=keyword], [data-component=series-submeta]"),
                rule(Cut.SHARE, "[data-component=share], gu-island[name=ShareButton], [data-gu-name=meta]"),
                rule(Cut.NAVIGATION, "[data-print-layout=hide], .skip"),
                CAPTIONS,
            ),
        ),
        Layout(
            "guardian-2014",
            2014,
            2020,
            marks=(css(".content__article-body"),),
            body=css(".content__standfirst, .content__article-body"),
            cut=(
                *_EPIC,
                _COMMENTS,
                rule(Cut.RELATED, ".element-rich-link, .rich-link, .js-outbrain, .content-footer, .article-related, .fc-container"),
                rule(Cut.NEWSLETTER, ".email-sub, .email-sub__iframe, .element-embed--newsletter, .js-email-sub__iframe"),
                rule(Cut.CAPTION, ".caption, .caption--img, .block-share, .gallery__caption"),
                rule(Cut.TAGS, ".submeta"),
                rule(Cut.AD, ".ad-slot, .js-ad-slot, .ad-slot--inline"),
                rule(Cut.SHARE, ".meta__social, .social, .content__meta-container"),
                rule(Cut.PLAYER, ".element-video, .gu-media-wrapper, .vjs-error-display"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "guardian-2007",
            2007,
            2014,
            marks=(css("#article-body-blocks"),),
            body=css("#stand-first, .stand-first-alone, #article-body-blocks"),
            cut=(
                _COMMENTS,
                rule(Cut.RELATED, "#related, .related, .component .trail-list, #content-actions, #most-popular"),
                rule(Cut.CAPTION, ".caption, #main-content-picture"),
                rule(Cut.PLAYER, ".flash-video, .guardian-player"),
                rule(Cut.SHARE, ".share-links, .share-top, #share-links-top"),
                rule(Cut.TAGS, ".article-attributes"),
                CAPTIONS,
            ),
        ),
    ),
)
