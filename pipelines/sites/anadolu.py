"""Anadolu Agency: aa.com.tr, all languages."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

_USE = rule(
    Cut.LEGAL,
    "p, span, div",
    says=r"(?:anadolu ajans\u0131 web sitesinde, aa haber ak\u0131\u015f sistemi"
    r"|anadolu agency website contains only)",
)

PUBLISHER = Publisher(
    "Anadolu Agency",
    ("aa.com.tr",),
    (
        Layout(
            "anadolu-2015",
            2015,
            2025,
            marks=(css(".detay-icerik"),),
            body=css(".detay-spot h4, .detay-icerik"),
            cut=(
                _USE,
                rule(Cut.LEGAL, ".detay-foto-editor"),
                rule(Cut.SHARE, ".detay-paylas"),
                rule(Cut.RELATED, ".detay-benzerHaberler, .detay-gundemdekiler, .detay-ilgili"),
                rule(Cut.BYLINE, ".detay-icerik h6"),
                rule(Cut.CAPTION, ".detay-foto, .image figcaption"),
                CAPTIONS,
            ),
            authors=field(".detay-spot .row span", part=r"^([^|\d]{3,80}?)\s*\|"),
            published=field(".detay-spot .tarih", part=r"^(\d{2}\.\d{2}\.\d{4})", written="%d.%m.%Y"),
        ),
        Layout(
            "anadolu-2025",
            2025,
            None,
            marks=(css(".embed-responsive.prose"),),
            body=css(".items-start span.lora, .embed-responsive.prose"),
            cut=(_USE, CAPTIONS),
        ),
    ),
)
