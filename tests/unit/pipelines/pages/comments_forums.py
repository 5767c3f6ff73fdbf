"""Threads as the common forum and question-and-answer systems mark them up; all words are ours."""

from __future__ import annotations

import json
from dataclasses import dataclass

ADA = "How long did your crossing take last winter, and was the boat heated?"
BO = "Two hours, because the ice was thick near the sound. No heating at all."
CY = "Take a blanket and something hot to drink, then it is fine."
SIGNATURE = "Harbour pilots do it in deep water"
CARD = "Member since 2009 with 4711 messages"


@dataclass(frozen=True)
class Thread:
    """A page, and its posts: depth, author, date, text. ``chrome`` must stand in the containers."""

    name: str
    html: str
    posts: tuple[tuple[int, str | None, str | None, str], ...]
    chrome: tuple[str, ...] = (SIGNATURE, CARD)
    url: str = "https://boats.example/x/12"


def _page(body: str, head: str = "", attributes: str = "", root: str = "") -> str:
    return (
        f"<!doctype html><html {root}><head><title>Winter crossing - Boats</title>{head}</head><body {attributes}><div class='top'><a href='/'>Board index</a></div>"
        f"<h1>Winter crossing</h1>{body}<div class='bottom'><p>All times are those of the harbour, and the moderators are asleep.</p></div></body></html>"
    )


def _flat(
    name: str, post: str, around: str = "{}", day: str = "2021-05-03T{}", chrome: tuple[str, ...] = (SIGNATURE, CARD), **page: str
) -> Thread:
    """A flat thread of two posts. The template's fields: n (number), a (author), t (text), h (clock), s, c (signature, card)."""
    posts = "".join(
        post.format(n=n, a=author, t=text, h=clock, s=SIGNATURE, c=CARD)
        for n, author, clock, text in ((101, "Ada Ferry", "10:11", ADA), (102, "Bo Pier", "11:00", BO))
    )
    dates = (day.format("10:11"), day.format("11:00")) if day else (None, None)
    return Thread(name, _page(around.format(posts), **page), ((0, "Ada Ferry", dates[0], ADA), (0, "Bo Pier", dates[1], BO)), chrome)


