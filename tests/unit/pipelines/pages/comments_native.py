"""Pages with comments as the common publishing systems mark them up; all words are ours."""

from __future__ import annotations

from dataclasses import dataclass

PARAGRAPHS = (
    "The harbour board opened the new quay on Monday after three years of work, and the first ferry moored at noon.",
    "Engineers had to drive four hundred piles into the mud, which took a winter longer than anyone had planned for.",
    "Fishermen complained that the old moorings were closed too early, and the mayor promised them a new shed by spring.",
    "The bill came to nine million, a third more than voted for; the council will hear the auditors in its next session.",
    "A second quay is on paper already, but nobody at the ceremony wanted to say when the first pile might be driven.",
)
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)

Expected = tuple[int, str | None, str | None, str]


@dataclass(frozen=True)
class Sample:
    """A page and the comments a reader sees on it: depth, author, date, text."""

    name: str
    html: str
    comments: tuple[Expected, ...]
    url: str = "https://harbour.example/news/new-quay"


def page(after: str, before: str = "", head: str = "", body: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>New quay opens - Harbour News</title>{head}</head><body {body}>"
        f'<div id="nav"><a href="/">Home</a> <a href="/sport">Sport</a></div>{before}'
        f'<main><article><h1>New quay opens</h1><div class="body">{ARTICLE}</div></article>{after}</main>'
        "<footer><p>Harbour News is published weekly by the harbour press.</p></footer></body></html>"
    )


WORDPRESS = Sample(
    "wordpress",
    page("""
<div id="comments" class="comments-area"><h2 class="comments-title">3 thoughts on &ldquo;New quay opens&rdquo;</h2>
<ol class="comment-list">
<li id="comment-11" class="comment even thread-even depth-1 parent"><article id="div-comment-11" class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard"><img class="avatar" src="a.png"> <b class="fn"><a class="url" href="https://ada.example">Ada Ferry</a></b>
<span class="says">says:</span></div><div class="comment-metadata"><a href="#comment-11"><time datetime="2021-05-03T10:11:12+00:00">May 3, 2021 at 10:11 am</time></a>
<span class="edit-link"><a href="#">Edit</a></span></div></footer>
<div class="comment-content"><p>I took the first boat.</p><p>It was on time!</p></div>
<div class="reply"><a class="comment-reply-link" href="?replytocom=11#respond">Reply</a></div></article>
<ol class="children"><li id="comment-12" class="comment odd alt depth-2"><article id="div-comment-12" class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard"><b class="fn">Bo Pier</b> <span class="says">says:</span></div>
<div class="comment-metadata"><time datetime="2021-05-03T11:00:00+00:00">May 3</time></div></footer>
<div class="comment-content"><p>So did I, and it was late.</p></div><div class="reply"><a class="comment-reply-link" href="#">Reply</a></div></article></li></ol></li>
<li id="comment-13" class="comment depth-1"><article id="div-comment-13" class="comment-body"><footer class="comment-meta"><b class="fn">Cy Net</b>
<time datetime="2021-05-04T08:00:00+00:00">May 4</time></footer><div class="comment-content"><p>When will the shed come?</p></div></article></li>
<li id="comment-14" class="pingback depth-1"><div class="comment-body">Pingback: <a href="https://other.example">Quays of the coast</a></div></li>
</ol>
<div id="respond" class="comment-respond"><h3 id="reply-title" class="comment-reply-title">Leave a Reply <small><a href="#">Cancel reply</a></small></h3>
<form id="commentform" class="comment-form"><p class="comment-notes">Your email address will not be published.</p><textarea name="comment"></textarea>
<input type="submit" value="Post Comment"></form></div></div>"""),
    (
        (0, "Ada Ferry", "2021-05-03T10:11:12+00:00", "I took the first boat.\nIt was on time!"),
        (1, "Bo Pier", "2021-05-03T11:00:00+00:00", "So did I, and it was late."),
        (0, "Cy Net", "2021-05-04T08:00:00+00:00", "When will the shed come?"),
    ),
)

