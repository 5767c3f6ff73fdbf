"""9News: 9news.com.au, and the other titles of nine.com.au that run on its system."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "9News",
    ("9news.com.au", "nine.com.au"),
    (
        Layout(
            "9news-2018",
            2018,
            None,
            marks=(css(".article__body"), css(".block-content, .article__body-croppable")),
            body=css(".article__body-croppable, .article__body"),
            cut=(
                rule(Cut.RELATED, ".block-content", says=r"(?:read|see|watch|listen|explore|follow)\s*(?:more|here|now)?\s*:"),
                rule(Cut.SHARE, ".article__social, .article__share"),
                rule(Cut.CAPTION, ".article__caption, .article__image"),
                rule(Cut.PLAYER, ".article__video, .video-player"),
                rule(
                    Cut.NEWSLETTER,
                    ".block-content",
                    says=r"(?:sign up here|receive our|for a daily dose|get more of the|\W*download the 9news app)",
                ),
                rule(Cut.AD, ".article__native-links, .ad, .adhesion"),
                rule(Cut.TAGS, ".article__tags"),
                rule(Cut.OTHER, ".article__contact, .article__continue-reading"),
                rule(Cut.NAVIGATION, ".layout__utility, .strap"),
                CAPTIONS,
            ),
        ),
    ),
)
