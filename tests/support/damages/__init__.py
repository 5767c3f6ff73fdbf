"""Every way to damage an archive that `verify` must find and name, as code: mutation class M13 of the torture tests."""

from __future__ import annotations

from tests.support.damages.commits import COMMITS
from tests.support.damages.indexes import INDEXES
from tests.support.damages.ledgers import LEDGERS
from tests.support.damages.records import RECORDS
from tests.support.damages.rows import ROWS
from tests.support.damages.subject import Damaging, Expected, Subject
from tests.support.damages.warcs import WARCS

__all__ = ["DAMAGES", "Damaging", "Expected", "Subject"]

DAMAGES: tuple[Damaging, ...] = (*WARCS, *RECORDS, *INDEXES, *ROWS, *COMMITS, *LEDGERS)