PHPBB3 = _flat(
    "phpbb 3",
    """<div id="p{n}" class="post has-profile bg2"><div class="inner"><dl class="postprofile" id="profile{n}"><dt><a class="username" href="./memberlist.php?u=2">{a}</a></dt><dd>{c}</dd></dl>
<div class="postbody"><div id="post_content{n}"><h3><a href="#p{n}">Re: Winter crossing</a></h3><ul class="post-buttons"><li><a title="Reply with quote">Quote</a></li></ul>
<p class="author"><a href="#p{n}">Post</a> by <strong><a class="username" href="./memberlist.php">{a}</a></strong> &raquo; Mon May 03, 2021 {h} am</p><div class="content">{t}</div>
<div id="sig{n}" class="signature">{s}</div></div></div></div></div>""",
    attributes='id="phpbb" class="nojs section-viewtopic ltr"',
)
PHPBB2 = _flat(
    "phpbb 2",
    """<tr><td class="row1"><span class="name"><a name="{n}"></a><b>{a}</b></span></td><td class="row1"><span class="postdetails">Posted: Mon May 03, 2021 {h} am</span>
<span class="postbody">{t}</span><span class="gensmall"></span></td></tr>""",
    '<table class="forumline"><tr><td class="nav">Goto page 1</td></tr>{}</table>',
    chrome=(),
)
VBULLETIN3 = _flat(
    "vbulletin 3",
    """<div id="edit{n}"><table id="post{n}" class="tborder"><tr><td class="thead"><div class="normal">03.05.2021, {h}</div></td></tr><tr><td class="alt2">
<div id="postmenu_{n}"><a class="bigusername" href="member.php?u=1">{a}</a></div><div class="smallfont">{c}</div></td></tr><tr><td class="alt1" id="td_post_{n}"><div id="post_message_{n}">{t}</div>
<div class="sig">{s}</div></td></tr></table></div>""",
    '<div id="posts">{}</div>',
)
VBULLETIN4 = _flat(
    "vbulletin 4",
    """<li class="postbit postbitim postcontainer" id="post_{n}"><div class="posthead"><span class="postdate"><span class="date">03.05.2021, <span class="time">{h}</span></span></span></div>
<div class="userinfo"><a class="username" href="member.php"><strong>{a}</strong></a><span class="usertitle">{c}</span></div><div class="postbody"><div class="content"><div id="post_message_{n}">
<blockquote class="postcontent restore">{t}</blockquote></div></div><div class="signature">{s}</div></div><div class="postfoot"><a class="newreply">Reply With Quote</a></div></li>""",
    '<div id="postlist"><ol id="posts" class="posts">{}</ol></div>',
    root='id="vbulletin_html"',
)
VBULLETIN5 = _flat(
    "vbulletin 5",
    """<li class="b-post js-post" id="node{n}"><div class="b-post__grid-container"><div class="b-userinfo"><div class="author"><strong><a href="/member/1">{a}</a></strong></div><div class="b-userinfo__title">{c}</div></div>
<div class="b-post__body"><div class="b-post__timestamp"><time datetime="2021-05-03T{h}">yesterday</time></div><div class="b-post__content"><div class="js-post__content-text restore">{t}</div></div>
<div class="b-post__footer"><div class="signature">{s}</div><ul><li>Comment</li></ul></div></div></div></li>""",
    '<ul class="conversation-list">{}</ul>',
)
XENFORO2 = _flat(
    "xenforo 2",
    """<article class="message message--post js-post" data-author="{a}" id="js-post-{n}"><div class="message-inner"><div class="message-cell message-cell--user"><section class="message-user"><h4 class="message-name"><a class="username">{a}</a></h4>
<h5 class="userTitle message-userTitle">{c}</h5></section></div><div class="message-cell message-cell--main"><header class="message-attribution"><ul><li><a href="#"><time class="u-dt" datetime="2021-05-03T{h}">May 3</time></a></li>
<li><a href="#">#1</a></li></ul></header><div class="message-content js-messageContent"><div class="message-userContent"><article class="message-body js-selectToQuote"><div class="bbWrapper">{t}</div></article></div>
<aside class="message-signature"><div class="bbWrapper">{s}</div></aside></div><footer class="message-footer"><a class="actionBar-action">Reply</a></footer></div></div></article>""",
    '<div class="block--messages">{}</div><form class="js-quickReply"><textarea></textarea><button>Post reply</button></form>',
    root='id="XF" data-template="thread_view"',
)
XENFORO1 = _flat(
    "xenforo 1",
    """<li id="post-{n}" class="message" data-author="{a}"><div class="messageUserInfo"><h3 class="userText"><a class="username">{a}</a><em class="userTitle">{c}</em></h3></div><div class="messageInfo primaryContent">
<div class="messageContent"><article><blockquote class="messageText SelectQuoteContainer">{t}<div class="messageTextEndMarker">&nbsp;</div></blockquote></article></div>
<div class="baseHtml signature messageText"><aside>{s}</aside></div><div class="messageMeta"><div class="privateControls"><span class="muted"><a class="datePermalink"><span class="DateTime">May 3, 2021 at {h} AM</span></a></span></div>
<div class="publicControls"><a>Reply</a></div></div></div></li>""",
    '<ol class="messageList" id="messageList">{}</ol>',
    root='id="XenForo"',
)
DISCOURSE = _flat(
    "discourse, for crawlers",
    """<div id="post_{n}" class="topic-body crawler-post"><div class="crawler-post-meta"><span class="creator"><a href="/u/x"><span itemprop="name">{a}</span></a></span>
<span class="crawler-post-infos"><time datetime="2021-05-03T{h}" class="post-time">May 3, 2021</time></span></div><div class="post" itemprop="text"><p>{t}</p></div><div class="post-likes">3 likes</div></div>""",
    '<noscript><div id="main-outlet" class="wrap">{}</div></noscript>',
    chrome=("3 likes",),
)
SMF = _flat(
    "simple machines",
    """<div class="windowbg" id="msg{n}"><div class="post_wrapper"><div class="poster"><h4><a href="#">{a}</a></h4><ul class="user_info"><li>{c}</li></ul></div><div class="postarea"><div class="keyinfo">
<div class="smalltext">May 03, 2021, {h} AM</div></div><div class="post"><div class="inner" id="msg_{n}">{t}</div></div><div class="under_message"><a>Quote</a></div></div><div class="moderatorbar"><div class="signature">{s}</div></div></div></div>""",
    '<div id="forumposts"><form id="quickModForm">{}</form></div>',
)
MYBB = _flat(
    "mybb",
    """<div class="post" id="post_{n}"><div class="post_author"><div class="author_information"><strong><span class="largetext"><a href="#">{a}</a></span></strong></div><div class="author_statistics">{c}</div></div>
<div class="post_content"><div class="post_head"><span class="post_date">03.05.2021, {h}</span></div><div class="post_body scaleimages" id="pid_{n}">{t}</div><div class="signature">{s}</div></div><div class="post_controls"><a>Reply</a></div></div>""",
    '<div id="posts">{}</div>',
)
INVISION4 = _flat(
    "invision 4",
    """<article id="elComment_{n}" class="cPost ipsBox ipsComment ipsComment_parent"><aside class="ipsComment_author cAuthorPane"><h3 class="cAuthorPane_author"><strong><a href="/profile/1">{a}</a></strong></h3>
<ul class="cAuthorPane_info"><li>{c}</li></ul></aside><div class="ipsColumn"><div id="comment-{n}_wrap" class="ipsComment_content ipsType_medium"><div class="ipsComment_meta"><p class="ipsType_reset"><a>Posted <time datetime="2021-05-03T{h}">May 3</time></a></p></div>
<div class="cPost_contentWrap"><div data-role="commentContent" class="ipsType_richText"><p>{t}</p></div></div><div class="ipsItemControls"><ul><li>Quote</li></ul></div><div data-role="memberSignature"><div>{s}</div></div></div></div></article>""",
    '<div id="comments" class="cTopic"><div id="elPostFeed">{}</div></div>',
)
VANILLA = _flat(
    "vanilla",
    """<li class="Item ItemComment" id="Comment_{n}"><div class="Comment"><div class="Item-Header CommentHeader"><span class="Author"><a class="Username" href="#">{a}</a></span><span class="AuthorInfo">{c}</span>
<span class="DateCreated"><a><time datetime="2021-05-03T{h}">May 2021</time></a></span></div><div class="Item-BodyWrap"><div class="Item-Body"><div class="Message userContent">{t}</div><div class="Signature">{s}</div></div></div></div></li>""",
    '<ul class="MessageList DataList Comments">{}</ul>',
)
FLARUM = _flat(
    "flarum, for crawlers",
    '<article><div class="PostUser"><h3 class="PostUser-name">{a}</h3></div><div class="Post-body"><p>{t}</p></div></article><hr>',
    '<div id="app"><noscript id="flarum-content"><div class="container">{}</div></noscript></div>',
    day="",
    chrome=(),
)
BBPRESS = _flat(
    "bbpress",
    """<div id="post-{n}" class="bbp-reply-header"><div class="bbp-meta"><span class="bbp-reply-post-date">May 3, 2021 at {h} am</span><a class="bbp-reply-permalink">#{n}</a></div></div>
<div class="post-{n} reply type-reply hentry"><div class="bbp-reply-author"><a class="bbp-author-link"><span class="bbp-author-name">{a}</span></a><div class="bbp-author-role">{c}</div></div><div class="bbp-reply-content"><p>{t}</p></div></div>""",
    '<ul class="forums bbp-replies"><li class="bbp-body">{}</li></ul>',
    day="",
    chrome=(CARD,),
)
WOLTLAB = _flat(
    "woltlab",
    """<li><article id="post{n}" class="wbbPost message"><aside class="messageSidebar"><div class="messageAuthor"><a class="username">{a}</a></div><span class="userTitle">{c}</span></aside><div class="messageContent">
<header class="messageHeader"><a class="permalink"><time datetime="2021-05-03T{h}" class="datetime">May 3</time></a></header><div class="messageBody"><div class="messageText">{t}</div></div><footer class="messageFooter"><div class="messageSignature">{s}</div></footer></div></article></li>""",
    '<ul class="wbbThreadPostList">{}</ul>',
)
FLUXBB = _flat(
    "fluxbb",
    """<div id="p{n}" class="blockpost"><h2><span><span class="conr">#1</span> <a href="#p{n}">2021-05-03 {h}</a></span></h2><div class="box"><div class="inbox"><div class="postbody"><div class="postleft"><dl><dt><strong><a>{a}</a></strong></dt>
<dd class="usertitle"><strong>{c}</strong></dd></dl></div><div class="postright"><h3>Winter crossing</h3><div class="postmsg"><p>{t}</p></div><div class="postsignature">{s}</div></div></div></div></div></div>""",
    "<div id='brdmain'>{}</div>",
    chrome=(SIGNATURE,),
)
DISCUZ = _flat(
    "discuz",
    """<div id="post_{n}"><table id="pid{n}" class="plhin"><tr><td class="pls"><div class="pi"><div class="authi"><a class="xw1">{a}</a></div></div><p>{c}</p></td><td class="plc"><div class="pi"><div class="pti"><div class="authi">
<em id="authorposton{n}">2021-5-3 {h}</em></div></div></div><div class="pct"><div class="pcb"><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_{n}">{t}</td></tr></table></div></div></div></td></tr>
<tr><td class="plc plm"><div class="sign">{s}</div></td></tr></table></div>""",
    '<div id="postlist">{}</div>',
)
STACK_EXCHANGE = Thread(
    "stack exchange",
    _page(
        f"""<div class="question" id="question" data-questionid="1"><div class="votecell"><div class="js-voting-container">17</div></div><div class="postcell"><div class="s-prose js-post-body" itemprop="text"><p>{ADA}</p></div>
<div class="post-taglist"><a class="post-tag">boats</a></div><div class="user-info"><div class="user-action-time">asked <span class="relativetime" title="2021-05-03 10:11:00Z">May 3</span></div><div class="user-details"><a>Ada Ferry</a>
<div class="-flair"><span class="reputation-score">4,711</span></div></div></div></div>
<div class="comments"><ul class="comments-list"><li id="comment-7" class="comment js-comment"><div class="comment-actions"><div class="comment-score">2</div></div><div class="comment-text"><span class="comment-copy">{CY}</span>
<a class="comment-user">Cy Net</a> <span class="comment-date"><a><span title="2021-05-03 10:30:00Z" class="relativetime-clean">May 3</span></a></span></div></li></ul></div></div>
<div id="answers"><div id="answer-2" class="answer"><div class="answercell"><div class="s-prose js-post-body"><p>{BO}</p></div><div class="js-post-menu">Share Improve this answer</div><div class="user-action-time">answered
<span class="relativetime" title="2021-05-03 11:00:00Z">May 3</span></div><div class="user-details"><a>Bo Pier</a></div></div></div></div>"""
    ),
    ((0, "Ada Ferry", "2021-05-03T10:11:00Z", ADA), (1, "Cy Net", "2021-05-03T10:30:00Z", CY), (0, "Bo Pier", "2021-05-03T11:00:00Z", BO)),
    ("Improve this answer", "4,711"),
)
REDDIT = Thread(
    "reddit, old",
    _page(
        f"""<div id="siteTable"><div class="thing id-t3_1 link self"><div class="midcol"><div class="score">12</div></div><div class="entry"><p class="title"><a class="title">Winter crossing</a></p><p class="tagline">submitted
<time datetime="2021-05-03T10:11:00+00:00">3 years ago</time> by <a class="author">ada</a></p><div class="expando"><div class="usertext-body"><div class="md"><p>{ADA}</p></div></div></div><ul class="flat-list buttons"><li>2 comments</li></ul></div></div></div>
<div class="commentarea"><div class="sitetable nestedlisting"><div class="thing id-t1_2 noncollapsed comment"><p class="parent"></p><div class="midcol"></div><div class="entry"><p class="tagline"><a class="expand">[-]</a><a class="author">bo</a>
<span class="score">7 points</span> <time datetime="2021-05-03T11:00:00+00:00">3 years ago</time></p><div class="usertext-body"><div class="md"><p>{BO}</p></div></div><ul class="flat-list buttons"><li>permalink</li><li>reply</li></ul></div>
<div class="child"><div class="sitetable listing"><div class="thing id-t1_3 comment"><div class="entry"><p class="tagline"><a class="author">cy</a> <time datetime="2021-05-03T12:00:00+00:00">3 years ago</time></p>
<div class="usertext-body"><div class="md"><p>{CY}</p></div></div></div><div class="child"></div></div></div></div></div></div></div>"""
    ),
    ((0, "ada", "2021-05-03T10:11:00+00:00", ADA), (0, "bo", "2021-05-03T11:00:00+00:00", BO), (1, "cy", "2021-05-03T12:00:00+00:00", CY)),
    ("7 points", "permalink"),
)
HACKER_NEWS = Thread(
    "hacker news",
    _page(
        "<table class='comment-tree'>"
        + "".join(
            f"""<tr class="athing comtr" id="{n}"><td><table><tr><td class="ind" indent="{depth}"><img src="s.gif" width="{40 * depth}"></td><td class="votelinks"></td><td class="default"><div><span class="comhead"><a class="hnuser">{author}</a>
<span class="age" title="2021-05-03T{clock}:00"><a>3 years ago</a></span> <span class="navs">| parent | next [-]</span></span></div><div class="comment"><div class="commtext c00">{text}</div><div class="reply"><u><a>reply</a></u></div></div></td></tr></table></td></tr>"""
            for n, depth, author, clock, text in ((1, 0, "ada", "10:11", ADA), (2, 1, "bo", "11:00", BO), (3, 2, "cy", "12:00", CY))
        )
        + "</table>"
    ),
    ((0, "ada", "2021-05-03T10:11:00", ADA), (1, "bo", "2021-05-03T11:00:00", BO), (2, "cy", "2021-05-03T12:00:00", CY)),
    ("parent | next",),
)
QUESTION = Thread(
    "question and answers in microdata",
    _page(
        f"""<div itemscope itemtype="https://schema.org/QAPage"><div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question"><h2 itemprop="name">Winter crossing?</h2><div itemprop="text">{ADA}</div>
<div itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ada Ferry</span></div><time itemprop="dateCreated" datetime="2021-05-03T10:11">May</time>
<div itemprop="suggestedAnswer" itemscope itemtype="https://schema.org/Answer"><div itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Bo Pier</span></div>
<time itemprop="dateCreated" datetime="2021-05-03T11:00">May</time><div itemprop="text">{BO}</div><button>Report</button></div></div></div>"""
    ),
    ((0, "Ada Ferry", "2021-05-03T10:11", ADA), (1, "Bo Pier", "2021-05-03T11:00", BO)),
    (),
)
_QA = {
    "@type": "QAPage",
    "mainEntity": {
        "@type": "Question",
        "text": ADA,
        "suggestedAnswer": [{"@type": "Answer", "text": BO, "author": {"name": "Bo Pier"}, "dateCreated": "2021-05-03T11:00"}],
    },
}
HOME_MADE = _flat(
    "home-made, named as forums are",
    """<div class="forum-post" id="post-{n}"><div class="post-author"><span class="author-name">{a}</span><small class="rank">{c}</small></div><div class="post-date">2021-05-03 {h}</div><div class="forum-post-content"><p>{t}</p></div>
<div class="post-signature">{s}</div></div>""",
    '<div class="forum-thread">{}</div>',
)
HINTED = Thread(
    "comments that are the page, under a forum's address",
    _page(
        f"""<div class="comments"><div class="comment" id="comment-1"><span class="comment-author">Ada Ferry</span> <span class="comment-date">2021-05-03 10:11</span><div class="comment-text">{ADA}</div><div class="comment-actions">Reply Report</div></div>
<div class="comment" id="comment-2"><span class="comment-author">Bo Pier</span> <span class="comment-date">2021-05-03 11:00</span><div class="comment-text">{BO}</div></div></div>"""
    ),
    ((0, "Ada Ferry", "2021-05-03T10:11", ADA), (0, "Bo Pier", "2021-05-03T11:00", BO)),
    ("Reply Report",),
    "https://boats.example/forum/winter-crossing-12",
)
ANSWERS_LINKED = _page("<div id='app'></div>", head=f'<script type="application/ld+json">{json.dumps(_QA)}</script>')

THREADS = (
    PHPBB3,
    PHPBB2,
    VBULLETIN3,
    VBULLETIN4,
    VBULLETIN5,
    XENFORO2,
    XENFORO1,
    DISCOURSE,
    SMF,
    MYBB,
    INVISION4,
    VANILLA,
    FLARUM,
    BBPRESS,
    WOLTLAB,
    FLUXBB,
    DISCUZ,
    STACK_EXCHANGE,
    REDDIT,
    HACKER_NEWS,
    QUESTION,
    HOME_MADE,
    HINTED,
)
