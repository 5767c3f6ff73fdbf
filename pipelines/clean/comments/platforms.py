"""How forums and question-and-answer sites mark up their posts: names of their own, which say nothing elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.clean.comments.names import Part

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Platform:
    """``evidence``: one name of each group must stand on the page. Names are as in the markup, runs of digits written as ``#``."""

    name: str
    evidence: tuple[frozenset[str], ...]
    parts: dict[str, Part]

    def part(self, token: str) -> Part:
        """What a name as it stands in the markup means here."""
        return self.parts.get(token) or self.parts.get(_DIGITS.sub("#", token), Part.NONE)


def _platform(name: str, evidence: str, *, post: str, body: str, author: str = "", date: str = "", chrome: str = "") -> Platform:
    """Groups of evidence are parted by blanks, alternatives within a group by a bar."""
    parts: dict[str, Part] = {}
    for part, names in ((Part.CHROME, chrome), (Part.DATE, date), (Part.AUTHOR, author), (Part.BODY, body), (Part.ITEM, post)):
        parts.update(dict.fromkeys(names.split(), part))
    return Platform(name, tuple(frozenset(group.split("|")) for group in evidence.split()), parts)


PLATFORMS = (
    _platform(
        "xenforo 2",
        "message--post|js-messageCard",
        post="message--post MessageCard",
        body="message-body",
        author="message-name MessageCard__user-info__name",
        date="u-dt",
        chrome="message-signature message-footer message-lastEdit bbCodeBlock-expandLink js-selectToQuoteEnd message-userExtras userTitle"
        " message-userTitle message-avatar MessageCard__avatar js-reactionsList",
    ),
    _platform(
        "xenforo 1",
        "messageInfo messageText messageUserInfo|messageList",
        post="message",
        body="messageText",
        author="userText username",
        date="DateTime datePermalink",
        chrome="signature avatarHolder extraUserInfo likesSummary messageTextEndMarker userTitle",
    ),
    _platform(
        "phpbb 3",
        "postbody postprofile|section-viewtopic|postprofile_container",
        post="post postrow",
        body="content",
        author="username username-coloured",
        date="post_date",
        chrome="signature post-buttons notice back#top postprofile quote-author",
    ),
    _platform("phpbb 2", "forumline", post="", body="postbody", author="name postauthor", date="postdetails", chrome="gensmall signature"),
    _platform(
        "vbulletin 4",
        "postbit|postbitlegacy postcontent",
        post="postbit postbitlegacy postcontainer",
        body="postcontent",
        author="username",
        date="postdate date",
        chrome=(
            "signature signaturecontainer postfoot postlinking usertitle userinfo_extra rank nodecontrols after_content postcontrols title"
        ),
    ),
    _platform(
        "vbulletin 5",
        "b-post js-post__content-text",
        post="b-post",
        body="js-post__content-text",
        author="author b-userinfo__details",
        date="b-post__timestamp",
        chrome="b-post__footer b-post-control b-userinfo__rank signature b-userinfo__title",
    ),
    _platform(
        "invision 4",
        "ipsComment cPost|cTopic|cTopicPost",
        post="ipsComment",
        body="cPost_contentWrap ipsComment_richText",
        author="ipsComment_author cAuthorPane_author",
        date="ipsType_reset",
        chrome="ipsComment_controls ipsItemControls ipsComment_meta ipsReact cAuthorPane_info ipsComment_badges ipsMenu ipsComment_tools",
    ),
    _platform(
        "invision 5",
        "ipsEntry ipsEntry__content|ipsEntry__post",
        post="ipsEntry",
        body="ipsRichText",
        author="ipsEntry__username",
        date="",
        chrome="ipsEntry__controls ipsEntry__footer ipsEntry__signature ipsEntry__authorFields ipsMenu",
    ),
    _platform(
        "invision 3",
        "post_block post_body|post_wrap ipb_table|ipsBox|maintitle|ipsList_inline",
        post="post_block",
        body="entry-content post",
        author="author nickname",
        date="published posted_info",
        chrome="signature post_controls author_info user_details",
    ),
    _platform(
        "discourse",
        "crawler-post|topic-post crawler-post|cooked",
        post="crawler-post topic-post",
        body="post cooked",
        author="creator names",
        date="post-time post-date",
        chrome="post-likes post-links topic-map post-menu-area crawler-linkback-list post-info",
    ),
    _platform(
        "simple machines",
        "forumposts post_wrapper|postarea|poster",
        post="post_wrapper",
        body="post inner",
        author="poster",
        date="keyinfo smalltext",
        chrome=(
            "signature moderatorbar attachments quickbuttons under_message modified membergroup postgroup icons profile custom "
            "user_info avatar postcount im_icons"
        ),
    ),
    _platform(
        "mybb",
        "post_body post_head|author_information|postbit_buttons author_statistics|post_controls|post_management_buttons",
        post="post",
        body="post_body",
        author="author_information",
        date="post_date",
        chrome="signature post_controls author_statistics author_buttons author_avatar post_meta edited_post",
    ),
    _platform(
        "vanilla",
        "ItemDiscussion|ItemComment",
        post="ItemDiscussion ItemComment",
        body="Message",
        author="Username",
        date="DateCreated CommentHeader",
        chrome="Signature UserSignature Reactions Flyout AuthorInfo MItem-Category Options js-quoteButton",
    ),
    _platform(
        "flarum",
        "Post-body PostUser|CommentPost|flarum-content",
        post="",
        body="Post-body",
        author="PostUser-name username",
        date="PostMeta",
        chrome="Post-actions Post-footer",
    ),
    _platform(
        "bbpress",
        "bbp-reply-content|bbp-topic-content",
        post="type-reply type-topic",
        body="bbp-reply-content bbp-topic-content",
        author="bbp-author-name",
        date="bbp-reply-post-date bbp-topic-post-date",
        chrome=(
            "bbp-admin-links bbp-author-role bbp-reply-revision-log bbp-topic-revision-log bbp-reply-permalink bbp-author-ip bbp-signature"
        ),
    ),
    _platform(
        "kunena",
        "kmsg",
        post="kmessage kpost",
        body="kmsg",
        author="kwho-user kwho-admin kwho-moderator kpost-username",
        date="kmsgdate",
        chrome="kmessage-buttons ksig",
    ),
    _platform(
        "woltlab",
        "wbbPost|wbbThreadPost",
        post="wbbPost",
        body="messageText",
        author="username",
        date="datetime",
        chrome="messageSignature messageFooter messageSidebar userTitle",
    ),
    _platform(
        "fluxbb",
        "blockpost postmsg",
        post="blockpost",
        body="postmsg",
        author="postleft",
        date="",
        chrome="postsignature postfootleft postfootright usertitle postavatar postedit",
    ),
    _platform(
        "discuz",
        "postlist pcb|plhin|t_f",
        post="post_#",
        body="t_f postmessage_#",
        author="authi",
        date="authorposton#",
        chrome="sign po pob pct-tip tip pstatus avtm",
    ),
    _platform(
        "stack exchange",
        "js-post-body|postcell question|answer",
        post="question answer comment js-comment",
        body="js-post-body post-text comment-copy",
        author="user-details comment-user",
        date="relativetime relativetime-clean",
        chrome=(
            "js-voting-container js-post-menu post-menu user-gravatar# post-taglist comment-actions comment-score "
            "reputation-score -flair user-action-time js-post-notices votecell vote"
        ),
    ),
    _platform(
        "question2answer",
        "qa-q-view qa-q-view-content|qa-q-view-main",
        post="qa-q-view qa-a-list-item qa-c-list-item",
        body="qa-q-view-content qa-a-item-content qa-c-item-content",
        author="qa-user-link",
        date="qa-q-view-when-data qa-a-item-when-data qa-c-item-when-data",
        chrome="qa-voting qa-q-view-buttons qa-a-item-buttons qa-c-item-buttons qa-q-view-tags qa-a-selection",
    ),
    _platform(
        "reddit",
        "commentarea thing",
        post="thing",
        body="usertext-body",
        author="author",
        date="live-timestamp",
        chrome="flat-list buttons midcol domain score expand numchildren userattrs",
    ),
    _platform(
        "new reddit",
        "shreddit-comment",
        post="shreddit-comment shreddit-post",
        body="md",
        author="",
        date="",
        chrome="shreddit-comment-action-row",
    ),
    _platform("hacker news", "comtr", post="comtr", body="commtext", author="hnuser", date="age", chrome="reply navs votelinks togg"),
    _platform(
        "lobsters", "comments_subtree", post="comment", body="comment_text", author="", date="", chrome="voters comment_actions flagger"
    ),
    _platform(
        "tieba",
        "d_post_content l_post",
        post="l_post",
        body="d_post_content",
        author="p_author_name",
        date="tail-info",
        chrome="core_reply p_tail_wrap d_sign_split",
    ),
    _platform(
        "v2ex",
        "topic_content cell|reply_content",
        post="r_#",
        body="reply_content topic_content",
        author="dark",
        date="ago",
        chrome="no thank_area",
    ),
    _platform(
        "crowdstack",
        "h-original-topic-post|h-content-post-box",
        post="post-box",
        body="post-box-inner-body",
        author="display-name",
        date="post-date",
        chrome="post-actions-box post-signature post-tags",
    ),
)


