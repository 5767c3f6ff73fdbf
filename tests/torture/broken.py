"""Crawlers that break the commit protocol on purpose: a torture test that passes one of them proves nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.torture.points import replace


@dataclass(frozen=True)
class Variant:
    """``spoil`` makes this process break one rule. ``point`` and ``nth`` say where a kill shows it ("-": it shows without)."""

    spoil: Callable[[], None]
    point: str = "-"
    nth: int = 1


def _ledger_before_bytes() -> None:
    held: list[tuple[Any, bytes]] = []

    def append(_: Any, writer: Any, members: bytes) -> int:
        held.append((writer, members))
        writer.length += len(members)
        writer.captures += 1
        return int(writer.length - len(members))

    def write_out(original: Any, *args: Any, **kwargs: Any) -> Any:
        for writer, members in held:
            os.write(writer._file, members)
        held.clear()
        return original(*args, **kwargs)

    replace("archive.spool.segment:SegmentWriter.append", append)
    _never_synced()
    replace("crawler.publisher:Publisher.extract", write_out)


def _final_before_commit() -> None:
    held: list[tuple[Any, Any]] = []

    def commit_and_discard(original: Any, *args: Any) -> None:
        from archive.spool import commit

        commit.commit.__wrapped__(*held.pop())  # type: ignore[attr-defined]  # set by functools.wraps
        original(*args)

    replace("archive.spool.commit:commit", lambda _, *args: held.append(args))
    replace("crawler.publisher:discard", commit_and_discard)


def _spool_removed_early() -> None:
    def upload(original: Any, store: Any, parts: Any) -> Any:
        parts = list(parts)
        stored = original(store, parts)
        for part in parts:
            part.path.unlink()
        return stored

    replace("archive.spool.commit:upload", upload)


def _own_write_taken_for_a_conflict() -> None:
    lose_answers_to_commits()
    replace("archive.spool.commit:_holds", lambda *_: False)


def _leases_kept() -> None:
    give_back = "UPDATE targets SET state = 'queued' WHERE state = 'leased'"
    replace("archive.spool.ledger:Ledger.execute", lambda original, *args: None if give_back in args else original(*args))


def _no_cut() -> None:
    from archive.spool.segment import seal

    replace("archive.spool.segment:cut_and_seal", lambda _, spool, name, length: seal(spool, name))


def lose_answers_to_commits() -> None:
    """The store does what it is asked and answers that the object exists, as when a PUT is repeated on the way. Not broken: it happens."""

    def put_if_absent(original: Any, store: Any, key: str, data: bytes) -> None:
        from archive.errors import KeyExists

        original(store, key, data)
        raise KeyExists(key)

    replace("archive.store.local:LocalStore.put_if_absent", put_if_absent)


def _never_synced() -> None:
    replace("archive.spool.segment:SegmentWriter.sync", lambda _, writer: setattr(writer, "synced", writer.length))


def _no_room_for_documents() -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    replace("pipelines.publish:DocumentSpool.__init__", refuse)


BROKEN = {
    "the ledger before the bytes": Variant(_ledger_before_bytes, "captures are acknowledged, not extracted", 2),
    "final before the commit": Variant(_final_before_commit, "the ledger is final, the spool file still there"),
    "the spool file goes before the commit": Variant(_spool_removed_early, "the manifest is a temporary file in the store"),
    "its own write taken for another's": Variant(_own_write_taken_for_a_conflict),
    "leases are kept": Variant(_leases_kept, "a capture is written, not synced", 5),
    "no cut on recovery": Variant(_no_cut, "half of a capture is written", 5),
}
SPOILERS = {name: variant.spoil for name, variant in BROKEN.items()} | {
    "answers to commits are lost": lose_answers_to_commits,
    "segments are never synced": _never_synced,  # a kill does not show it: the page cache outlives the process
    "no room for documents": _no_room_for_documents,
}
"""What `killing` can do to the process it becomes: the broken ones, and misfortunes that a sound one survives."""
