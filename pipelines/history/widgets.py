"""Words and patterns of what counts, dates and shares a page: in the main languages of news."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNITS = (
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|months?|y|yrs?|years?"
    r"|sekunden?|minuten?|stunden?|tag(?:en?)?|wochen?|monat(?:en?)?|jahr(?:en?)?"
    r"|secondes?|heures?|jours?|j|semaines?|mois|ans?|segundos?|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|m[eê]s(?:es)?|años?|anos?"
    r"|second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|minuut|uur|uren|dag(?:en)?|week|weken|maand(?:en)?|jaar)"
)
_SOME = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|einem|einer|eine|une?|un[ao]?|uma?|een|few|a few)"
AGO = re.compile(
    rf"\b(?:about |over |almost |more than |nearly )?{_SOME} ?{_UNITS}\.? ago\b|\bjust now\b|\b(?:a )?moments? ago\b"
    rf"|\b(?:vor|il y a|hace|há|fa) {_SOME} {_UNITS}\b|\b{_SOME} {_UNITS} (?:fa|geleden|atrás)\b"
    r"|\b(?:för )?\d+ \w{1,12} (?:sedan|siden|önce|назад|тому|temu|trước|(?:yang )?lalu|पहले)(?!\w)|(?:منذ|قبل) \d+ \w{1,12}"
    r"|\d+ ?(?:秒|分钟|分鐘|分|小时|小時|時間|天|日|周|週|週間|个月|個月|か月|ヶ月|年) ?(?:之前|以前|前)|\d+ ?(?:초|분|시간"
    r"|일|주|개월|년) ?전"
    r"|^(?:today|yesterday|heute|gestern|aujourd'hui|hier|hoy|ayer|oggi|ieri|hoje|ontem|vandaag|gisteren|сегодня|вчера|今天"
    r"|昨天|今日|昨日)\b"
    r"|^\d{1,3} ?(?:s|m|h|d|w|min|mins|hr|hrs)$",
    re.IGNORECASE,
)
_NUMBER = r"\d[\d.,']*\s?(?:k\b|m\b|mio\b\.?|tsd\b\.?|万|萬|만)?\+?"
_COUNTED = (
    r"(?:views?|reads?|readers?|shares?|likes?|dislikes?|comments?|replies|reply|reactions?|retweets?|reposts?|tweets?|followers?"
    r"|subscribers?|votes?|upvotes?|downloads?|plays?|clicks?|visits?|visitors?|ratings?|bookmarks?|watching|responses?"
    r"|kommentare?|aufrufe|klicks|leser|vues?|commentaires?|partages?|lectures?|réactions?|comentarios?|comentários?|visitas?|lecturas?"
    r"|compartidos?|visualiza\w+|leituras?|compartilhamentos?|commenti|condivisioni|letture|reacties|kommentarer|visningar|delningar"
    r"|просмотр\w*|комментари\w*|перегляд\w*|коментар\w*|komentarzy|komentarze|yorum|görüntülenme|تعليقات?|مشاهدة"
    r"|次浏览|次瀏覽|次阅读|次閱讀|阅读数?|閱讀|阅读量|浏览量?|瀏覽|点击数?|评论数?|評論|条评论|則留言|留言|回复|跟贴|点赞|播放量?|次播放"
    r"|コメント|件のコメント|いいね|조회수?|댓글|공감)"
)
COUNT = re.compile(
    rf"{_NUMBER}\s?{_COUNTED}(?!\w)|(?<!\w){_COUNTED}\s?[:(\[]?\s?{_NUMBER}[)\]]?(?!\w)"
    rf"|\b(?:shared|viewed|read|liked|seen|watched|downloaded|played|visited) (?:over |more than )?{_NUMBER} times\b"
    rf"|{_NUMBER} (?:people|persons|others|users|friends|visitors|readers) (?:like|liked|are reading|have read|are watching"
    rf"|shared|recommend)\b"
    r"|\b\d+[- ]?min(?:ute)?s?\.?[- ](?:read|listen|watch)\b|\b(?:reading time|read time|lesezeit|temps de lecture"
    r"|tiempo de lectura|leestijd)"
    r":? ?~?\d+ ?min\w*\.?",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"(?<![\d:.])(?:[01]?\d|2[0-3])(?:[:.h][0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[ap]\.?m\b\.?)?| ?[ap]\.?m\b\.?| ?uhr\b| ?h\b)(?!\d)"
    r"|\bt[0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:z\b|[+-]\d\d:?\d\d)?|(?:gmt|utc) ?[+-] ?\d{1,2}(?::?\d\d)?|[+-]\d\d:?\d\d\b"
    r"|\d{1,2}[时時点]\d{1,2}分?|(?:오전|오후) ?\d{1,2}:\d\d",
    re.IGNORECASE,
)
NAMED_DAY = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th|\.)? (?:de |of )?([^\W\d_]{3,14})\b\.?|([^\W\d_]{3,14})\.? (\d{1,2})(?:st|nd|rd|th)?\b)", re.IGNORECASE
)


UPDATE_WORDS = _words(
    "updated update published publish posted modified edited revised reviewed aktualisiert veröffentlicht erstellt stand zuletzt publié"
    " publiée modifié actualisé màj publicado actualizado atualizado modificado pubblicato aggiornato gepubliceerd bijgewerkt uppdaterad"
    " publicerad oppdatert publisert opdateret publiceret опубликовано обновлено оновлено zaktualizowano opublikowano"
    " güncellendi güncelleme"
    " yayınlanma 发布时间 发布于 发布 發布 發佈時間 更新时间 更新于 更新時間 更新 最后更新 最後更新 发表时间 发表于 发表"
    " 公開日 更新日 公開 掲載 最終更新"
    " 입력 수정 최종수정 기사입력 등록 게시"
)
BUTTONS = _words(
    "share shares tweet email e-mail mail print save copy link comments comment like likes facebook twitter whatsapp linkedin reddit"
    " pinterest telegram messenger flipboard pocket views reply replies report teilen drucken merken kommentieren partager imprimer"
    " commenter compartir imprimir comentar enviar compartilhar condividi stampa delen afdrukken dela поделиться 分享 评论 打印 收藏 共有"
)
FILLERS = (
    UPDATE_WORDS
    | BUTTONS
    | _words(
        "last first on at in of the a date time since as and this story article post page video has been was have so far you"
        " others people be to"
        " mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday"
        " montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so am um den der vom uhr"
        " lundi mardi mercredi jeudi vendredi samedi dimanche le la à mis mise jour dernière lunes martes miércoles jueves viernes sábado"
        " domingo el a las hora horas última actualización em às il alle ore ultimo aggiornamento op om laatst"
        " gmt utc bst est edt cst cdt mst mdt pst pdt et pt ct cet cest ist jst kst hkt sgt aest aedt acst awst nzst nzdt"
        " sast msk eet eest wib"
        " z h hrs local view read total 于 時間 时间 日 在 次 条 来源"
    )
)