KUBRICK = Sample(
    "wordpress, old theme",
    page("""
<h3 id="comments">2 Responses to &#8220;New quay opens&#8221;</h3>
<ol class="commentlist"><li class="alt" id="comment-5"><cite><a href="https://ada.example" rel="external nofollow">Ada</a></cite> Says: <br />
<small class="commentmetadata"><a href="#comment-5" title="">June 7th, 2007 at 9:20 pm</a></small><p>A fine day for all of us on the water.</p></li>
<li id="comment-6"><cite>Bo</cite> Says: <br /><small class="commentmetadata"><a href="#comment-6">June 8th, 2007 at 7:00 am</a></small><p>Not for the herring.</p></li></ol>
<h3 id="respond">Leave a Reply</h3><form action="/wp-comments-post.php" method="post" id="commentform"><p><textarea name="comment" id="comment"></textarea></p></form>"""),
    (
        (0, "Ada", "2007-06-07T21:20", "A fine day for all of us on the water."),
        (0, "Bo", "2007-06-08T07:00", "Not for the herring."),
    ),
)

BLOGGER = Sample(
    "blogger",
    page("""
<div class="comments" id="comments"><h4>2 comments:</h4><div class="comments-content"><div id="comment-holder"><div class="comment-thread toplevel-thread"><ol id="top-ra">
<li class="comment" id="c111"><div class="avatar-image-container"><img src="a.png"></div><div class="comment-block"><div class="comment-header"><cite class="user"><a href="/p/1">Ada</a></cite>
<span class="icon user"></span><span class="datetime secondary-text"><a href="#c111">3 May 2021 at 10:11</a></span></div><p class="comment-content">What a quay!<br>And so long.</p>
<span class="comment-actions secondary-text"><a class="comment-reply" href="#">Reply</a><span class="item-control"><a href="#">Delete</a></span></span></div>
<div class="comment-replies"><div class="comment-thread inline-thread"><span class="thread-toggle"><span class="thread-count"><a href="#">Replies</a></span></span><ol class="thread-chrome thread-expanded"><div>
<li class="comment" id="c112"><div class="comment-block"><div class="comment-header"><cite class="user">Bo</cite><span class="datetime"><a href="#c112">3 May 2021 at 12:00</a></span></div>
<p class="comment-content">Four hundred piles of it.</p><span class="comment-actions"><a href="#">Delete</a></span></div></li></div></ol></div></div>
<div class="comment-replybox-single"></div></li></ol><div id="top-continue" class="continue"><a class="comment-reply">Add comment</a></div></div></div></div>
<p class="comment-footer"></p><div class="comment-form"><a name="comment-form"></a><p>Be kind to each other here, please.</p><iframe id="comment-editor"></iframe></div></div>"""),
    ((0, "Ada", "2021-05-03T10:11", "What a quay!\nAnd so long."), (1, "Bo", "2021-05-03T12:00", "Four hundred piles of it.")),
)

BLOGGER_OLD = Sample(
    "blogger, old template",
    page("""
<div class="comments" id="comments"><a name="comments"></a><h4>2 comments:</h4><div id="Blog1_comments-block-wrapper"><dl class="avatar-comment-indent" id="comments-block">
<dt class="comment-author" id="c21"><a name="c21"></a><a href="https://ada.example" rel="nofollow">Ada</a> said...</dt>
<dd class="comment-body" id="Blog1_cmt-21"><p>The ferry was painted too.</p></dd>
<dd class="comment-footer"><span class="comment-timestamp"><a href="#c21" title="comment permalink">May 3, 2021 at 10:11 AM</a></span></dd>
<dt class="comment-author" id="c22">Bo said...</dt><dd class="comment-body" id="Blog1_cmt-22"><p>In an ugly green.</p></dd>
<dd class="comment-footer"><span class="comment-timestamp"><a href="#c22">May 3, 2021 at 11:30 AM</a></span></dd></dl></div>
<p class="comment-footer"><a href="/post">Post a Comment</a></p></div>"""),
    ((0, "Ada", "2021-05-03T10:11", "The ferry was painted too."), (0, "Bo", "2021-05-03T11:30", "In an ugly green.")),
)

DRUPAL = Sample(
    "drupal",
    page("""
<section id="comments" class="comment-wrapper"><h2 class="title">Comments</h2><a id="comment-31"></a>
<div class="comment comment-by-anonymous clearfix"><h3><a href="/comment/31#comment-31" class="permalink">About the piles</a></h3>
<div class="submitted">Submitted by <span class="username">Ada Ferry</span> on Mon, 05/17/2021 - 10:11</div>
<div class="content"><div class="field field-name-comment-body"><p>They were oak, not pine.</p></div></div><ul class="links inline"><li class="comment-reply"><a href="/r">reply</a></li></ul></div>
<div class="indented"><a id="comment-32"></a><div class="comment clearfix"><div class="submitted">Submitted by <span class="username">Bo Pier</span> on Mon, 05/17/2021 - 12:00</div>
<div class="content"><div class="field field-name-comment-body"><p>Larch, in fact.</p></div></div></div></div>
<h2 class="title comment-form">Add new comment</h2><form class="comment-form" action="/comment/reply/7"><textarea name="comment_body"></textarea></form></section>"""),
    (
        (0, "Ada Ferry", "2021-05-17T10:11", "About the piles\nThey were oak, not pine."),
        (1, "Bo Pier", "2021-05-17T12:00", "Larch, in fact."),
    ),
)

