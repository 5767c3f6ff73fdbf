"""Headlines without the name of the site."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import normalize

# U+2502 draws boxes and U+3163 is a Hangul letter; both serve as bars.
_SEPARATOR = re.compile(
    r"\s+[|\u2013\u2014\u2022\u00b7\u00bb\u00ab\u2502\u3163:>/~*-]+\s+|\s*[|\u00bb\u00ab\uff5c\u2502\u3163]\s*|\s+::\s+"
    r"|(?<=\w)[_\u2014-](?=[^_\u2014-]{1,40}$)|:\s+(?=[^:]{1,40}$)"
)
OPENS_REST = re.compile(r"\s*[|\u00bb\u00ab\uff5c\u2502\u3163:(\[]|\s+[\u2013\u2014\u2022\u00b7<>/~_*-]+\s")
"""What follows a headline where a longer title goes on to name site or section."""
ADDED = re.compile(r"\s*[|\u2013\u2014\u2022\u00b7\u00bb\u00ab\uff5c\u2502\u3163:<>/~_*(\[-]")
"""The same where both titles are the page's own, so that a hyphen needs no spaces."""
CLOSES_START = re.compile(r"(?:[|\u00bb\uff5c\u2502\u3163:]|\s[\u2013\u2014\u2022\u00b7>/~_-]+)\s*$")
"""What a longer title puts between a section or a kicker and the headline."""
_NO_LETTER = re.compile(r"[\W_]+")
_THE = re.compile(r"^(?:the|der|die|das|le|la|les|el|il)\s+", re.IGNORECASE)
_MAX_SITE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Site:
    """What a site is called: the names it gives itself, and its registered host (``lisse-courier.example``)."""

    names: tuple[str, ...] = ()
    host: str = ""
    label: str = field(init=False, default="")
    _whole: frozenset[str] = field(init=False, default=frozenset())
    _within: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        label = squash(self.host.rpartition(".")[0])
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "_whole", frozenset({squash(n) for n in self.names} | {squash(self.host)}))
        object.__setattr__(self, "_within", tuple({label, *(squash(_THE.sub("", n)) for n in self.names)}))

    def is_named(self, text: str) -> bool:
        """Whether the text is a name of the site and nothing else."""
        name = squash(text)
        if not name:
            return False
        if name in self._whole:
            return True
        return len(name) >= 3 and self.label != "" and name.removeprefix("the") == self.label.removeprefix("the")

    def is_meant(self, text: str) -> bool:
        """Whether a few words hold a name of the site, as ``Lisse Courier Online`` does, or are most of one."""
        if self.is_named(text):
            return True
        name = squash(text)
        if not name or len(text.split()) > _MAX_SITE_WORDS:
            return False
        return any((len(k) >= 3 and k in name) or (len(name) >= 4 and name in k and 2 * len(name) >= len(k)) for k in self._within)


def squash(text: str) -> str:
    """Letters and digits only, case-folded: what two spellings of a name share."""
    return _NO_LETTER.sub("", text.lower() if text.isascii() else normalize("NFKC", text).casefold())


def without_site(title: str, site: Site) -> str:
    """The title less the segments at its ends that name the site. One that is the whole title stays: some pages are named like it."""
    for _ in range(3):
        shorter = _cut(title, site)
        if shorter == title:
            break
        title = shorter
    return title


def _cut(title: str, site: Site) -> str:
    cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(title)]
    for start, end in reversed(cuts):
        if title[:start].strip() and site.is_named(title[end:]):
            return title[:start].strip()
    for start, end in cuts:
        if title[end:].strip() and site.is_named(title[:start]):
            return title[end:].strip()
    if cuts:
        start, end = cuts[-1]
        if title[:start].strip() and OPENS_REST.match(title[start:]) and title[start] != ":" and site.is_meant(title[end:]):
            return title[:start].strip()
    return title
