"""The lines of a comment without what the site wrote around it: buttons, votes, the line that says who wrote when."""

from __future__ import annotations

import re

from pipelines.clean.characters import clean_text
from pipelines.clean.comments.moments import is_dateline, looks_dated
from pipelines.clean.comments.vocabulary import words

_ACTIONS = (
    "reply|reply to this|reply to comment|respond|report|report abuse|report comment|report this comment|flag"
    "|flag comment|flag as inappropriate|share|share this|share comment|like|likes|like this"
    "|dislike|upvote|downvote|vote|vote up|vote down|permalink|permanent link|direct link|link|link to comment|edit"
    "|delete|quote|recommend|recommended|helpful|hide|hide replies"
    "|show|show more|show less|show replies|read more|see more|load more|more|less|view replies|view more replies|expand"
    "|collapse|copy link|follow|block|mute|log in to reply|sign in to reply"
    "|log in or register to post comments|your comment is awaiting moderation|edited|flagged|translate|like reply|parent"
    "|context|top|up|save|award|tip"
    "|antworten|antwort|antwort schreiben|beantworten|auf diesen kommentar antworten|antworten auf diesen kommentar"
    "|melden|kommentar melden|missbrauch melden|verstoß melden|beitrag melden|teilen|gefällt mir|gefällt mir nicht"
    "|zitieren|bearbeiten|löschen"
    "|empfehlen|link kopieren|mehr anzeigen|weniger anzeigen|mehr|antworten anzeigen|antworten einblenden|positiv|negativ"
    "|anmelden um zu antworten|zum antworten anmelden"
    "|répondre|repondre|répondre à ce message|répondre à ce commentaire|signaler|signaler un abus|signaler ce commentaire"
    "|signaler un contenu inapproprié|alerter|partager|j'aime|je n'aime pas|citer|recommander|lire la suite|voir plus"
    "|voir les réponses"
    "|responder|responde|denunciar|reportar|compartir|compartilhar|partilhar|me gusta|no me gusta|gosto|curtir|citar"
    "|editar|eliminar|ver más|ver respuestas|ver mais|recomendar|enlace permanente"
    "|rispondi|segnala|segnala abuso|segnala un abuso|condividi|mi piace|non mi piace|cita|mostra altro|leggi tutto|permalink"
    "|reageer|reageren|reageer op dit bericht|beantwoord|beantwoorden|rapporteer|rapporteren|meld|meld misbruik|delen"
    "|vind ik leuk|citeer|meer|lees meer"
    "|svara|svar|anmäl|anmäl kommentar|rapportera|gilla|dela|besvar|anmeld|rapportér|rapporter|synes godt om|lik|del"
    "|vastaa|ilmianna|ilmoita asiaton viesti|tykkää|jaa"
    "|odpowiedz|zgłoś|zgłoś nadużycie|zgłoś komentarz|cytuj|lubię to|udostępnij|odpovědět|nahlásit|reagovat|citovat"
    "|válasz|válasz erre|jelentem|odgovori|prijavi|raspunde|răspunde|raportează|raportează abuz"
    "|ответить|пожаловаться|цитировать|поделиться|нравится|жалоба|відповісти|поскаржитись|відповідь|отговор|докладвай"
    "|yanıtla|cevapla|cevap yaz|şikayet|şikayet et|beğen|paylaş|balas|laporkan|suka|bagikan|trả lời|thích|báo vi phạm|báo cáo"
    "|回复|回覆|举报|檢舉|赞|踩|分享|引用|返信|返信する|通報|通報する|いいね|답글|답글 달기|신고|공감|비공감|추천|رد|الرد"
    "|إبلاغ|הגב|השב|תגובה|απάντηση|αναφορά"
)
_ACTION = re.compile(rf"[\W\d_]*(?:(?:{_ACTIONS})[\W\d_]*)+", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W\d_]*")
_MAX_ACTION = 80
_VERBS = words(
    "says said said... wrote writes commented replied sagt sagte schreibt schrieb meint meinte kommentiert antwortet dit écrit dice dijo"
    " escribió scritto scrive disse diz escreveu zegt schreef zei skriver skrev säger siger sier sanoo kirjoitti pisze napisał napisał(a)"
    " mówi napsal(a) říká говорит пишет написал написал(а) diyor dedi mengatakan berkata 说 說"
)
_HELPERS = words("a ha ki har hat")
_PREPOSITIONS = words("on at am le el il op den um vom")
_SIGNS = ' \u00a0:,|•·–—-"“”„.…'
_COUNTED = (
    r"comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|commento|reacties|kommentarer|komentarze"
    r"|komentáře|yorumlar|комментари[ийяев]+|responses?|replies|reply|antworten"
    r"|thoughts on.{0,80}|leserpost|leserbriefe|meinungen|discussion|diskussion|netiquette|haut de page|nach oben"
    r"|back to top|评论|コメント|댓글"
)
_LEADING_BY = re.compile(
    r"^\s*(?:(?:posted|written|submitted|published|comment|reply|kommentar|commentaire|comentario|reactie)\s+(?:by|from|von|par|por|door)"
    r"|by|von|par|por|da|di|door|av|af|przez|from|geschrieben von|verfasst von|posté par|écrit par|enviado por"
    r"|publicado por|geplaatst door|автор)\b\s*:?\s+",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"^(.{1,80}?)(?:\s*[,|•·@(]|\s+[–—-]|\s+(?:on|at|am|le|el|il|op|den|um|the|vom|du|del)\b)\s*(?=\D{0,25}\d)", re.IGNORECASE
)
_LABELS = re.compile(rf"\W*\d*\W*(?:(?:no|all|alle|tous les|todos los|{_COUNTED})\W*)*\d*\W*", re.IGNORECASE)
_PINGBACK = re.compile(r"(?:pingback|trackback|ping|trackbacks?)\s*:|\[(?:…|\.{3})\].*\[(?:…|\.{3})\]\W*$", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][^<>]*>")
_BEFORE_CLOCK = re.compile(r"\s+(?:on|at|am|le|el|il|op|den|um)\b.*\d.*$", re.IGNORECASE)
_ORDINAL = re.compile(r"^\s*(?:#\s*\d+\s*|\d{1,4}[.)]\s+|@)")
MAX_AUTHOR = 80


