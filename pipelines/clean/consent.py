"""How pages ask for consent to cookies before they show anything: their sentences and their addresses."""

from __future__ import annotations

import re


def _any(*parts: str) -> str:
    return rf"(?:{'|'.join(parts)})"


ASKS = re.compile(
    _any(
        r"(?:we|us|sites?) and (?:our|its|selected) (?:\d+ )?(?:third[- ]part(?:y|ies)|(?:trusted |advertising )?partners?|vendors?)",
        r"(?:use|uses|using|store|set) (?:of )?cookies(?: and (?:similar|other))?"
        r"|(?:accept|reject|manage|allow|decline) (?:all|(?:all )?(?:cookies|consent))",
        r"cookie (?:settings|preferences|policy|notice|consent)"
        r"|(?:your |manage )(?:privacy|consent) (?:choices|preferences|matters?|settings)|before you continue to",
        r"(?:withdraw|give|manage) (?:your )?consent|store and/?(?: ?or)? access information on a device"
        r"|personali[sz]ed (?:ads|advertising) and content",
        r"wir (?:und unsere (?:\d+ )?partner|verwenden cookies|benötigen ihre (?:zustimmung|einwilligung))"
        r"|alle(?:n|s)? (?:cookies )?(?:akzeptieren|zustimmen|ablehnen)",
        r"zustimmen und weiter|(?:mit|ohne) werbung (?:weiter)?lesen|mit werbung und tracking|pur[- ]abo|datenschutz-?einstellungen"
        r"|einwilligung widerrufen|contentpass",
        r"nous (?:et nos (?:\d+ )?partenaires|utilisons des cookies)|(?:accepter|refuser) et (?:fermer|continuer)"
        r"|tout (?:accepter|refuser)|continuer sans accepter",
        r"paramétr(?:er|ages?) (?:les|des) cookies|gérer (?:mes|les) (?:cookies|choix)|stocker et/ou accéder à des informations",
        r"(?:utilizamos|usamos|uso de) cookies|(?:nosotros y )?nuestros (?:\d+ )?socios"
        r"|(?:aceptar|rechazar) (?:todo|todas|y (?:cerrar|continuar))|configurar cookies",
        r"(?:utilizziamo|usiamo) (?:i )?cookie|noi e (?:i nostri )?(?:\d+ )?(?:partner|fornitori)"
        r"|(?:accetta|rifiuta) (?:tutti|e (?:continua|chiudi))|impostazioni (?:dei )?cookie",
        r"(?:wij|we) (?:en onze partners|gebruiken cookies)|(?:alles )?(?:accepteren|weigeren)|cookie-?instellingen"
        r"|akkoord en (?:door|verder)",
        r"(?:usamos|utilizamos) cookies|aceitar (?:todos|e continuar)|używamy (?:plików )?cookies?|pliki cookie"
        r"|(?:akceptuję|zgadzam się)|przejdź do serwisu",
        r"(?:vi (?:og|och) våre?|vi bruker|vi använder|vi bruger) (?:partnere?|cookies|informasjonskapsler|kakor)|godta alle"
        r"|acceptera alla|accepter alle",
        r"използваме бисквитки|использу(?:ем|ет) (?:файлы )?cookie|файлы cookie|çerez(?:ler|leri)? (?:kullan|politika|ayar)"
        r"|tümünü kabul et|cookie を使用|クッキー(?:を|の)",
        r"使用\s*cookies?|接受所有\s*cookie|쿠키(?:를| ) ?(?:사용|정책)|ملفات تعريف الارتباط|עוגיות",
    ),
    re.IGNORECASE,
)
"""Sentences and buttons of consent layers in the main languages of news. One alone proves nothing: every second footer has one."""

ADDRESS = re.compile(
    r"^(?:consent|guce|privacygate|myprivacy|cmp|privacy-mgmt|gdpr)\."
    r"|^[^/]+/(?:[^?]*/)?(?:consent|cookie-?consent|gdpr-?consent|privacy-?gate|collectConsent|cookiewall)(?:[/?]|$)",
    re.IGNORECASE,
)
"""Host and path of the pages that some publishers send readers to until they have consented."""
