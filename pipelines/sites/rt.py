"""RT: rt.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "RT",
    ("rt.com",),
    (
        Layout(
            "rt-2014",
            2014,
            None,
            marks=(css(".article__text"),),
            body=css(".article__summary, .article__text"),
            cut=(
                rule(Cut.RELATED, ".read-more, .read-more-big, .news-block, .article__read-more, .rc_module"),
                rule(
                    Cut.SHARE, "p, div, strong", says=r"like this story\? share it with a friend|you can share this story on social media"
                ),
                rule(Cut.SHARE, ".article__share, .article__short-url, .article__social-wrapper, .article__social-wrapper_upper"),
                rule(Cut.LEGAL, "p, em", says=r"the statements, views and opinions expressed in this column"),
                rule(Cut.CAPTION, ".article__cover, .media__footer, .media__title"),
                rule(Cut.PLAYER, ".media__player, .rtcode"),
                rule(Cut.DATE, ".article__date"),
                rule(Cut.TAGS, ".article__tags-trends, .tags-trends"),
                rule(Cut.COMMENT, ".article__comments, .comments-module, #comments"),
                rule(Cut.NEWSLETTER, ".promobanner, .subscription, .telegram-promo"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