def lines_of(pieces: list[str]) -> list[str]:
    """Non-empty lines of text pieces, white space folded."""
    return [folded for line in clean_text("".join(pieces)).split("\n") if (folded := " ".join(line.split()))]


def written_by(text: str) -> str | None:
    """A name without what stands around it ("Posted by", "says:"), or None when nothing of a name is left or it is a sentence."""
    lines = [line for line in lines_of([text]) if not is_action(line)]
    if not lines:
        return None
    name = _ORDINAL.sub("", lines[0][: MAX_AUTHOR * 2])
    if "<" in name:
        name = _MARKUP.sub("", name)
    name = _LEADING_BY.sub("", name)
    if looks_dated(name) and (before := _BEFORE_DATE.match(name)):
        name = before[1]
    name = _without_verb(name)[0]
    if not name or len(name) > MAX_AUTHOR or no_comment(name) or looks_dated(name) or not any(c.isalnum() for c in name):
        return None
    return name


def _without_verb(line: str) -> tuple[str, bool]:
    """A line without "says:" or "wrote on" at its end, and whether it had a verb there."""
    spoke = False
    while True:
        line = line.strip(_SIGNS)
        head, _, last = line.rpartition(" ")
        word = last.lower()
        if head and (word in _VERBS or word in _PREPOSITIONS or (spoke and word in _HELPERS)):
            spoke = spoke or word in _VERBS
            line = head
        else:
            return line, spoke


def credited(line: str) -> str | None:
    """The name in a line that says who wrote ("Ann says:", "By Ann", "Ann | 3 May 2020"), or None when the line says no such thing."""
    if len(line) > MAX_AUTHOR + 40:
        return None
    before, colon, _ = line.partition(":")
    if says(before if colon else line):
        return written_by(before)
    dated = _BEFORE_DATE.match(line)
    if _LEADING_BY.search(line) or (dated and looks_dated(line[dated.end() :])) or says(_BEFORE_CLOCK.sub("", line)):
        return written_by(line)
    return None


def says(line: str) -> bool:
    """Whether a line is no more than who speaks: "Ann says:"."""
    return len(line) <= MAX_AUTHOR + 20 and _without_verb(line)[1]


def no_comment(text: str) -> bool:
    """Whether a text is a thread's label ("7 comments") or a link that another site sent."""
    return _PINGBACK.match(text) is not None or (len(text) <= _MAX_ACTION and _LABELS.fullmatch(text) is not None)


def is_action(line: str) -> bool:
    """Whether a line is a button's label, or a count, or nothing but marks."""
    return _NO_WORD.fullmatch(line) is not None or (len(line) <= _MAX_ACTION and _ACTION.fullmatch(line) is not None)


def comment_text(lines: list[str], author: str | None, declared: bool) -> str:
    """The comment itself: labels left out, and at both ends the lines that give its author and date.

    ``declared`` says that the markup names these lines as the comment's text: then "Top!" is one.
    """
    kept = [line for line in lines if not is_action(line)]
    if author is None and len(kept) > 2 and looks_dated(kept[1]) and written_by(kept[0]) == kept[0]:
        kept = kept[2:]
    if not kept and declared:
        return "\n".join(line for line in lines if _NO_WORD.fullmatch(line) is None)
    start, end = 0, len(kept)
    while start < end and start < 4 and _is_heading(kept[start], author):
        start += 1
    while end > start and len(kept) - end < 4 and _is_heading(kept[end - 1], author):
        end -= 1
    return "\n".join(kept[start:end])


def _is_heading(line: str, author: str | None) -> bool:
    """Whether a line gives author or date, and nothing else."""
    if len(line) > MAX_AUTHOR + 60:
        return False
    if is_dateline(line) or line.strip(_SIGNS).lower() in _VERBS or _LEADING_BY.sub("", line + " ") == "":
        return True
    if author is None:
        return False
    return written_by(line) == author or (line.startswith(author) and is_dateline(line[len(author) :].strip(" ,:|•·–—-()")))
