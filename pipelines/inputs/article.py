"""Articles of Wikipedia and Wikinews as HTML: one event, the works in its references the citations.

<cite class="citation news"><a class="external" href="..">Title</a>. <i>Paper</i>. Archived from <a ..>the original</a> on ..</cite>
<span class="Z3988" title="ctx_ver=Z39.88-2004&rft.atitle=..&rft.jtitle=..&rft.date=..&rft_id=..">     COinS, in OpenURL's keys
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from archive.errors import InputError
from archive.model import Event, Problem
from archive.urls import surt
from pipelines.inputs.addresses import fetchable, shown
from pipelines.inputs.archive_links import read_archive_link
from pipelines.inputs.days import read_day
from pipelines.inputs.draft import Copy, Draft, Origin, Source, make_event, make_source, read_copy
from pipelines.inputs.html_page import has_class, is_external, text_of
from pipelines.inputs.wording import one_line, publisher

MAX_COINS = 20_000  # characters
_IDENTIFIERS = frozenset({
    "arxiv", "asin", "bibcode", "biorxiv", "citeseerx", "doi", "hdl", "isbn", "ismn", "issn", "jfm", "jstor", "lccn", "mr", "oclc", "ol",
    "osti", "pmc", "pmid", "rfc", "s2cid", "ssrn", "zbl",
})  # fmt: skip
_LEAD_TO_TEXT = frozenset({"arxiv", "biorxiv", "doi", "hdl", "jstor", "pmc", "pmid", "ssrn"})  # taken where a work has no other link
_ARCHIVED = re.compile(r"\bArchived\s+from\s+the\s+original\b")
_SITE_NAME = re.compile(r"\s+[-–—]\s+(?:Wikipedia|Wikinews)\b.*$")
_DAY = re.compile(r"\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2}", re.ASCII)
_NO_NAME = re.compile(r"(?:Archived|Retrieved|pp?\b|Vol\b|[A-Z][a-z]+ \d{4}$)")
_COINS_LABELS = ("rft.pub", "rft.jtitle", "rft.series")


def read_article(root: Any, origin: Origin) -> Iterator[Event | Problem]:
    """The sources in the order of the page: every ``cite``, and the links of references that have none."""
    draft = Draft(title=_title(root), url=_address(root))
    for work in _works(root):
        for found in _sources(work, origin):
            if isinstance(found, Source):
                draft.sources.append(found)
            else:
                yield found
    if draft.sources:
        yield make_event(draft, origin)


def _title(root: Any) -> str:
    for element in root.iter("h1", "title"):
        if (words := text_of(element)) and (element.tag == "title" or element.get("id") in {"firstHeading", "section_0"}):
            return _SITE_NAME.sub("", words)
    return "Article"


def _address(root: Any) -> str | None:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (href := (link.get("href") or "").strip()).startswith(
            ("http://", "https://")
        ):
            return one_line(href)
    return None


def _works(root: Any) -> Iterator[Any]:
    """``cite`` elements, and entries of lists of references (or of Wikinews' sources) in which there is none."""
    for element in root.iter("cite", "li", "span"):
        if element.tag == "cite":
            if has_class(element, "citation") or _within_references(element):
                yield element
        elif element.tag == "span":
            if has_class(element, "sourceTemplate") and next(element.iter("cite"), None) is None:
                yield element
        elif _within_references(element) and next(element.iter("cite"), None) is None:
            yield element


def _within_references(element: Any) -> bool:
    return any(has_class(above, "references") for above in element.iterancestors("ol"))


def _sources(work: Any, origin: Origin) -> Iterator[Source | Problem]:
    external = [(link, _identifier(link)) for link in work.iter("a") if is_external(link)]
    links = [link for link, name in external if name is None] or [link for link, name in external if name in _LEAD_TO_TEXT][:1]
    if not links:
        return
    coins = _coins(work)
    label = publisher(next((words for name in _COINS_LABELS if (words := coins.get(name, ""))), "") or _publisher_of(work, links[0]))
    day = read_day(coins.get("rft.date", "")) or _day_of(work)
    archived = _ARCHIVED.search(text_of(work)) is not None
    for found in _paired(links, origin.name, unlinked_is_unfit=archived):
        yield found if isinstance(found, Problem) else replace(found, label=label, date=day)


def _paired(links: list[Any], file: str, *, unlinked_is_unfit: bool) -> Iterator[Source | Problem]:
    """Sources without their labels. A link to an archived copy belongs to the link to the same page, or to the only other one."""
    live: list[tuple[str, int]] = []
    copies: list[tuple[Copy, str, int]] = []  # with the key of the page that the copy shows
    for link in links:
        line = link.sourceline or 1
        try:
            address, shows = _read(link)
            if shows is None:
                live.append((address, line))
            else:
                copies.append((read_copy(address), shows, line))
        except InputError as error:
            yield Problem(file, line, str(error))
    for address, line in live:
        matching = [found for found in copies if found[1] == surt(address)] or (copies if len(live) == len(copies) == 1 else [])
        copies = [found for found in copies if found not in matching[:1]]
        yield make_source(address, "", line, None, matching[0][0] if matching else None)
    for copy, _, line in copies:
        if unlinked_is_unfit and not live:
            # Marked unfit or usurped: the address belongs to someone else now and must not be fetched as if it were the source.
            yield Problem(file, line, f"the original is not linked, so only its archived copy is a source: {shown(copy.url)}")
            yield Source(copy.url, "", line, None, copy)
        else:
            yield make_source(copy.url, "", line)


def _read(link: Any) -> tuple[str, str | None]:
    """The address of a link, and the key of the page that it shows when it is a copy in an archive."""
    href = str(link.get("href")).strip()
    address = fetchable(f"https:{href}" if href.startswith("//") else href)
    found = read_archive_link(address)
    return address, surt(found.original) if found is not None and found.is_copy else None


def _identifier(link: Any) -> str | None:
    """The kind of a DOI, ISSN, ... that a link is of: it follows a link to the article about such identifiers."""
    before = link.getprevious()
    if before is None and (parent := link.getparent()) is not None and parent.tag in {"span", "bdi"}:
        before = parent.getprevious()
    name = text_of(before).casefold() if before is not None and before.tag == "a" else ""
    return name if name in _IDENTIFIERS else None


def _coins(work: Any) -> dict[str, str]:
    """What the COinS after (or in) a work says, the first value of each key."""
    after = work.getnext()
    spans = [after] if after is not None and after.tag == "span" else []
    for span in [*spans, *work.iter("span")]:
        if has_class(span, "Z3988"):
            try:
                values = parse_qs((span.get("title") or "")[:MAX_COINS], max_num_fields=200)
            except ValueError:
                return {}
            return {key: one_line(value[0]) for key, value in values.items()}
    return {}


def _publisher_of(work: Any, link: Any) -> str:
    """The name in italics outside the title, else the words between title and access date, else the title."""
    within = {id(found) for found in link.iter()}
    for element in work.iter("i"):
        if id(element) not in within:
            return text_of(element)
    pieces = [link.tail or ""]
    for sibling in link.itersiblings():
        if has_class(sibling, "reference-accessdate"):
            break
        pieces.append("".join(sibling.itertext()) + (sibling.tail or ""))
    for words in one_line("".join(pieces)).split(". "):
        name = words.strip(" .,;")
        if name and name[0].isalpha() and not _DAY.match(name) and not _NO_NAME.match(name):
            return name[:200]
    return text_of(link)


def _day_of(work: Any) -> str | None:
    """The day of publication in a work's words, else the day on which it was read."""
    words = text_of(work)
    seen = next((text_of(found) for found in work.iter("span") if has_class(found, "reference-accessdate")), "")
    published = words.partition(seen)[0] if seen else words
    for text in (published[: found.start()] if (found := _ARCHIVED.search(published)) else published, seen):
        for day in _DAY.findall(text):
            if read := read_day(day):
                return read
    return None
