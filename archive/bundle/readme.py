"""``data/readme.md``: what is in a bundle, for whoever opens it without knowing us."""

from __future__ import annotations

from archive.bundle.dataset.croissant import FILE as CROISSANT
from archive.bundle.package import About
from archive.bundle.tables import DOCUMENTS, EVENTS, SCHEMA, SOURCES, Counts

_TEXT = """# {title}

{description}

As of {created}. Made by {software}: a web archive of the sources that news digests cite.

| | |
|---|---:|
| targets | {targets} |
{outcomes}| documents | {documents} |
| events | {events} |

- `archive/`: the exchanges with the servers as they were on the wire (WARC 1.1), one gzip member a record
- `indexes/`: where each capture is (CDXJ), with the SHA-256 of its member as `recordDigest`
- `pages/`: the pages, with their text, for players such as ReplayWeb.page
- `data/{documents_file}`: clean text and metadata, a document a line; `warc_file`, `warc_offset` and `warc_length` lead to its record
- `data/{events_file}`: the events that cite the sources, a line each
- `data/{sources_file}`: what became of every source, failures too
- `data/{schema_file}`: JSON Schema of a document
- `data/{croissant_file}`: these tables and their columns for machines (MLCommons Croissant 1.0)
- `profiles/`, if it is there: what was learned of a site's repeated parts, by which its documents were cleaned

`datapackage.json` has the SHA-256 of every file; `warcite verify FILE` reads and compares all of it. Texts and pages belong to their
publishers.
"""


def readme(about: About, counts: Counts) -> str:
    """Markdown."""
    return _TEXT.format(
        title=about.title,
        description=about.description,
        created=about.created,
        software=about.software,
        targets=counts.targets,
        outcomes="".join(f"| {word} | {count} |\n" for word, count in sorted(counts.outcomes.items())),
        documents=counts.documents,
        events=counts.events,
        documents_file=DOCUMENTS,
        events_file=EVENTS,
        sources_file=SOURCES,
        schema_file=SCHEMA,
        croissant_file=CROISSANT,
    )
