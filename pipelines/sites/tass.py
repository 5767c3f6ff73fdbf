"""TASS: tass.ru and tass.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "TASS",
    ("tass.ru", "tass.com"),
    (
        Layout(
            "tass-2015",
            2015,
            None,
            marks=(css(".text-content .text-block"),),
            body=css(".news-header__lead, .text-content .text-block"),
            cut=(
                rule(Cut.RELATED, ".text-include, .text-include-project, .news-actions__related, .text-block .news-media"),
                rule(Cut.CAPTION, ".text-include-media, .text-include-photo"),
                rule(Cut.TAGS, ".news-actions, .tags"),
                rule(Cut.AD, ".banner, .adv-unit"),
                rule(Cut.SHARE, ".share, .news-header__actions"),
                CAPTIONS,
            ),
        ),
        Layout(
            "tass-2022",
            2022,
            None,
            marks=(css("[class*=Paragraph_paragraph], [class*=NewsPage_]"),),
            body=css("[class*=NewsHeader_lead], [class*=Paragraph_paragraph]"),
            cut=(rule(Cut.TAGS, "[class*=Tags_]"), CAPTIONS),
        ),
    ),
)
