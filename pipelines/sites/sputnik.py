"""Sputnik: sputniknews.com, sputnikglobe.com and its language services."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "Sputnik",
    ("sputniknews.com", "sputnikglobe.com", "sputnikarabic.ae", "sputniknews.cn", "sputniknews.in", "sputniknewsbr.com.br"),
    (
        Layout(
            "sputnik-2021",
            2021,
            None,
            marks=(css(".article__body"), css(".article__text, .article__block")),
            body=css(".article__announce-text, .article__body"),
            cut=(
                rule(Cut.RELATED, "[data-type=article], .article__article, .article__embed-wrap, [data-type=recommend]"),
                rule(Cut.CAPTION, "[data-type=photo], .article__photo-desc, .media__copyright, [data-type=media], [data-type=photolenta]"),
                rule(Cut.PLAYER, "[data-type=video], [data-type=audio], .audioplayer"),
                rule(Cut.AD, "[data-type=banner], .banner"),
                rule(Cut.SHARE, ".article__userbar, .share, .article__share"),
                rule(Cut.TAGS, ".article__tags, .tags"),
                rule(Cut.COMMENT, ".article__chat, #comments, .comments"),
                rule(Cut.NEWSLETTER, ".article__news-services-subscribe, .article__subscribe"),
                CAPTIONS,
                see_also(),
            ),
        ),
        Layout(
            "sputnik-2014",
            2014,
            2021,
            marks=(css(".b-article__text"),),
            body=css(".b-article__lead, .b-article__text"),
            cut=(
                rule(Cut.RELATED, ".b-inject, .b-inject__article, .b-read-more, .b-article__related"),
                rule(Cut.COMMENT, ".comments, #comments, .b-comments"),
                rule(Cut.TAGS, ".b-article__refs"),
                rule(Cut.BYLINE, ".b-article__refs-text"),
                rule(Cut.SHARE, ".social-likes-pane, #share, .b-article__likes, .b-counters, .article__google-news"),
                rule(Cut.CAPTION, ".b-article__header-copy, .b-article__header-alt, .b-inject__copy"),
                rule(Cut.PLAYER, ".b-article__audio, .b-inject__audio"),
                rule(Cut.SIGN_IN, ".modal-window"),
                rule(Cut.COOKIE, "#cookieContainer"),
                CAPTIONS,
                see_also(),
            ),
            authors=field(".b-article__refs-author", part=r"(?:by\s+)?(.+)"),
        ),
    ),
)
