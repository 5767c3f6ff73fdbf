"""Pages with the comments of services, of news sites' own making, and of other pages; all words are ours."""

from __future__ import annotations

import json

from tests.unit.pipelines.pages.comments_native import PARAGRAPHS, Sample, page

__all__ = ["PARAGRAPHS", "SAMPLES"]

DISQUS = Sample(
    "disqus, saved from a browser",
    page("""
<div id="disqus_thread"><section id="conversation"><ul id="post-list" class="post-list">
<li class="post" id="post-901"><div class="post-content" data-role="post-content"><div class="avatar hovercard"><img alt="Avatar"></div><div class="post-body"><header class="comment__header">
<span class="post-byline"><span class="author publisher-anchor-color"><a href="https://disqus.example/by/ada">Ada Ferry</a></span></span><span class="post-meta"><a class="time-ago" href="#comment-901" title="Monday, May 3, 2021 10:11 AM">3 years ago</a></span></header>
<div class="post-body-inner"><div class="post-message-container"><div class="post-message"><p>I liked the old one better.</p></div></div></div>
<footer class="comment__footer"><ul class="comment-footer__menu"><li class="voting"><a>4</a></li><li class="reply"><a>Reply</a></li><li class="share"><a>Share</a></li></ul></footer></div></div>
<ul class="children"><li class="post" id="post-902"><div class="post-content"><div class="post-body"><header class="comment__header"><span class="author">Bo</span><a class="time-ago" title="Monday, May 3, 2021 11:00 AM">3 years ago</a></header>
<div class="post-message"><p>You would.</p></div><footer class="comment__footer"><a>Reply</a></footer></div></div></li></ul></li></ul></section></div>"""),
    ((0, "Ada Ferry", "2021-05-03T10:11", "I liked the old one better."), (1, "Bo", "2021-05-03T11:00", "You would.")),
)

PLACEHOLDERS = Sample(
    "placeholders without comments",
    page("""
<section class="discussion-entry"><h3>Join the conversation</h3><p>Readers of the harbour press can write here.</p></section>
<div id="disqus_thread"><noscript>Please enable JavaScript to view the comments powered by Disqus.</noscript></div>
<div class="fb-comments" data-href="https://harbour.example/x"></div><div id="coral_talk_stream">The comments could not be shown.</div>
<div class="spot-im-frame-inpage" data-spotim-module="conversation">Loading conversation</div><div id="hyvor-talk-view">Loading comments</div>
<vf-conversations>Be the first to write</vf-conversations><p class="must-log-in comment-login">You must be logged in to post a comment.</p>
<a class="comments-link" href="#comments">12 Comments</a>"""),
    (),
)

GERMAN = Sample(
    "a newspaper's own, in German",
    page("""
<section class="article-kommentare"><h2>Kommentare (2)</h2><div class="kommentar-liste">
<div class="kommentar" data-kommentar-id="1"><div class="kommentar-kopf"><span class="kommentar-autor">Ada Fähre</span> <span class="kommentar-datum">3. Mai 2021, 10:11 Uhr</span></div>
<div class="kommentar-text">Schön ist er geworden, der Kai.</div><div class="kommentar-aktionen"><a href="#">Antworten</a> <a href="#">Melden</a> <span>12</span></div></div>
<div class="kommentar kommentar--antwort depth-2"><div class="kommentar-kopf"><span class="kommentar-autor">Bo Steg</span> <span class="kommentar-datum">03.05.2021 11:00</span></div>
<div class="kommentar-text">Aber zu teuer war er auch.</div></div></div><div class="kommentar-formular"><form><textarea name="kommentar"></textarea><button>Kommentar abschicken</button></form></div></section>"""),
    (
        (0, "Ada Fähre", "2021-05-03T10:11", "Schön ist er geworden, der Kai."),
        (1, "Bo Steg", "2021-05-03T11:00", "Aber zu teuer war er auch."),
    ),
)

FRENCH = Sample(
    "a newspaper's own, in French",
    page("""
<div id="commentaires"><h3>2 commentaires</h3><ul class="liste-commentaires"><li id="commentaire-71"><p class="auteur">Ada Bac <span class="date">le 3 mai 2021 à 10h11</span></p>
<div class="texte"><p>Le quai est beau.</p></div><a class="signaler" href="#">Signaler</a> <a href="#">Répondre</a></li>
<li id="commentaire-72"><p class="auteur">Bo Quai <span class="date">le 3 mai 2021 à 11h00</span></p><div class="texte"><p>Et la facture aussi.</p></div><a href="#">Signaler</a></li></ul></div>"""),
    ((0, "Ada Bac", "2021-05-03T10:11", "Le quai est beau."), (0, "Bo Quai", "2021-05-03T11:00", "Et la facture aussi.")),
)

