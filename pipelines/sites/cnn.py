"""CNN: cnn.com with its editions."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "CNN",
    ("cnn.com",),
    (
        Layout(
            "cnn-2022",
            2022,
            None,
            marks=(css(".article__content"),),
            body=css(".article__content"),
            cut=(
                rule(
                    Cut.RELATED,
                    ".related-content, [data-component-name=related-content], .highlights, [data-component-name=card], .zone__items",
                ),
                rule(Cut.AD, ".ad-slot, .ad-slot-dynamic, .ad-slot__wrapper, .ad-feedback"),
                rule(Cut.CAPTION, ".image__metadata, .image__caption, .gallery-inline, .gallery-inline__container, .image__credit"),
                rule(Cut.PLAYER, ".video-resource, .video-inline_carousel, .video-resource__wrapper, .podcast"),
                rule(Cut.NEWSLETTER, ".newsletter-signup, [data-component-name=newsletter], .email-signup, .subscription-inline"),
                rule(Cut.NEWSLETTER, "p", says=r"sign up for (?:cnn|the cnn|our)\b.{0,80}newsletter"),
                rule(Cut.BYLINE, ".byline, .headline__sub-text"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "cnn-2014",
            2014,
            2022,
            marks=(css(".zn-body__paragraph"),),
            body=css(".zn-body__paragraph"),
            cut=(
                rule(
                    Cut.RELATED,
                    ".zn-body__read-more-outbrain, .el__article, .el__leafmedia--storyhighlights, .zn-body__read-more, .outbrain",
                ),
                rule(Cut.NEWSLETTER, ".zn-body__paragraph", says=r"sign up for (?:cnn|the cnn|our)\b.{0,80}newsletter"),
                rule(Cut.CAPTION, ".media__caption, .el__gallery, .element-raw__caption, .el__storyelement__caption"),
                rule(Cut.PLAYER, ".el__video, .media__video, .js-video__end-slate"),
                rule(Cut.AD, ".ad, [id^=ad_]"),
                CAPTIONS,
                see_also(".zn-body__paragraph"),
            ),
        ),
        Layout(
            "cnn-2008",
            2008,
            2014,
            marks=(css(".cnn_strycntntlft, .cnnContentContainer, .cnn_storypgraphtxt"),),
            body=css(".cnn_strycntntlft, .cnnContentContainer, .cnn_storypgraphtxt"),
            cut=(
                rule(
                    Cut.RELATED,
                    ".cnn_strylftcntnt, .cnn_strylccimg300cntr, .cnnStryHghLght, .cnn_strylctcntr, .cnn_stryrltdbtm, .cnn_stryathrtmp",
                ),
                rule(Cut.CAPTION, ".cnn_stryimg640caption, .cnn_html_slideshow, .cnnStryVidCont, .cnn_strylctcntr"),
                rule(Cut.SHARE, ".cnn_strybtntools, .cnn_strybtmcntnt, .cnn_stryshrwdgtbtm, .cnn_strytools"),
                rule(Cut.BYLINE, ".cnnByline"),
                rule(Cut.DATE, ".cnn_strytmstmp"),
                rule(Cut.NAVIGATION, ".cnnEndOfStory, .cnn_divline"),
                rule(Cut.COMMENT, "#disqus_thread, .cnn_comments"),
                see_also(".cnn_storypgraphtxt"),
            ),
        ),
    ),
)
