"""Deutsche Welle: dw.com, all languages."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

_READ_MORE = rule(
    Cut.RELATED, "p", says=r"(?:read|see) more\s*:|mehr (?:dazu|lesen|zum thema)\s*:|lire (?:aussi|plus)\s*:|m\u00e1s informaci\u00f3n\s*:"
)

PUBLISHER = Publisher(
    "Deutsche Welle",
    ("dw.com", "dw.de", "dw-world.de"),
    (
        Layout(
            "dw-2022",
            2022,
            None,
            marks=(css(".content-area .rich-text, article .rich-text"),),
            body=css("header .teaser-text, .content-area .rich-text, article .rich-text"),
            cut=(
                rule(Cut.PLAYER, ".vjs-wrapper, .video-embed, .audio-embed"),
                rule(Cut.AD, ".advertisement, [class*=advertisement]"),
                rule(Cut.CAPTION, ".img-caption, .placeholder-image, .gallery-embed"),
                rule(Cut.RELATED, ".rich-text .teaser, .rich-text aside, .embed.related, .internal-link-embed"),
                rule(Cut.NEWSLETTER, ".newsletter-embed, [class*=newsletter]"),
                rule(Cut.SHARE, "[data-tracking-name^=sharing-icons]"),
                rule(Cut.OTHER, ".feedback"),
                _READ_MORE,
                CAPTIONS,
            ),
        ),
        Layout(
            "dw-2012",
            2012,
            2022,
            marks=(css("#bodyContent .longText"),),
            body=css("#bodyContent p.intro, #bodyContent .longText"),
            cut=(
                rule(Cut.CAPTION, ".picBox, .gallery, .slideshow, .overlayIcon .teaserContentWrap"),
                rule(Cut.RELATED, ".linkList, .relatedContent, .longText .col3, .box"),
                rule(Cut.PLAYER, ".video, .audio, .mediaItem"),
                rule(Cut.AD, ".adsContainer, .squareAd, .advertising"),
                rule(Cut.TAGS, ".smallList"),
                rule(Cut.NAVIGATION, "#bodyContent .dim"),
                _READ_MORE,
                CAPTIONS,
            ),
            authors=field(".smallList li", part=r"^(?:Autorin/Autor|Author|Auteur|Autor|Автор)\s+(.+)"),
            published=field(".smallList li", part=r"^\w+\s+(\d{2}\.\d{2}\.\d{4})", written="%d.%m.%Y"),
        ),
    ),
)
