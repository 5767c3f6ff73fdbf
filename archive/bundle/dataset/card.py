"""``README.md`` of a dataset: card for hubs (YAML front matter) and datasheet for people (after Gebru et al., "Datasheets for Datasets").

Hubs and the `datasets` library read a card of this name only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from archive.bundle.dataset.about import About, CardAbout
from archive.bundle.dataset.loading import LOADING, NOTES
from archive.bundle.dataset.rows import Rows
from archive.bundle.dataset.table import Table

CARD = "README.md"

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"), (10**8, "10M<n<100M"))
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|-)")
_MARKS = re.compile(r"[\\`|<>\[\]!*_#]")
_SHOWN = 25
"""Rows of a table that may have any number of them."""

_MISSING = {
    "gone": "the page is not there any more",
    "blocked": "the site did not let the crawler in",
    "error": "no answer that could be kept",
    "skipped": "not asked for",
}
_FRONT = """---
pretty_name: {title}
license: other
license_name: rights-of-publishers
license_link: README.md
{languages}size_categories:
- {size}
task_categories:
- text-retrieval
- summarization
tags:
- news
- web-archive
- warcite
configs:
{configs}---

"""
_SHEET = """# {title}

{description}

## Motivation and composition

News digests say what happened and cite who says so; their links rot. This dataset keeps what they cite. An event cites sources; a
source is an address and what became of it; a document is the clean text of a source's capture, with the way back to the bytes in
the archive (`warc_file`, `warc_offset`, `warc_length`, `warc_record_id`).

{files}
As of {created}; {spans}. Chosen: {chosen}.

{outcomes}
Text is `ok`, `thin` (little of it), `none` or `not-html`:

{texts}
{languages}
{hosts}
## Load it

In this folder:

```python
{loading}```

{notes}

`croissant.json` describes files and columns for machines (MLCommons Croissant 1.0), with the SHA-256 of each file.

## Collection and cleaning

Runs of warcite that fetched it: {runs}. Robots policy of these crawls: {robots}. {kept_out} sources were left out because robots.txt
forbids them or could not be had.

{rescued}
Text is what is left of a page without menus, appeals, sign-in forms, related stories and readers' comments. Every piece
that was cut is in `removed` with its reason, comments are in `comments` (JSON Lines and Parquet).

{extractors}
## Known gaps

{gaps}
## Rights, licences, take-down

Texts belong to their publishers. This dataset grants no licence to them: whoever uses it answers for the use. Pages may name
people; treat them as personal data. Licences that pages state themselves (column `license`), unchecked:

{licenses}
To have a text taken down, {contact}, with its `url` or `warc_record_id`. Records of the archive that were taken down
before this dataset was made, and are not in it: {taken_down}.

## Uses, distribution, maintenance

Made for reading, checking and studying what news cites: link rot, sources of events, quality of text, retrieval. It is no sample
of the web or of the news: in it is what the digests cite. Dates of pages are as the pages say.

Made by {software}. The same selection of the same archive gives the same bytes; a later archive gives a new version. Cite as: {cite_as}
"""


def card(about: CardAbout, form: str, tables: Sequence[Table], rows: Rows) -> str:
    """Markdown. The events must have been written: they are counted then."""
    return _front(about, tables, rows) + _SHEET.format(**_words(about), **_counts(rows, tables), loading=LOADING[form], notes=NOTES[form])


def _front(about: About, tables: Sequence[Table], rows: Rows) -> str:
    """What hubs read (YAML; a JSON string is one of YAML's)."""
    languages = sorted({found[0] for language in rows.tally("language") if (found := _LANGUAGE.match(language))})
    configs = [f"- config_name: {table.name}\n  data_files: {table.file}\n" for table in tables if table.columns]
    configs[0] += "  default: true\n"
    return _FRONT.format(
        title=json.dumps(about.title, ensure_ascii=False),
        languages="".join(["language:\n", *(f'- "{language}"\n' for language in languages)]) if languages else "",
        size=next((word for limit, word in _SIZES if rows.count("documents") < limit), "n>100M"),
        configs="".join(configs),
    )


def _words(about: CardAbout) -> dict[str, object]:
    nobody = "write to whoever gave you this dataset (no contact was configured when it was made)"
    return {
        "title": _plain(about.title),
        "description": about.description,
        "created": about.created,
        "chosen": _plain(about.chosen) or "all of the archive",
        "robots": "; ".join(map(_plain, about.robots)) or "not recorded",
        "contact": f"write to {_plain(about.contact)}" if about.contact else nobody,
        "taken_down": about.taken_down,
        "software": about.software,
        "cite_as": _plain(about.cite_as),
    }


def _counts(rows: Rows, tables: Sequence[Table]) -> dict[str, object]:
    skipped = rows.tally("reason of skipped")
    spans = [f"{what} from {span[0]} to {span[1]}" for what in ("events", "captures") if (span := rows.span(what))]
    return {
        "files": _table(("table", "file", "rows"), ((table.name, table.file, rows.count(table.name)) for table in tables)),
        "spans": "; ".join(spans) or "no days are known",
        "outcomes": _table(("outcome", "sources"), rows.tally("outcome").items()),
        "texts": _table(("text", "documents"), rows.tally("text").items()),
        "languages": _table(("language of the text", "documents"), rows.tally("language").items()),
        "hosts": _table(("host", "documents"), rows.tally("host").items()),
        "runs": len(rows.tally("run")),
        "kept_out": skipped.get("robots", 0) + skipped.get("robots-unavailable", 0),
        "rescued": _table(("web archive that has a copy of a dead page", "documents"), rows.tally("rescued from").items()),
        "extractors": _table(("extractor", "documents"), rows.tally("extractor").items()),
        "gaps": _table(("what", "why", "count"), _gaps(rows), "Nothing is missing.\n"),
        "licenses": _table(("licence", "documents"), rows.tally("license").items(), "None of the pages states one.\n"),
    }


def _gaps(rows: Rows) -> list[tuple[str, str, int]]:
    """What the digests cite and this dataset has not, or has not in full."""
    lost = [
        (f"source {outcome}: {meaning}", reason, count)
        for outcome, meaning in _MISSING.items()
        for reason, count in rows.tally(f"reason of {outcome}").items()
    ]
    texts: Mapping[str, int] = rows.tally("text")
    poor = [("document without text, or with little of it", word, texts[word]) for word in ("thin", "none", "not-html") if word in texts]
    return [*lost, *poor, *(("document with a flag", flag, count) for flag, count in rows.tally("flag").items())]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], otherwise: str = "") -> str:
    """The last column is a count; what is over `_SHOWN` rows is summed up."""
    found = list(rows)
    if not found:
        return otherwise
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * (len(head) - 1)}---:|"]
    lines += [f"| {' | '.join(_plain(str(cell)) for cell in row)} |" for row in found[:_SHOWN]]
    if len(found) > _SHOWN:
        rest = sum(int(str(row[-1])) for row in found[_SHOWN:])
        lines.append(f"| {len(found) - _SHOWN} others {'| ' * (len(head) - 2)}| {rest} |")
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    """What pages and digests say, on one line and without Markdown or HTML of its own."""
    return _MARKS.sub(lambda found: {"<": "&lt;", ">": "&gt;"}.get(found[0], f"\\{found[0]}"), " ".join(text.split()))