_VBULLETIN_3 = _platform(
    "vbulletin 3",
    "",
    post="post# edit#",
    body="post_message_#",
    author="bigusername postmenu_#",
    date="",
    chrome="smallfont signature sig",
)
"""Told by its numbered ids."""
BY_NAME = _platform(
    "named as forum posts",
    "",
    post=(
        "forum-post forum_post forumPost forumpost forum-message forum-reply forum-answer thread-post thread-message "
        "thread-reply topic-post topic-reply"
        " discussion-post discussion-message discussion-reply DiscussionBoard-item board-post thread__post topic__post "
        "forum-thread__post question-post answer-post"
    ),
    body=(
        "forum-post-content forum-post-body forum-post-text forum-post__content forum-post__body forum-message-body "
        "forum-message-content post-content post-body post-text post__content"
        " post__body post__text message-text message-content message-body DiscussionBoard-message answer-text question-text "
        "topic-content reply-content answer-content"
    ),
    author="post-author post__author username author-name",
    date="post-date post__date",
    chrome="signature post-signature post-actions post-footer",
)
"""Home-made forums that name their parts as most do; their posts must hold most of the page's text."""
MICRODATA = Platform("microdata", (), {})
"""Posts told by schema.org's types and properties alone."""
POST_TYPES = frozenset(("discussionforumposting", "comment", "usercomments", "answer", "question"))
_FIRST = frozenset().union(*(p.evidence[0] for p in PLATFORMS))


def written(token: str) -> str:
    """A name as platforms' tables have it."""
    return _DIGITS.sub("#", token)


def platform_of(tokens: frozenset[str]) -> Platform | None:
    """The platform whose names stand among those of a page."""
    if not _FIRST.isdisjoint(tokens):
        for platform in PLATFORMS:
            if all(not group.isdisjoint(tokens) for group in platform.evidence):
                return platform
    if any(token.startswith("post_message_") for token in tokens):
        return _VBULLETIN_3
    return None
