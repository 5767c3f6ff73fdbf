"""How pages say that an article is for subscribers: the wording of their offers and the markup of the systems that make them."""

from __future__ import annotations

import re


def _any(*parts: str) -> str:
    return rf"(?:{'|'.join(parts)})"


OFFER = re.compile(
    _any(
        r"(?:subscribe|sign up|register|log ?in|sign in|join|become a (?:member|subscriber))(?: now| today| here)? (?:to"
        r"|and) (?:continue|keep|read|unlock|access|get full)",
        r"(?:to|and) (?:continue|keep) reading,? (?:subscribe|sign|log|register|please|create|become|start|this)"
        r"|continue reading (?:with|by|for|your)",
        r"(?:this|the) (?:article|content|story|post|page) is (?:only |reserved |exclusively )?(?:available |accessible )?(?:for"
        r"|to) (?:our )?(?:paid |paying |premium |registered )?",
        r"(?:subscribers?|members)[- ]only|for (?:paying |paid )?(?:subscribers|members) only"
        r"|already (?:a (?:subscriber|member)|have an account|subscribed)\?",
        r"you(?:'ve| have) (?:reached|read|used) (?:your|all|the)(?: \w+){0,3} (?:limit|articles?)"
        r"|unlock (?:this|the (?:full )?|unlimited )(?:article|story|access)",
        r"(?:weiterlesen|jetzt (?:weiterlesen|testen|abonnieren|freischalten)|artikel freischalten|lesen sie weiter) (?:mit|und|im|für"
        r"|oder)|(?:nur )?(?:für|als) abonnent(?:inn)?en",
        r"dieser (?:artikel|inhalt|text|beitrag) ist (?:nur )?(?:für|teil|exklusiv|kostenpflichtig)"
        r"|sie haben bereits ein (?:abo|konto|digital)|mit (?:plus|\w+\+|premium)[- ](?:abo|zugang|artikel)",
        r"(?:cet )?article (?:est )?(?:réservé|exclusivement)|réservé(?:e)? (?:à nos|aux) abonnés"
        r"|il vous reste [\d,.]+ ?% (?:de cet article )?à lire|abonnez-vous pour (?:lire|continuer)",
        r"pour lire la suite|déjà abonné|contenido (?:exclusivo|reservado)|(?:solo|sólo|exclusivo) para (?:suscriptores|socios)"
        r"|suscríb(?:ete|ase) para (?:seguir|continuar|leer)",
        r"para seguir leyendo|contenuto (?:riservato|esclusivo)|(?:riservato|solo) (?:agli|per gli) abbonati"
        r"|abbonati per (?:leggere|continuare)|per continuare a leggere",
        r"(?:conteúdo|matéria|exclusivo) (?:exclusiv[oa]|para) (?:para )?assinantes|assine para (?:ler|continuar)|alleen voor abonnees"
        r"|(?:lees|lezen) verder (?:met|als|voor)|verder lezen\?",
        r"(?:for|bare for|kun for|endast för|artikeln är för) (?:abonnenter|prenumeranter)"
        r"|(?:logg|log|logga) inn? (?:for å|for at|för att) (?:lese|læse|läsa)|les(?:e)? videre med",
        r"(?:artykuł|treść|dostęp) (?:tylko )?dla (?:prenumeratorów|subskrybentów|zalogowanych)|czytaj dalej z"
        r"|pozostało \d+ ?% (?:artykułu|tekstu)|pro předplatitele|csak előfizetőknek",
        r"материал доступен (?:только )?(?:подписчикам|по подписке)|оформите подписку|(?:sadece |yalnızca )?abonelere özel"
        r"|この記事は(?:有料)?会員限定|会員限定の?記事|続きを読むには|残り\d+文字",
        r"本文(?:章)?为付费|登录后(?:阅读|查看)|订阅后|유료 ?(?:회원|구독)|구독(?:하고|하시면)|للمشتركين فقط",
    ),
    re.IGNORECASE,
)
"""Sentences with which an article breaks off, in the main languages of news."""

MARKUP = re.compile(
    r"paywall|pay-wall|paygate|regwall|subscri(?:be|ption)-?(?:wall|gate|barrier|required|offer|prompt)"
    r"|premium-?(?:wall|overlay|content-(?:locked|offer)|teaser)"
    r"|piano-(?:inline|container|paywall|wrapper)|tp-(?:container|modal|backdrop)|poool|zephr|leaky[-_]paywall|pigeon-(?:paywall|widget)"
    r"|pelcro|wallkit|evolok|steady-paywall"
    r"|plenigo|laterpay|supertab|meter(?:ed)?-?(?:wall|paywall|modal)|gh-post-upgrade|member-?(?:only|wall)"
    r"|locked-?(?:content|article|default)|article-?(?:locked|barrier|gate)"
    r"|(?:content|article)-gate|barrier-?(?:page|wrapper)|abo-?(?:wall|schranke|box|offer)|bezahlschranke|mur-?(?:payant|abo)"
    r"|is-?paywall(?:ed)?|o-?barrier|offer-?(?:wall|zone)",
    re.IGNORECASE,
)
"""Class and id names of the barriers of Piano, Poool, Zephr, Leaky Paywall, Pigeon, Pelcro, Wallkit, Evolok, Steady and others."""
