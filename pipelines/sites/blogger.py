"""Blogger, the platform: every blogspot host, and blogs with a name of their own that say who made them."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css

_CUT = (
    rule(Cut.COMMENT, "#comments, .comments, #comment-holder, #top-comment, .comment-form, #comment-form, .post-comment-link"),
    rule(Cut.NAVIGATION, "#blog-pager, .blog-pager, .post-feeds, .blog-feeds, .breadcrumbs, .status-msg-wrap, .archive"),
    rule(Cut.BYLINE, ".post-footer, .post-header, .post-author, .byline.post-author"),
    rule(Cut.DATE, ".date-header, .post-timestamp, .byline.post-timestamp"),
    rule(Cut.TAGS, ".post-labels, .byline.post-labels"),
    rule(Cut.SHARE, ".post-share-buttons, .post-sharing, .sharing, .addthis_toolbox, .share-buttons, .reaction-buttons"),
    rule(Cut.RELATED, ".linkwithin_div, #related-posts, .related-posts, .related-postbwrap, .PopularPosts, .FeaturedPost"),
    rule(Cut.BIO, ".Profile, .authorbox, .author-profile"),
    rule(Cut.HEADLINE, ".post-title"),
    rule(Cut.CAPTION, ".tr-caption"),
    rule(Cut.NAVIGATION, ".BlogArchive, .Label, .LinkList, .PageList, .BlogList, .Followers, .FollowByEmail, .Attribution, .BlogSearch"),
)

PUBLISHER = Publisher(
    "Blogger",
    ("blogspot.com",),
    (
        Layout(
            "blogger-2006",
            2006,
            None,
            marks=(css(".post-body"),),
            body=css(".post-body"),
            cut=_CUT,
            authors=field(".post-author .fn, .post-author [itemprop=name], .byline.post-author .fn, .post-author a.g-profile span"),
            published=field("abbr.published[title], [itemprop=datePublished][title]", "title"),
            note="templates of 2006, 2010 (designer) and 2017 (Contempo and its kin) all keep the class post-body",
        ),
        Layout(
            "blogger-custom",
            2006,
            None,
            marks=(css("#Blog1, .Blog, #comments, #blog-pager"),),
            cut=_CUT,
            note="templates by others: they drop the class of the post and keep that of everything around it",
        ),
    ),
    generator="blogger",
)
