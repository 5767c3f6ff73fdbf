"""Whether the head of a WARC record is one that warcite would write: nothing that a page or a server said can be in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from archive.audit.damage import DamageKind
from archive.errors import DamageError
from archive.warc.captures import parse_date
from archive.warc.reader import Headers

_TYPES = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_WITH_ADDRESS = frozenset({"response", "revisit", "request", "resource"})
_REPEATABLE = frozenset({"WARC-Concurrent-To", "WARC-Protocol"})
_NAMES = frozenset(
    (
        *("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length", "Content-Type", "WARC-Concurrent-To", "WARC-Block-Digest"),
        *("WARC-Payload-Digest", "WARC-IP-Address", "WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"),
        *("WARC-Target-URI", "WARC-Truncated", "WARC-Warcinfo-ID", "WARC-Filename", "WARC-Profile", "WARC-Identified-Payload-Type"),
        *("WARC-Segment-Number", "WARC-Segment-Origin-ID", "WARC-Segment-Total-Length", "WARC-Protocol", "WARC-Cipher-Suite"),
    )
)
"""Those of WARC 1.1 section 5 and two common extensions: any other came from elsewhere."""
_RECORD_ID = re.compile(r"<urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
_CREDENTIALS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@")


def header_faults(headers: Headers, first: dict[str, str]) -> Iterator[tuple[DamageKind, str]]:
    """What is wrong with the names and values of a head (WARC 1.1, sections 4 and 5). ``first`` has the first value of each name."""
    if len(first) != len(headers):
        counts = Counter(name for name, _ in headers)
        yield from (("record", f"{n[:60]!r} occurs {c} times") for n, c in counts.items() if c > 1 and n not in _REPEATABLE)
    for name in first.keys() - _NAMES:
        yield "record", f"not a header of ours: {name[:60]!r}: {first[name][:60]!r}"
    if _CONTROL.search("".join([value for _, value in headers])):
        yield from (("record", f"a control character in {n[:60]!r}: {v[:60]!r}") for n, v in headers if _CONTROL.search(v))
    yield from _value_faults(first)


def _value_faults(first: dict[str, str]) -> Iterator[tuple[DamageKind, str]]:
    warc_type, uri = first.get("WARC-Type", ""), first.get("WARC-Target-URI", "")
    if warc_type not in _TYPES:
        yield "record", f"WARC-Type {warc_type[:60]!r}"
    if not _RECORD_ID.fullmatch(first.get("WARC-Record-ID", "")):
        yield "record", f"WARC-Record-ID {first.get('WARC-Record-ID', '')[:80]!r}"
    if warc_type in _WITH_ADDRESS and not uri:
        yield "record", "no WARC-Target-URI"
    if _CREDENTIALS.match(uri):
        yield "record", "credentials in WARC-Target-URI"
    if warc_type == "revisit" and "WARC-Refers-To" not in first:
        yield "record", "a revisit that refers to nothing"
    try:
        parse_date(first.get("WARC-Date", ""))
    except DamageError as error:
        yield "record", str(error)
