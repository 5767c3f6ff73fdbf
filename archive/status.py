"""What became of every target: the union of all manifests, and of a ledger beside it what has not ended yet."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import manifests
from archive.audit.ledgers import is_blank, read_only
from archive.errors import DamageError, NotFound
from archive.jobs import is_inputs
from archive.model import Manifest, OutcomeWord, TargetOutcome, TextOutcome
from archive.store import Store


@dataclass(frozen=True, slots=True)
class Status:
    """One row per target, the latest outcome of each; ``outcome`` is None while it has not ended."""

    store: str
    run: str | None
    runs: tuple[str, ...]  # oldest first
    segments: int
    targets: list[dict[str, Any]]

    def counts(self) -> dict[str, int]:
        """Every outcome word; with ``pending`` they sum to the targets."""
        found = Counter(row["outcome"] for row in self.targets)
        return {word.value: found[word.value] for word in OutcomeWord}

    def summary(self) -> dict[str, Any]:
        counts = self.counts()
        return {
            "schema": "warcite.status/1",
            "store": self.store,
            "run": self.run,
            "runs": list(self.runs),
            "segments": self.segments,
            "sources": len(self.targets),
            "outcomes": counts,
            "pending": len(self.targets) - sum(counts.values()),
        }

    def table(self) -> Iterator[str]:
        total = len(self.targets)
        counts = self.counts()
        for word, count in {**counts, "pending": total - sum(counts.values())}.items():
            if count:
                yield f"{word:<10} {count:>7}  {100 * count / total:5.1f} %"
        yield f"{'sources':<10} {total:>7}  in {self.segments} segments of {len(self.runs)} runs, {self.store}"


def read_status(store: Store, ledger: Path, run: str | None) -> Status:
    """Raises `NotFound` for a run that committed nothing here, `DamageError` for a manifest or ledger that cannot be read."""
    committed = sorted((m for _, m in manifests.load_all(store)), key=lambda m: m.created_at)
    runs = tuple(dict.fromkeys(m.run for m in committed))
    wanted = (runs[-1] if runs else None) if run == "last" else run
    if run and wanted not in runs:
        raise NotFound(f"no run {run} in {store.uri}; warcite status --json lists the runs")
    rows: dict[str, dict[str, Any]] = {}
    texts: dict[str, TextOutcome | None] = {}
    for manifest in (m for m in committed if not is_inputs(m.job)):
        # An unchanged page has no text of its own: the one of its last capture stands.
        texts |= {o.key: o.text_outcome for o in manifest.outcomes if o.outcome is not OutcomeWord.UNCHANGED}
        if wanted in {None, manifest.run}:
            rows |= {o.key: _row(o, manifest, texts.get(o.key)) for o in manifest.outcomes}
    if wanted is None:
        for row in _pending(ledger):
            rows.setdefault(row.pop("key"), row)
    return Status(store.uri, wanted, runs, len(committed), list(rows.values()))


def shown_target(row: dict[str, Any]) -> str:
    status = row["http_status"] or "-"
    return (
        f"{row['outcome'] or 'pending':<10} {row['reason'] or row['state']:<20} {status!s:>3} {row['text_outcome'] or '-':<9} {row['url']}"
    )


def _row(o: TargetOutcome, manifest: Manifest, text: TextOutcome | None) -> dict[str, Any]:
    return {
        "url": o.url,
        "outcome": o.outcome.value,
        "reason": o.reason.value,
        "attempts": o.attempts,
        "http_status": o.http_status,
        "captured_at": o.captured_at,
        "text_outcome": text.value if text else None,
        "via": o.via,
        "final_url": o.final_url,
        "state": o.state,
        "run": manifest.run,
        "detail": o.detail,
    }


def _pending(ledger: Path) -> Iterator[dict[str, Any]]:
    if is_blank(ledger):
        return
    try:
        with closing(read_only(ledger)) as sql:
            rows = sql.execute(
                "SELECT key, url, NULL AS outcome, NULL AS reason, attempts, http_status, captured_at, NULL AS text_outcome, via,"
                " final_url, state, run, detail, job FROM targets WHERE state IN ('queued', 'leased', 'awaiting', 'captured') ORDER BY id"
            )
            yield from ({name: row[name] for name in row.keys() if name != "job"} for row in rows if not is_inputs(row["job"]))  # noqa: SIM118  # a Row
    except sqlite3.Error as error:
        raise DamageError(f"{ledger}: it cannot be read ({error}); warcite rebuild makes it again from the manifests") from error
