"""Short lines around comments that no name gives away: "12 comments", "Join the conversation", "Hinterlasse einen Kommentar"."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html import HtmlElement

from pipelines.clean.comments.survey import Survey

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_NO_NOTICES = frozenset(("h1", "textarea", "script"))
_STEMS = re.compile(
    r"omm?ent|отри|оммент|discuss|onversation|repl|respon|reac|reageer|yorum|hozzász|forum|debate|ommunity|your say"
    r"|you think|diskutieren|leserbrief|réagi|评论|評論|コメント|댓글|σχόλια|תגובות|обсуд"
)
_LONGEST, _WRITTEN, _BOX, _MAX, _CHILDREN, _BOXES = 70, 280, 400, 60, 4, 3
_FIGURE = r"\(?\d[\d.,\s]{0,8}[kKmM]?\)?"
_NOUN = (
    r"comments?|commentaires?|comentarios?|comentários?|commenti|commento|kommentarer|kommentare?n?|reacties|reactie"
    r"|komentarze|komentarzy|komentářů?|yorumlar|yorum|комментари(?:ев|й|я|и)|коментар(?:ів|і)"
    r"|hozzászólás(?:ok)?|responses?|replies|评论|評論|コメント|댓글|σχόλια|תגובות"
)
_PLURAL = (
    r"comments|commentaires|comentarios|comentários|commenti|kommentarer|kommentare|reacties|komentarze|komentáře|yorumlar"
    r"|комментарии|коментарі|hozzászólások|评论|評論|コメント|댓글|σχόλια|תגובות"
)
_LEAVE = (
    r"(?:leave|post|add|write|submit|make|join|view|see|show|hide|read|load|open|continue|start|be)\s+(?:(?:a|an|the|our"
    r"|your|all|more|in|to|on|first|commenting|public|new|\d+)\s+){0,4}"
    r"(?:comments?|reply|conversation|discussion|commenting|forum|debate|community)(?:\s+(?:on|in|to|about|with|via)\b.{0,40})?"
    r"|(?:comment|reply|have your say|what do you think|tell us what you think|share your thoughts|log ?in to (?:comment"
    r"|reply)|sign in to (?:comment|reply))(?:\s+(?:on|in|to|about)\b.{0,30})?"
    r"|(?:hinterlasse|hinterlassen|schreibe?n?|verfassen?|gib|jetzt|zum|neuen?|diesen|beitrag|artikel|weitere|alle|keine"
    r"|neueste|ihren?|deinen?|einen?|sie|den|zu)?(?:\s*(?:sie|einen?|den|ihren?|deinen?|ersten|artikel|beitrag|diesen"
    r"|neuen|alle|zum|ab|zu))*"
    r"\s*(?:kommentar(?:e|en)?|kommentieren|mitdiskutieren|leserbrief)(?:\s+(?:schreiben|verfassen|abgeben|hinterlassen"
    r"|anzeigen|lesen|ansehen|einblenden|anmelden|zu diesem artikel|zum artikel|hinzufügen|und schreiben))*"
    r"|(?:laisse[rz]?|ajoute[rz]?|écri(?:re|vez)|publier|voir|lire|déposer|rédiger|afficher|poster|réagi(?:r"
    r"|ssez))?\s*(?:un|votre|ton|les|tous les|le|des|vos|mon)?\s*commentaires?(?:\s+(?:sur|à)\b.{0,30})?"
    r"|(?:deja|dejar|escribe|escribir|añadir|añade|publicar|ver|enviar|deixe|deixar|escreva|adicionar|ler)\s+(?:un|una|tu"
    r"|su|los|o|um|seu|todos los|os|todos os|más)?\s*(?:comentarios?|comentários?|respuesta|resposta)"
    r"|(?:lascia|scrivi|aggiungi|pubblica|leggi|vedi|mostra)\s+(?:un|il tuo|i|tutti i|una)?\s*(?:commento|commenti|risposta)"
    r"|(?:plaats|schrijf|laat|geef|bekijk|lees|toon)\s+(?:een|je|uw|alle|de)?\s*(?:reactie|reacties)(?:\s+achter)?"
    r"|reageer(?:\s+op dit artikel)?"
    r"|(?:lämna|skriv|legg igjen|skriv en|læs|visa|vis)\s+(?:en|ett|din|alla|alle)?\s*kommentar(?:er)?|dodaj komentarz"
    r"|napisz komentarz|zobacz komentarze|přidat komentář|yorum yap|yorum yaz|оставить комментарий|добавить комментарий"
    r"|написать комментарий|обсудить|发表评论|發表評論|コメントを書く|댓글 쓰기"
)
_NOBODY = r"(?:no|keine|aucun|sin|nessun|geen|brak|нет)"
_COUNTED = re.compile(
    rf"\W*(?:(?:{_FIGURE}|{_NOBODY})\s*(?:{_NOUN})|(?:{_PLURAL})|(?:{_NOUN})\s*[:(]?\s*{_FIGURE}|(?:{_PLURAL})\s*(?:closed"
    rf"|geschlossen|deaktiviert|fermés|cerrados))\W*",
    re.IGNORECASE,
)
_INVITES = re.compile(rf"\W*(?:{_LEAVE})\W*", re.IGNORECASE)
_KOMMENTAR = re.compile(r"\W*(?:kommentar|comment|commento|commentaire|comentario|comentário)\W*", re.IGNORECASE)
"""Alone it is what newspapers print above an opinion."""


def is_notice(line: str) -> bool:
    """Whether a line as a whole counts comments or asks for them."""
    return 2 < len(line) <= _LONGEST and _STEMS.search(line.lower()) is not None and (_COUNTED.fullmatch(line) is not None or invites(line))


def invites(line: str) -> bool:
    """Whether a line as a whole asks the reader to comment, or to read comments."""
    return len(line) <= _LONGEST and _INVITES.fullmatch(line) is not None and _KOMMENTAR.fullmatch(line) is None


def find_notices(found: Survey, guarded: Callable[[], set[HtmlElement]]) -> list[HtmlElement]:
    """Headings, buttons and links that are notices; the small box around a heading that invites as a whole."""
    notices: list[HtmlElement] = []
    for element in found.asides:
        text = element.text or ""
        if len(element):
            text = _with_children(element, text)
        if 2 < len(text) <= _WRITTEN and _STEMS.search(text.lower()) is not None and element.tag not in _NO_NOTICES:
            line = " ".join(text.split())
            if is_notice(line):
                notices.append(_box(element, guarded()) if element.tag[0] == "h" and invites(line) else element)
                if len(notices) >= _MAX:
                    break
    return notices


def label_of(thread: HtmlElement) -> HtmlElement | None:
    """The heading directly before a thread, or before the box that begins with it."""
    element = thread
    for _ in range(_BOXES):
        before = element.getprevious()
        if before is not None:
            short = before.tag in _HEADINGS and len(" ".join("".join(before.itertext()).split())) <= _WRITTEN
            return before if short else None
        element = element.getparent()
        if element is None or element.tag == "body" or (element.text and not element.text.isspace()):
            return None
    return None


def _with_children(element: HtmlElement, text: str) -> str:
    """The text of an element with few inline children; too long to matter for others."""
    if len(element) > _CHILDREN:
        return " " * (_WRITTEN + 1)
    for child in element:
        if len(text) <= _WRITTEN:
            text += f" {child.text or ''} {child.tail or ''}"
    return text


def _box(heading: HtmlElement, guarded: set[HtmlElement]) -> HtmlElement:
    """The element around a heading when the heading comes first in it and little follows."""
    parent = heading.getparent()
    if parent is None or parent in guarded or parent.tag in ("body", "main", "article", "td"):
        return heading
    size = 0
    for position, text in enumerate(text for text in parent.itertext() if not text.isspace()):
        size += len(text)
        if size > _BOX or (position == 0 and text.strip() not in "".join(heading.itertext())):
            return heading
    return parent
