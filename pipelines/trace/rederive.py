"""The text again, from the bytes of its capture, and whether it is the one that is kept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from archive.errors import DamageError
from archive.model import DocumentCitation, DocumentContext, OutcomeWord, Reason
from archive.warc.reader import Record
from pipelines.document import EXTRACTOR, extractor_version
from pipelines.document_diff import DocumentDiff, compare_rows
from pipelines.learn.apply import SiteFilter, site_filter
from pipelines.replay import as_fetched
from pipelines.tasks import ExtractionTask, Mode, RecordedResponse
from pipelines.trace.origin import Ended, Origin, Row
from pipelines.trace.published import Derived
from pipelines.workers import WorkerPool

_SETTINGS = re.compile(r"mode=(full|light)(?:;profile=([^/;]{1,255})/([0-9]{14}-[0-9a-f]{12}))?")
_SHOWN = 60  # lines of a difference
_ALWAYS_GIVEN = ("url", "final_url", "captured_at", "warc_record_id", "payload_digest", "run")


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``extractor_settings`` of a document says; None where it cannot be read."""

    mode: Mode
    profile: str | None


def settings_of(row: Row) -> Settings | None:
    """None for settings of a version that wrote them otherwise."""
    text = str(row.get("extractor_settings") or "mode=full")  # of a body that was no page nothing was set
    found = _SETTINGS.fullmatch(text)
    if found is None:
        return None
    mode: Mode = "light" if found[1] == "light" else "full"
    return Settings(mode, f"{found[2]}/{found[3]}" if found[2] else None)


def derive(origin: Origin, row: Row, ended: Ended | None, record: Record, pool: WorkerPool) -> tuple[Derived, Row | None]:
    """How the text comes out, and the document made again. Raises `DamageError` for a row that is no document."""
    settings = settings_of(row)
    if settings is None or row.get("extractor") != EXTRACTOR:
        return _unchecked(f"its extractor settings are none that this version knows: {str(row.get('extractor_settings'))[:120]}"), None
    site: SiteFilter | None = None
    if settings.profile is not None:
        host, _, version = settings.profile.partition("/")
        profile = origin.profile(host, version)
        if profile is None:
            return _unchecked(f"the site profile {settings.profile} is not in {origin.name}"), None
        site = site_filter(profile)
    task = _task(row, ended, record, settings.mode, site)
    made = pool.submit(task).result()
    if made.unread or ("extraction-failed" in made.flags and "extraction-failed" not in row.get("flags", ())):
        return _unchecked(made.unread or f"it could not be extracted again: {', '.join(made.flags)}"), None
    now: Row = json.loads(made.line) | {"warc_file": row["warc_file"], "rescue": row.get("rescue"), "revisit_of": row.get("revisit_of")}
    return judge(row, now), now


def judge(row: Row, now: Row) -> Derived:
    """Compare the kept document with the one made again."""
    difference = compare_rows(row, now)
    version, here = str(row.get("extractor_version")), extractor_version()
    if difference.status == "same":
        return Derived(
            "equal", explained=False, why="" if version == here else f"made by {version}; {here} makes the same", fields={}, diff=()
        )
    other = version != here
    why = f"made by {version}; here is {here}, and another version may make another text" if other else f"{here} made both"
    return Derived("differs", explained=other, why=why, fields=dict(difference.fields), diff=_brief(difference))


def _brief(difference: DocumentDiff) -> tuple[str, ...]:
    lines = difference.blocks
    return lines if len(lines) <= _SHOWN else (*lines[:_SHOWN], f"… and {len(lines) - _SHOWN} lines more")


def _unchecked(why: str) -> Derived:
    return Derived("not-checked", explained=True, why=why, fields={}, diff=())


def _task(row: Row, ended: Ended | None, record: Record, mode: Mode, site: SiteFilter | None) -> ExtractionTask:
    try:
        fetched, reason = _as_fetched(row, ended)
        context = DocumentContext(
            **{name: row[name] for name in _ALWAYS_GIVEN},
            outcome=fetched,
            http_status=row["http_status"],
            warc_offset=row["warc_offset"],
            warc_length=row["warc_length"],
            citations=tuple(DocumentCitation(**citation) for citation in row["citations"]),
            via=ended.via if ended else "archive" if row.get("rescue") else "live",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamageError(f"{record.record_id}: its document is not whole ({type(error).__name__}: {error}); run warcite verify") from error
    return ExtractionTask(context, RecordedResponse(record.block), reason, mode, site)


def _as_fetched(row: Row, ended: Ended | None) -> tuple[OutcomeWord, Reason]:
    """What the crawl knew before it looked at the text. An original that a bundle has for its revisits was captured, and well."""
    if ended is None:
        return OutcomeWord(row["outcome"]), Reason.OK
    return as_fetched(ended.outcome, ended.reason, ended.http_status)
