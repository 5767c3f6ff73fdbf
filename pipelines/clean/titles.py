"""Headlines without the name of the site."""

from __future__ import annotations

import re
from unicodedata import normalize

_SEPARATOR = re.compile(
    r"\s+[|\u2013\u2014\u2022\u00b7\u00bb\u00ab:>/~-]+\s+|\s*[|\u00bb\u00ab\uff5c]\s*|\s+::\s+"
    r"|(?<=\w)[_\u2014-](?=[^_\u2014-]{1,40}$)|:\s+(?=[^:]{1,40}$)"
)


def squash(text: str) -> str:
    """Letters and digits only, case-folded: what two spellings of a name share."""
    return "".join(c for c in normalize("NFKC", text).casefold() if c.isalnum())


def without_site(title: str, site_names: tuple[str, ...], host: str) -> str:
    """The title less the segments at its ends that name the site: one of ``site_names``, or a label of ``host``.

    A segment that is the whole title stays: some pages are named like their site.
    """
    names = {squash(n) for n in site_names if n} - {""}
    label = squash(host.rpartition(".")[0])
    for _ in range(3):
        shorter = _cut(title, names, label, squash(host))
        if shorter == title:
            break
        title = shorter
    return title


def _cut(title: str, names: set[str], label: str, host: str) -> str:
    cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(title)]
    for start, end in reversed(cuts):
        if title[:start].strip() and _names_site(title[end:], names, label, host):
            return title[:start].strip()
    for start, end in cuts:
        if title[end:].strip() and _names_site(title[:start], names, label, host):
            return title[end:].strip()
    return title


def _names_site(segment: str, names: set[str], label: str, host: str) -> bool:
    name = squash(segment)
    if not name:
        return False
    return name in names or name == host or (len(name) >= 3 and label != "" and name.removeprefix("the") == label.removeprefix("the"))