RUSSIAN = Sample(
    "a newspaper's own, in Russian",
    page("""
<div class="b-comments" id="comments"><div class="b-comment" id="comment81"><div class="b-comment__author">Ада</div><div class="b-comment__date">3 мая 2021, 10:11</div>
<div class="b-comment__text">Причал хорош.</div><a class="b-comment__reply">Ответить</a> <a>Пожаловаться</a></div>
<div class="b-comment" id="comment82"><div class="b-comment__author">Бо</div><div class="b-comment__date">3 мая 2021, 11:00</div><div class="b-comment__text">И дорог.</div></div></div>"""),
    ((0, "Ада", "2021-05-03T10:11", "Причал хорош."), (0, "Бо", "2021-05-03T11:00", "И дорог.")),
)

KOREAN = Sample(
    "a newspaper's own, in Korean",
    page("""
<div class="u_cbox"><div class="u_cbox_content_wrap"><ul class="u_cbox_list"><li class="u_cbox_comment"><div class="u_cbox_comment_box"><span class="u_cbox_nick">아다</span>
<div class="u_cbox_text_wrap"><span class="u_cbox_contents">부두가 멋지네요.</span></div><span class="u_cbox_date">2021.05.03. 10:11</span><a class="u_cbox_btn_report">신고</a><a class="u_cbox_btn_reply">답글 0</a></div></li>
<li class="u_cbox_comment"><span class="u_cbox_nick">보</span><span class="u_cbox_contents">너무 비싸요.</span><span class="u_cbox_date">2021.05.03. 11:00</span></li></ul></div></div>"""),
    ((0, "아다", "2021-05-03T10:11", "부두가 멋지네요."), (0, "보", "2021-05-03T11:00", "너무 비싸요.")),
)

UNNAMED = Sample(
    "items without names of their own",
    page("""
<div id="readercomments"><h4>What readers say</h4><div class="x1"><div class="row"><b>Ada Ferry</b><br><i>3 May 2021, 10:11</i><br>The quay is long enough for two.</div>
<div class="row"><b>Bo Pier</b><br><i>3 May 2021, 11:00</i><br>Two very small ones.</div></div></div>"""),
    ((0, "Ada Ferry", "2021-05-03T10:11", "The quay is long enough for two."), (0, "Bo Pier", "2021-05-03T11:00", "Two very small ones.")),
)

MICRODATA = Sample(
    "schema.org microdata",
    page("""
<div class="c-zone"><div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ada Ferry</span></span>
<meta itemprop="dateCreated" content="2021-05-03T10:11"><div itemprop="text">Wide enough for carts.</div></div>
<div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author"><span itemprop="name">Bo</span></span><time itemprop="dateCreated" datetime="2021-05-03T11:00">yesterday</time>
<div itemprop="text">And for nothing else.</div></div></div>"""),
    ((0, "Ada Ferry", "2021-05-03T10:11", "Wide enough for carts."), (0, "Bo", "2021-05-03T11:00", "And for nothing else.")),
)

_LINKED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "New quay opens",
    "comment": [
        {
            "@type": "Comment",
            "text": "<p>Read in <b>the harbour</b> itself.</p>",
            "dateCreated": "2021-05-03T10:11",
            "author": {"@type": "Person", "name": "Ada Ferry"},
            "comment": {"@type": "Comment", "text": "Same here.", "author": "Bo"},
        }
    ],
}
LINKED = Sample(
    "json-ld only",
    page("<div id='root-widget'></div>", head=f'<script type="application/ld+json">{json.dumps(_LINKED)}</script>'),
    (),
)

RAIL = Sample(
    "a rail with the comments of other stories",
    page("""
<aside class="widget recent-comments"><h3>Latest comments</h3><ul><li class="comment-teaser"><span class="comment-author">Ada Ferry</span>
<a href="/news/old-shed#comment-5">Old shed burns down</a> <p class="comment-excerpt">I saw the smoke from the ferry &hellip;</p></li>
<li class="comment-teaser"><span class="comment-author">Bo Pier</span> <a href="/news/fish-prices#comment-9">Fish prices rise</a> <p class="comment-excerpt">Not the price of herring, though.</p></li></ul></aside>"""),
    ((0, "Ada Ferry", None, "I saw the smoke from the ferry …"), (0, "Bo Pier", None, "Not the price of herring, though.")),
)

SAMPLES = (DISQUS, PLACEHOLDERS, GERMAN, FRENCH, RUSSIAN, KOREAN, UNNAMED, MICRODATA, RAIL)
