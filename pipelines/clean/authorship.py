"""The authors of a page and its byline, from all places that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.clean.authors import clean_names, split_names
from pipelines.clean.bylines import Shown, labelled_byline, line_of_names, marked_byline, shown_byline
from pipelines.clean.evidence import Evidence
from pipelines.clean.head import Head
from pipelines.clean.opening import Opening
from pipelines.clean.vocabulary import AUTHORS, WRITTEN_BY

Authorship = tuple[str | None, tuple[str, ...]]
"""The byline as written, and the names in it."""

_ADDRESS = re.compile(r"https?:|www\.")


def authorship(evidence: Evidence, opening: Opening, title: str) -> Authorship:
    """Whom the head names, else who is shown, else the site as its own author."""
    linked, site = evidence.linked, evidence.site
    own_names = (*site.names, site.host, site.label)
    lines = [line for line in (*evidence.head.all(AUTHORS), *_labelled(evidence.head)) if not _ADDRESS.match(line)]
    persons = linked.authors if len(linked.organisations) < len(linked.authors) else ()
    # A site that JSON-LD lists beside persons is a co-author; alone it stands for nobody in particular.
    named = _names(persons, () if len(persons) > 1 else own_names, title)
    stated: Iterable[str] = persons
    if not named:
        stated = [line for line in lines if site.host.lower() not in line.lower()]
        named = _names(stated, own_names, title)
    if named:
        return line_of_names(opening, named) or ", ".join(stated)[:300], named
    found: list[Shown] = []
    for line, names in _shown(evidence, opening, worded=bool(clean_names(list(linked.organisations), own_names, title))):
        found.append((line, names))
        if authors := clean_names(names, own_names, title):
            return line, tuple(a for a in authors if not site.is_meant(a)) or authors
    return _of_the_site((linked.authors, lines), found, title)


def _of_the_site(stated: Iterable[Iterable[str]], shown: Iterable[Shown], title: str) -> Authorship:
    """The first authors when the site's own names count too."""
    for lines in stated:
        if authors := _names(lines, (), title):
            return ", ".join(lines)[:300], authors
    return next(((line, authors) for line, names in shown if (authors := clean_names(names, (), title))), (None, ()))


def _names(lines: Iterable[str], unwanted: tuple[str, ...], title: str) -> tuple[str, ...]:
    return clean_names([name for line in lines for name in split_names(line)], unwanted, title)


def _shown(evidence: Evidence, opening: Opening, *, worded: bool) -> Iterator[Shown]:
    """Author lines that readers see, the surest first; only those that say "by" where an agency is known to be the author."""
    if shown := shown_byline(opening, worded=worded):
        yield shown
    if not worded:
        yield from (s for s in (marked_byline(evidence.tree), labelled_byline(evidence.tree)) if s)


def _labelled(head: Head) -> list[str]:
    """Author lines that Twitter cards give under a label of their own: ``twitter:label1`` "Written by", ``twitter:data1`` the name."""
    pairs = ((head.first(f"twitter:label{n}"), head.first(f"twitter:data{n}")) for n in (1, 2))
    return [name for label, name in pairs if label and name and WRITTEN_BY.fullmatch(label)]
