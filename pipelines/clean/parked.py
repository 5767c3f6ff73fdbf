"""Pages that stand where a site was: domains for sale, advertising on lapsed names, servers nobody has set up, closed accounts."""

from __future__ import annotations

import re


def _any(*parts: str) -> str:
    return rf"(?:{'|'.join(parts)})"


SAYS = re.compile(
    _any(
        r"(?:this )?(?:domain|domain name|website|web ?site)(?: name)? (?:\S+ )?(?:is|may be|could be|might be) (?:for sale"
        r"|available (?:for|to) (?:sale|purchase|buy)|parked|listed for sale)",
        r"buy this (?:domain|website)"
        r"|(?:the )?(?:owner of )?this domain (?:is|has) (?:been )?(?:registered|parked|expired|recently|offering)|domain (?:has )?expired",
        r"(?:inquire|get a price|make an? offer)(?: \w+){0,3} (?:this )?domain|(?:parked|reserved) (?:free|at|by|with|for)\b"
        r"|parked (?:domain|page)|domain parking",
        r"this (?:page|site|website) is parked|sponsored listings? displayed above|\b[a-z0-9-]+\.[a-z]{2,10} is for sale\b"
        r"|is for sale!? \| |hugedomains",
        r"diese domain (?:steht zum verkauf|ist (?:geparkt|zu verkaufen|registriert|käuflich))|domain (?:kaufen|geparkt|zu verkaufen)"
        r"|hier entsteht (?:eine|in kürze)",
        r"(?:ce|le) (?:nom de )?domaine (?:est|a été) (?:à vendre|en vente|expiré|réservé|enregistré)"
        r"|(?:este|el) dominio (?:está|esta|se encuentra) (?:en venta|a la venta|aparcado)",
        r"(?:questo|il) dominio è (?:in vendita|parcheggiato)|(?:este|o) domínio está à venda|dit domein (?:is|staat) te koop"
        r"|deze domeinnaam is|ta domena jest (?:na sprzedaż|wystawiona)",
        r"домен (?:\S+ )?(?:прода[её]тся|припаркован|не прилинкован|истек)|срок регистрации домена|bu alan adı satılık"
        r"|此域名(?:出售|正在出售)"
        r"|域名(?:出售|转让)|このドメインは",
        r"welcome to nginx!|apache2? (?:\w+ )?(?:default|test) page|it works!|iis windows server|plesk"
        r"|default (?:web ?site|server|page) (?:page|vignette)|cpanel",
        r"(?:this )?(?:account|site|website|hosting)(?: account)? (?:has been|is|was) (?:suspended|disabled|deactivated|blocked)"
        r"|suspended (?:page|domain|website)",
        r"(?:web ?site|site|page) (?:is )?(?:coming soon|under construction)|future home of|placeholder (?:page|for)|index of /",
    ),
    re.IGNORECASE,
)
TITLE = re.compile(
    _any(
        r"(?:\S+\.[a-z]{2,12}(?: is| -)?(?: parked| for sale| domain (?:name )?(?:is )?for sale)?)",
        r"domain (?:is )?(?:for sale|parked|expired)|parked(?: domain)?|buy (?:this )?domain.*|.* is for sale.*|hugedomains.*"
        r"|.*domain name for sale.*|sedo.*|dan\.com.*|afternic.*",
        r"welcome to nginx!?|apache2? .*default page.*|test page for .*|iis(?: windows server|\d+)?|default (?:web ?site )?page"
        r"|domain default page|account suspended|suspended",
        r"coming soon.*|under construction|website coming soon|index of /.*|web hosting.*|placeholder|diese domain.*"
        r"|domain (?:geparkt|registriert).*",
    ),
    re.IGNORECASE,
)
MARKUP = (
    *(
        b"sedoparking",
        b"parkingcrew",
        b"bodis.com",
        b"parklogic",
        b"parking-lander",
        b"hugedomains.com",
        b"afternic.com/forsale",
        b"dan.com/buy-domain",
    ),
    *(
        b"skenzo",
        b"above.com/marketplace",
        b"domainmarket.com",
        b"uniregistry",
        b"parkingpage",
        b"window.park",
        b"trafficmotor",
        b"voodoo.com/park",
    ),
    *(
        b"img.sedoparking.com",
        b"domaincntrol",
        b"cdn.pbw.org",
        b"namebrightstatic",
        b"parked-domain",
        b"park.io",
        b"/caf/search",
        b"adsense/domains/caf.js",
    ),
)
"""Found in the pages of Sedo, ParkingCrew, Bodis, Parklogic, GoDaddy, HugeDomains, Afternic, Dan, Skenzo, Above and others."""
