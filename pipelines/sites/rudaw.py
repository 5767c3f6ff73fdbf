"""Rudaw: rudaw.net. The page of 2013 to 2019 opens with a sign-in form for commenters and ends with comments on other stories."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

_BOX = "h1, h2, h3, h4, h5, span, strong, b, div.title, div.header, a"

PUBLISHER = Publisher(
    "Rudaw",
    ("rudaw.net",),
    (
        Layout(
            "rudaw-2013",
            2013,
            2019,
            marks=(css("form input, input[type=text], textarea"), css("h1, h2")),
            cut=(
                rule(Cut.SIGN_IN, _BOX, says=r"add contribution as a guest$|comment as a guest$|benefit of signing in", extent="parent"),
                rule(
                    Cut.SIGN_IN,
                    "p, label, span, div.note",
                    says=r"your email will not be displayed|not a member\s+register|or connect using",
                ),
                rule(Cut.SIGN_IN, "a, h3, h4, span, li", says=r"sign in\s*/\s*up$"),
                rule(Cut.COMMENT, _BOX, says=r"what you say$", extent="parent"),
                rule(Cut.NEWSLETTER, _BOX, says=r"be part of your rudaw", extent="parent"),
                rule(Cut.RELATED, _BOX, says=r"elsewhere on rudaw$|most popular$|related (?:news|articles)$", extent="parent"),
                rule(Cut.COMMENT, "#comments, .comments, .comment, .comment-list, #commentList"),
                rule(Cut.BIO, "p", says=r"[^.]{3,60} is a (?:rudaw|freelance)\b[^.]{0,100}\.$"),
                rule(Cut.OTHER, "span, p, div.loadtime", says=r"\d+\.\d+ seconds$"),
                rule(Cut.CAPTION, ".caption, .imgCaption"),
                rule(Cut.BYLINE, "p, span, h4, div.byline", says=r"by \D{3,60}? \d{1,2}/\d{1,2}/\d{4}$"),
                CAPTIONS,
            ),
            authors=field("span, p, h4, div.byline", part=r"^By (\D{3,60}?) \d{1,2}/\d{1,2}/\d{4}"),
            published=field("span, p, h4, div.byline", part=r"^By \D{3,60}? (\d{1,2}/\d{1,2}/\d{4})", written="%d/%m/%Y"),
            note="dates are day first; written from the words of such pages: their class names were not at hand",
        ),
        Layout(
            "rudaw-2019",
            2019,
            None,
            marks=(css(".article__content, .article-content, .detail-content"),),
            cut=(
                rule(Cut.RELATED, ".related-news, .more-news, .article__related, .most-read, .read-more"),
                rule(Cut.SHARE, ".share, .social-share, .article__share"),
                rule(Cut.COMMENT, "#comments, .comments, .comment-form, .article__comments"),
                rule(Cut.TAGS, ".tags, .article__tags"),
                CAPTIONS,
            ),
        ),
    ),
)
