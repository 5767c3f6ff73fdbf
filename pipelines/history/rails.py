"""Rails of other stories that got into a text: their teasers rotate, and no change of them is a change of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.history.noise import ends_sentence

_HEAD = re.compile(
    r"(?:(?:our |the |today's )?(?:related|recommended|popular|trending|latest|top|featured|similar|more|other|sponsored|promoted)"
    r"(?: (?:stor(?:y|ies)|articles?|topics?|news|content|links?|posts?|reads?|reading|headlines|videos?|coverage|now|today|searches"
    r"|for you|on this(?: story| topic)?|like this|from .{1,40}|in .{1,30}|on .{1,40}))*"
    r"|(?:most|must|also|what to|further|next|suggested|keep) (?:read|popular|viewed|shared|commented|watched|recent|reads?|reading|see)"
    r"(?: (?:next|now|today|in .{1,30}))?|read (?:more|next|also|this next)|you (?:may|might|'ll) (?:also )?(?:like|love"
    r"|enjoy|be interested in)"
    r"(?: .{1,20})?|editor'?s'? (?:picks?|choice)|don'?t miss|in other news|in case you missed it|around the web|from our partners|"
    r"recommended for you|elsewhere on .{1,30}|see also|watch (?:next|more)"
    r"|lesen sie auch|mehr zum thema|mehr dazu|meistgelesen|das könnte sie (?:auch )?interessieren|weitere (?:artikel"
    r"|meldungen|nachrichten|themen)"
    r"|lire aussi|à lire aussi|sur le même (?:sujet|thème)|les plus lus|à la une|articles? (?:liés|similaires|recommandés)"
    r"|(?:lea|lee|leer) (?:también|más)|más (?:noticias|leídas?|información|sobre .{1,30})|(?:noticias"
    r"|artículos) relacionad[ao]s|te puede interesar"
    r"|leia (?:mais|também)|mais lidas|(?:notícias|matérias) relacionadas|veja também|leggi anche|potrebbe interessarti"
    r"|i più letti|articoli correlati"
    r"|lees (?:ook|meer|verder)|meest gelezen|läs (?:också|mer|även)|mest läst|les også|mest lest|læs også|czytaj (?:także"
    r"|też|również|więcej)|zobacz też"
    r"|читайте также|читать также|по теме|материалы по теме|читайте також|самое читаемое|(?:bunlar da )?ilginizi çekebilir|ilgili haberler"
    r"|相关(?:新闻|阅读|文章|报道|链接)|相關(?:新聞|閱讀|文章|報導)|推荐阅读|推薦閱讀|延伸阅读|延伸閱讀|热门(?:新闻|文章)"
    r"|热点(?:新闻|推荐)|更多新闻|猜你喜欢|関連記事|関連ニュース|おすすめ記事"
    r"|アクセスランキング|人気記事|관련 ?(?:기사|뉴스)|많이 본 뉴스|추천 ?(?:기사|뉴스)|اقرأ أيضا|مواضيع ذات صلة)",
    re.IGNORECASE,
)
_LED_IN = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|related(?: (?:stor(?:y|ies)|articles?|news|coverage|content))?"
    r"|recommended|more|watch|listen"
    r"|don'?t miss|lesen sie auch|mehr dazu|lire aussi|à lire aussi|lea también|lee también|leia (?:mais|também)|leggi anche"
    r"|lees ook|läs också"
    r"|les også|læs også|czytaj (?:także|też)|читайте также|相关阅读|相关新闻|延伸阅读|推荐阅读|関連記事|관련 ?기사"
    r"|اقرأ أيضا) ?[:|>\u203a\u2192]+ ?\S",
    re.IGNORECASE,
)
_TEASER = 25  # words at most
_PROSE = 12  # words from which a sentence is text of the page
_RAIL = 40  # teasers at most: behind more of them stands something else
_SHORT_HEAD = 60  # characters


def rail_lines(lines: Sequence[tuple[str, str]]) -> set[int]:
    """Numbers of the lines (kind, text) that are a rail: its heading and what follows up to the next prose, or a led-in link."""
    found: set[int] = set()
    rail: list[int] = []
    for number, (kind, text) in enumerate(lines):
        if kind not in ("code", "table") and _is_head(text):
            found.update(rail)
            rail = [number]
        elif rail and (is_prose(text) or len(rail) > _RAIL):
            found.update(rail[:-1] if len(rail) > 2 and lines[rail[-1]][0] == "heading" else rail)
            rail = []
        elif rail:
            rail.append(number)
        if not rail and _LED_IN.match(text) and len(text.split()) <= _TEASER + 5:
            found.add(number)
    return found | set(rail)


def _is_head(text: str) -> bool:
    return len(text) <= _SHORT_HEAD and _HEAD.fullmatch(text.strip(" :.>\u203a\u00bb\u2192\u2026|-")) is not None


def is_prose(text: str) -> bool:
    words = len(text.split())
    return words > _TEASER or (words >= _PROSE and ends_sentence(text)) or (len(text) > _SHORT_HEAD and words < 4 and ends_sentence(text))


def is_teaser(text: str) -> bool:
    """Whether a line may be the headline of another story."""
    words = len(text.split())
    return (4 <= words <= _TEASER or (words < 4 and 10 <= len(text) <= _SHORT_HEAD)) and not ends_sentence(text)
