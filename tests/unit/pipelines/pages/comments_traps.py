"""Pages whose article, or a part of it, is called a comment: nothing of it may be taken for comment matter. All words are ours."""

from __future__ import annotations

from tests.unit.pipelines.pages.comments_native import ARTICLE, PARAGRAPHS

__all__ = ["PARAGRAPHS", "TRAPS"]

_TITLE = "Comment: The quay is a scandal"
_HEAD = f"<title>{_TITLE} | Harbour News</title>"
_CARDS = "".join(f'<div class="gallery-editorial__item__comment">{p}</div>' for p in PARAGRAPHS)
_OTHERS = "".join(
    f"<li><h3>Another story {n}</h3><p>{n} Elsewhere on the coast the winter was mild, and the piles of other quays stood dry for most of it.</p></li>"
    for n in range(30)
)
_MINUTES = "".join(
    f'<div class="live-item"><span class="time">{n}\'</span><span class="user-pic"></span><p>{p}</p></div>'
    for n, p in enumerate(PARAGRAPHS)
)

TRAPS = {
    "opinion desk, classes on the article": f"""<html>{_HEAD}<body class="is-comment tone-comment comments-open"><article class="content content--article tonal--tone-comment comment">
<h1>{_TITLE}</h1><div class="content__article-body comment-body">{ARTICLE}</div></article></body></html>""",
    "opinion desk, body called comment and headline outside": f"""<html>{_HEAD}<body><header><h1>{_TITLE}</h1><span class="author">Ada Ferry</span>
<time>3 May 2021</time></header><div class="comment">{ARTICLE}</div></body></html>""",
    "opinion desk, numbered": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div id="comment-4711" class="comment"><p class="author">By Ada Ferry</p><time>3 May 2021</time>{ARTICLE}</div></body></html>""",
    "opinion desk, numbered, before many teasers": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div id="comment-4711" class="comment"><p class="author">By Ada Ferry</p>
<time>3 May 2021</time>{ARTICLE}</div><ul>{_OTHERS}</ul></body></html>""",
    "opinion desk, a list of one, before many teasers": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><section class="comments-main"><div class="comment"><p class="author">By Ada Ferry</p>
<time>3 May 2021</time>{ARTICLE}</div></section><ul>{_OTHERS}</ul></body></html>""",
    "opinion desk, unnumbered, before many teasers": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div class="comment-text"><p class="author">By Ada Ferry</p>
<time>3 May 2021</time>{ARTICLE}</div><ul>{_OTHERS}</ul></body></html>""",
    "kommentar": f"""<html><title>Kommentar: Der Kai</title><body><h1>Kommentar: Der Kai</h1><div class="kommentar"><div class="kommentar-text"><span class="autor">Ada</span>
<span class="datum">3. Mai 2021</span>{ARTICLE}</div></div></body></html>""",
    "commento, no h1": f"""<html><title>Il molo è uno scandalo e nessuno lo dice</title><body><div class="commento"><h2>Il molo è uno scandalo e nessuno lo dice</h2>{ARTICLE}</div></body></html>""",
    "everything in a comments wrapper": f"""<html>{_HEAD}<body><div id="comments" class="comments-wrapper"><h1>{_TITLE}</h1>{ARTICLE}</div></body></html>""",
    "a comments wrapper without a headline": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div class="comments-main">{ARTICLE}</div></body></html>""",
    "a form around the page": f"""<html>{_HEAD}<body><form id="commentform"><h1>{_TITLE}</h1>{ARTICLE}<textarea name="comment"></textarea></form></body></html>""",
    "discussion of a paper": f"""<html><title>Quays</title><body><h1>Quays</h1><section id="introduction"><p>{PARAGRAPHS[0]}</p></section>
<section id="discussion" class="discussion"><h2>Discussion</h2>{ARTICLE}</section></body></html>""",
    "an interview": "<html><title>Talk</title><body><h1>Talk</h1>"
    + "".join(f'<p class="question">Why?</p><div class="response"><span class="name">Ada</span><p>{p}</p></div>' for p in PARAGRAPHS)
    + "</body></html>",
    "paragraphs called comments": f"<html>{_HEAD}<body><h1>{_TITLE}</h1>{_CARDS}</body></html>",
    "live commentary": f'<html>{_HEAD}<body><h1>{_TITLE}</h1><div class="live-match-comments">{_MINUTES}</div></body></html>',
    "commentary section": f'<html>{_HEAD}<body><h1>{_TITLE}</h1><div class="category-commentary commentary-body">{ARTICLE}</div></body></html>',
    "declared article body": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div class="comment-wrapper"><div itemprop="articleBody">{ARTICLE}</div></div></body></html>""",
    "a forum section of a newspaper": f"""<html>{_HEAD}<body class="forum"><h1>{_TITLE}</h1><div class="forum-content">{ARTICLE}</div></body></html>""",
    "an article about a form": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div class="feedback conversation">{ARTICLE}</div></body></html>""",
    "a heading that says comments": f"""<html>{_HEAD}<body><h1>{_TITLE}</h1><div><h2>Comments</h2>{ARTICLE}</div><div><h3>Leave a reply</h3><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>
<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p></div></body></html>""",
}
