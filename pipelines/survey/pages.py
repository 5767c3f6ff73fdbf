"""The stored pages of a host as learning wants them: extracted again, without a profile, in the processes that extraction has."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import DamageError, KeyMissing
from archive.model import DocumentContext, OutcomeWord, TextOutcome
from archive.store import Store
from pipelines.learn.pages import PageBlocks
from pipelines.survey.captures import StoredPage
from pipelines.tasks import Extracted, ExtractionTask
from pipelines.workers import WorkerPool

_READABLE = frozenset({TextOutcome.OK, TextOutcome.THIN})


@dataclass(slots=True)
class SiteReader:
    """Reads the pages of one host after another. ``damaged`` is told of captures that are not there, or not whole."""

    store: Store
    pool: WorkerPool
    directory: Path
    damaged: Callable[[str], None]
    unread: int = 0
    """Pages so far that extraction failed on: too slow, too large, or not to be parsed."""

    def read(self, pages: Sequence[StoredPage]) -> Iterator[PageBlocks]:
        """Blocks of the pages that have a text. What strangers wrote is unpacked and parsed in the children alone."""
        copy = self.directory / "pages.warc.gz"
        waiting = deque((page, self.pool.submit(_task(page, copy))) for page in self._fetch(pages, copy))
        while waiting:
            page, future = waiting.popleft()
            extracted = future.result()
            if "extraction-failed" in extracted.flags:
                self._failed(page, extracted)
            elif extracted.outcome == OutcomeWord.CAPTURED and extracted.text_outcome in _READABLE:
                yield _blocks(page, json.loads(extracted.line))
        copy.unlink(missing_ok=True)

    def _fetch(self, pages: Sequence[StoredPage], copy: Path) -> list[StoredPage]:
        """Copies the members into one file; the pages come back with their place in it."""
        fetched: list[StoredPage] = []
        with copy.open("wb") as file:
            for page in pages:
                try:
                    with self.store.open_range(page.warc, page.offset, page.length) as member:
                        data = member.read(page.length)
                except (KeyMissing, DamageError) as error:
                    self.damaged(f"{page.warc}: {error}")
                    continue
                fetched.append(replace(page, offset=file.tell(), length=len(data)))
                file.write(data)
        return fetched

    def _failed(self, page: StoredPage, extracted: Extracted) -> None:
        self.unread += 1
        if "unreadable" in extracted.flags:
            self.damaged(f"{page.warc}: the capture {page.record_id} of {page.url} cannot be read; warcite verify says more")


def _task(page: StoredPage, copy: Path) -> ExtractionTask:
    context = DocumentContext(
        url=page.url,
        final_url=page.url,
        captured_at=page.captured_at,
        outcome=OutcomeWord.CAPTURED,
        http_status=200,
        warc_record_id=page.record_id,
        payload_digest=None,
        warc_offset=page.offset,
        warc_length=page.length,
        run="",
    )
    return ExtractionTask(context, copy)


def _blocks(page: StoredPage, document: dict[str, object]) -> PageBlocks:
    """``document`` comes from a process of ours that has read hostile pages: its words are data, its shape is known."""
    article, removed = ([str(block["text"]) for block in _rows(document[name])] for name in ("blocks", "removed"))
    return PageBlocks(
        url=page.url,
        captured_at=page.captured_at,
        record_id=page.record_id,
        title=str(document["title"] or ""),
        description=str(document["description"] or ""),
        blocks=(*article, *removed),
        article=tuple(article),
    )


def _rows(value: object) -> list[dict[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