JCOMMENTS = Sample(
    "joomla, jcomments",
    page("""
<div id="jc"><div id="comments"><h4>Comments</h4><div id="comments-list" class="comments-list">
<div class="even" id="comment-item-41"><div class="rbox"><div class="comment-box"><div class="comment-avatar"><img src="a.png"></div>
<a class="comment-anchor" href="#comment-41" id="comment-41">#1</a> <span class="comment-author">Ada</span> <span class="comment-date">2021-05-03 10:11</span>
<div class="comment-body" id="comment-body-41">The shed should stand where it stood.</div><span class="comments-buttons"><a href="#">Quote</a></span></div></div></div>
<div class="odd" id="comment-item-42"><div class="rbox"><div class="comment-box"><a class="comment-anchor" href="#comment-42" id="comment-42">#2</a>
<span class="comment-author">Bo</span> <span class="comment-date">2021-05-04 08:00</span><div class="comment-body" id="comment-body-42">Or not at all.</div></div></div></div></div>
<div id="comments-list-footer"><a class="rss" href="#">RSS feed for comments to this post</a></div></div><div id="addcomments"><form id="comments-form"><textarea></textarea></form></div></div>"""),
    ((0, "Ada", "2021-05-03T10:11", "The shed should stand where it stood."), (0, "Bo", "2021-05-04T08:00", "Or not at all.")),
)

TYPEPAD = Sample(
    "typepad",
    page("""
<div id="comments" class="comments"><h3 class="comments-header">Comments</h3><div id="comments-content" class="comments-content">
<div id="comment-6a01" class="comment comment-odd"><div class="comment-avatar"></div><div class="comment-content" id="comment-6a01-content"><span id="comment-6a01-content"><p>A good report.</p></span></div>
<p class="comment-footer">Posted by: <a rel="nofollow" href="https://ada.example">Ada Ferry</a> | <a rel="nofollow" href="#comment-6a01">May 03, 2021 at 10:11 AM</a></p></div>
<div id="comment-6a02" class="comment comment-even"><div class="comment-content"><span><p>But who pays?</p></span></div>
<p class="comment-footer">Posted by: Bo | <a href="#comment-6a02">May 03, 2021 at 12:00 PM</a></p></div></div>
<div class="comments-info"><p>The comments to this entry are closed.</p></div></div>"""),
    ((0, "Ada Ferry", "2021-05-03T10:11", "A good report."), (0, "Bo", "2021-05-03T12:00", "But who pays?")),
)

LIVEJOURNAL = Sample(
    "livejournal",
    page("""
<div id="comments" class="b-grove b-grove-thread"><div class="comments-body"><div class="comment-wrap" id="ljcmt51"><div class="comment"><div class="comment-head"><div class="comment-userpic"><img src="a.png"></div>
<div class="comment-poster-info"><span class="comment-poster"><span class="ljuser"><a href="https://ada.livejournal.example"><b>ada</b></a></span></span><span class="comment-datetime">May 3 2021, 10:11:00 UTC</span></div></div>
<div class="comment-body">I will miss the old moorings.</div><div class="comment-menu"><ul><li><a href="#">Reply</a></li><li><a href="#">Thread</a></li></ul></div></div>
</div><div class="comment-wrap comment-depth-2" id="ljcmt52"><div class="comment"><div class="comment-head"><span class="comment-poster"><b>bo</b></span><span class="comment-datetime">May 3 2021, 11:00:00 UTC</span></div>
<div class="comment-body">Nobody else will.</div></div></div></div></div>"""),
    ((0, "ada", "2021-05-03T10:11", "I will miss the old moorings."), (1, "bo", "2021-05-03T11:00", "Nobody else will.")),
)

SAMPLES = (WORDPRESS, KUBRICK, BLOGGER, BLOGGER_OLD, DRUPAL, JCOMMENTS, TYPEPAD, LIVEJOURNAL)
