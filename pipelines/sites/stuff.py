"""Stuff: stuff.co.nz."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "Stuff",
    ("stuff.co.nz",),
    (
        Layout(
            "stuff-2016",
            2016,
            2023,
            marks=(css(".sics-component__story__body, .sics-component__story"),),
            body=css(".sics-component__story__body"),
            cut=(
                rule(Cut.RELATED, ".sics-component__story__related, .sics-component__related-stories, .sics-component__story__read-more"),
                rule(Cut.RELATED, "p.sics-component__story__paragraph", says=r"(?:read more|\*?\s*related)\s*:?"),
                rule(Cut.CAPTION, ".sics-component__caption, .sics-component__story-image, .sics-component__image"),
                rule(Cut.PLAYER, ".sics-component__video, .sics-component__brightcove-player, .sics-component__audio"),
                rule(Cut.AD, ".sics-component__ad-space, .sics-component__advert"),
                rule(Cut.DONATION, ".sics-component__support, .contribution-block, .sics-component__contribution"),
                rule(Cut.NEWSLETTER, ".sics-component__newsletter"),
                rule(Cut.BYLINE, ".sics-component__byline-wrapper, .sics-component__story__source"),
                rule(Cut.SHARE, ".sics-component__sharebar"),
                rule(Cut.COMMENT, ".sics-component__comments, #comments"),
                CAPTIONS,
            ),
        ),
    ),
)
