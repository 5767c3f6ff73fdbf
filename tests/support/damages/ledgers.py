"""The ledger beside an archive, when it says something else than the manifests."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from tests.support.damages.subject import Damaging, Expected, Subject


def booked(name: str, statement: str, *, named: bool = True) -> Damaging:
    """Change the page's row; ``?`` is its key."""

    def change(s: Subject) -> list[Expected]:
        with closing(sqlite3.connect(s.ledger)) as sql, sql:
            assert sql.execute(statement, (s.page.key,)).rowcount > 0
        return [Expected("ledger", str(s.ledger), s.page.url if named else None)]

    return Damaging(f"ledger_with_{name}", "ledger", False, change)


def overwritten(name: str, edit: Callable[[bytes], bytes]) -> Damaging:
    def change(s: Subject) -> list[Expected]:
        data = s.ledger.read_bytes()
        s.ledger.write_bytes(edit(data))
        return [Expected("ledger", str(s.ledger))]

    return Damaging(f"ledger_{name}", "ledger", False, change)


def ledger_with_a_row_too_many(s: Subject) -> list[Expected]:
    with closing(sqlite3.connect(s.ledger)) as sql, sql:
        sql.execute(
            "INSERT INTO targets (job, key, url, host, run, state, outcome, reason, segment) SELECT job, 'example,more)/',"
            " 'http://more.example/', host, run, state, outcome, reason, segment FROM targets WHERE key = ?",
            (s.page.key,),
        )
    return [Expected("ledger", str(s.ledger), "http://more.example/")]


def ledger_that_knows_a_lost_manifest(s: Subject) -> list[Expected]:
    with closing(sqlite3.connect(s.ledger)) as sql, sql:
        sql.execute("INSERT INTO manifests (segment) VALUES ('00000000-0000-4000-8000-00000000dddd')")
    return [Expected("manifest", "manifests/00000000-0000-4000-8000-00000000dddd.json")]


LEDGERS: tuple[Damaging, ...] = (
    booked("another_outcome", "UPDATE targets SET outcome = 'rescued' WHERE key = ?"),
    booked("other_attempts", "UPDATE targets SET attempts = attempts + 1 WHERE key = ?"),
    booked("another_detail", "UPDATE targets SET detail = 'all is well' WHERE key = ?"),
    booked("another_record", "UPDATE targets SET record_id = '<urn:uuid:0>' WHERE key = ?"),
    booked("another_state", "UPDATE targets SET state = 'queued' WHERE key = ?"),
    booked("another_address", "UPDATE targets SET url = url || '#x' WHERE key = ?"),
    booked("a_row_missing", "DELETE FROM targets WHERE key = ?"),
    booked("a_row_in_no_segment", "UPDATE targets SET segment = NULL WHERE key = ?"),
    Damaging("ledger_with_a_row_too_many", "ledger", False, ledger_with_a_row_too_many),
    Damaging("ledger_that_knows_a_lost_manifest", "ledger", False, ledger_that_knows_a_lost_manifest),
    overwritten("that_is_no_database", lambda data: b"not SQLite" * (len(data) // 10)),
    overwritten("cut", lambda data: data[: len(data) // 2]),
    overwritten("emptied", lambda _: b""),
    overwritten("with_a_page_of_zeros", lambda data: data[:4096] + bytes(4096) + data[8192:]),
)
