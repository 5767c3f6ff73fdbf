"""Index lines that a forger wrote; the manifest vouches for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.damages.subject import Damaging, Expected, Subject

Lines = list[bytes]


def line(name: str, edit: Callable[[bytes], bytes], *, url: Callable[[str], str | None] = lambda url: url) -> Damaging:
    """Edit the page's line. ``url`` says which address is named: a line that cannot be read names none."""

    def forge(s: Subject) -> list[Expected]:
        key = s.lines("cdxj", lambda lines: sorted(edit(raw) if raw == s.at.line else raw for raw in lines))
        return [Expected("index", key, url(s.page.url)), Expected("index", s.key("warc"), s.page.url)][: 1 if url("x") else 2]

    return Damaging(name, "cdxj", True, forge)


def fields(name: str, **values: str) -> Damaging:
    def edit(raw: bytes) -> bytes:
        key, timestamp, text = raw.split(b" ", 2)
        return b" ".join((key, timestamp, json.dumps(json.loads(text) | values).encode())) + b"\n"

    return line(name, edit, url=lambda url: values.get("url", url))


def swapped_offsets(s: Subject) -> list[Expected]:
    def swap(lines: Lines) -> Lines:
        parts = {raw: raw.split(b" ", 2) for raw in lines}
        one, two = (json.loads(parts[line][2]) for line in (s.at.line or b"", s.other_at.line or b""))
        for name in ("offset", "length"):
            one[name], two[name] = two[name], one[name]
        new = {s.at.line: one, s.other_at.line: two}
        return sorted(b" ".join((*parts[raw][:2], json.dumps(new[raw]).encode())) + b"\n" if raw in new else raw for raw in lines)

    key = s.lines("cdxj", swap)
    return [Expected("index", key, s.page.url), Expected("index", key, s.other.url)]


def dropped_line(s: Subject) -> list[Expected]:
    s.lines("cdxj", lambda lines: [raw for raw in lines if raw != s.at.line])
    return s.damage("index", s.key("warc"), s.page)


def added_line(s: Subject) -> list[Expected]:
    """A page that was never captured, at the place of one that was."""
    url = "http://forged.example/"

    def forged(raw: bytes) -> bytes:
        _, timestamp, text = raw.split(b" ", 2)
        values: dict[str, Any] = json.loads(text) | {"url": url}
        return b" ".join((b"example,forged)/", timestamp, json.dumps(values).encode())) + b"\n"

    key = s.lines("cdxj", lambda lines: sorted([*lines, forged(s.at.line or b"")]))
    return [Expected("index", key, url)]


def repeated_line(s: Subject) -> list[Expected]:
    return [Expected("index", s.lines("cdxj", lambda lines: sorted([*lines, lines[0]])))]


def reordered_lines(s: Subject) -> list[Expected]:
    return [Expected("index", s.lines("cdxj", lambda lines: lines[::-1]))]


def line_of_another_segment(s: Subject) -> list[Expected]:
    place = next(p for p in s.scan(s.key("warc", s.rest)) if p.line is not None)
    key = s.lines("cdxj", lambda lines: sorted([*lines, place.line or b""]))
    return [Expected("index", key, place.url)]


def end_of_line_lost(s: Subject) -> list[Expected]:
    return [Expected("index", s.lines("cdxj", lambda lines: [*lines[:-1], lines[-1][:-1]]))]


def _forged(apply: Callable[[Subject], list[Expected]]) -> Damaging:
    return Damaging(apply.__name__, "cdxj", True, apply)


INDEXES: tuple[Damaging, ...] = (
    *map(_forged, (swapped_offsets, dropped_line, added_line, repeated_line, reordered_lines, line_of_another_segment, end_of_line_lost)),
    fields("line_with_another_address", url="http://forged.example/"),
    fields("line_with_another_status", status="404"),
    fields("line_with_another_type", mime="text/forged"),
    fields("line_with_another_digest", digest="sha1:" + "A" * 32),
    fields("line_with_another_length", length="77"),
    fields("line_with_another_offset", offset="77"),
    fields("line_with_another_file", filename="0" * 64 + ".warc.gz"),
    line("line_with_another_time", lambda raw: raw.replace(b" 20", b" 19", 1)),
    line("line_with_another_key", lambda raw: b"x" + raw),
    line("line_without_a_field", lambda raw: raw.replace(b'"status": ', b'"state": '), url=lambda _: None),
    line("line_with_a_field_twice", lambda raw: raw.replace(b"{", b'{"status": "200", ', 1), url=lambda _: None),
    line("line_that_is_no_json", lambda raw: raw.replace(b"{", b"[", 1), url=lambda _: None),
)
