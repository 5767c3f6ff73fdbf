"""The Context: thecontext.net, digest pages of the news. Whatever system shows them, they have the same headings."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css

PUBLISHER = Publisher(
    "The Context",
    ("thecontext.net",),
    (
        Layout(
            "thecontext-2016",
            2016,
            2019,
            marks=(css("h1"), css("h3"), css("ol")),
            cut=(
                rule(Cut.RELATED, "h3", says=r"(?:related|\u6709\u5173)\s*[:\uff1a]?$", extent="rest"),
                rule(Cut.SITE_RULE, "h3", says=r"(?:sources?|\u4fe1\u606f\u6765\u6e90)\s*[:\uff1a]?$", extent="rest"),
                rule(Cut.NAVIGATION, "p", says=r"formats:\s*html\b"),
                rule(Cut.DATE, "h2, h3", says=r"\d{4}-\d\d-\d{1,2}$"),
                rule(Cut.TAGS, "h5"),
            ),
            note="the sources it cites are the event's citations, not its text; its related events lead to other digest pages",
        ),
    ),
)
