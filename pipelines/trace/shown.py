"""A trace for people, link by link from the digest down to the bytes."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.trace.published import Trace, TracedCitation

_WIDTH = 12
_VERDICTS = {
    "equal": "equal: these bytes give this text again",
    "differs": "DIFFERS from what these bytes give now",
    "damaged": "DAMAGED: the bytes are not those that were recorded",
    "not-checked": "not checked",
}


def shown(trace: Trace) -> Iterator[str]:
    document, paragraph = trace.document, trace.paragraph
    yield document.title or document.url
    yield ""
    for citation in trace.citations:
        yield from _citation(citation)
    if not trace.citations:
        yield _line("event", "no digest of this archive cites it")
    yield _line("document", f"{document.id}  {document.chars} characters, {document.text_outcome}")
    yield _line("", document.url)
    if paragraph is not None:
        yield _line("paragraph", f"{paragraph.number} of {paragraph.of} ({paragraph.kind}), from character {paragraph.at} on")
        yield from (_line("", line) for line in paragraph.text.splitlines())
    yield from _capture(trace)
    yield from _place(trace)
    yield from _extraction(trace)
    yield _line("digests", "  ".join(f"{check.name} {'ok' if check.ok else 'WRONG'}" for check in trace.checks))
    yield from (_line("", f"{check.name}: {check.detail}") for check in trace.checks if not check.ok)
    yield from _derived(trace)


def _line(name: str, value: str) -> str:
    return f"{name:<{_WIDTH}}{value}"


def _citation(citation: TracedCitation) -> Iterator[str]:
    yield _line("event", f"{citation.event_date or 'undated'}  {citation.event_title}")
    yield _line("", f"{citation.event_id}{f'  {citation.event_url}' if citation.event_url else ''}")
    line = f":{citation.line}" if citation.line is not None else ""
    later = "  (since its capture)" if citation.since_capture else ""
    yield _line("citation", f"{citation.digest_file}{line}  no. {citation.position}, {citation.source_name or 'no name given'}{later}")
    if citation.digest_sha256:
        yield _line("", f"sha256:{citation.digest_sha256} of the digest")
    if citation.archive_url:
        yield _line("", f"the digest points at {citation.archive_url}")


def _capture(trace: Trace) -> Iterator[str]:
    revisit, capture = trace.revisit, trace.capture
    if trace.later is not None:
        yield _line("since then", f"{trace.later.outcome} ({trace.later.reason}) {trace.later.captured_at or ''}")
    if revisit is not None:
        yield _line("revisit", f"{revisit.captured_at}  {revisit.reason}  {revisit.record_id}")
        yield _line("", f"{revisit.file} @{revisit.offset}+{revisit.length}")
        yield _line("", f"its page is that of {revisit.refers_to or 'no record'}, {revisit.refers_to_date or 'of unknown time'}")
    if capture is not None:
        yield _line("capture", f"{capture.captured_at}  {capture.http_status or '-'}  {capture.record_id}")
        yield _line("", f"{capture.url}{f'  from {capture.ip}' if capture.ip else ''}")
        if capture.via == "warc-file":
            yield _line("via", f"{capture.via}: {capture.detail or 'taken over from another tool'}")
    if trace.rescue is not None:
        rescue = trace.rescue
        yield _line("rescue", f"a copy of {rescue.archive}, score {rescue.score:g}: {', '.join(rescue.why)}")
        yield _line("", rescue.memento)


def _place(trace: Trace) -> Iterator[str]:
    place, capture = trace.place, trace.capture
    size = f" of {place.file_size} bytes" if place.file_size is not None else ""
    yield _line("WARC", f"{place.file}{size}")
    yield _line(
        "member", f"{place.length} bytes from {place.offset} on" + (f", sha256:{place.member_sha256}" if place.member_sha256 else "")
    )
    if capture is not None:
        yield _line("", f"payload {capture.payload_digest or '-'}  block {capture.block_digest or '-'}")


def _extraction(trace: Trace) -> Iterator[str]:
    extraction = trace.extraction
    yield _line("extractor", f"{extraction.extractor} {extraction.version}  {extraction.settings}")
    yield _line("profile", extraction.profile or "none")


def _derived(trace: Trace) -> Iterator[str]:
    derived, paragraph = trace.derived, trace.paragraph
    yield _line("text", _VERDICTS[derived.verdict] + (f" ({derived.why})" if derived.why else ""))
    if derived.verdict == "differs" and paragraph is not None and paragraph.equal is not None:
        yield _line("", f"the paragraph {'is' if paragraph.equal else 'is NOT'} in the text that comes out now")
    for name, values in derived.fields.items():
        if name not in {"text", "text_sha256", "blocks", "simhash"}:
            yield _line("", f"{name}: {str(values['stored'])[:80]} -> {str(values['now'])[:80]}")
    yield from (f"  {line}" for line in derived.diff)
